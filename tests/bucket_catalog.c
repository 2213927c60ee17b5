/* tests/bucket_catalog.c: migrated as the server does it. */
#include "tests/bucket_catalog.h"

#include "auth/schema.h"
#include "bucket/dead_files.h"
#include "bucket/schema.h"

struct catalog *bucket_catalog_open(struct test *t)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "bucket")), &t->err);
	size_t count = schema_auth_migration_count + schema_bucket_migration_count;
	struct migration *list = arena_array(&t->arena, count, sizeof *list);

	memcpy(list, schema_auth_migrations, schema_auth_migration_count * sizeof *list);
	memcpy(list + schema_auth_migration_count, schema_bucket_migrations, schema_bucket_migration_count * sizeof *list);
	CHECK(t, catalog && catalog_migrate(catalog, list, count, &t->err));
	return catalog;
}

struct bucket *bucket_catalog_make(struct test *t, struct catalog *catalog, const char *name, enum versioning versioning)
{
	struct bucket *bucket = arena_new(&t->arena, struct bucket);

	*bucket = (struct bucket){
		.account = ACCOUNT, .name = slice_of(name), .region = S("eu-central-1"), .created_ms = NOW_MS,
		.versioning = versioning, BUCKET_DEFAULTS,
	};
	CHECK(t, buckets_insert(catalog, bucket, &t->err));
	return bucket;
}

struct slice bucket_catalog_put(struct test *t, struct catalog *catalog, const char *bucket, const char *key,
                                const char *etag, int64_t now_ms)
{
	struct random random;
	struct put_result result;
	struct put put = {
		.key = slice_of(key),
		.content = { .etag = slice_of(etag), .bytes = (int64_t)strlen(etag), .file = slice_of(etag), .sealed_key = S("box") },
		.attributes = { .headers = S("content-type: text/plain\n") },
	};

	random_init(&random);
	put.version_id = versions_make_id(&t->arena, &random);
	CHECK(t, bucket_put(catalog, &t->arena, slice_of(bucket), now_ms, &put, &result, &t->err));
	return result.version_id.ptr ? result.version_id : S("null");
}

struct removed bucket_catalog_delete(struct test *t, struct catalog *catalog, const struct bucket *bucket, const char *key,
                                     const char *version_id)
{
	struct random random;
	struct removed removed;
	struct removal removal = { .key = slice_of(key), .version_id = slice_of(version_id) };

	random_init(&random);
	removal.marker_id = versions_make_id(&t->arena, &random);
	CHECK(t, bucket_delete(catalog, &t->arena, bucket, NOW_MS, &removal, &removed, &t->err));
	return removed;
}

struct slice bucket_catalog_show(struct test *t, struct catalog *catalog, const struct bucket *bucket, const char *key)
{
	struct list_wanted wanted = { .prefix = slice_of(key), .limit = 1000 };
	struct listed listed;
	struct buffer out;

	buffer_init(&out, &t->arena, SIZE_MAX);
	CHECK(t, bucket_list_versions(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
	for (size_t i = 0; i < listed.count; i++) {
		const struct version *version = &listed.versions[i];
		if (!slice_equal(version->key, slice_of(key)))
			continue;
		if (out.len)
			buffer_byte(&out, ' ');
		buffer_add(&out, version->is_marker ? S("marker") : version->content.etag);
		buffer_add(&out, slice_equal(version->version_id, S("null")) ? S(":null") : S(":#"));
		if (version->is_latest)
			buffer_byte(&out, '*');
		CHECK(t, version->is_latest == (i == 0 || !slice_equal(listed.versions[i - 1].key, version->key)));
	}
	return buffer_slice(&out);
}

struct slice bucket_catalog_dead(struct test *t, struct catalog *catalog)
{
	struct dead_file_list list;
	struct buffer out;

	buffer_init(&out, &t->arena, SIZE_MAX);
	CHECK(t, dead_files_list(catalog, &t->arena, 1000, &list, &t->err));
	for (size_t i = 0; i < list.count; i++) {
		if (i)
			buffer_byte(&out, ',');
		buffer_add(&out, list.items[i].file);
	}
	return buffer_slice(&out);
}

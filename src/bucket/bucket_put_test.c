/* bucket/bucket_put_test.c: what a put does to what was under the key, by versioning; conditions; object lock. */
#include "bucket/bucket_put.h"

#include "bucket/dead_files.h"
#include "tests/bucket_catalog.h"

TEST(a_put_without_versioning_replaces_and_the_old_file_dies)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);

	CHECK_TEXT(t, bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS), S("null"));
	CHECK_TEXT(t, bucket_catalog_put(t, catalog, "logs", "k", "e2", NOW_MS), S("null"));
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("e2:null*"));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("e1"));
	catalog_close(catalog);
}

TEST(a_put_with_versioning_keeps_every_version_the_null_one_too)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);

	bucket_catalog_put(t, catalog, "logs", "k", "e0", NOW_MS);
	CHECK(t, buckets_set_versioning(catalog, bucket, VERSIONING_ENABLED, false, &t->err));
	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	bucket_catalog_put(t, catalog, "logs", "k", "e2", NOW_MS);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("e2:#* e1:# e0:null"));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S(""));
	catalog_close(catalog);
}

/* platform.md, trap 29. */
TEST(suspended_versioning_keeps_old_versions_and_replaces_only_null)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	struct put_result result;

	bucket_catalog_put(t, catalog, "logs", "k", "e0", NOW_MS);
	CHECK(t, buckets_set_versioning(catalog, bucket, VERSIONING_ENABLED, false, &t->err));
	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	CHECK(t, buckets_set_versioning(catalog, bucket, VERSIONING_SUSPENDED, false, &t->err));
	bucket_catalog_put(t, catalog, "logs", "k", "e2", NOW_MS);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("e2:null* e1:#"));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("e0"));
	bucket_catalog_put(t, catalog, "logs", "k", "e3", NOW_MS);
	CHECK_TEXT(t, bucket_catalog_show(t, catalog, bucket, "k"), S("e3:null* e1:#"));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("e0,e2"));

	struct put put = { .key = S("k"), .version_id = S("unused"), .content = { .etag = S("e4") } };
	CHECK(t, bucket_put(catalog, &t->arena, S("logs"), NOW_MS, &put, &result, &t->err) && !result.version_id.ptr);
	catalog_close(catalog);
}

TEST(a_put_of_the_same_file_onto_itself_does_not_kill_it)
{
	struct catalog *catalog = bucket_catalog_open(t);
	bool is_named = false;

	bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	bucket_catalog_put(t, catalog, "logs", "k", "same", NOW_MS);
	bucket_catalog_put(t, catalog, "logs", "k", "same", NOW_MS + 1);
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S(""));
	CHECK(t, dead_files_is_named(catalog, S("same"), &is_named, &t->err) && is_named);
	catalog_close(catalog);
}

TEST(keys_are_1_to_1024_bytes_of_utf8)
{
	char longest[1026];

	memset(longest, 'k', sizeof longest);
	CHECK(t, bucket_check_key((struct slice){ longest, 1024 }, &t->err));
	CHECK(t, bucket_check_key(S("a//b"), &t->err) && bucket_check_key(S("a/../b"), &t->err));
	CHECK(t, !bucket_check_key((struct slice){ longest, 1025 }, &t->err));
	CHECK_REFUSED(t, "KeyTooLongError", "Your key is too long");
	CHECK(t, !bucket_check_key(S(""), &t->err));
	CHECK(t, !bucket_check_key(S("a\xff"), &t->err));
	CHECK_REFUSED(t, "InvalidURI", "Couldn't parse the specified URI.");
}

static const char *put_if(struct test *t, struct catalog *catalog, const char *key, const char *if_match,
                          const char *if_none_match)
{
	struct put put = {
		.key = slice_of(key), .version_id = S("v"), .content = { .etag = S("new") },
		.condition = { slice_of(if_match), slice_of(if_none_match) },
	};
	struct put_result result;
	const struct bucket *bucket = buckets_get(catalog, &t->arena, S("logs"), &t->err);
	struct error before = { 0 }, error = { 0 };

	bool would = bucket_put_check(catalog, &t->arena, bucket, put.key, &put.condition, &before);
	bool done = bucket_put(catalog, &t->arena, S("logs"), NOW_MS, &put, &result, &error);
	CHECK(t, would == done && slice_equal(slice_of(before.name), slice_of(error.name)));
	return done ? "done" : error.name;
}

TEST(a_conditional_put_asks_what_is_there_now)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	static const struct { const char *key, *if_match, *if_none_match, *want; } rows[] = {
		{ "fresh",   NULL,       "*",     "done" },
		{ "there",   NULL,       "*",     "PreconditionFailed" },
		{ "deleted", NULL,       "*",     "done" },
		{ "there",   NULL,       "\"x\"", "NotImplemented" },
		{ "there",   "*",        "*",     "NotImplemented" },
		{ "absent",  "\"e1\"",   NULL,    "NoSuchKey" },
		{ "gone",    "\"e1\"",   NULL,    "NoSuchKey" },
		{ "there",   "\"e2\"",   NULL,    "PreconditionFailed" },
		{ "there",   "\"e1\"",   NULL,    "done" },
		{ "there",   "new",      NULL,    "done" },
		{ "there",   "*",        NULL,    "done" },
	};

	bucket_catalog_put(t, catalog, "logs", "there", "e1", NOW_MS);
	bucket_catalog_delete(t, catalog, bucket, "deleted", NULL);
	bucket_catalog_delete(t, catalog, bucket, "gone", NULL);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, slice_of(put_if(t, catalog, rows[i].key, rows[i].if_match, rows[i].if_none_match)), slice_of(rows[i].want));
	catalog_close(catalog);
}

TEST(lock_attributes_need_a_bucket_with_object_lock_and_a_date_to_come)
{
	struct bucket plain = { 0 }, locked = { .has_object_lock = true };
	static const struct { const char *mode; int64_t until; const char *want; } rows[] = {
		{ NULL,         0,          NULL },
		{ "GOVERNANCE", NOW_MS + 1, NULL },
		{ "COMPLIANCE", NOW_MS + 1, NULL },
		{ "GOVERNANCE", 0,          "InvalidArgument" },
		{ NULL,         NOW_MS + 1, "InvalidArgument" },
		{ "GOVERNANCE", NOW_MS,     "InvalidArgument" },
		{ "governance", NOW_MS + 1, "InvalidArgument" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct attributes attributes = { .lock_mode = slice_of(rows[i].mode), .retain_until_ms = rows[i].until };
		t->err = (struct error){ 0 };
		CHECK(t, bucket_put_lock(&locked, NOW_MS, &attributes, &t->err) == !rows[i].want);
		CHECK_TEXT(t, slice_of(t->err.name), slice_of(rows[i].want));
	}
	t->err = (struct error){ 0 };
	CHECK(t, !bucket_put_lock(&plain, NOW_MS, &(struct attributes){ .has_legal_hold = true }, &t->err));
	CHECK_REFUSED(t, "InvalidRequest", "Bucket is missing Object Lock Configuration");
}

TEST(a_put_takes_the_default_retention_of_its_bucket)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	struct got got;

	CHECK(t, buckets_set_object_lock(catalog, bucket, &(struct retention){ S("COMPLIANCE"), 2, 0 }, &t->err));
	bucket_catalog_put(t, catalog, "logs", "k", "e1", NOW_MS);
	REQUIRE(t, bucket_get(catalog, &t->arena, bucket, S("k"), SLICE_NONE, &got, &t->err));
	CHECK_TEXT(t, got.version->attributes.lock_mode, S("COMPLIANCE"));
	CHECK_NUMBER(t, got.version->attributes.retain_until_ms, NOW_MS + 2 * 86400000);
	catalog_close(catalog);
}

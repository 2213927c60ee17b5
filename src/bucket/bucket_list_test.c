/* bucket/bucket_list_test.c: order, folding, pages; and that a page of a big bucket costs a page. */
#include "bucket/bucket_list.h"

#include "base/limits.h"
#include "tests/bucket_catalog.h"

static void put_all(struct test *t, struct catalog *catalog, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bucket_catalog_put(t, catalog, "logs", keys[i], "e", NOW_MS);
}

/* "key key | prefix prefix >next" with the truncation mark only where there is more. */
static struct slice show(struct test *t, const struct listed *listed)
{
	struct buffer out;

	buffer_init(&out, &t->arena, SIZE_MAX);
	for (size_t i = 0; i < listed->count; i++)
		buffer_printf(&out, "%.*s ", SLICE_ARG(listed->versions ? listed->versions[i].key : listed->uploads[i].key));
	for (size_t i = 0; i < listed->prefix_count; i++)
		buffer_printf(&out, "|%.*s ", SLICE_ARG(listed->prefixes[i]));
	if (listed->is_truncated)
		buffer_printf(&out, ">%.*s", SLICE_ARG(listed->next));
	return buffer_slice(&out);
}

static struct slice list(struct test *t, struct catalog *catalog, const struct bucket *bucket, const struct list_wanted *wanted)
{
	struct listed listed;

	CHECK(t, bucket_list_objects(catalog, &t->arena, bucket, wanted, &listed, &t->err));
	return show(t, &listed);
}

/* platform.md, trap 22. */
TEST(keys_are_listed_in_byte_order)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	static const char *const keys[] = { "a/", "a-", "Z", "a", "\xc3\xa9", "z", "a/b" };

	put_all(t, catalog, keys, COUNT(keys));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 1000 }), S("Z a a- a/ a/b z \xc3\xa9 "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 2, .after = S("a") }), S("a- a/ >a/"));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .prefix = S("a") }), S("a a- a/ a/b "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .prefix = S("a/"), .after = S("Z") }), S("a/ a/b "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .prefix = S("a/"), .after = S("b") }), S(""));
	catalog_close(catalog);
}

/* platform.md, trap 23: keys and prefixes count alike and no prefix comes twice. */
TEST(a_common_prefix_counts_once_and_is_not_repeated_on_the_next_page)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	static const char *const keys[] = { "a/1", "a/2", "b", "c/1", "c/x/1", "d" };

	put_all(t, catalog, keys, COUNT(keys));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .delimiter = S("/") }), S("b d |a/ |c/ "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 1, .delimiter = S("/") }), S("|a/ >a/"));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 2, .delimiter = S("/"), .after = S("a/") }), S("b |c/ >c/"));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 2, .delimiter = S("/"), .after = S("c/") }), S("d "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .delimiter = S("/"), .prefix = S("c/") }),
	           S("c/1 |c/x/ "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .delimiter = S("/x"), .prefix = S("c") }),
	           S("c/1 |c/x "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 3, .delimiter = S("/") }), S("b |a/ |c/ >c/"));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 4, .delimiter = S("/") }), S("b d |a/ |c/ "));
	catalog_close(catalog);
}

TEST(a_marker_inside_a_group_skips_it_but_start_after_shows_its_rest)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	static const char *const keys[] = { "a/1", "a/2", "b" };

	put_all(t, catalog, keys, COUNT(keys));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .delimiter = S("/"), .after = S("a/1") }), S("b "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .delimiter = S("/"), .after = S("a/1"),
	                                                             .is_start_after = true }), S("b |a/ "));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9, .delimiter = S("/"), .after = S("a/2"),
	                                                             .is_start_after = true }), S("b "));
	catalog_close(catalog);
}

/* platform.md, trap 24. */
TEST(a_page_of_no_items_is_empty_and_not_truncated)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	static const char *const keys[] = { "a", "b" };

	put_all(t, catalog, keys, COUNT(keys));
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 0 }), S(""));
	catalog_close(catalog);
}

TEST(old_versions_and_markers_are_not_listed_as_objects)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	static const char *const keys[] = { "a", "a", "b", "c", "c" };

	put_all(t, catalog, keys, COUNT(keys));
	bucket_catalog_delete(t, catalog, bucket, "b", NULL);
	CHECK_TEXT(t, list(t, catalog, bucket, &(struct list_wanted){ .limit = 9 }), S("a c "));
	catalog_close(catalog);
}

TEST(versions_are_paged_through_by_key_and_id)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	static const char *const keys[] = { "a", "a", "a", "b/1", "b/2", "c" };
	struct list_wanted wanted = { .limit = 2 };
	struct listed listed;
	char seen[32] = "";

	put_all(t, catalog, keys, COUNT(keys));
	bucket_catalog_delete(t, catalog, bucket, "c", NULL);
	for (int page = 0; page < 9; page++) {
		REQUIRE(t, bucket_list_versions(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
		for (size_t i = 0; i < listed.count; i++) {
			size_t used = strlen(seen);
			snprintf(seen + used, sizeof seen - used, "%c%s", listed.versions[i].key.ptr[0], listed.versions[i].is_latest ? "*" : "");
		}
		if (!listed.is_truncated)
			break;
		wanted.after = listed.next;
		wanted.after_id = listed.next_id;
	}
	CHECK_TEXT(t, slice_of(seen), S("a*aab*b*c*c"));

	wanted = (struct list_wanted){ .limit = 9, .delimiter = S("/") };
	CHECK(t, bucket_list_versions(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
	CHECK_TEXT(t, show(t, &listed), S("a a a c c |b/ "));
	wanted.after = S("a");
	CHECK(t, bucket_list_versions(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
	CHECK_TEXT(t, show(t, &listed), S("c c |b/ "));
	catalog_close(catalog);
}

TEST(emptying_a_bucket_page_by_page_skips_no_version)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_ENABLED);
	static const char *const keys[] = { "a", "a", "a", "a", "a", "b" };
	struct list_wanted wanted = { .limit = 2 };
	struct listed listed = { .is_truncated = true };
	bool is_any = true;

	put_all(t, catalog, keys, COUNT(keys));
	for (int page = 0; page < 9 && listed.is_truncated; page++) {
		REQUIRE(t, bucket_list_versions(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
		for (size_t i = 0; i < listed.count; i++)
			bucket_catalog_delete(t, catalog, bucket, arena_cstr(&t->arena, listed.versions[i].key),
			                      arena_cstr(&t->arena, listed.versions[i].version_id));
		wanted.after = listed.next;
		wanted.after_id = listed.next_id;
	}
	CHECK(t, versions_any(catalog, bucket, &is_any, &t->err) && !is_any);
	catalog_close(catalog);
}

TEST(uploads_are_listed_by_key_and_time)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	static const struct { const char *key; int64_t at; } rows[] = { { "b", 3 }, { "a", 2 }, { "a", 1 }, { "d/1", 1 } };
	struct list_wanted wanted = { .limit = 2 };
	struct listed listed;
	struct random random;

	random_init(&random);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct upload upload = { .key = slice_of(rows[i].key), .started_ms = NOW_MS + rows[i].at };
		upload.upload_id = uploads_make_id(&t->arena, &random, upload.started_ms);
		CHECK(t, uploads_insert(catalog, bucket, &upload, &t->err));
	}
	CHECK(t, bucket_list_uploads(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
	CHECK_TEXT(t, show(t, &listed), S("a a >a"));
	CHECK(t, listed.uploads[0].started_ms == NOW_MS + 1 && listed.uploads[1].started_ms == NOW_MS + 2);
	wanted = (struct list_wanted){ .limit = 2, .after = S("a"), .after_id = listed.uploads[0].upload_id, .delimiter = S("/") };
	CHECK(t, bucket_list_uploads(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
	CHECK_TEXT(t, show(t, &listed), S("a b >b"));
	wanted.after_id = SLICE_NONE;
	CHECK(t, bucket_list_uploads(catalog, &t->arena, bucket, &wanted, &listed, &t->err));
	CHECK_TEXT(t, show(t, &listed), S("b |d/ "));
	catalog_close(catalog);
}

TEST(a_continuation_token_reads_back_and_others_are_refused)
{
	struct slice next, token = bucket_list_token(&t->arena, S("a/\xc3\xa9 b"));

	CHECK(t, bucket_list_token_read(&t->arena, token, &next, &t->err));
	CHECK_TEXT(t, next, S("a/\xc3\xa9 b"));
	static const struct slice bad[] = { S_INIT(""), S_INIT("x"), S_INIT("AAAAAAAAAAA="), S_INIT("YWJjZGVmZ2hpamts") };
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK(t, !bucket_list_token_read(&t->arena, bad[i], &next, &t->err));
		CHECK_REFUSED(t, "InvalidArgument", "The continuation token provided is incorrect");
	}
}

/* Every plan names its table's key or an index, and none sorts. */
TEST(no_listing_scans_a_bucket)
{
	struct catalog *catalog = bucket_catalog_open(t);
	static const char *const where[] = {
		"EXPLAIN QUERY PLAN SELECT v.key FROM object_versions v INDEXED BY object_versions_listed WHERE v.account = 'a'"
		" AND v.bucket = 'b' AND v.key >= 'c' AND v.key < 'd' AND v.noncurrent_ms IS NULL AND v.is_marker = 0 ORDER BY v.key",
		"EXPLAIN QUERY PLAN SELECT v.key FROM object_versions v WHERE v.account = 'a' AND v.bucket = 'b' AND v.key >= 'c'"
		" AND v.key < 'd' ORDER BY v.key, v.position DESC",
		"EXPLAIN QUERY PLAN SELECT v.key FROM object_versions v WHERE v.account = 'a' AND v.bucket = 'b' AND v.key = 'c'"
		" ORDER BY v.position DESC LIMIT 1",
		"EXPLAIN QUERY PLAN SELECT u.key FROM uploads u WHERE u.account = 'a' AND u.bucket = 'b' AND u.key >= 'c'"
		" AND u.key < 'd' ORDER BY u.key, u.upload_id",
	};

	for (size_t i = 0; i < COUNT(where); i++) {
		struct rows rows = catalog_query(catalog, &t->err, where[i], "");
		size_t lines = 0;
		while (rows_next(&rows)) {
			struct slice detail = rows_text(&rows, 3, &t->arena);
			lines++;
			if (!slice_has_prefix(detail, S("SEARCH")))
				test_failed(t, __FILE__, __LINE__, "%.*s: %s", SLICE_ARG(detail), where[i]);
		}
		CHECK(t, rows_close(&rows) && lines == 1);
	}
	catalog_close(catalog);
}

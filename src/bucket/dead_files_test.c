/* bucket/dead_files_test.c: a file is dead when nobody names it, and forgotten when it is deleted. */
#include "bucket/dead_files.h"

#include "tests/bucket_catalog.h"

TEST(a_file_that_two_keys_share_dies_with_the_second)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	bool is_named = false;

	bucket_catalog_put(t, catalog, "logs", "one", "shared", NOW_MS);
	bucket_catalog_put(t, catalog, "logs", "two", "shared", NOW_MS);
	bucket_catalog_delete(t, catalog, bucket, "one", NULL);
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S(""));
	CHECK(t, dead_files_is_named(catalog, S("shared"), &is_named, &t->err) && is_named);
	bucket_catalog_delete(t, catalog, bucket, "two", NULL);
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("shared"));
	CHECK(t, dead_files_is_named(catalog, S("shared"), &is_named, &t->err) && !is_named);
	catalog_close(catalog);
}

TEST(a_deleted_file_is_forgotten_once_and_for_all)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct dead_file_list list;

	CHECK(t, dead_files_add(catalog, ACCOUNT, S("f1"), NOW_MS, &t->err) && dead_files_add(catalog, ACCOUNT, S("f2"), NOW_MS, &t->err));
	CHECK(t, dead_files_add(catalog, ACCOUNT, S("f1"), NOW_MS, &t->err) && dead_files_add(catalog, ACCOUNT, SLICE_NONE, NOW_MS, &t->err));
	CHECK(t, dead_files_list(catalog, &t->arena, 1, &list, &t->err) && list.count == 1 && list.items[0].died_ms == NOW_MS);
	CHECK(t, dead_files_forget(catalog, &list, &t->err));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("f2"));
	catalog_close(catalog);
}

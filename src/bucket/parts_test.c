/* bucket/parts_test.c: parts replace each other, and files live as long as one row names them. */
#include "bucket/parts.h"

#include "tests/bucket_catalog.h"

static bool put_part(struct test *t, struct catalog *catalog, const struct bucket *bucket, const char *id, int64_t number,
                     const char *file)
{
	struct part part = { .number = number, .bytes = 7, .etag = slice_of(file), .file = slice_of(file), .sealed_key = S("box") };

	return parts_put(catalog, &t->arena, bucket, slice_of(id), &part, NOW_MS, &t->err);
}

TEST(a_part_put_again_replaces_and_its_old_file_dies)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER);
	struct part_list list;

	CHECK(t, put_part(t, catalog, bucket, "u", 2, "f2") && put_part(t, catalog, bucket, "u", 10, "f10"));
	CHECK(t, put_part(t, catalog, bucket, "u", 1, "f1") && put_part(t, catalog, bucket, "u", 2, "f2b"));
	CHECK(t, parts_list(catalog, &t->arena, bucket, S("u"), 0, 2, &list, &t->err));
	CHECK(t, list.count == 2 && list.is_truncated && list.items[0].number == 1 && list.items[1].number == 2);
	CHECK_TEXT(t, list.items[1].file, S("f2b"));
	CHECK(t, parts_list(catalog, &t->arena, bucket, S("u"), 2, 2, &list, &t->err) && list.count == 1 && !list.is_truncated);
	CHECK_NUMBER(t, list.items[0].number, 10);
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("f2"));
	catalog_close(catalog);
}

TEST(shared_parts_keep_their_files_until_both_are_gone)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct bucket *bucket = bucket_catalog_make(t, catalog, "logs", VERSIONING_NEVER), other = *bucket;
	struct part_list list;

	other.account = OTHER_ACCOUNT;
	CHECK(t, put_part(t, catalog, bucket, "u", 1, "f1") && put_part(t, catalog, bucket, "u", 2, "f2"));
	CHECK(t, parts_share(catalog, bucket, S("u"), &other, S("w"), &t->err));
	CHECK(t, parts_delete_all(catalog, bucket, S("u"), NOW_MS, &t->err));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S(""));
	CHECK(t, parts_list(catalog, &t->arena, &other, S("w"), 0, 9, &list, &t->err) && list.count == 2);
	CHECK(t, parts_delete(catalog, &other, S("w"), &list.items[0], NOW_MS, &t->err));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("f1"));
	CHECK(t, parts_delete_all(catalog, &other, S("w"), NOW_MS, &t->err));
	CHECK_TEXT(t, bucket_catalog_dead(t, catalog), S("f1,f2"));
	catalog_close(catalog);
}

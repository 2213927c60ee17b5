/* bucket/tags_test.c: the form of x-amz-tagging, and which sets of tags may be. */
#include "bucket/tags.h"

#include "tests/auth_catalog.h"

TEST(tags_are_read_and_written_as_a_query_string)
{
	struct tag_list list;

	CHECK(t, tags_read(&t->arena, S("team=a%26b&empty&project+x=%C3%A9"), &list, &t->err));
	CHECK_NUMBER(t, list.count, 3);
	CHECK_TEXT(t, list.items[0].value, S("a&b"));
	CHECK_TEXT(t, list.items[1].value, S(""));
	CHECK_TEXT(t, list.items[2].key, S("project x"));
	CHECK_TEXT(t, tags_write(&t->arena, &list), S("team=a%26b&empty=&project%20x=%C3%A9"));
	CHECK(t, tags_read(&t->arena, SLICE_NONE, &list, &t->err) && list.count == 0 && !tags_write(&t->arena, &list).ptr);
	CHECK(t, !tags_read(&t->arena, S("a=%zz"), &list, &t->err));
	CHECK_REFUSED(t, "InvalidArgument", "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "
	              "parameters without tag name duplicates.");
}

TEST(a_set_of_tags_is_checked_as_a_whole)
{
	struct tag many[51];
	char key[129];

	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = (struct tag){ arena_format(&t->arena, "k%zu", i), S("v") };
	CHECK(t, tags_check(&(struct tag_list){ many, 10 }, TAGS_OF_OBJECT, &t->err));
	CHECK(t, !tags_check(&(struct tag_list){ many, 11 }, TAGS_OF_OBJECT, &t->err));
	CHECK_REFUSED(t, "BadRequest", "Object tags cannot be greater than 10");
	CHECK(t, tags_check(&(struct tag_list){ many, 50 }, TAGS_OF_BUCKET, &t->err));
	CHECK(t, !tags_check(&(struct tag_list){ many, 51 }, TAGS_OF_BUCKET, &t->err));
	CHECK_REFUSED(t, "BadRequest", "Bucket tag count cannot be greater than 50");

	memset(key, 'k', sizeof key);
	const struct { struct tag tags[2]; size_t count; const char *message; } rows[] = {
		{ { { { key, 128 }, S_INIT("_.:/=+-@ 9") } }, 1, NULL },
		{ { { { key, 129 }, S_INIT("v") } }, 1, "The TagKey you have provided is invalid" },
		{ { { S_INIT(""), S_INIT("v") } }, 1, "The TagKey you have provided is invalid" },
		{ { { S_INIT("a!"), S_INIT("v") } }, 1, "The TagKey you have provided is invalid" },
		{ { { S_INIT("a"), S_INIT("<v>") } }, 1, "The TagValue you have provided is invalid" },
		{ { { S_INIT("AWS:x"), S_INIT("v") } }, 1, "System tags cannot be added/updated by requester" },
		{ { { S_INIT("a"), S_INIT("1") }, { S_INIT("a"), S_INIT("2") } }, 2, "Cannot provide multiple Tags with the same key" },
		{ { { S_INIT("a"), S_INIT("1") }, { S_INIT("A"), S_INIT("1") } }, 2, NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tag_list list = { (struct tag *)rows[i].tags, rows[i].count };
		CHECK(t, tags_check(&list, TAGS_OF_OBJECT, &t->err) == !rows[i].message);
		if (rows[i].message)
			CHECK_REFUSED(t, "InvalidTag", rows[i].message);
	}
}

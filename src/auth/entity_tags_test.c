/* auth/entity_tags_test.c: keys with and without case. */
#include "auth/entity_tags.h"

#include "tests/auth_catalog.h"

static const struct slice USER = S_INIT("AIDAAAAAAAAAAAAAAAAAA"), POLICY = S_INIT("ANPAAAAAAAAAAAAAAAAAA");

static void put(struct test *t, struct catalog *catalog, struct slice id, const char *key, const char *value)
{
	const struct entity_tag tag = { slice_of(key), slice_of(value) };

	CHECK(t, entity_tags_put(catalog, ACCOUNT, id, &tag, &t->err));
}

TEST(entity_tags_of_users_are_the_same_whatever_the_case)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct entity_tag_list list;

	put(t, catalog, USER, "Team", "red");
	put(t, catalog, USER, "TEAM", "blue");
	put(t, catalog, USER, "a", "");
	CHECK(t, entity_tags_list(catalog, &t->arena, ACCOUNT, USER, &PAGE_ALL, &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK_TEXT(t, list.items[0].key, S("a"));
	CHECK_TEXT(t, list.items[0].value, S(""));
	CHECK_TEXT(t, list.items[1].key, S("TEAM"));
	CHECK_TEXT(t, list.items[1].value, S("blue"));
	CHECK(t, entity_tags_delete(catalog, ACCOUNT, USER, S("tEAM"), &t->err));
	CHECK(t, entity_tags_list(catalog, &t->arena, ACCOUNT, USER, &PAGE_ALL, &list, &t->err));
	CHECK_NUMBER(t, list.count, 1);
	catalog_close(catalog);
}

TEST(entity_tags_of_policies_differ_by_case)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct page first = { .limit = 1 };
	struct entity_tag_list list;
	struct page rest;
	int64_t count;

	put(t, catalog, POLICY, "a", "1");
	put(t, catalog, POLICY, "A", "2");
	CHECK(t, entity_tags_count(catalog, ACCOUNT, POLICY, &count, &t->err) && count == 2);
	CHECK(t, entity_tags_list(catalog, &t->arena, ACCOUNT, POLICY, &first, &list, &t->err));
	REQUIRE(t, list.count == 1 && list.is_truncated);
	CHECK_TEXT(t, list.items[0].key, S("A"));
	rest = (struct page){ .limit = 9, .after = entity_tags_fold(&t->arena, POLICY, list.items[0].key) };
	CHECK(t, entity_tags_list(catalog, &t->arena, ACCOUNT, POLICY, &rest, &list, &t->err));
	REQUIRE(t, list.count == 1 && !list.is_truncated);
	CHECK_TEXT(t, list.items[0].key, S("a"));
	CHECK(t, entity_tags_delete_all(catalog, ACCOUNT, POLICY, &t->err));
	CHECK(t, entity_tags_count(catalog, ACCOUNT, POLICY, &count, &t->err) && count == 0);
	catalog_close(catalog);
}

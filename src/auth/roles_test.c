/* auth/roles_test.c: names, pages, and what can be changed. */
#include "auth/roles.h"

#include "tests/auth_catalog.h"

static void add(struct test *t, struct catalog *catalog, const char *name, const char *id)
{
	const struct role role = { .name = slice_of(name), .path = S("/a/"), .role_id = slice_of(id), .created_ms = 7,
	                           .trust_policy = S("{}"), .max_session_s = 3600 };

	CHECK(t, roles_insert(catalog, ACCOUNT, &role, &t->err));
}

TEST(roles_are_found_whatever_the_case_and_keep_theirs)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct role twin = { .name = S("DEPLOY"), .path = S("/"), .role_id = S("AROA2"), .trust_policy = S("{}") };
	const struct role *found;

	add(t, catalog, "Deploy", "AROA1");
	CHECK(t, !roles_insert(catalog, ACCOUNT, &twin, &t->err));
	CHECK_REFUSED(t, "EntityAlreadyExists", "Role with name DEPLOY already exists.");
	found = roles_find(catalog, &t->arena, ACCOUNT, S("deploy"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->name, S("Deploy"));
	CHECK_TEXT(t, found->trust_policy, S("{}"));
	CHECK_TEXT(t, found->description, SLICE_NONE);
	CHECK_NUMBER(t, found->max_session_s, 3600);
	CHECK_NUMBER(t, found->last_used_ms, 0);
	CHECK(t, !roles_get(catalog, &t->arena, OTHER_ACCOUNT, S("deploy"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "The role with name deploy cannot be found.");
	catalog_close(catalog);
}

TEST(roles_change_one_thing_at_a_time)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct slice id = S("AROA1");
	const struct role *found;
	int64_t count;

	add(t, catalog, "r", "AROA1");
	CHECK(t, roles_set_trust_policy(catalog, ACCOUNT, id, S("{1}"), &t->err));
	CHECK(t, roles_set_description(catalog, ACCOUNT, id, S("text"), &t->err));
	CHECK(t, roles_set_max_session(catalog, ACCOUNT, id, 7200, &t->err));
	CHECK(t, roles_set_boundary(catalog, ACCOUNT, id, S("arn:b"), &t->err));
	CHECK(t, roles_set_last_used(catalog, ACCOUNT, id, 99, S("us-east-1"), &t->err));
	found = roles_find_by_id(catalog, &t->arena, ACCOUNT, id, &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->trust_policy, S("{1}"));
	CHECK_TEXT(t, found->description, S("text"));
	CHECK_NUMBER(t, found->max_session_s, 7200);
	CHECK_TEXT(t, found->boundary_arn, S("arn:b"));
	CHECK_NUMBER(t, found->last_used_ms, 99);
	CHECK_TEXT(t, found->last_used_region, S("us-east-1"));
	CHECK(t, roles_count_by_boundary(catalog, ACCOUNT, S("arn:b"), &count, &t->err) && count == 1);
	catalog_close(catalog);
}

TEST(roles_are_listed_and_deleted)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct role_list list;

	add(t, catalog, "b", "AROA1");
	add(t, catalog, "A", "AROA2");
	CHECK(t, roles_list(catalog, &t->arena, ACCOUNT, &PAGE_ALL, &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK_TEXT(t, list.items[0].name, S("A"));
	CHECK(t, roles_delete(catalog, ACCOUNT, S("AROA2"), &t->err));
	CHECK(t, roles_list(catalog, &t->arena, ACCOUNT, &PAGE_ALL, &list, &t->err));
	CHECK_NUMBER(t, list.count, 1);
	catalog_close(catalog);
}

/* auth/group_members_test.c: membership in both directions, and its limit. */
#include "auth/group_members.h"

#include "tests/auth_catalog.h"

static void add_user(struct test *t, struct catalog *catalog, const char *name, const char *id)
{
	const struct user user = { .name = slice_of(name), .path = S("/"), .user_id = slice_of(id) };

	CHECK(t, users_insert(catalog, ACCOUNT, &user, &t->err));
}

static void add_group(struct test *t, struct catalog *catalog, const char *name, const char *id)
{
	const struct group group = { .name = slice_of(name), .path = S("/"), .group_id = slice_of(id) };

	CHECK(t, groups_insert(catalog, ACCOUNT, &group, &t->err));
}

TEST(group_members_are_listed_by_name_from_both_sides)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct page page = { .limit = 1 };
	struct group_list groups;
	struct user_list users;
	bool any;

	add_user(t, catalog, "bob", "AIDA1");
	add_user(t, catalog, "Alice", "AIDA2");
	add_group(t, catalog, "g", "AGPA1");
	add_group(t, catalog, "F", "AGPA2");
	CHECK(t, group_members_any_user(catalog, ACCOUNT, S("AGPA1"), &any, &t->err) && !any);
	CHECK(t, group_members_insert(catalog, ACCOUNT, S("AGPA1"), S("AIDA1"), &t->err));
	CHECK(t, group_members_insert(catalog, ACCOUNT, S("AGPA1"), S("AIDA1"), &t->err));
	CHECK(t, group_members_insert(catalog, ACCOUNT, S("AGPA1"), S("AIDA2"), &t->err));
	CHECK(t, group_members_insert(catalog, ACCOUNT, S("AGPA2"), S("AIDA1"), &t->err));
	CHECK(t, group_members_users(catalog, &t->arena, ACCOUNT, S("AGPA1"), &page, &users, &t->err));
	REQUIRE(t, users.count == 1 && users.is_truncated);
	CHECK_TEXT(t, users.items[0].name, S("Alice"));
	page.after = users_key(&t->arena, &users.items[0]);
	CHECK(t, group_members_users(catalog, &t->arena, ACCOUNT, S("AGPA1"), &page, &users, &t->err));
	REQUIRE(t, users.count == 1 && !users.is_truncated);
	CHECK_TEXT(t, users.items[0].name, S("bob"));
	CHECK(t, group_members_groups(catalog, &t->arena, ACCOUNT, S("AIDA1"), &PAGE_ALL, &groups, &t->err));
	REQUIRE(t, groups.count == 2);
	CHECK_TEXT(t, groups.items[0].name, S("F"));
	CHECK(t, group_members_any_group(catalog, ACCOUNT, S("AIDA2"), &any, &t->err) && any);
	CHECK(t, group_members_delete(catalog, ACCOUNT, S("AGPA1"), S("AIDA2"), &t->err));
	CHECK(t, group_members_delete(catalog, ACCOUNT, S("AGPA1"), S("AIDA2"), &t->err));
	CHECK(t, group_members_any_group(catalog, ACCOUNT, S("AIDA2"), &any, &t->err) && !any);
	catalog_close(catalog);
}

TEST(group_members_are_in_at_most_ten_groups)
{
	struct catalog *catalog = auth_catalog_open(t);

	for (int i = 0; i < 10; i++)
		CHECK(t, group_members_insert(catalog, ACCOUNT, arena_format(&t->arena, "AGPA%d", i), S("AIDA1"), &t->err));
	CHECK(t, !group_members_insert(catalog, ACCOUNT, S("AGPAX"), S("AIDA1"), &t->err));
	CHECK_REFUSED(t, "LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10");
	catalog_close(catalog);
}

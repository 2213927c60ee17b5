/* auth/groups_test.c: names, pages, renaming. */
#include "auth/groups.h"

#include "tests/auth_catalog.h"

static void add(struct test *t, struct catalog *catalog, const char *name, const char *path, const char *id)
{
	const struct group group = { .name = slice_of(name), .path = slice_of(path), .group_id = slice_of(id), .created_ms = 7 };

	CHECK(t, groups_insert(catalog, ACCOUNT, &group, &t->err));
}

TEST(groups_are_found_whatever_the_case_and_keep_theirs)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct group twin = { .name = S("ADMINS"), .path = S("/"), .group_id = S("AGPA2") };
	const struct group *found;

	add(t, catalog, "Admins", "/a/", "AGPA1");
	CHECK(t, !groups_insert(catalog, ACCOUNT, &twin, &t->err));
	CHECK_REFUSED(t, "EntityAlreadyExists", "Group with name ADMINS already exists.");
	found = groups_find(catalog, &t->arena, ACCOUNT, S("admins"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->name, S("Admins"));
	CHECK_TEXT(t, found->path, S("/a/"));
	CHECK(t, groups_find_by_id(catalog, &t->arena, ACCOUNT, S("AGPA1"), &t->err));
	CHECK(t, !groups_get(catalog, &t->arena, OTHER_ACCOUNT, S("admins"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "The group with name admins cannot be found.");
	catalog_close(catalog);
}

TEST(groups_are_listed_renamed_and_deleted)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct page page = { .limit = 1, .path_prefix = S("/a/") };
	struct group_list list;

	add(t, catalog, "c", "/a/", "AGPA1");
	add(t, catalog, "B", "/a/x/", "AGPA2");
	add(t, catalog, "a", "/", "AGPA3");
	CHECK(t, groups_list(catalog, &t->arena, ACCOUNT, &page, &list, &t->err));
	REQUIRE(t, list.count == 1 && list.is_truncated);
	CHECK_TEXT(t, list.items[0].name, S("B"));
	CHECK(t, !groups_rename(catalog, ACCOUNT, S("AGPA1"), S("b"), S("/"), &t->err));
	CHECK_REFUSED(t, "EntityAlreadyExists", "Group with name b already exists.");
	CHECK(t, groups_rename(catalog, ACCOUNT, S("AGPA1"), S("d"), S("/"), &t->err));
	CHECK(t, groups_delete(catalog, ACCOUNT, S("AGPA2"), &t->err));
	CHECK(t, groups_list(catalog, &t->arena, ACCOUNT, &PAGE_ALL, &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK_TEXT(t, list.items[1].name, S("d"));
	catalog_close(catalog);
}

/* auth/instance_profiles_test.c: names, pages, the role they hold. */
#include "auth/instance_profiles.h"

#include "tests/auth_catalog.h"

static bool add(struct test *t, struct catalog *catalog, const char *name, const char *path, const char *id)
{
	const struct instance_profile profile = { .name = slice_of(name), .path = slice_of(path), .profile_id = slice_of(id),
	                                          .created_ms = 7 };

	return instance_profiles_insert(catalog, ACCOUNT, &profile, &t->err);
}

TEST(instance_profiles_are_found_whatever_the_case)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct instance_profile *found;

	CHECK(t, add(t, catalog, "Web", "/", "AIPA1"));
	CHECK(t, !add(t, catalog, "web", "/", "AIPA2"));
	CHECK_REFUSED(t, "EntityAlreadyExists", "Instance Profile web already exists.");
	found = instance_profiles_get(catalog, &t->arena, ACCOUNT, S("WEB"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->name, S("Web"));
	CHECK_TEXT(t, found->role_id, SLICE_NONE);
	CHECK(t, !instance_profiles_get(catalog, &t->arena, ACCOUNT, S("none"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "Instance Profile none cannot be found.");
	catalog_close(catalog);
}

TEST(instance_profiles_are_listed_by_path_and_by_role)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct page below = { .limit = 9, .path_prefix = S("/a/") };
	struct instance_profile_list list;

	CHECK(t, add(t, catalog, "c", "/a/", "AIPA1") && add(t, catalog, "B", "/", "AIPA2") && add(t, catalog, "a", "/", "AIPA3"));
	CHECK(t, instance_profiles_set_role(catalog, ACCOUNT, S("AIPA1"), S("AROA1"), &t->err));
	CHECK(t, instance_profiles_set_role(catalog, ACCOUNT, S("AIPA2"), S("AROA1"), &t->err));
	CHECK(t, instance_profiles_list(catalog, &t->arena, ACCOUNT, SLICE_NONE, &PAGE_ALL, &list, &t->err));
	REQUIRE(t, list.count == 3);
	CHECK_TEXT(t, list.items[1].name, S("B"));
	CHECK(t, instance_profiles_list(catalog, &t->arena, ACCOUNT, SLICE_NONE, &below, &list, &t->err));
	CHECK_NUMBER(t, list.count, 1);
	CHECK(t, instance_profiles_list(catalog, &t->arena, ACCOUNT, S("AROA1"), &PAGE_ALL, &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK_TEXT(t, list.items[0].name, S("B"));
	CHECK_TEXT(t, list.items[0].role_id, S("AROA1"));
	CHECK(t, instance_profiles_set_role(catalog, ACCOUNT, S("AIPA2"), SLICE_NONE, &t->err));
	CHECK(t, instance_profiles_delete(catalog, ACCOUNT, S("AIPA1"), &t->err));
	CHECK(t, instance_profiles_list(catalog, &t->arena, ACCOUNT, S("AROA1"), &PAGE_ALL, &list, &t->err));
	CHECK_NUMBER(t, list.count, 0);
	catalog_close(catalog);
}

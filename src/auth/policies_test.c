/* auth/policies_test.c: found by ARN, listed by name and by use. */
#include "auth/policies.h"

#include "auth/attachments.h"
#include "tests/auth_catalog.h"
#include "auth/users.h"

static bool add(struct test *t, struct catalog *catalog, const char *name)
{
	const struct managed_policy policy = {
		.name = slice_of(name), .path = S("/"), .policy_id = arena_format(&t->arena, "ANPA%s", name),
		.arn = arena_format(&t->arena, "arn:%s", name), .created_ms = 7, .updated_ms = 7, .default_version = 1,
		.next_version = 2,
	};

	return policies_insert(catalog, ACCOUNT, &policy, &t->err);
}

TEST(policies_have_one_name_whatever_the_case)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct managed_policy *found;
	struct managed_policy changed;

	CHECK(t, add(t, catalog, "P"));
	CHECK(t, !add(t, catalog, "p"));
	CHECK_REFUSED(t, "EntityAlreadyExists", "A policy called p already exists. Duplicate names are not allowed.");
	found = policies_find(catalog, &t->arena, ACCOUNT, S("arn:P"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->name, S("P"));
	CHECK_TEXT(t, found->description, SLICE_NONE);
	CHECK(t, !policies_find(catalog, &t->arena, OTHER_ACCOUNT, S("arn:P"), &t->err));
	changed = *found;
	changed.default_version = 2;
	changed.next_version = 3;
	changed.updated_ms = 8;
	CHECK(t, policies_set_versions(catalog, ACCOUNT, &changed, &t->err));
	found = policies_find(catalog, &t->arena, ACCOUNT, S("arn:P"), &t->err);
	CHECK(t, found && found->default_version == 2 && found->next_version == 3 && found->updated_ms == 8);
	CHECK(t, policies_delete(catalog, ACCOUNT, found->policy_id, &t->err));
	CHECK(t, !policies_find(catalog, &t->arena, ACCOUNT, S("arn:P"), &t->err) && t->err.kind == ERR_NONE);
	catalog_close(catalog);
}

TEST(policies_are_listed_by_how_they_are_used)
{
	static const struct { enum policies_use use; size_t count; const char *first; } rows[] = {
		{ POLICIES_USE_ANY, 3, "attached" }, { POLICIES_USE_ATTACHED, 1, "attached" },
		{ POLICIES_USE_BOUNDARY, 1, "Boundary" }, { POLICIES_USE_EITHER, 2, "attached" },
	};
	struct catalog *catalog = auth_catalog_open(t);
	const struct user user = { .name = S("u"), .path = S("/"), .user_id = S("AIDA1"), .boundary_arn = S("arn:Boundary") };
	struct policy_list list;
	int64_t count;

	CHECK(t, add(t, catalog, "idle") && add(t, catalog, "attached") && add(t, catalog, "Boundary"));
	CHECK(t, users_insert(catalog, ACCOUNT, &user, &t->err));
	CHECK(t, attachments_insert(catalog, ACCOUNT, S("AIDA1"), S("arn:attached"), &count, &t->err));
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK(t, policies_list(catalog, &t->arena, ACCOUNT, &PAGE_ALL, rows[i].use, &list, &t->err));
		CHECK_NUMBER(t, list.count, rows[i].count);
		if (list.count)
			CHECK_TEXT(t, list.items[0].name, slice_of(rows[i].first));
	}
	catalog_close(catalog);
}

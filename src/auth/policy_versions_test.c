/* auth/policy_versions_test.c: newest first, deleted one by one. */
#include "auth/policy_versions.h"

#include "tests/auth_catalog.h"

TEST(policy_versions_are_listed_newest_first)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct policy_version_list list;
	const struct policy_version *found;
	int64_t count;
	bool deleted;

	for (int64_t i = 1; i <= 10; i += 3) {
		const struct policy_version version = { .version = i, .document = arena_format(&t->arena, "{%d}", (int)i), .created_ms = i };
		CHECK(t, policy_versions_insert(catalog, ACCOUNT, S("ANPA1"), &version, &t->err));
	}
	CHECK(t, policy_versions_list(catalog, &t->arena, ACCOUNT, S("ANPA1"), &list, &t->err));
	REQUIRE(t, list.count == 4);
	CHECK_NUMBER(t, list.items[0].version, 10);
	found = policy_versions_find(catalog, &t->arena, ACCOUNT, S("ANPA1"), 7, &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->document, S("{7}"));
	CHECK(t, policy_versions_delete(catalog, ACCOUNT, S("ANPA1"), 7, &deleted, &t->err) && deleted);
	CHECK(t, policy_versions_delete(catalog, ACCOUNT, S("ANPA1"), 7, &deleted, &t->err) && !deleted);
	CHECK(t, !policy_versions_find(catalog, &t->arena, ACCOUNT, S("ANPA1"), 7, &t->err));
	CHECK(t, policy_versions_count(catalog, ACCOUNT, &count, &t->err) && count == 3);
	catalog_close(catalog);
}

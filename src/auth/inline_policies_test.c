/* auth/inline_policies_test.c: one name whatever the case, pages by name. */
#include "auth/inline_policies.h"

#include "auth/entity.h"
#include "tests/auth_catalog.h"

static void put(struct test *t, struct catalog *catalog, const char *name, const char *document)
{
	const struct inline_policy policy = { slice_of(name), slice_of(document) };

	CHECK(t, inline_policies_put(catalog, ACCOUNT, S("AIDA1"), &policy, &t->err));
}

TEST(inline_policies_replace_one_of_the_same_name)
{
	struct catalog *catalog = auth_catalog_open(t);
	const struct inline_policy *found;
	bool any, deleted;

	CHECK(t, inline_policies_any(catalog, ACCOUNT, S("AIDA1"), &any, &t->err) && !any);
	put(t, catalog, "P", "{1}");
	put(t, catalog, "p", "{2}");
	found = inline_policies_find(catalog, &t->arena, ACCOUNT, S("AIDA1"), S("P"), &t->err);
	REQUIRE(t, found);
	CHECK_TEXT(t, found->name, S("p"));
	CHECK_TEXT(t, found->document, S("{2}"));
	CHECK(t, inline_policies_any(catalog, ACCOUNT, S("AIDA1"), &any, &t->err) && any);
	CHECK(t, !inline_policies_find(catalog, &t->arena, ACCOUNT, S("AIDA2"), S("P"), &t->err));
	CHECK(t, inline_policies_delete(catalog, ACCOUNT, S("AIDA1"), S("P"), &deleted, &t->err) && deleted);
	CHECK(t, inline_policies_delete(catalog, ACCOUNT, S("AIDA1"), S("P"), &deleted, &t->err) && !deleted);
	catalog_close(catalog);
}

TEST(inline_policies_are_paged_by_name)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct page page = { .limit = 2 };
	struct inline_policy_list list;

	put(t, catalog, "c", "{}");
	put(t, catalog, "B", "{}");
	put(t, catalog, "a", "{}");
	CHECK(t, inline_policies_list(catalog, &t->arena, ACCOUNT, S("AIDA1"), &page, &list, &t->err));
	REQUIRE(t, list.count == 2 && list.is_truncated);
	CHECK_TEXT(t, list.items[1].name, S("B"));
	page.after = entity_key(&t->arena, list.items[1].name);
	CHECK(t, inline_policies_list(catalog, &t->arena, ACCOUNT, S("AIDA1"), &page, &list, &t->err));
	REQUIRE(t, list.count == 1 && !list.is_truncated);
	CHECK_TEXT(t, list.items[0].name, S("c"));
	catalog_close(catalog);
}

/* auth/account_aliases_test.c: one alias an account, unique over all. */
#include "auth/account_aliases.h"

#include "tests/auth_catalog.h"

TEST(account_aliases_are_one_an_account_and_unique_over_all)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct slice text;

	CHECK(t, account_aliases_get(catalog, &t->arena, ACCOUNT, &text, &t->err) && !text.ptr);
	CHECK(t, account_aliases_set(catalog, ACCOUNT, S("first"), &t->err));
	CHECK(t, account_aliases_set(catalog, ACCOUNT, S("second"), &t->err));
	CHECK(t, account_aliases_get(catalog, &t->arena, ACCOUNT, &text, &t->err));
	CHECK_TEXT(t, text, S("second"));
	CHECK(t, account_aliases_find(catalog, &t->arena, S("second"), &text, &t->err));
	CHECK_TEXT(t, text, ACCOUNT);
	CHECK(t, account_aliases_find(catalog, &t->arena, S("first"), &text, &t->err) && !text.ptr);
	CHECK(t, !account_aliases_set(catalog, OTHER_ACCOUNT, S("second"), &t->err));
	CHECK_REFUSED(t, "EntityAlreadyExists", "The account alias second already exists.");
	CHECK(t, !account_aliases_delete(catalog, OTHER_ACCOUNT, S("second"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "The Account Alias second cannot be found.");
	CHECK(t, account_aliases_delete(catalog, ACCOUNT, S("second"), &t->err));
	catalog_close(catalog);
}

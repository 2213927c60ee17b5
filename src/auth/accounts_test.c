/* auth/accounts_test.c: accounts are made once and listed in order. */
#include "auth/accounts.h"

#include "tests/auth_catalog.h"

TEST(accounts_exist_once_and_are_listed_by_number)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct account_list list;
	bool exists = true;

	CHECK(t, accounts_exists(catalog, ACCOUNT, &exists, &t->err) && !exists);
	CHECK(t, accounts_insert(catalog, OTHER_ACCOUNT, 2, &t->err));
	CHECK(t, accounts_insert(catalog, ACCOUNT, 1, &t->err));
	CHECK(t, !accounts_insert(catalog, ACCOUNT, 3, &t->err) && t->err.kind == ERR_CONFLICT);
	CHECK(t, accounts_exists(catalog, ACCOUNT, &exists, &t->err) && exists);
	CHECK(t, accounts_list(catalog, &t->arena, &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK_TEXT(t, list.items[0].account, ACCOUNT);
	CHECK_NUMBER(t, list.items[0].created_ms, 1);
	catalog_close(catalog);
}

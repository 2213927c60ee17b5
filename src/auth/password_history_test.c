/* auth/password_history_test.c: as many as any policy can ask for. */
#include "auth/password_history.h"

#include "tests/auth_catalog.h"

TEST(password_history_keeps_the_newest_twenty_four)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct password_hashes hashes;

	for (int i = 1; i <= 30; i++)
		CHECK(t, password_history_add(catalog, ACCOUNT, S("AIDA1"), arena_format(&t->arena, "hash%d", i), &t->err));
	CHECK(t, password_history_list(catalog, &t->arena, ACCOUNT, S("AIDA1"), 100, &hashes, &t->err));
	REQUIRE(t, hashes.count == 24);
	CHECK_TEXT(t, hashes.items[0], S("hash30"));
	CHECK_TEXT(t, hashes.items[23], S("hash7"));
	CHECK(t, password_history_list(catalog, &t->arena, ACCOUNT, S("AIDA1"), 2, &hashes, &t->err));
	CHECK_NUMBER(t, hashes.count, 2);
	CHECK(t, password_history_delete(catalog, ACCOUNT, S("AIDA1"), &t->err));
	CHECK(t, password_history_list(catalog, &t->arena, ACCOUNT, S("AIDA1"), 100, &hashes, &t->err));
	CHECK_NUMBER(t, hashes.count, 0);
	catalog_close(catalog);
}

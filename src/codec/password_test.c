/* codec/password_test.c: the right password only, from a text that we wrote and can afford. */
#include "codec/password.h"
#include "tests/test.h"

TEST(password_matches_only_the_password_that_was_hashed)
{
	struct random random;
	char one[PASSWORD_HASH_TEXT_BYTES], two[PASSWORD_HASH_TEXT_BYTES];

	random_init_seeded(&random, 7);
	REQUIRE(t, password_hash(S("correct horse"), &random, one, &t->err));
	REQUIRE(t, password_hash(S("correct horse"), &random, two, &t->err));
	CHECK(t, strcmp(one, two) != 0);
	CHECK(t, slice_has_prefix(slice_of(one), S("$argon2id$v=19$m=19456,t=2,p=1$")));
	CHECK(t, password_matches(S("correct horse"), slice_of(one)) && password_matches(S("correct horse"), slice_of(two)));
	CHECK(t, !password_matches(S("correct horsf"), slice_of(one)) && !password_matches(S(""), slice_of(one)));
}

TEST(password_knows_a_hash_of_the_reference_program)
{
	/* echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1 -e */
	struct slice hash = S("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");

	CHECK(t, password_matches(S("password"), hash) && !password_matches(S("Password"), hash));
}

TEST(password_refuses_texts_that_are_damaged_or_too_dear)
{
	static const char *const rows[] = {
		"", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "$argon2id$v=19$m=19456,t=1000000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4AAAA",
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK(t, !password_matches(S("password"), slice_of(rows[i])));
	CHECK(t, !password_matches(S("password"), SLICE_NONE));
}

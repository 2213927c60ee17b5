/* auth/access_key_id_test.c: the account goes in and comes out; public sample keys tell the same. */
#include "auth/access_key_id.h"
#include "tests/test.h"

TEST(access_key_id_carries_its_account)
{
	static const char *const accounts[] = { "000000000000", "000000000001", "111122223333", "999999999999" };
	struct random random;

	random_init_seeded(&random, 3);
	for (size_t i = 0; i < COUNT(accounts); i++)
		for (int kind = ACCESS_KEY_LONG_TERM; kind <= ACCESS_KEY_TEMPORARY; kind++) {
			char out[ACCESS_KEY_ID_BYTES], account[ACCOUNT_BYTES];
			struct slice id = access_key_id_make((enum access_key_kind)kind, slice_of(accounts[i]), &random, out);

			CHECK_NUMBER(t, id.len, 20);
			CHECK(t, slice_has_prefix(id, kind == ACCESS_KEY_TEMPORARY ? S("ASIA") : S("AKIA")));
			CHECK(t, access_key_id_is_temporary(id) == (kind == ACCESS_KEY_TEMPORARY));
			REQUIRE(t, access_key_id_account(id, account));
			CHECK_TEXT(t, ((struct slice){ account, sizeof account }), slice_of(accounts[i]));
		}
}

TEST(access_key_id_reads_the_account_of_public_sample_keys)
{
	char account[ACCOUNT_BYTES];

	REQUIRE(t, access_key_id_account(S("ASIAQNZGKIQY56JQ7WML"), account));
	CHECK_TEXT(t, ((struct slice){ account, sizeof account }), S("029608264753"));
}

TEST(access_key_id_of_another_form_has_no_account)
{
	static const char *const rows[] = {
		"", "test", "AKIA", "AKIAIOSFODNN7EXAMPLE", "AKIAQNZGKIQY56JQ7WM", "AKIAQNZGKIQY56JQ7WML2", "AROAQNZGKIQY56JQ7WML",
		"AKIAQNZGKIQY56JQ7WM1", "akiaqnzgkiqy56jq7wml", "AKIA7777777777777777", "111122223333",
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char account[ACCOUNT_BYTES];

		if (access_key_id_account(slice_of(rows[i]), account))
			test_failed(t, __FILE__, __LINE__, "%s gives an account", rows[i]);
	}
}

TEST(access_key_id_and_secret_are_fresh_each_time)
{
	struct random random;
	char one[ACCESS_KEY_ID_BYTES], two[ACCESS_KEY_ID_BYTES], secret[ACCESS_KEY_SECRET_BYTES], other[ACCESS_KEY_SECRET_BYTES];

	random_init(&random);
	struct slice a = access_key_id_make(ACCESS_KEY_LONG_TERM, S("111122223333"), &random, one);
	struct slice b = access_key_id_make(ACCESS_KEY_LONG_TERM, S("111122223333"), &random, two);
	CHECK(t, !slice_equal(a, b));
	CHECK_NUMBER(t, access_key_id_secret(&random, secret).len, 40);
	CHECK(t, !slice_equal(access_key_id_secret(&random, other), (struct slice){ secret, sizeof secret }));
}

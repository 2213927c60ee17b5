/* auth/keyring_test.c: boxes open where they belong and nowhere else. */
#include "auth/keyring.h"
#include "tests/test.h"

static const unsigned char master[AES256_KEY_BYTES] = "an invented master key, 32 byte", other_master[AES256_KEY_BYTES] = "another";

TEST(keyring_opens_a_box_for_the_same_purpose_and_row_only)
{
	struct keyring *keyring = keyring_from_key(master), *other = keyring_from_key(other_master);
	struct random random;
	struct slice secret = S("wJalrXUtnFEMI/K7MDENG"), row = S("access_key/AKIA1"), box;

	random_init_seeded(&random, 1);
	box = keyring_seal(keyring, KEYRING_CATALOG_SECRET, row, secret, &random, &t->arena);
	CHECK_NUMBER(t, box.len, secret.len + KEYRING_BOX_OVERHEAD_BYTES);
	CHECK(t, slice_find(box, secret) == SLICE_NPOS);
	CHECK_TEXT(t, keyring_unseal(keyring, KEYRING_CATALOG_SECRET, row, box, &t->arena, &t->err), secret);
	CHECK(t, !keyring_unseal(keyring, KEYRING_CATALOG_SECRET, S("access_key/AKIA2"), box, &t->arena, &t->err).ptr);
	CHECK(t, t->err.kind == ERR_INVALID);
	CHECK(t, !keyring_unseal(keyring, KEYRING_SESSION_TOKEN, row, box, &t->arena, &t->err).ptr);
	CHECK(t, !keyring_unseal(other, KEYRING_CATALOG_SECRET, row, box, &t->arena, &t->err).ptr && t->err.kind == ERR_NOT_FOUND);
	CHECK(t, !keyring_unseal(keyring, KEYRING_CATALOG_SECRET, row, SLICE_NONE, &t->arena, &t->err).ptr);
	CHECK(t, !keyring_unseal(keyring, KEYRING_CATALOG_SECRET, row, slice_sub(box, 0, box.len - 1), &t->arena, &t->err).ptr);
	keyring_close(keyring);
	keyring_close(other);
	keyring_close(NULL);
}

TEST(keyring_seals_the_same_text_differently_each_time_and_an_empty_one_too)
{
	struct keyring *keyring = keyring_from_key(master);
	struct random random;

	random_init_seeded(&random, 1);
	struct slice one = keyring_seal(keyring, KEYRING_CATALOG_SECRET, S("row"), S(""), &random, &t->arena);
	struct slice two = keyring_seal(keyring, KEYRING_CATALOG_SECRET, S("row"), S(""), &random, &t->arena);
	CHECK(t, !slice_equal(one, two));
	CHECK_TEXT(t, keyring_unseal(keyring, KEYRING_CATALOG_SECRET, S("row"), one, &t->arena, &t->err), S(""));
	keyring_close(keyring);
}

TEST(keyring_mac_depends_on_key_purpose_and_text)
{
	struct keyring *keyring = keyring_from_key(master), *other = keyring_from_key(other_master);
	unsigned char one[SHA256_BYTES], two[SHA256_BYTES];

	keyring_mac(keyring, KEYRING_PAGING_TOKEN, S("page 2"), one);
	keyring_mac(keyring, KEYRING_PAGING_TOKEN, S("page 2"), two);
	CHECK(t, memcmp(one, two, sizeof one) == 0);
	keyring_mac(keyring, KEYRING_PAGING_TOKEN, S("page 3"), two);
	CHECK(t, memcmp(one, two, sizeof one) != 0);
	keyring_mac(keyring, KEYRING_SESSION_SECRET, S("page 2"), two);
	CHECK(t, memcmp(one, two, sizeof one) != 0);
	keyring_mac(other, KEYRING_PAGING_TOKEN, S("page 2"), two);
	CHECK(t, memcmp(one, two, sizeof one) != 0);
	keyring_close(keyring);
	keyring_close(other);
}

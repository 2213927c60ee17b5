/* auth/sigv4_keys_test.c: the published example, and a cache that forgets what it must. */
#include "auth/sigv4_keys.h"
#include "codec/hex.h"
#include "tests/test.h"

static struct sigv4_claim claim_of(struct slice access_key_id, struct slice region)
{
	return (struct sigv4_claim){ .access_key_id = access_key_id, .date = S("20250315"), .region = region, .service = S("iam") };
}

static struct slice mac_of(struct test *t, struct digest_hmac_sha256 *key)
{
	unsigned char mac[SHA256_BYTES];

	digest_hmac_sha256_add(key, S("text"));
	digest_hmac_sha256_final(key, mac);
	return hex_text(&t->arena, (struct slice){ (const char *)mac, sizeof mac });
}

TEST(sigv4_keys_find_what_was_kept_and_nothing_else)
{
	struct sigv4_keys *keys = sigv4_keys_new(8, 42);
	struct sigv4_claim one = claim_of(S("AKIA1"), S("eu-west-1")), other = claim_of(S("AKIA1"), S("eu-west-2"));
	struct digest_hmac_sha256 key, found;

	sigv4_keys_derive(&one, S("secret"), &key);
	CHECK(t, !sigv4_keys_find(keys, &one, S("secret"), &found));
	sigv4_keys_keep(keys, &one, S("secret"), &key);
	REQUIRE(t, sigv4_keys_find(keys, &one, S("secret"), &found));
	CHECK_TEXT(t, mac_of(t, &found), mac_of(t, &key));
	CHECK(t, !sigv4_keys_find(keys, &other, S("secret"), &found));
	sigv4_keys_free(keys);
}

TEST(sigv4_keys_miss_when_the_secret_changed)
{
	struct sigv4_keys *keys = sigv4_keys_new(8, 42);
	struct sigv4_claim claim = claim_of(S("AKIA1"), S("eu-west-1"));
	struct digest_hmac_sha256 key, found;

	sigv4_keys_derive(&claim, S("old"), &key);
	sigv4_keys_keep(keys, &claim, S("old"), &key);
	CHECK(t, !sigv4_keys_find(keys, &claim, S("new"), &found));
	sigv4_keys_derive(&claim, S("new"), &key);
	sigv4_keys_keep(keys, &claim, S("new"), &key);
	REQUIRE(t, sigv4_keys_find(keys, &claim, S("new"), &found));
	CHECK_TEXT(t, mac_of(t, &found), mac_of(t, &key));
	CHECK(t, !sigv4_keys_find(keys, &claim, S("old"), &found));
	sigv4_keys_free(keys);
}

TEST(sigv4_keys_are_bounded_and_drop_the_one_unused_for_longest)
{
	struct sigv4_keys *keys = sigv4_keys_new(4, 7);
	struct digest_hmac_sha256 key, found;
	struct sigv4_claim claims[5];
	struct slice names[] = { S("A"), S("B"), S("C"), S("D"), S("E") };

	for (size_t i = 0; i < 4; i++) {
		claims[i] = claim_of(names[i], S("r"));
		sigv4_keys_derive(&claims[i], S("s"), &key);
		sigv4_keys_keep(keys, &claims[i], S("s"), &key);
	}
	CHECK(t, sigv4_keys_find(keys, &claims[0], S("s"), &found));       /* now B is the oldest */
	claims[4] = claim_of(names[4], S("r"));
	sigv4_keys_keep(keys, &claims[4], S("s"), &key);
	for (size_t i = 0; i < 5; i++)
		CHECK(t, sigv4_keys_find(keys, &claims[i], S("s"), &found) == (i != 1));
	sigv4_keys_free(keys);
	sigv4_keys_free(NULL);
}

TEST(sigv4_keys_with_long_names_are_not_kept)
{
	struct sigv4_keys *keys = sigv4_keys_new(4, 7);
	char region[300];
	struct digest_hmac_sha256 key, found;

	memset(region, 'r', sizeof region);
	struct sigv4_claim claim = claim_of(S("A"), (struct slice){ region, sizeof region });
	sigv4_keys_derive(&claim, S("s"), &key);
	sigv4_keys_keep(keys, &claim, S("s"), &key);
	CHECK(t, !sigv4_keys_find(keys, &claim, S("s"), &found));
	sigv4_keys_free(keys);
}

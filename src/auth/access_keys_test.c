/* auth/access_keys_test.c: sealed secrets, owners, quota. */
#include "auth/access_keys.h"

#include "auth/keyring.h"
#include "tests/auth_catalog.h"

struct keys {
	struct catalog *catalog;
	struct keyring *keyring;
	struct random   random;
};

static void keys_begin(struct test *t, struct keys *keys)
{
	static const unsigned char master[AES256_KEY_BYTES] = { 7 };

	keys->catalog = auth_catalog_open(t);
	keys->keyring = keyring_from_key(master);
	random_init_seeded(&keys->random, 3);
}

static bool add(struct test *t, struct keys *keys, const char *id, int64_t created_ms)
{
	const struct access_key key = { .account = ACCOUNT, .access_key_id = slice_of(id), .owner_id = S("AIDA1"),
	                                .is_active = true, .created_ms = created_ms };

	return access_keys_insert(keys->catalog, &t->arena, keys->keyring, &keys->random, &key,
	                          arena_format(&t->arena, "secret of %s", id), &t->err);
}

static void keys_end(struct keys *keys)
{
	keyring_close(keys->keyring);
	catalog_close(keys->catalog);
}

TEST(access_keys_give_their_secret_back_and_only_in_their_row)
{
	struct keys keys;
	const struct access_key *key;
	struct access_key moved;
	struct slice stored;

	keys_begin(t, &keys);
	CHECK(t, add(t, &keys, "AKIA1", 5));
	key = access_keys_find(keys.catalog, &t->arena, S("AKIA1"), &t->err);
	REQUIRE(t, key);
	CHECK_TEXT(t, access_keys_secret(key, keys.keyring, &t->arena, &t->err), S("secret of AKIA1"));
	stored = key->sealed_secret;
	CHECK(t, slice_find(stored, S("secret")) == SLICE_NPOS);
	moved = *key;
	moved.account = OTHER_ACCOUNT;
	CHECK(t, !access_keys_secret(&moved, keys.keyring, &t->arena, &t->err).ptr && t->err.kind == ERR_INVALID);
	keys_end(&keys);
}

TEST(access_keys_are_at_most_two_an_owner)
{
	struct keys keys;
	struct access_key_list list;

	keys_begin(t, &keys);
	CHECK(t, add(t, &keys, "AKIA2", 6) && add(t, &keys, "AKIA1", 5));
	CHECK(t, catalog_begin(keys.catalog, &t->err));
	CHECK(t, !add(t, &keys, "AKIA3", 7));
	catalog_rollback(keys.catalog);
	CHECK_REFUSED(t, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
	CHECK(t, access_keys_list(keys.catalog, &t->arena, ACCOUNT, S("AIDA1"), &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK_TEXT(t, list.items[0].access_key_id, S("AKIA1"));
	CHECK(t, access_keys_delete(keys.catalog, ACCOUNT, S("AKIA1"), &t->err));
	CHECK(t, add(t, &keys, "AKIA3", 7));
	keys_end(&keys);
}

TEST(access_keys_belong_to_one_owner)
{
	struct keys keys;

	keys_begin(t, &keys);
	CHECK(t, add(t, &keys, "AKIA1", 5));
	CHECK(t, access_keys_get(keys.catalog, &t->arena, ACCOUNT, S("AIDA1"), S("AKIA1"), &t->err));
	CHECK(t, !access_keys_get(keys.catalog, &t->arena, ACCOUNT, S("AIDA2"), S("AKIA1"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "The Access Key with id AKIA1 cannot be found.");
	CHECK(t, !access_keys_get(keys.catalog, &t->arena, OTHER_ACCOUNT, S("AIDA1"), S("AKIA1"), &t->err));
	CHECK_REFUSED(t, "NoSuchEntity", "The Access Key with id AKIA1 cannot be found.");
	keys_end(&keys);
}

TEST(access_keys_remember_state_and_last_use)
{
	struct keys keys;
	const struct access_key *key;

	keys_begin(t, &keys);
	CHECK(t, add(t, &keys, "AKIA1", 5));
	CHECK(t, access_keys_set_active(keys.catalog, ACCOUNT, S("AKIA1"), false, &t->err));
	CHECK(t, access_keys_set_last_used(keys.catalog, ACCOUNT, S("AKIA1"), 77, S("iam"), S("us-east-1"), &t->err));
	key = access_keys_find(keys.catalog, &t->arena, S("AKIA1"), &t->err);
	REQUIRE(t, key);
	CHECK(t, !key->is_active && key->last_used_ms == 77);
	CHECK_TEXT(t, key->last_used_service, S("iam"));
	CHECK_TEXT(t, key->last_used_region, S("us-east-1"));
	keys_end(&keys);
}

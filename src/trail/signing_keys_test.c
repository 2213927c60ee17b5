/* trail/signing_keys_test.c: what a key signs its public half verifies; keys take over every 30 days and are listed for ever. */
#include "trail/signing_keys.h"

#include "store/catalog.h"
#include "tests/test.h"
#include "trail/schema.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static struct catalog *open_catalog(struct test *t)
{
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "c")), &t->err);

	CHECK(t, catalog && catalog_migrate(catalog, schema_trail_migrations, schema_trail_migration_count, &t->err));
	return catalog;
}

TEST(signing_keys_are_sealed_in_their_row_and_sign_what_their_public_half_verifies)
{
	static const unsigned char master[AES256_KEY_BYTES] = "the master key of this test";
	struct keyring *keyring = keyring_from_key(master);
	struct catalog *catalog = open_catalog(t);
	unsigned char signature[RSA_SIGNATURE_BYTES];
	struct random random;
	struct error err = {0};

	random_init_seeded(&random, 5);
	struct signing_key key = signing_keys_make(&t->arena, keyring, &random, 1000, 2000 + SIGNING_KEY_OVERLAP_MS);
	CHECK_NUMBER(t, key.fingerprint.len, SIGNING_KEY_FINGERPRINT_BYTES);
	CHECK(t, signing_keys_insert(catalog, &key, &t->err));
	const struct signing_key *found = signing_keys_at(catalog, &t->arena, 1000, &t->err);
	REQUIRE(t, found != NULL);
	CHECK_TEXT(t, found->fingerprint, key.fingerprint);
	CHECK_NUMBER(t, found->start_ms, 1000);
	CHECK_NUMBER(t, found->end_ms, 2000 + SIGNING_KEY_OVERLAP_MS);
	struct rsa_signer *signer = signing_keys_open(&t->arena, keyring, found, &t->err);
	struct rsa_verifier *verifier = rsa_verifier_new(found->public_der, &t->err);
	REQUIRE(t, signer != NULL && verifier != NULL);
	rsa_sign(signer, &random, S("message"), signature);
	CHECK(t, rsa_verify(verifier, S("message"), (struct slice){ (const char *)signature, sizeof signature }));

	struct signing_key moved = *found;      /* the box of one row in another */
	moved.fingerprint = S("00000000000000000000000000000000");
	CHECK(t, !signing_keys_open(&t->arena, keyring, &moved, &err));
	CHECK_NUMBER(t, err.kind, ERR_INVALID);
	rsa_signer_free(signer);
	rsa_verifier_free(verifier);
	keyring_close(keyring);
	catalog_close(catalog);
}

static void add(struct test *t, struct catalog *catalog, const char *name, int64_t start_ms)
{
	const struct signing_key key = {
		.fingerprint = slice_of(name), .public_der = S("der"), .sealed_secret = S("box"), .start_ms = start_ms,
		.end_ms = start_ms + SIGNING_KEY_VALID_MS,
	};

	CHECK(t, signing_keys_insert(catalog, &key, &t->err));
}

static struct slice signs(struct test *t, struct catalog *catalog, int64_t end_ms)
{
	const struct signing_key *key = signing_keys_at(catalog, &t->arena, end_ms, &t->err);

	return key ? key->fingerprint : S("none");
}

static struct slice listed(struct test *t, struct catalog *catalog, int64_t start_ms, int64_t end_ms)
{
	struct signing_key_list list;
	struct slice all = S("");

	CHECK(t, signing_keys_list(catalog, &t->arena, start_ms, end_ms, &list, &t->err));
	for (size_t i = 0; i < list.count; i++)
		all = arena_format(&t->arena, "%.*s%.*s,", SLICE_ARG(all), SLICE_ARG(list.items[i].fingerprint));
	return all;
}

TEST(signing_keys_take_over_in_the_middle_of_an_overlap_and_are_listed_for_ever)
{
	struct catalog *catalog = open_catalog(t);
	int64_t half_ms = DAY_MS / 2;

	CHECK_TEXT(t, signs(t, catalog, 0), S("none"));
	add(t, catalog, "a", DAY_MS);
	CHECK_TEXT(t, signs(t, catalog, DAY_MS), S("a"));
	CHECK_TEXT(t, signs(t, catalog, DAY_MS - 1), S("a"));    /* better a digest before all keys than none for ever */
	CHECK_TEXT(t, signs(t, catalog, 31 * DAY_MS + half_ms - 1), S("a"));
	CHECK_TEXT(t, signs(t, catalog, 31 * DAY_MS + half_ms), S("none"));
	add(t, catalog, "b", 31 * DAY_MS);
	CHECK_TEXT(t, signs(t, catalog, 31 * DAY_MS + half_ms - 1), S("a"));
	CHECK_TEXT(t, signs(t, catalog, 31 * DAY_MS + half_ms), S("b"));
	CHECK_TEXT(t, listed(t, catalog, 31 * DAY_MS, 31 * DAY_MS), S("a,b,"));
	CHECK_TEXT(t, listed(t, catalog, 32 * DAY_MS + 1, 33 * DAY_MS), S("b,"));
	CHECK_TEXT(t, listed(t, catalog, 0, 2 * DAY_MS), S("a,"));
	CHECK_TEXT(t, listed(t, catalog, 0, DAY_MS - 1), S(""));
	CHECK_TEXT(t, listed(t, catalog, 0, 900 * DAY_MS), S("a,b,"));
	catalog_close(catalog);
}

/* "start..end" of what is missing, in days, and adds it; or when one will be. */
static struct slice need(struct test *t, struct catalog *catalog, const char *name, int64_t now_ms)
{
	struct signing_key_need need;

	CHECK(t, signing_keys_need(catalog, &t->arena, now_ms, &need, &t->err));
	if (!need.is_missing)
		return arena_format(&t->arena, "due %g", (double)need.due_ms / (double)DAY_MS);
	const struct signing_key key = {
		.fingerprint = slice_of(name), .public_der = S("der"), .sealed_secret = S("box"), .start_ms = need.start_ms,
		.end_ms = need.end_ms,
	};
	CHECK(t, signing_keys_insert(catalog, &key, &t->err));
	return arena_format(&t->arena, "%g..%g", (double)need.start_ms / (double)DAY_MS, (double)need.end_ms / (double)DAY_MS);
}

TEST(signing_keys_are_due_every_thirty_days_and_bridge_what_was_missed)
{
	struct catalog *catalog = open_catalog(t);

	CHECK_TEXT(t, need(t, catalog, "a", 5 * DAY_MS + 999), S("5..36"));
	CHECK_TEXT(t, need(t, catalog, "-", 5 * DAY_MS), S("due 35"));
	CHECK_TEXT(t, need(t, catalog, "-", 35 * DAY_MS - 1), S("due 35"));
	CHECK_TEXT(t, need(t, catalog, "b", 35 * DAY_MS), S("35..66"));
	CHECK_TEXT(t, need(t, catalog, "-", 35 * DAY_MS), S("due 65"));
	CHECK_TEXT(t, need(t, catalog, "c", 95 * DAY_MS - 1), S("65..96"));
	CHECK_TEXT(t, need(t, catalog, "-", 95 * DAY_MS - 1), S("due 95"));
	CHECK_TEXT(t, need(t, catalog, "d", 5000 * DAY_MS), S("95..5031"));
	CHECK_TEXT(t, need(t, catalog, "-", 5000 * DAY_MS), S("due 5030"));
	CHECK_TEXT(t, need(t, catalog, "-", 2 * DAY_MS), S("due 5030"));         /* the clock is before the installation */
	catalog_close(catalog);
}

/* Whatever the clock does: what ends at `end_ms` is signed by a key that every validator which reads it has asked for. */
TEST(signing_keys_cover_any_time_since_installation)
{
	struct random random;

	random_init_seeded(&random, 31);
	for (int story = 0; story < 20; story++) {
		struct catalog *catalog = open_catalog(t);
		int64_t began_ms = (int64_t)(random_u64(&random) % 1000) * DAY_MS, now_ms = began_ms;
		for (int step = 0; step < 12; step++) {
			need(t, catalog, arena_printf(&t->arena, "%d", step), now_ms);
			CHECK(t, arena_check(&t->arena, &t->err));
			for (int i = 0; i < 20; i++) {
				int64_t end_ms = began_ms + (int64_t)(random_u64(&random) % (uint64_t)(now_ms - began_ms + 1));
				const struct signing_key *key = signing_keys_at(catalog, &t->arena, end_ms, &t->err);
				int64_t asked_ms = end_ms - DAY_MS / 24 < began_ms ? began_ms : end_ms - DAY_MS / 24;
				REQUIRE(t, key != NULL);
				CHECK(t, key->start_ms <= asked_ms && key->end_ms >= end_ms);
			}
			now_ms += (int64_t)(random_u64(&random) % (uint64_t)((step % 3 + 1) * 40 * DAY_MS));
		}
		catalog_close(catalog);
	}
}

/* services/iam/access_keys_test.c: the operations on access keys, and each error they can answer. */
#include "auth/access_key_id.h"
#include "auth/access_keys.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_create_access_key, iam_update_access_key, iam_delete_access_key, iam_list_access_keys,
	iam_get_access_key_last_used;

static struct slice make_key(struct fixture *f, struct slice user_name, struct slice *secret)
{
	struct iam_create_access_key_response out;

	const struct iam_create_access_key_request in = { .user_name = user_name };

	if (!fixture_call(f, &iam_create_access_key, &in, &out)) {
		test_failed(f->t, __FILE__, __LINE__, "CreateAccessKey: %s", f->call.error.message);
		return S("AKIANONENONENONENONE");
	}
	CHECK_TEXT(f->t, out.access_key->status, S("Active"));
	if (secret)
		*secret = out.access_key->secret_access_key;
	return out.access_key->access_key_id;
}

TEST(create_access_key_makes_ids_that_carry_the_account_and_stores_the_secret_sealed)
{
	struct fixture f;
	struct slice id, secret;
	char account[ACCOUNT_BYTES];
	const struct access_key *key;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	id = make_key(&f, S("bob"), &secret);
	CHECK(t, slice_has_prefix(id, S("AKIA")) && access_key_id_account(id, account));
	CHECK_TEXT(t, ((struct slice){ account, ACCOUNT_BYTES }), FIXTURE_ACCOUNT);
	CHECK_NUMBER(t, secret.len, 40);
	key = access_keys_find(f.catalog, &t->arena, id, &t->err);
	REQUIRE(t, key);
	CHECK(t, slice_find(key->sealed_secret, secret) == SLICE_NPOS);
	CHECK_TEXT(t, access_keys_secret(key, f.environment.keyring, &t->arena, &t->err), secret);
	fixture_end(&f);
}

TEST(create_access_key_allows_two)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	make_key(&f, S("bob"), NULL);
	make_key(&f, S("bob"), NULL);
	REFUSED(&f, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", create_access_key, .user_name = S("bob"));
	REFUSED(&f, "NoSuchEntity", "The user with name none cannot be found.", create_access_key, .user_name = S("none"));
	fixture_end(&f);
}

TEST(access_keys_without_a_user_name_are_the_callers)
{
	struct iam_list_access_keys_response out;
	struct fixture f;
	struct slice of_root, of_bob;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	of_root = make_key(&f, SLICE_NONE, NULL);
	fixture_as_user(&f, "bob");
	of_bob = make_key(&f, SLICE_NONE, NULL);
	CALL(&f, &out, list_access_keys, 0);
	REQUIRE(t, out.access_key_metadata.count == 1);
	CHECK_TEXT(t, out.access_key_metadata.items[0].access_key_id, of_bob);
	CHECK_TEXT(t, out.access_key_metadata.items[0].user_name, S("bob"));
	REFUSED(&f, "NoSuchEntity", arena_printf(&t->arena, "The Access Key with id %.*s cannot be found.", SLICE_ARG(of_root)),
	        delete_access_key, .access_key_id = of_root);
	fixture_as_session(&f);
	REFUSED(&f, "ValidationError", "Must specify userName when calling with non-User credentials", delete_access_key,
	        .access_key_id = of_bob);
	fixture_as_root(&f);
	MUST(&f, delete_access_key, .access_key_id = of_root);
	MUST(&f, delete_access_key, .access_key_id = of_bob, .user_name = S("bob"));
	fixture_end(&f);
}

TEST(update_access_key_switches_it_off_and_on)
{
	struct iam_list_access_keys_response out;
	struct fixture f;
	struct slice id;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	id = make_key(&f, S("bob"), NULL);
	MUST(&f, update_access_key, .user_name = S("bob"), .access_key_id = id, .status = S("Inactive"));
	CALL(&f, &out, list_access_keys, .user_name = S("bob"));
	REQUIRE(t, out.access_key_metadata.count == 1);
	CHECK_TEXT(t, out.access_key_metadata.items[0].status, S("Inactive"));
	MUST(&f, update_access_key, .user_name = S("bob"), .access_key_id = id, .status = S("Active"));
	REFUSED(&f, "NoSuchEntity", "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.", update_access_key,
	        .user_name = S("bob"), .access_key_id = S("AKIAIOSFODNN7EXAMPLE"), .status = S("Active"));
	CHECK(t, iam_update_access_key.changes_authority && iam_delete_access_key.changes_authority);
	CHECK(t, !iam_create_access_key.changes_authority);
	fixture_end(&f);
}

TEST(list_access_keys_pages_oldest_first)
{
	struct iam_list_access_keys_response out;
	struct fixture f;
	struct slice older, newer;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	newer = make_key(&f, S("bob"), NULL);
	f.call.now_ms -= 5000;
	older = make_key(&f, S("bob"), NULL);
	CALL(&f, &out, list_access_keys, .user_name = S("bob"), .max_items = SET_I64(1));
	REQUIRE(t, out.access_key_metadata.count == 1 && out.is_truncated.value);
	CHECK_TEXT(t, out.access_key_metadata.items[0].access_key_id, older);
	CALL(&f, &out, list_access_keys, .user_name = S("bob"), .marker = out.marker);
	REQUIRE(t, out.access_key_metadata.count == 1 && !out.is_truncated.value);
	CHECK_TEXT(t, out.access_key_metadata.items[0].access_key_id, newer);
	fixture_end(&f);
}

TEST(get_access_key_last_used_of_a_fresh_key_is_not_applicable)
{
	struct iam_get_access_key_last_used_response out;
	struct fixture f;
	struct slice id;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	id = make_key(&f, S("bob"), NULL);
	CALL(&f, &out, get_access_key_last_used, .access_key_id = id);
	CHECK_TEXT(t, out.user_name, S("bob"));
	CHECK_TEXT(t, out.access_key_last_used->service_name, S("N/A"));
	CHECK_TEXT(t, out.access_key_last_used->region, S("N/A"));
	CHECK(t, !out.access_key_last_used->last_used_date.is_set);
	CHECK(t, access_keys_set_last_used(f.catalog, FIXTURE_ACCOUNT, id, 5000, S("s3"), S("eu-west-1"), &t->err));
	CALL(&f, &out, get_access_key_last_used, .access_key_id = id);
	CHECK_TEXT(t, out.access_key_last_used->service_name, S("s3"));
	CHECK_NUMBER(t, out.access_key_last_used->last_used_date.ms, 5000);
	CHECK_TEXT(t, TARGETS(&f, get_access_key_last_used, .access_key_id = id),
	           arena_format(&t->arena, "-|arn:aws:iam::111122223333:user/bob|access key %.*s", SLICE_ARG(id)));
	REFUSED(&f, "AccessDenied", "User: arn:aws:iam::111122223333:root is not authorized to perform"
	        " iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE", get_access_key_last_used,
	        .access_key_id = S("AKIAIOSFODNN7EXAMPLE"));
	fixture_end(&f);
}

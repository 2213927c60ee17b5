/* auth/session_test.c: what is sealed comes back, for its own key id, until it expires, and never altered. */
#include "auth/session.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "tests/test.h"

static const unsigned char master[AES256_KEY_BYTES] = "an invented master key, 32 byte";
static const int64_t noon_ms = 1742040000000;

static const struct principal_tag tags[] = { { S_INIT("team"), S_INIT("blue") }, { S_INIT("empty"), S_INIT("") } };
static const struct slice transitive[] = { S_INIT("team") };
static const struct slice arns[] = { S_INIT("arn:aws:iam::aws:policy/ReadOnlyAccess") };

static struct session role_session(void)
{
	return (struct session){
		.kind = SESSION_ROLE, .account = S("111122223333"), .issuer_id = S("AROAEXAMPLEEXAMPLE234"),
		.issuer_arn = S("arn:aws:iam::111122223333:role/path/deploy"), .issuer_name = S("deploy"), .name = S("ci"),
		.issued_ms = noon_ms, .expires_ms = noon_ms + 3600000, .has_mfa = true, .mfa_ms = noon_ms - 1,
		.source_identity = S("alice"), .tags = tags, .tag_count = COUNT(tags), .transitive_tag_keys = transitive,
		.transitive_tag_key_count = COUNT(transitive), .policy = S("{\"Version\":\"2012-10-17\",\"Statement\":[]}"),
		.policy_arns = arns, .policy_arn_count = COUNT(arns),
	};
}

struct made {
	struct keyring *keyring;
	struct random   random;
	struct session  session;
	struct slice    secret, token;
	int             percent;
};

static struct made make(struct test *t, struct session session)
{
	struct made made = { .keyring = keyring_from_key(master), .session = session };

	random_init_seeded(&made.random, 11);
	made.secret = session_begin(made.keyring, &made.session, &made.random, &t->arena);
	made.token = session_seal(made.keyring, &made.session, &made.random, &t->arena, &made.percent, &t->err);
	return made;
}

static enum session_state open_at(struct test *t, const struct made *made, struct slice token, int64_t now_ms, struct session *session)
{
	return session_open(made->keyring, token, made->session.access_key_id, now_ms, &t->arena, session);
}

TEST(session_comes_back_as_it_was_sealed)
{
	struct made made = make(t, role_session());
	struct session got;
	char secret[SESSION_SECRET_BYTES];

	REQUIRE(t, made.token.ptr);
	CHECK(t, made.token.len < 2048);
	CHECK(t, access_key_id_is_temporary(made.session.access_key_id));
	CHECK_NUMBER(t, made.secret.len, 40);
	REQUIRE(t, open_at(t, &made, made.token, noon_ms, &got) == SESSION_GOOD);
	CHECK_NUMBER(t, got.kind, SESSION_ROLE);
	CHECK_TEXT(t, got.access_key_id, made.session.access_key_id);
	CHECK_TEXT(t, got.account, S("111122223333"));
	CHECK_TEXT(t, got.issuer_id, S("AROAEXAMPLEEXAMPLE234"));
	CHECK_TEXT(t, got.issuer_arn, S("arn:aws:iam::111122223333:role/path/deploy"));
	CHECK_TEXT(t, got.issuer_name, S("deploy"));
	CHECK_TEXT(t, got.name, S("ci"));
	CHECK_NUMBER(t, got.issued_ms, noon_ms);
	CHECK_NUMBER(t, got.expires_ms, noon_ms + 3600000);
	CHECK(t, got.has_mfa && got.mfa_ms == noon_ms - 1);
	CHECK_TEXT(t, got.source_identity, S("alice"));
	REQUIRE(t, got.tag_count == 2 && got.transitive_tag_key_count == 1 && got.policy_arn_count == 1);
	CHECK_TEXT(t, got.tags[0].key, S("team"));
	CHECK_TEXT(t, got.tags[0].value, S("blue"));
	CHECK_TEXT(t, got.tags[1].value, S(""));
	CHECK_TEXT(t, got.transitive_tag_keys[0], S("team"));
	CHECK_TEXT(t, got.policy, made.session.policy);
	CHECK_TEXT(t, got.policy_arns[0], arns[0]);
	CHECK_TEXT(t, session_secret(made.keyring, &got, secret), made.secret);
	keyring_close(made.keyring);
}

TEST(session_of_a_user_has_neither_name_nor_policies)
{
	struct made made = make(t, (struct session){ .kind = SESSION_USER, .account = S("111122223333"), .issuer_id = S("111122223333"),
	                                             .issuer_arn = S("arn:aws:iam::111122223333:root"), .expires_ms = noon_ms });
	struct session got;

	REQUIRE(t, open_at(t, &made, made.token, noon_ms - 1, &got) == SESSION_GOOD);
	CHECK_TEXT(t, got.name, SLICE_NONE);
	CHECK_TEXT(t, got.issuer_name, SLICE_NONE);
	CHECK_TEXT(t, got.policy, SLICE_NONE);
	CHECK_TEXT(t, got.source_identity, SLICE_NONE);
	CHECK(t, got.tag_count == 0 && got.policy_arn_count == 0 && !got.has_mfa && made.percent == 0);
	keyring_close(made.keyring);
}

TEST(session_expires_at_its_moment_and_tells_so)
{
	struct made made = make(t, role_session());
	struct session got;

	CHECK_NUMBER(t, open_at(t, &made, made.token, noon_ms + 3599999, &got), SESSION_GOOD);
	CHECK_NUMBER(t, open_at(t, &made, made.token, noon_ms + 3600000, &got), SESSION_EXPIRED);
	CHECK_TEXT(t, got.name, S("ci"));
	keyring_close(made.keyring);
}

TEST(session_token_is_good_for_its_own_key_id_only)
{
	struct made made = make(t, role_session());
	struct session got;

	CHECK_NUMBER(t, session_open(made.keyring, made.token, S("ASIAQNZGKIQY56JQ7WML"), noon_ms, &t->arena, &got),
	             SESSION_OTHER_KEY_ID);
	keyring_close(made.keyring);
}

TEST(session_token_with_any_bit_flipped_does_not_open)
{
	struct made made = make(t, role_session());
	struct slice box = base64_decode(&t->arena, made.token, &t->err);
	char *bytes = arena_alloc(&t->arena, box.len);
	struct session got;

	memcpy(bytes, box.ptr, box.len);
	for (size_t bit = 0; bit < box.len * 8; bit++) {
		bytes[bit / 8] ^= (char)(1 << bit % 8);
		enum session_state state = open_at(t, &made, base64_text(&t->arena, (struct slice){ bytes, box.len }), noon_ms, &got);
		CHECK(t, state == SESSION_GARBLED || (state == SESSION_UNKNOWN_KEY && bit >= 8 && bit < 40));
		bytes[bit / 8] ^= (char)(1 << bit % 8);
	}
	CHECK_NUMBER(t, open_at(t, &made, made.token, noon_ms, &got), SESSION_GOOD);
	keyring_close(made.keyring);
}

TEST(session_token_that_is_cut_or_garbage_does_not_open)
{
	struct made made = make(t, role_session());
	struct session got;
	char *long_token = arena_zalloc(&t->arena, SESSION_TOKEN_BYTES_MAX + 4);

	memset(long_token, 'A', SESSION_TOKEN_BYTES_MAX + 4);
	for (size_t len = 0; len < made.token.len; len++)
		CHECK(t, open_at(t, &made, slice_sub(made.token, 0, len), noon_ms, &got) == SESSION_GARBLED);
	CHECK_NUMBER(t, open_at(t, &made, S("FwoSpoorToken//+example==/0001"), noon_ms, &got), SESSION_GARBLED);
	CHECK_NUMBER(t, open_at(t, &made, SLICE_NONE, noon_ms, &got), SESSION_GARBLED);
	CHECK_NUMBER(t, open_at(t, &made, (struct slice){ long_token, SESSION_TOKEN_BYTES_MAX + 4 }, noon_ms, &got), SESSION_GARBLED);
	keyring_close(made.keyring);
}

TEST(session_of_another_server_is_unknown_and_has_another_secret)
{
	unsigned char other_master[AES256_KEY_BYTES] = "another";
	struct keyring *other = keyring_from_key(other_master);
	struct made made = make(t, role_session());
	struct session got;
	char secret[SESSION_SECRET_BYTES];

	CHECK_NUMBER(t, session_open(other, made.token, made.session.access_key_id, noon_ms, &t->arena, &got), SESSION_UNKNOWN_KEY);
	CHECK(t, !slice_equal(session_secret(other, &made.session, secret), made.secret));
	keyring_close(other);
	keyring_close(made.keyring);
}

TEST(session_policies_and_tags_must_fit_together)
{
	struct session session = role_session();
	char policy[2048], value[256], key[50][8];
	struct principal_tag many[50];

	memset(policy, 'p', sizeof policy);
	memset(value, 'v', sizeof value);
	for (size_t i = 0; i < COUNT(many); i++) {
		snprintf(key[i], sizeof key[i], "k%zu", i);
		many[i] = (struct principal_tag){ slice_of(key[i]), { value, 20 } };
	}
	session.policy = (struct slice){ policy, sizeof policy };
	session.tags = many;
	session.tag_count = COUNT(many);
	struct made made = make(t, session);
	CHECK(t, made.token.ptr && made.percent > 80 && made.percent <= 100);
	keyring_close(made.keyring);

	for (size_t i = 0; i < COUNT(many); i++)
		many[i].value.len = sizeof value;
	made = make(t, session);
	CHECK(t, !made.token.ptr && t->err.kind == ERR_LIMIT);
	CHECK_TEXT(t, slice_of(t->err.name), S("PackedPolicyTooLarge"));
	CHECK(t, slice_has_prefix(slice_of(t->err.message), S("Packed policy consumes ")));
	keyring_close(made.keyring);
}

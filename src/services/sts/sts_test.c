/* services/sts/sts_test.c: each operation in front of a real catalog, and the credentials that it gives, opened again. */
#include "services/sts/sts.h"

#include "auth/accounts.h"
#include "auth/mfa_devices.h"
#include "auth/policy_cache.h"
#include "auth/principals.h"
#include "auth/roles.h"
#include "base/limits.h"
#include "base/rate.h"
#include "codec/totp.h"
#include "services/authorisation.h"
#include "services/shape.h"
#include "services/validate.h"
#include "store/catalog.h"
#include "tests/iam_fixture.h"

#define OTHER "444455556666"
#define ARN(name) S("arn:aws:iam::111122223333:role/" name)

extern const struct operation sts_assume_role, sts_get_access_key_info, sts_get_caller_identity, sts_get_federation_token,
                              sts_get_session_token;
extern const struct operation iam_create_access_key, iam_create_policy, iam_create_role, iam_create_user, iam_put_role_policy,
                              iam_put_user_policy;

struct world {
	struct fixture           f;            /* first */
	struct principals       *principals;
	const struct credential *credential;
	uint64_t                 epoch;
};

static struct slice trust(struct world *w, const char *principal, const char *more)
{
	return arena_format(&w->f.t->arena, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"%s\"},"
	                    "\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"]%s}]}", principal, more);
}

static struct slice allow(struct world *w, const char *action)
{
	return arena_format(&w->f.t->arena, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"%s\","
	                    "\"Resource\":\"*\"}]}", action);
}

/* The next calls are whose key this is, with what the catalog says now. */
static enum principals_found become(struct world *w, struct slice key_id, struct slice token)
{
	if (w->credential)
		principals_release(w->principals, w->credential);
	w->credential = NULL;
	fixture_as_root(&w->f);
	enum principals_found found = principals_take(w->principals, w->f.catalog, ++w->epoch, key_id, token, w->f.call.now_ms,
	                                              &w->credential, &w->f.t->err);
	if (found == PRINCIPALS_FOUND)
		w->f.call.principal = &w->credential->principal;
	return found;
}

static void become_session(struct world *w, const struct sts_credentials *credentials)
{
	CHECK(w->f.t, become(w, credentials->access_key_id, credentials->session_token) == PRINCIPALS_FOUND);
	CHECK_TEXT(w->f.t, w->credential->secret, credentials->secret_access_key);
}

/* alice, who may do everything of STS, calls; the role Deploy trusts her account. */
static void begin(struct test *t, struct world *w)
{
	struct iam_create_access_key_response key;

	*w = (struct world){ .credential = NULL };
	fixture_begin(t, &w->f);
	w->f.call.service = &sts;
	w->f.call.policies = policy_cache_new(1 << 20, 1);
	w->principals = principals_new(w->f.environment.keyring, w->f.call.policies, 64, 1);
	fixture_user(&w->f, "alice");
	MUST(&w->f, put_user_policy, .user_name = S("alice"), .policy_name = S("p"), .policy_document = allow(w, "sts:*"));
	MUST(&w->f, create_role, .role_name = S("Deploy"), .assume_role_policy_document = trust(w, "111122223333", ""));
	CALL(&w->f, &key, create_access_key, .user_name = S("alice"));
	CHECK(t, become(w, key.access_key->access_key_id, SLICE_NONE) == PRINCIPALS_FOUND);
}

static void end(struct world *w)
{
	if (w->credential)
		principals_release(w->principals, w->credential);
	principals_free(w->principals);
	policy_cache_free(w->f.call.policies);
	fixture_end(&w->f);
}

/* As the pipeline: validate, authorise, perform. The result is the error's code, "" without; *kind_out tells who said no. */
static struct slice call(struct world *w, const struct operation *operation, const void *input, void *output)
{
	struct call *call = &w->f.call;

	call->operation = operation;
	call->error = (struct error){ .kind = ERR_NONE };
	call->resource_count = 0;
	call->shared_with = SLICE_NONE;
	memset(output, 0, operation->shape->output->bytes);
	bool ok = (!operation->shape->input || validate(operation->shape->input, input, PROTOCOL_QUERY, &call->error))
	       && (operation->authorise ? operation->authorise(call, input, &call->error)
	                                : authorisation_standard(call, input, &call->error))
	       && operation->perform(call, input, output, &call->error);
	CHECK(w->f.t, ok == (call->error.kind == ERR_NONE));
	return slice_of(ok ? "" : call->error.name);
}

#define STS(w, out, op, ...) call((w), &sts_##op, &(struct sts_##op##_request){ __VA_ARGS__ }, (out))
#define ASSUME(w, out, ...)  STS((w), (out), assume_role, .role_session_name = S("work"), __VA_ARGS__)
#define STS_TAGS(...) { .items = (struct sts_tag[]){ __VA_ARGS__ }, .count = COUNT(((struct sts_tag[]){ __VA_ARGS__ })) }
#define STS_ARNS(...) { .items = (struct sts_policy_descriptor_type[]){ __VA_ARGS__ }, \
	                .count = COUNT(((struct sts_policy_descriptor_type[]){ __VA_ARGS__ })) }

static bool may(struct world *w, const char *action)
{
	struct context context;

	context_init(&context, &w->f.t->arena);
	struct evaluate_request request = evaluate_request_of(&w->credential->principal, slice_of(action), S("*"), &context,
	                                                      &w->f.t->arena);
	return evaluate(&request).decision == DECISION_ALLOW;
}

/* ---- AssumeRole ---- */

TEST(sts_assume_role_makes_a_session_of_the_role)
{
	struct world w;
	struct sts_assume_role_response out;
	struct sts_get_caller_identity_response who;

	begin(t, &w);
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy")), S(""));
	CHECK_TEXT(t, out.assumed_role_user->arn, S("arn:aws:sts::111122223333:assumed-role/Deploy/work"));
	CHECK_NUMBER(t, out.credentials->expiration.ms, FIXTURE_NOW_MS + 3600 * 1000);
	CHECK(t, !out.packed_policy_size.is_set && !w.f.call.shared_with.ptr);
	CHECK_NUMBER(t, w.f.call.resource_count, 1);
	struct sts_credentials given = *out.credentials;
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .provided_contexts = {
		.items = (struct sts_provided_context[]){ { S("arn:aws:iam::aws:contextProvider/IdentityCenter"), S("abcd") } }, .count = 1,
	}), S("InvalidParameterValue"));
	become_session(&w, &given);
	CHECK_TEXT(t, STS(&w, &who, get_caller_identity, .unused = false), S(""));
	CHECK(t, slice_has_prefix(who.user_id, S("AROA")) && slice_has_suffix(who.user_id, S(":work")));
	CHECK_TEXT(t, who.arn, S("arn:aws:sts::111122223333:assumed-role/Deploy/work"));
	CHECK(t, !w.credential->principal.has_mfa && w.credential->principal.issued_ms == FIXTURE_NOW_MS);
	end(&w);
}

TEST(sts_assume_role_tells_nobody_which_roles_there_are)
{
	struct world w;
	struct sts_assume_role_response out;

	begin(t, &w);
	MUST(&w.f, create_role, .role_name = S("Bobs"), .assume_role_policy_document = trust(&w, OTHER, ""));
	const struct slice arns[] = {
		ARN("Bobs"), ARN("Nobody"), ARN("other/path/Deploy"), S("arn:aws:iam::999999999999:role/Deploy"),
	};
	for (size_t i = 0; i < COUNT(arns); i++) {
		CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = arns[i]), S("AccessDenied"));
		CHECK(t, w.f.call.error.kind == ERR_DENIED && w.f.call.resource_count == 0 && !w.f.call.shared_with.ptr);
		CHECK_TEXT(t, slice_of(w.f.call.error.message),
		           arena_format(&t->arena, "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: "
		                        "sts:AssumeRole on resource: %.*s", SLICE_ARG(arns[i])));
	}
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = S("arn:aws:iam::111122223333:user/Deploy")), S("ValidationError"));
	fixture_as_root(&w.f);
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy")), S("AccessDenied"));
	end(&w);
}

TEST(sts_assume_role_keeps_to_the_longest_session)
{
	static const struct { int64_t seconds; const char *first, *chained; } rows[] = {
		{ 899, "ValidationError", "ValidationError" }, { 900, "", "" }, { 3600, "", "" }, { 3601, "", "ValidationError" },
		{ 7200, "", "ValidationError" }, { 7201, "ValidationError", "ValidationError" }, { 43201, "ValidationError", "ValidationError" },
	};
	struct world w;
	struct sts_assume_role_response out;

	begin(t, &w);
	MUST(&w.f, create_role, .role_name = S("Long"), .assume_role_policy_document = trust(&w, "111122223333", ""),
	     .max_session_duration = SET_I64(7200));
	MUST(&w.f, put_role_policy, .role_name = S("Long"), .policy_name = S("p"), .policy_document = allow(&w, "sts:*"));
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Long"), .duration_seconds = SET_I64(rows[i].seconds)), slice_of(rows[i].first));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Long")), S(""));
	become_session(&w, out.credentials);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Long"), .duration_seconds = SET_I64(rows[i].seconds)), slice_of(rows[i].chained));
	end(&w);
}

TEST(sts_assume_role_asks_for_the_external_id_and_the_second_factor)
{
	struct world w;
	struct sts_assume_role_response out;

	begin(t, &w);
	MUST(&w.f, create_role, .role_name = S("Ext"), .assume_role_policy_document =
	     trust(&w, "111122223333", ",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"x-1\"}}"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Ext")), S("AccessDenied"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Ext"), .external_id = S("x-2")), S("AccessDenied"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Ext"), .external_id = S("x-1")), S(""));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .serial_number = S("arn:aws:iam::111122223333:mfa/alice"),
	                     .token_code = S("123456")), S("AccessDenied"));
	end(&w);
}

TEST(sts_session_policies_narrow_and_come_from_the_sessions_account)
{
	struct world w;
	struct sts_assume_role_response out;
	struct slice foreign = S("arn:aws:iam::" OTHER ":policy/Theirs");

	begin(t, &w);
	MUST(&w.f, put_role_policy, .role_name = S("Deploy"), .policy_name = S("p"), .policy_document = allow(&w, "*"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .policy = S("{")), S("MalformedPolicyDocument"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .policy_arns = STS_ARNS({ S("arn:aws:iam::aws:policy/Nothing") })),
	           S("ValidationError"));
	struct slice mine = fixture_policy(&w.f, "Mine");                    /* s3:* */
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .policy = allow(&w, "iam:*"), .policy_arns = STS_ARNS({ mine })), S(""));
	CHECK(t, out.packed_policy_size.is_set && out.packed_policy_size.value > 0);
	struct sts_credentials narrow = *out.credentials;

	/* A role of another account takes that account's policies and not the caller's. */
	CHECK(t, accounts_insert(w.f.catalog, S(OTHER), FIXTURE_NOW_MS, &t->err));
	w.f.call.account = S(OTHER);
	MUST(&w.f, create_role, .role_name = S("There"), .assume_role_policy_document = trust(&w, "111122223333", ""));
	MUST(&w.f, create_policy, .policy_name = S("Theirs"), .policy_document = DOCUMENT);
	w.f.call.account = FIXTURE_ACCOUNT;
	struct slice there = S("arn:aws:iam::" OTHER ":role/There");
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = there, .policy_arns = STS_ARNS({ mine })), S("ValidationError"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = there, .policy_arns = STS_ARNS({ foreign })), S(""));
	CHECK_TEXT(t, w.f.call.shared_with, S(OTHER));

	become_session(&w, &narrow);
	CHECK(t, may(&w, "iam:ListUsers") && may(&w, "s3:ListBucket") && !may(&w, "ec2:DescribeVpcs"));
	end(&w);
}

TEST(sts_session_tags_travel_along_the_chain)
{
	struct world w;
	struct sts_assume_role_response out;
	struct slice keys[60];

	begin(t, &w);
	MUST(&w.f, put_role_policy, .role_name = S("Deploy"), .policy_name = S("p"), .policy_document = allow(&w, "sts:*"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .tags = STS_TAGS({ S("a"), S("1") }, { S("A"), S("2") })),
	           S("InvalidParameterValue"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .transitive_tag_keys = TEXTS(S("a"))), S("InvalidParameterValue"));
	for (size_t i = 0; i < 50; i++)
		keys[i] = i % 2 ? S("team") : S("TEAM");
	struct text_list often = { .items = keys, .count = 50, .is_set = true };
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .tags = STS_TAGS({ S("team"), S("red") }, { S("own"), S("1") }),
	                     .transitive_tag_keys = often), S(""));
	become_session(&w, out.credentials);
	CHECK_NUMBER(t, w.credential->principal.tag_count, 2);
	CHECK_NUMBER(t, w.credential->principal.transitive_tag_key_count, 1);
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .tags = STS_TAGS({ S("Team"), S("blue") })), S("InvalidParameterValue"));

	/* What is passed on counts with what is asked for, and the token that comes back is one that opens. */
	struct sts_tag more[50];
	for (size_t i = 0; i < COUNT(more); i++) {
		keys[i] = arena_format(&t->arena, "k%zu", i);
		more[i] = (struct sts_tag){ keys[i], S("v") };
	}
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .tags = { .items = more, .count = 50 }), S("PackedPolicyTooLarge"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .tags = { .items = more, .count = 49 },
	                     .transitive_tag_keys = { .items = keys, .count = 49 }), S(""));
	become_session(&w, out.credentials);
	CHECK_NUMBER(t, w.credential->principal.tag_count, 50);
	CHECK_NUMBER(t, w.credential->principal.transitive_tag_key_count, 50);
	end(&w);
}

TEST(sts_source_identity_is_set_once_for_a_chain)
{
	struct world w;
	struct sts_assume_role_response out;

	begin(t, &w);
	MUST(&w.f, create_role, .role_name = S("Known"), .assume_role_policy_document =
	     S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},"
	       "\"Action\":[\"sts:AssumeRole\",\"sts:SetSourceIdentity\"]}]}"));
	MUST(&w.f, put_role_policy, .role_name = S("Known"), .policy_name = S("p"), .policy_document = allow(&w, "sts:*"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy"), .source_identity = S("alice")), S("AccessDenied"));
	CHECK(t, slice_find(slice_of(w.f.call.error.message), S("sts:SetSourceIdentity")) != SLICE_NPOS);
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Known"), .source_identity = S("alice")), S(""));
	CHECK_TEXT(t, out.source_identity, S("alice"));
	become_session(&w, out.credentials);
	CHECK_TEXT(t, w.credential->principal.source_identity, S("alice"));
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Known"), .source_identity = S("bob")), S("AccessDenied"));
	CHECK(t, w.f.call.prepared && w.f.call.error.kind == ERR_DENIED && w.f.call.resource_count == 0);
	CHECK_TEXT(t, ASSUME(&w, &out, .role_arn = ARN("Deploy")), S(""));
	CHECK_TEXT(t, out.source_identity, S("alice"));
	end(&w);
}

/* ---- the others ---- */

TEST(sts_get_session_token_gives_the_caller_again)
{
	struct world w;
	struct sts_get_session_token_response out;
	struct sts_get_access_key_info_response info;
	struct sts_assume_role_response role;

	begin(t, &w);
	CHECK_TEXT(t, STS(&w, &out, get_session_token, .duration_seconds = SET_I64(899)), S("ValidationError"));
	CHECK_TEXT(t, STS(&w, &out, get_session_token, .duration_seconds = SET_I64(129601)), S("ValidationError"));
	CHECK_TEXT(t, STS(&w, &out, get_session_token, .serial_number = S("arn:aws:iam::111122223333:mfa/alice")), S("AccessDenied"));
	CHECK_TEXT(t, STS(&w, &out, get_session_token, .token_code = SLICE_NONE), S(""));
	CHECK_NUMBER(t, out.credentials->expiration.ms, FIXTURE_NOW_MS + INT64_C(43200) * 1000);
	become_session(&w, out.credentials);
	CHECK_TEXT(t, w.credential->principal.arn, S("arn:aws:iam::111122223333:user/alice"));
	CHECK_TEXT(t, ASSUME(&w, &role, .role_arn = ARN("Deploy")), S(""));
	CHECK_TEXT(t, STS(&w, &out, get_session_token, .token_code = SLICE_NONE), S("AccessDenied"));
	CHECK_TEXT(t, slice_of(w.f.call.error.message), S("Cannot call GetSessionToken with session credentials"));
	CHECK_TEXT(t, STS(&w, &info, get_access_key_info, .access_key_id = S("AKIAIOSFODNN7EXAMPLE")), S("AccessDenied"));
	become_session(&w, role.credentials);
	CHECK_TEXT(t, STS(&w, &out, get_session_token, .token_code = SLICE_NONE), S("AccessDenied"));
	end(&w);
}

TEST(sts_codes_of_a_device_cannot_be_tried_often)
{
	struct world w;
	struct sts_get_session_token_response own;
	struct sts_assume_role_response role;
	struct mfa_device device = { .account = FIXTURE_ACCOUNT, .serial = S("arn:aws:iam::111122223333:mfa/alice"), .created_ms = 1, .enabled_ms = 1 };
	struct slice seed = S("12345678901234567890"), wrong = S("000000");
	char text[TOTP_DIGITS];

	begin(t, &w);
	device.owner_id = w.credential->principal.unique_id;
	CHECK(t, mfa_devices_insert(w.f.catalog, &t->arena, w.f.environment.keyring, &w.f.random, &device, seed, &t->err));
	CHECK(t, mfa_devices_update(w.f.catalog, &device, &t->err));
	w.f.environment.code_attempts = rate_new(1, CODE_ATTEMPTS_BURST, 10, 1);
	struct slice right = totp_code(seed, totp_step(FIXTURE_NOW_MS), text);
	CHECK(t, !slice_equal(right, wrong));
	for (int i = 0; i < CODE_ATTEMPTS_BURST - 1; i++)
		CHECK_TEXT(t, ASSUME(&w, &role, .role_arn = ARN("Deploy"), .serial_number = device.serial, .token_code = wrong), S("AccessDenied"));
	CHECK_TEXT(t, ASSUME(&w, &role, .role_arn = ARN("Deploy"), .serial_number = device.serial, .token_code = right), S(""));
	CHECK_TEXT(t, STS(&w, &own, get_session_token, .serial_number = device.serial, .token_code = right), S("AccessDenied"));
	CHECK_TEXT(t, slice_of(w.f.call.error.message), S("MultiFactorAuthentication failed with invalid MFA one time pass code. "));
	w.f.call.wall_ms += CODE_ATTEMPT_MS - 30;
	CHECK_TEXT(t, STS(&w, &own, get_session_token, .serial_number = device.serial, .token_code = wrong), S("AccessDenied"));
	w.f.call.wall_ms += 60;
	w.f.call.now_ms = w.f.call.wall_ms;
	right = totp_code(seed, totp_step(w.f.call.wall_ms), text);
	CHECK_TEXT(t, STS(&w, &own, get_session_token, .serial_number = device.serial, .token_code = right), S(""));
	rate_free(w.f.environment.code_attempts);
	end(&w);
}

TEST(sts_get_session_token_is_short_for_root)
{
	struct world w;
	struct sts_get_session_token_response out;

	begin(t, &w);
	fixture_as_root(&w.f);
	CHECK_TEXT(t, STS(&w, &out, get_session_token, .duration_seconds = SET_I64(43200)), S(""));
	CHECK_NUMBER(t, out.credentials->expiration.ms, FIXTURE_NOW_MS + 3600 * 1000);
	become_session(&w, out.credentials);
	CHECK(t, w.credential->principal.type == PRINCIPAL_ROOT && w.credential->principal.is_temporary);
	end(&w);
}

TEST(sts_get_federation_token_gives_no_more_than_is_passed)
{
	struct world w;
	struct sts_get_federation_token_response out;
	struct sts_assume_role_response role;
	struct sts_get_access_key_info_response info;

	begin(t, &w);
	CHECK_TEXT(t, STS(&w, &out, get_federation_token, .name = S("b")), S("ValidationError"));
	CHECK_TEXT(t, STS(&w, &out, get_federation_token, .name = S("bart")), S(""));
	CHECK_TEXT(t, out.federated_user->arn, S("arn:aws:sts::111122223333:federated-user/bart"));
	CHECK_TEXT(t, out.federated_user->federated_user_id, S("111122223333:bart"));
	become_session(&w, out.credentials);
	CHECK(t, w.credential->principal.type == PRINCIPAL_FEDERATED && !may(&w, "sts:GetFederationToken"));

	struct slice alice_arn = w.credential->principal.issuer_arn;
	CHECK_TEXT(t, alice_arn, S("arn:aws:iam::111122223333:user/alice"));
	fixture_as_user(&w.f, "alice");
	w.f.caller.identity_policies = w.credential->principal.identity_policies;
	w.f.caller.identity_policy_count = w.credential->principal.identity_policy_count;
	w.f.call.principal = &w.f.caller;
	CHECK_TEXT(t, STS(&w, &out, get_federation_token, .name = S("lisa"), .policy = allow(&w, "*")), S(""));
	become_session(&w, out.credentials);
	CHECK(t, may(&w, "sts:AssumeRole") && !may(&w, "s3:ListBucket"));    /* what both allow */
	CHECK_TEXT(t, ASSUME(&w, &role, .role_arn = ARN("Deploy")), S("AccessDenied"));
	CHECK_TEXT(t, STS(&w, &out, get_federation_token, .name = S("again")), S("AccessDenied"));
	CHECK_TEXT(t, STS(&w, &info, get_access_key_info, .access_key_id = S("AKIAIOSFODNN7EXAMPLE")), S("AccessDenied"));
	end(&w);
}

TEST(sts_get_access_key_info_reads_the_account_off_the_key)
{
	struct world w;
	struct sts_get_access_key_info_response out;

	begin(t, &w);
	CHECK_TEXT(t, STS(&w, &out, get_access_key_info, .access_key_id = w.credential->principal.access_key_id), S(""));
	CHECK_TEXT(t, out.account, FIXTURE_ACCOUNT);
	CHECK_TEXT(t, STS(&w, &out, get_access_key_info, .access_key_id = S("not-a-key-at-all!")), S("ValidationError"));
	end(&w);
}

TEST(sts_sessions_end_with_their_time_their_role_and_their_user)
{
	struct world w;
	struct sts_assume_role_response role;
	struct sts_get_session_token_response own;
	struct sts_credentials ends;

	begin(t, &w);
	CHECK_TEXT(t, STS(&w, &own, get_session_token, .token_code = SLICE_NONE), S(""));
	CHECK_TEXT(t, ASSUME(&w, &role, .role_arn = ARN("Deploy"), .duration_seconds = SET_I64(900)), S(""));
	ends = *role.credentials;
	w.f.call.now_ms += 900 * 1000 - 1;
	CHECK(t, become(&w, ends.access_key_id, ends.session_token) == PRINCIPALS_FOUND);
	w.f.call.now_ms++;
	CHECK(t, become(&w, ends.access_key_id, ends.session_token) == PRINCIPALS_EXPIRED);
	w.f.call.now_ms = FIXTURE_NOW_MS;

	/* A role of the same name made anew is another role. */
	const struct role *deploy = roles_find(w.f.catalog, &t->arena, FIXTURE_ACCOUNT, S("Deploy"), &t->err);
	CHECK(t, deploy && roles_delete(w.f.catalog, FIXTURE_ACCOUNT, deploy->role_id, &t->err));
	MUST(&w.f, create_role, .role_name = S("Deploy"), .assume_role_policy_document = trust(&w, "111122223333", ""));
	CHECK(t, become(&w, ends.access_key_id, ends.session_token) == PRINCIPALS_UNKNOWN);

	CHECK(t, become(&w, own.credentials->access_key_id, own.credentials->session_token) == PRINCIPALS_FOUND);
	CHECK(t, catalog_run(w.f.catalog, &t->err, "DELETE FROM users WHERE name = 'alice'", ""));
	CHECK(t, become(&w, own.credentials->access_key_id, own.credentials->session_token) == PRINCIPALS_UNKNOWN);
	end(&w);
}

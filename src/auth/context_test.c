/* auth/context_test.c: which keys a request and its principal have, and which not. */
#include "auth/context.h"
#include "auth/principal.h"
#include "tests/test.h"

static void check(struct test *t, const struct context *context, const char *key, const char *want)
{
	const struct context_entry *entry = context_find(context, slice_of(key));
	struct slice got = entry && entry->count == 1 ? entry->values[0] : SLICE_NONE;

	if (!slice_equal(got, slice_of(want)) || !got.ptr != !want)
		test_failed(t, __FILE__, __LINE__, "%s is '%.*s', not '%s'", key, SLICE_ARG(got), want ? want : "(absent)");
}

TEST(context_ignores_the_case_of_keys)
{
	struct context context;

	context_init(&context, &t->arena);
	context_set_named(&context, S("aws:RequestTag/"), S("Team"), S("red"));
	context_set(&context, S("AWS:REQUESTTAG/TEAM"), S("blue"));
	CHECK_NUMBER(t, context.count, 1);
	check(t, &context, "aws:requesttag/team", "blue");
	context_set(&context, S("aws:RequestTag/team"), SLICE_NONE);
	check(t, &context, "aws:RequestTag/Team", NULL);
	for (int i = 0; i < 100; i++)
		context_set_i64(&context, arena_format(&t->arena, "k:%d", i), i);
	check(t, &context, "K:99", "99");
}

TEST(context_of_a_user_with_a_long_term_key_knows_nothing_of_mfa)
{
	static const struct principal_tag tags[] = { { S_INIT("team"), S_INIT("red") } };
	struct principal alice = {
		.type = PRINCIPAL_USER, .account = S("111122223333"), .arn = S("arn:aws:iam::111122223333:user/p/alice"),
		.unique_id = S("AIDAALICE"), .name = S("alice"), .tags = tags, .tag_count = 1,
	};
	struct context context;

	context_init(&context, &t->arena);
	context_add_principal(&context, &alice, 1000);
	check(t, &context, "aws:PrincipalArn", "arn:aws:iam::111122223333:user/p/alice");
	check(t, &context, "aws:PrincipalAccount", "111122223333");
	check(t, &context, "aws:PrincipalType", "User");
	check(t, &context, "aws:userid", "AIDAALICE");
	check(t, &context, "aws:username", "alice");
	check(t, &context, "aws:PrincipalTag/Team", "red");
	check(t, &context, "aws:MultiFactorAuthPresent", NULL);
	check(t, &context, "aws:MultiFactorAuthAge", NULL);
	check(t, &context, "aws:TokenIssueTime", NULL);
	check(t, &context, "aws:SourceIdentity", NULL);
}

TEST(context_of_a_role_session_names_the_role_and_no_user)
{
	struct principal ops = {
		.type = PRINCIPAL_ROLE_SESSION, .account = S("111122223333"),
		.arn = S("arn:aws:sts::111122223333:assumed-role/ops/s1"), .unique_id = S("AROAOPS:s1"), .name = S("s1"),
		.issuer_arn = S("arn:aws:iam::111122223333:role/team/ops"), .is_temporary = true,
		.issued_ms = 1742040000000, .source_identity = S("alice"),
	};
	struct context context;

	context_init(&context, &t->arena);
	context_add_principal(&context, &ops, 1742040060000);
	check(t, &context, "aws:PrincipalArn", "arn:aws:iam::111122223333:role/team/ops");
	check(t, &context, "aws:PrincipalType", "AssumedRole");
	check(t, &context, "aws:userid", "AROAOPS:s1");
	check(t, &context, "aws:username", NULL);
	check(t, &context, "aws:MultiFactorAuthPresent", "false");
	check(t, &context, "aws:MultiFactorAuthAge", NULL);
	check(t, &context, "aws:TokenIssueTime", "2025-03-15T12:00:00Z");
	check(t, &context, "aws:SourceIdentity", "alice");

	ops.has_mfa = true;
	ops.mfa_ms = 1742040000000;
	context_add_principal(&context, &ops, 1742040060000);
	check(t, &context, "aws:MultiFactorAuthPresent", "true");
	check(t, &context, "aws:MultiFactorAuthAge", "60");
}

TEST(context_of_root_federated_users_and_strangers_has_no_user_name)
{
	struct principal principals[] = {
		{ .type = PRINCIPAL_ROOT, .account = S("1"), .arn = S("arn:aws:iam::1:root"), .unique_id = S("1") },
		{ .type = PRINCIPAL_FEDERATED, .account = S("1"), .arn = S("arn:aws:sts::1:federated-user/kim"), .unique_id = S("1:kim"),
		  .name = S("kim"), .issuer_arn = S("arn:aws:iam::1:user/alice") },
		{ .type = PRINCIPAL_ANONYMOUS, .arn = S("*") },
	};
	static const char *const arns[] = { "arn:aws:iam::1:root", "arn:aws:sts::1:federated-user/kim", NULL };
	static const char *const ids[] = { "1", "1:kim", "anonymous" };
	static const char *const types[] = { "Account", "FederatedUser", "Anonymous" };

	for (size_t i = 0; i < COUNT(principals); i++) {
		struct context context;
		context_init(&context, &t->arena);
		context_add_principal(&context, &principals[i], 0);
		check(t, &context, "aws:PrincipalArn", arns[i]);
		check(t, &context, "aws:userid", ids[i]);
		check(t, &context, "aws:PrincipalType", types[i]);
		check(t, &context, "aws:username", NULL);
	}
}

TEST(context_of_a_request_has_its_address_time_and_transport)
{
	struct context_request request = { .source_ip = S("203.0.113.7"), .user_agent = S("aws-cli/2"), .region = S("us-east-1"),
	                                   .is_tls = true, .now_ms = 1742040000999 };
	struct context context;

	context_init(&context, &t->arena);
	context_add_request(&context, &request);
	check(t, &context, "aws:SourceIp", "203.0.113.7");
	check(t, &context, "aws:UserAgent", "aws-cli/2");
	check(t, &context, "aws:Referer", NULL);
	check(t, &context, "aws:RequestedRegion", "us-east-1");
	check(t, &context, "aws:SecureTransport", "true");
	check(t, &context, "aws:CurrentTime", "2025-03-15T12:00:00Z");
	check(t, &context, "aws:EpochTime", "1742040000");
	check(t, &context, "aws:ViaAWSService", "false");
}

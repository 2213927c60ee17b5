/* auth/policy_test.c: positions, keys and bound principals of compiled documents. */
#include "auth/policy.h"
#include "tests/test.h"

TEST(policy_statement_positions_are_those_of_the_simulator)
{
	/* The two documents of the AWS CLI's own examples of the simulator. */
	const struct policy *policy = policy_compile(&t->arena, S(
		"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"dynamodb:*\",\"Resource\":\"*\","
		"\"Condition\":{\"DateGreaterThan\":{\"aws:CurrentTime\":\"2018-08-16T12:00:00Z\"}}}}"), &t->err);
	REQUIRE(t, policy != NULL);
	struct policy_span span = policy_statement_span(policy, 0);
	CHECK_NUMBER(t, span.start.line, 1);
	CHECK_NUMBER(t, span.start.column, 38);
	CHECK_NUMBER(t, span.end.line, 1);
	CHECK_NUMBER(t, span.end.column, 167);

	policy = policy_compile(&t->arena, S(
		"{\n"
		"    \"Version\": \"2012-10-17\",\n"
		"    \"Statement\": [\n"
		"        {\n"
		"            \"Sid\": \"VisualEditor0\",\n"
		"            \"Effect\": \"Allow\",\n"
		"            \"Action\": \"codecommit:ListRepositories\",\n"
		"            \"Resource\": \"*\"\n"
		"        },\n"
		"        {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}\n"
		"    ]\n"
		"}\n"), &t->err);
	REQUIRE(t, policy != NULL);
	CHECK_NUMBER(t, policy_statement_count(policy), 2);
	CHECK_TEXT(t, policy_statement_sid(policy, 0), S("VisualEditor0"));
	CHECK(t, policy_statement_sid(policy, 1).ptr == NULL);
	span = policy_statement_span(policy, 0);
	CHECK_NUMBER(t, span.start.line, 3);
	CHECK_NUMBER(t, span.start.column, 19);
	CHECK_NUMBER(t, span.end.line, 9);
	CHECK_NUMBER(t, span.end.column, 10);
	span = policy_statement_span(policy, 1);
	CHECK_NUMBER(t, span.start.line, 9);
	CHECK_NUMBER(t, span.start.column, 10);
	CHECK_NUMBER(t, span.end.line, 10);
}

TEST(policy_lists_each_context_key_once)
{
	struct slice keys[8];
	const struct policy *policy = policy_compile(&t->arena, S(
		"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\","
		"\"Resource\":\"arn:aws:s3:::b/${aws:username}/${*}\",\"Condition\":{\"DateGreaterThan\":{\"aws:CurrentTime\":"
		"\"${a:b}\"},\"StringLike\":{\"AWS:UserName\":\"x\",\"s3:prefix\":[\"${aws:PrincipalTag/team, 'a'}/*\"]}}}]}"),
		&t->err);
	REQUIRE(t, policy != NULL);
	REQUIRE(t, policy_context_keys(policy, keys, COUNT(keys)) == 4);
	CHECK_TEXT(t, keys[0], S("aws:username"));
	CHECK_TEXT(t, keys[1], S("aws:CurrentTime"));
	CHECK_TEXT(t, keys[2], S("s3:prefix"));
	CHECK_TEXT(t, keys[3], S("aws:PrincipalTag/team"));
	CHECK(t, policy_context_keys(policy, keys, 1) >= 1);
}

TEST(policy_of_the_old_version_has_no_variables)
{
	struct slice keys[2];
	const struct policy *policy = policy_compile(&t->arena, S(
		"{\"Version\":\"2008-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\","
		"\"Resource\":\"arn:aws:s3:::${aws:username}\"}}"), &t->err);
	REQUIRE(t, policy != NULL);
	CHECK_NUMBER(t, policy_context_keys(policy, keys, 2), 0);
}

static struct slice to_id(void *user, struct slice principal)
{
	(void)user;
	return slice_equal(principal, S("arn:aws:iam::1:user/bob")) ? S("AIDABOB") : SLICE_NONE;
}

TEST(policy_principals_are_bound_wherever_they_stand)
{
	static const struct { const char *document, *want; } rows[] = {
		{ "{\"Statement\": [ {\"Principal\": {\"AWS\":\"arn:aws:iam::1:user/bob\"}, \"x\": 1} ] }",
		  "{\"Statement\": [ {\"Principal\": {\"AWS\":\"AIDABOB\"}, \"x\": 1} ] }" },
		{ "{\"Statement\":{\"NotPrincipal\":{\"Service\":[\"s\"],\"AWS\":[\"arn:aws:iam::1:user/bob\",\"arn:aws:iam::1:root\"]}}}",
		  "{\"Statement\":{\"NotPrincipal\":{\"Service\":[\"s\"],\"AWS\":[\"AIDABOB\",\"arn:aws:iam::1:root\"]}}}" },
		{ "{\"Statement\":{\"Principal\":{\"AWS\":\"arn:aws:iam::1:user\\/bob\"}}}",    /* an escape hides nothing */
		  "{\"Statement\":{\"Principal\":{\"AWS\":\"AIDABOB\"}}}" },
		{ "{\"Statement\":{\"Principal\":\"*\",\"Resource\":\"arn:aws:iam::1:user/bob\"}}",
		  "{\"Statement\":{\"Principal\":\"*\",\"Resource\":\"arn:aws:iam::1:user/bob\"}}" },
		{ "{\"Statement\":[]}", "{\"Statement\":[]}" },
		{ "{}", "{}" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, policy_map_principals(&t->arena, slice_of(rows[i].document), to_id, NULL, &t->err),
		           slice_of(rows[i].want));
	CHECK(t, policy_map_principals(&t->arena, S("{"), to_id, NULL, &t->err).ptr == NULL);
}

TEST(policy_that_means_nothing_does_not_compile)
{
	static const char *const documents[] = {
		"", "null", "[]", "{}", "{\"Statement\":\"x\"}", "{\"Statement\":[1]}", "{\"Statement\":{}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\"}}",
		"{\"Statement\":{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[],\"Resource\":\"*\"}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[1],\"Resource\":\"*\"}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":{}}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":[]}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":\"x\"}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":{\"X\":\"*\"}}}",
		"{\"Statement\":{\"Effect\":\"Allow\",\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}",
	};
	for (size_t i = 0; i < COUNT(documents); i++) {
		t->err = (struct error){0};
		if (policy_compile(&t->arena, slice_of(documents[i]), &t->err))
			test_failed(t, __FILE__, __LINE__, "%s compiles", documents[i]);
		CHECK(t, t->err.kind == ERR_INVALID && slice_equal(slice_of(t->err.name), S("MalformedPolicyDocument")));
	}
}

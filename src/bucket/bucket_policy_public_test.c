/* bucket/bucket_policy_public_test.c: the meaning of public. */
#include "bucket/bucket_policy_public.h"

#include "auth/policy.h"
#include "tests/test.h"

TEST(a_policy_is_public_unless_every_allowance_says_who_or_from_where)
{
	static const struct { bool is_public; const char *principal, *condition; } rows[] = {
		{ true,  "\"*\"", NULL },
		{ true,  "{\"AWS\":\"*\"}", NULL },
		{ true,  "{\"AWS\":[\"111122223333\",\"*\"]}", NULL },
		{ false, "{\"AWS\":\"111122223333\"}", NULL },
		{ false, "{\"Service\":\"cloudtrail.amazonaws.com\"}", NULL },
		{ false, "\"*\"", "\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}" },
		{ false, "\"*\"", "\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}" },
		{ true,  "\"*\"", "\"IpAddress\":{\"aws:SourceIp\":\"0.0.0.0/0\"}" },
		{ true,  "\"*\"", "\"IpAddress\":{\"aws:SourceIp\":[\"192.0.2.0/24\",\"0.0.0.0/1\"]}" },
		{ true,  "\"*\"", "\"IpAddress\":{\"aws:SourceIp\":\"2001:db8::/16\"}" },
		{ false, "\"*\"", "\"IpAddress\":{\"aws:SourceIp\":\"2001:db8::/32\"}" },
		{ true,  "\"*\"", "\"NotIpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}" },
		{ false, "\"*\"", "\"StringEquals\":{\"aws:SourceAccount\":\"111122223333\"}" },
		{ false, "\"*\"", "\"StringEquals\":{\"AWS:SourceAccount\":\"111122223333\"}" },
		{ true,  "\"*\"", "\"StringNotEquals\":{\"aws:SourceAccount\":\"111122223333\"}" },
		{ true,  "\"*\"", "\"StringEqualsIfExists\":{\"aws:SourceAccount\":\"111122223333\"}" },
		{ true,  "\"*\"", "\"ForAllValues:StringEquals\":{\"aws:SourceAccount\":\"111122223333\"}" },
		{ false, "\"*\"", "\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:sns:us-east-1:111122223333:topic\"}" },
		{ true,  "\"*\"", "\"ArnLike\":{\"aws:SourceArn\":\"arn:aws:sns:us-east-1:*:topic\"}" },
		{ true,  "\"*\"", "\"StringLike\":{\"aws:userid\":\"*\"}" },
		{ true,  "\"*\"", "\"StringEquals\":{\"aws:userid\":\"${aws:userid}\"}" },
		{ false, "\"*\"", "\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-abc\"}" },
		{ false, "\"*\"", "\"ArnLike\":{\"s3:DataAccessPointArn\":\"arn:aws:s3:*:111122223333:accesspoint/*\"}" },
		{ true,  "\"*\"", "\"ArnLike\":{\"s3:DataAccessPointArn\":\"arn:aws:s3:*:*:accesspoint/*\"}" },
		{ true,  "\"*\"", "\"StringEquals\":{\"aws:Referer\":\"https://example.org\"}" },
		{ true,  "\"*\"", "\"Bool\":{\"aws:SecureTransport\":\"true\"}" },
		{ true,  "\"*\"", "\"Null\":{\"aws:SourceAccount\":\"false\"}" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice document = arena_format(&t->arena, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":"
			"%s,\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"%s%s%s}]}", rows[i].principal,
			rows[i].condition ? ",\"Condition\":{" : "", rows[i].condition ? rows[i].condition : "", rows[i].condition ? "}" : "");
		const struct policy *policy = policy_compile(&t->arena, document, &t->err);
		REQUIRE(t, policy != NULL);
		if (bucket_policy_public(policy) != rows[i].is_public)
			test_failed(t, __FILE__, __LINE__, "row %zu: %.*s", i, SLICE_ARG(document));
	}
}

TEST(a_denial_makes_nothing_public)
{
	const struct policy *policy = policy_compile(&t->arena, S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\","
		"\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"), &t->err);

	REQUIRE(t, policy != NULL);
	CHECK(t, !bucket_policy_public(policy));
}

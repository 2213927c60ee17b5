/* auth/managed_policies_test.c: every document may be saved, and the well-known ones allow what their names say. */
#include "auth/evaluate.h"
#include "auth/managed_policies.h"
#include "auth/policy.h"
#include "auth/policy_size.h"
#include "auth/policy_validate.h"
#include "tests/test.h"

TEST(managed_policies_are_well_formed_and_in_order)
{
	struct policy_rules rules = { .kind = POLICY_IDENTITY };

	for (size_t i = 0; i < managed_policies_count(); i++) {
		const struct aws_policy *policy = managed_policies_at(i);
		if (!policy_validate(&t->arena, policy->document, &rules, &t->err))
			test_failed(t, __FILE__, __LINE__, "%.*s: %s", SLICE_ARG(policy->name), t->err.message);
		CHECK(t, policy_size_characters(policy->document) <= 6144);
		CHECK(t, policy->policy_id.len == 21 && slice_has_prefix(policy->policy_id, S("ANPA")));
		CHECK(t, policy->created_ms > 1400000000000 && policy->description.len > 0);
		CHECK(t, managed_policies_find(policy->arn) == policy);
		CHECK(t, i == 0 || slice_compare_nocase(managed_policies_at(i - 1)->name, policy->name) < 0);
		for (size_t k = 0; k < i; k++)
			CHECK(t, !slice_equal(managed_policies_at(k)->policy_id, policy->policy_id));
	}
	CHECK(t, managed_policies_find(S("arn:aws:iam::aws:policy/Nothing")) == NULL);
	CHECK(t, managed_policies_find(S("arn:aws:iam::111122223333:policy/AdministratorAccess")) == NULL);
}

TEST(managed_policies_allow_what_their_names_say)
{
#define MANAGED "arn:aws:iam::aws:policy/"
	static const struct { const char *arn, *action, *resource; enum decision want; } rows[] = {
		{ MANAGED "AdministratorAccess", "iam:CreateUser", "arn:aws:iam::1:user/x", DECISION_ALLOW },
		{ MANAGED "PowerUserAccess", "s3:DeleteBucket", "arn:aws:s3:::b", DECISION_ALLOW },
		{ MANAGED "PowerUserAccess", "iam:CreateUser", "arn:aws:iam::1:user/x", DECISION_IMPLICIT_DENY },
		{ MANAGED "ReadOnlyAccess", "cloudtrail:LookupEvents", "*", DECISION_ALLOW },
		{ MANAGED "ReadOnlyAccess", "s3:GetObject", "arn:aws:s3:::b/k", DECISION_ALLOW },
		{ MANAGED "ReadOnlyAccess", "s3:PutObject", "arn:aws:s3:::b/k", DECISION_IMPLICIT_DENY },
		{ MANAGED "ReadOnlyAccess", "iam:ListUsers", "*", DECISION_ALLOW },
		{ MANAGED "ReadOnlyAccess", "cloudtrail:StopLogging", "*", DECISION_IMPLICIT_DENY },
		{ MANAGED "job-function/ViewOnlyAccess", "s3:ListAllMyBuckets", "*", DECISION_ALLOW },
		{ MANAGED "job-function/ViewOnlyAccess", "s3:GetObject", "arn:aws:s3:::b/k", DECISION_IMPLICIT_DENY },
		{ MANAGED "SecurityAudit", "cloudtrail:DescribeTrails", "*", DECISION_ALLOW },
		{ MANAGED "SecurityAudit", "iam:GetAccountAuthorizationDetails", "*", DECISION_ALLOW },
		{ MANAGED "SecurityAudit", "s3:GetObject", "arn:aws:s3:::b/k", DECISION_IMPLICIT_DENY },
		{ MANAGED "IAMFullAccess", "iam:DeleteUser", "arn:aws:iam::1:user/x", DECISION_ALLOW },
		{ MANAGED "IAMReadOnlyAccess", "iam:GetUser", "arn:aws:iam::1:user/x", DECISION_ALLOW },
		{ MANAGED "IAMReadOnlyAccess", "iam:CreateUser", "arn:aws:iam::1:user/x", DECISION_IMPLICIT_DENY },
		{ MANAGED "IAMUserChangePassword", "iam:ChangePassword", "arn:aws:iam::1:user/alice", DECISION_ALLOW },
		{ MANAGED "IAMUserChangePassword", "iam:ChangePassword", "arn:aws:iam::1:user/bob", DECISION_IMPLICIT_DENY },
		{ MANAGED "AWSCloudTrail_FullAccess", "cloudtrail:CreateTrail", "arn:aws:cloudtrail:r:1:trail/t", DECISION_ALLOW },
		{ MANAGED "AWSCloudTrail_ReadOnlyAccess", "cloudtrail:GetTrailStatus", "arn:aws:cloudtrail:r:1:trail/t", DECISION_ALLOW },
		{ MANAGED "AWSCloudTrail_ReadOnlyAccess", "cloudtrail:StopLogging", "arn:aws:cloudtrail:r:1:trail/t", DECISION_IMPLICIT_DENY },
		{ MANAGED "AmazonS3FullAccess", "s3:PutObject", "arn:aws:s3:::b/k", DECISION_ALLOW },
		{ MANAGED "AmazonS3ReadOnlyAccess", "s3:ListBucket", "arn:aws:s3:::b", DECISION_ALLOW },
		{ MANAGED "AmazonS3ReadOnlyAccess", "s3:DeleteObject", "arn:aws:s3:::b/k", DECISION_IMPLICIT_DENY },
		{ MANAGED "CloudWatchLogsFullAccess", "logs:PutLogEvents", "*", DECISION_ALLOW },
		{ MANAGED "CloudWatchReadOnlyAccess", "cloudwatch:PutMetricAlarm", "*", DECISION_IMPLICIT_DENY },
		{ MANAGED "service-role/AWS_ConfigRole", "config:PutConfigurationRecorder", "*", DECISION_ALLOW },
		{ MANAGED "service-role/AWSLambdaBasicExecutionRole", "logs:PutLogEvents", "*", DECISION_ALLOW },
		{ MANAGED "AWSDenyAll", "s3:GetObject", "arn:aws:s3:::b/k", DECISION_EXPLICIT_DENY },
		{ MANAGED "AWSCompromisedKeyQuarantineV2", "iam:CreateUser", "arn:aws:iam::1:user/x", DECISION_EXPLICIT_DENY },
	};
	struct principal principal = { .type = PRINCIPAL_USER, .account = S("1"), .arn = S("arn:aws:iam::1:user/alice") };
	struct context context;

	context_init(&context, &t->arena);
	context_set(&context, S("aws:username"), S("alice"));
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct aws_policy *managed = managed_policies_find(slice_of(rows[i].arn));
		REQUIRE(t, managed != NULL);
		const struct policy *policy = policy_compile(&t->arena, managed->document, &t->err);
		struct evaluate_request request = evaluate_request_of(&principal, slice_of(rows[i].action),
		                                                      slice_of(rows[i].resource), &context, &t->arena);
		request.identity = (struct evaluate_policies){ &policy, 1, true };
		if (evaluate(&request).decision != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s: %s", rows[i].arn, rows[i].action);
	}
}

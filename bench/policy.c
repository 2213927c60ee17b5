/* bench/policy.c: how many decisions a core makes about one principal with 100 statements. */
#include "auth/evaluate.h"
#include "auth/policy.h"
#include "base/buffer.h"
#include "base/clock.h"

enum { POLICIES = 10, STATEMENTS = 10, ROUNDS = 300000 };

/* A mix as accounts have it: exact actions, service wildcards, variables, conditions, a few denies. */
static void add_statement(struct buffer *out, int number)
{
	static const char *const services[] = { "ec2", "s3", "iam", "logs", "sns", "kms", "sqs", "lambda", "dynamodb", "rds" };
	const char *service = services[number % 10];

	buffer_printf(out, "%s{\"Effect\":\"%s\",", number % STATEMENTS ? "," : "", number % 9 == 8 ? "Deny" : "Allow");
	switch (number % 5) {
	case 0:
		buffer_printf(out, "\"Action\":[\"%s:Describe*\",\"%s:List*\",\"%s:Get*\"],\"Resource\":\"*\"", service, service, service);
		break;
	case 1:
		buffer_printf(out, "\"Action\":[\"%s:PutThing%d\",\"%s:DeleteThing\",\"s3:GetObject\"],"
		                   "\"Resource\":[\"arn:aws:%s:::bucket-%d/own/${aws:username}/*\"]", service, number, service, service, number);
		break;
	case 2:
		buffer_printf(out, "\"Action\":\"%s:*\",\"Resource\":\"arn:aws:%s:us-east-1:111122223333:thing/%d/*\","
		                   "\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":[\"us-east-1\",\"eu-west-1\"]}}", service, service, number);
		break;
	case 3:
		buffer_printf(out, "\"Action\":[\"iam:CreateUser\",\"iam:*AccessKey*\"],\"Resource\":\"arn:aws:iam::*:user/team%d/*\","
		                   "\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"false\"}}", number);
		break;
	default:
		buffer_printf(out, "\"Action\":[\"%s:Create*\",\"cloudtrail:LookupEvents\"],\"Resource\":\"*\","
		                   "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":[\"10.%d.0.0/16\",\"203.0.113.0/24\"]}}", service, number);
	}
	buffer_byte(out, '}');
}

static const struct policy *one_policy(struct arena *arena, int number)
{
	struct buffer out;
	struct error err;

	buffer_init(&out, arena, 1 << 16);
	buffer_printf(&out, "{\"Version\":\"2012-10-17\",\"Statement\":[");
	for (int i = 0; i < STATEMENTS; i++)
		add_statement(&out, number * STATEMENTS + i);
	buffer_printf(&out, "]}");
	const struct policy *policy = policy_compile(arena, buffer_slice(&out), &err);
	assert(policy);
	return policy;
}

int main(void)
{
	static const struct { struct slice action, resource; } asked[] = {
		{ S_INIT("s3:GetObject"),            S_INIT("arn:aws:s3:::bucket-1/own/alice/report.pdf") },
		{ S_INIT("ec2:DescribeInstances"),   S_INIT("*") },
		{ S_INIT("iam:CreateAccessKey"),     S_INIT("arn:aws:iam::111122223333:user/team3/bob") },
		{ S_INIT("cloudtrail:LookupEvents"), S_INIT("*") },
		{ S_INIT("kms:Decrypt"),             S_INIT("arn:aws:kms:us-east-1:111122223333:key/1234abcd") },
		{ S_INIT("logs:CreateLogGroup"),     S_INIT("arn:aws:logs:us-east-1:111122223333:log-group:x") },
	};
	const struct policy *policies[POLICIES];
	struct principal alice = {
		.type = PRINCIPAL_USER, .account = S("111122223333"), .arn = S("arn:aws:iam::111122223333:user/alice"),
		.unique_id = S("AIDAALICE0000000000AA"), .name = S("alice"),
		.identity_policies = policies, .identity_policy_count = POLICIES,
	};
	struct context_request facts = { .source_ip = S("203.0.113.7"), .user_agent = S("aws-cli/2.15"), .region = S("us-east-1") };
	struct arena arena, scratch;
	struct context context;
	uint64_t counts[3] = {0};

	arena_init(&arena, 1 << 24);
	arena_init(&scratch, 1 << 20);
	for (int i = 0; i < POLICIES; i++)
		policies[i] = one_policy(&arena, i);
	context_init(&context, &arena);
	context_add_principal(&context, &alice, 0);
	context_add_request(&context, &facts);

	uint64_t began = clock_monotonic_ns();
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < COUNT(asked); i++) {
			struct evaluate_request request = evaluate_request_of(&alice, asked[i].action, asked[i].resource, &context,
			                                                      &scratch);
			counts[evaluate(&request).decision]++;
		}
		arena_reset(&scratch, 1 << 16);
	}
	double seconds = (double)(clock_monotonic_ns() - began) / 1e9;

	fprintf(stderr, "# implicit %" PRIu64 ", explicit %" PRIu64 ", allowed %" PRIu64 "\n", counts[0], counts[1], counts[2]);
	printf("policy_decisions_per_second %.0f decisions/s\n", (double)(ROUNDS * COUNT(asked)) / seconds);
	arena_fini(&scratch);
	arena_fini(&arena);
	return 0;
}

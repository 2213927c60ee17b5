/* auth/simulate_test.c: the simulator's answers: statements, missing keys, boundary, both sides across accounts. */
#include "auth/simulate.h"
#include "tests/test.h"

static struct slice quoted(struct test *t, const char *text)
{
	struct slice s = arena_copy(&t->arena, slice_of(text));

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\'')
			((char *)(uintptr_t)s.ptr)[i] = '"';
	return s;
}

static struct simulate_policy input(struct test *t, const char *id, const char *document)
{
	const struct policy *policy = policy_compile(&t->arena, quoted(t, document), &t->err);

	CHECK(t, policy != NULL);
	return (struct simulate_policy){ slice_of(id), policy };
}

#define CALLER "arn:aws:iam::111122223333:user/alice"

/* One input policy, nothing else; what a test needs more it sets. */
struct bench {
	struct principal       caller;
	struct context         context;
	struct simulate_policy identity;
	struct simulation      simulation;
};

static void bench_init(struct test *t, struct bench *bench, const char *document)
{
	CHECK(t, simulate_caller(&t->arena, S(CALLER), &bench->caller, &t->err));
	context_init(&bench->context, &t->arena);
	bench->identity = input(t, "PolicyInputList.1", document);
	bench->simulation = (struct simulation){
		.caller = &bench->caller, .identity = { &bench->identity, 1 }, .context = &bench->context,
	};
}

#define AFTER_2018                                                                                                     \
	"{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'dynamodb:*','Resource':'*','Condition':"      \
	"{'DateGreaterThan':{'aws:CurrentTime':'2018-08-16T12:00:00Z'}}}}"

TEST(simulate_answers_the_examples_of_the_aws_cli)
{
	struct bench bench;

	bench_init(t, &bench, AFTER_2018);
	context_set(&bench.context, S("aws:CurrentTime"), S("2019-04-25T11:00:00Z"));
	struct simulate_result result = simulate(&t->arena, &bench.simulation, S("dynamodb:CreateBackup"), S("*"));
	CHECK_TEXT(t, simulate_decision_text(result.decision), S("allowed"));
	REQUIRE(t, result.statement_count == 1);
	CHECK_TEXT(t, result.statements[0].source_id, S("PolicyInputList.1"));
	CHECK_TEXT(t, result.statements[0].source_type, S("IAM Policy"));
	CHECK_NUMBER(t, result.statements[0].span.start.column, 38);
	CHECK_NUMBER(t, result.statements[0].span.end.column, 167);
	CHECK_NUMBER(t, result.missing_count, 0);

	context_set(&bench.context, S("aws:CurrentTime"), S("2014-04-25T11:00:00Z"));
	result = simulate(&t->arena, &bench.simulation, S("dynamodb:CreateBackup"), S("*"));
	CHECK_TEXT(t, simulate_decision_text(result.decision), S("implicitDeny"));
	CHECK_NUMBER(t, result.statement_count, 0);

	context_set(&bench.context, S("aws:CurrentTime"), SLICE_NONE);
	result = simulate(&t->arena, &bench.simulation, S("dynamodb:CreateBackup"), S("*"));
	REQUIRE(t, result.missing_count == 1);
	CHECK_TEXT(t, result.missing_keys[0], S("aws:CurrentTime"));
	CHECK_NUMBER(t, simulate(&t->arena, &bench.simulation, S("s3:GetObject"), S("*")).missing_count, 0);
}

TEST(simulate_lists_only_the_statements_that_deny)
{
	struct bench bench;

	bench_init(t, &bench, "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'*','Resource':'*'},"
	                      "{'Effect':'Deny','Action':'s3:*','Resource':'*'}]}");
	bench.simulation.resource_policy = input(t, "ResourcePolicy", "{'Version':'2012-10-17','Statement':"
		"{'Effect':'Deny','Principal':'*','Action':'s3:Get*','Resource':'*'}}");
	struct simulate_result result = simulate(&t->arena, &bench.simulation, S("s3:GetObject"), S("arn:aws:s3:::b/k"));
	CHECK_NUMBER(t, result.decision, DECISION_EXPLICIT_DENY);
	REQUIRE(t, result.statement_count == 2);
	CHECK_TEXT(t, result.statements[0].source_type, S("Resource Policy"));
	CHECK_TEXT(t, result.statements[0].source_id, S("ResourcePolicy"));
	CHECK_TEXT(t, result.statements[1].source_id, S("PolicyInputList.1"));
	CHECK(t, !result.is_cross_account);
}

TEST(simulate_says_what_the_boundary_allows)
{
	struct bench bench;
	struct simulate_policy boundary = input(t, "PermissionsBoundaryPolicyInputList.1",
		"{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'ec2:*','Resource':'*'}}");

	bench_init(t, &bench, "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}");
	CHECK(t, !simulate(&t->arena, &bench.simulation, S("s3:GetObject"), S("*")).has_boundary);
	bench.simulation.boundary = (struct simulate_policies){ &boundary, 1 };
	struct simulate_result result = simulate(&t->arena, &bench.simulation, S("s3:GetObject"), S("*"));
	CHECK_NUMBER(t, result.decision, DECISION_IMPLICIT_DENY);
	CHECK(t, result.has_boundary && !result.is_allowed_by_boundary);
	result = simulate(&t->arena, &bench.simulation, S("ec2:RunInstances"), S("*"));
	CHECK_NUMBER(t, result.decision, DECISION_ALLOW);
	CHECK(t, result.is_allowed_by_boundary);
	REQUIRE(t, result.statement_count == 1);
	CHECK_TEXT(t, result.statements[0].source_id, S("PolicyInputList.1"));
}

TEST(simulate_asks_both_sides_across_accounts)
{
	struct bench bench;

	bench_init(t, &bench, "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}");
	struct slice topic = S("arn:aws:sns:us-east-1:444455556666:alerts");
	CHECK_NUMBER(t, simulate(&t->arena, &bench.simulation, S("sns:Publish"), topic).decision, DECISION_ALLOW);

	bench.simulation.resource_policy = input(t, "ResourcePolicy", "{'Version':'2012-10-17','Statement':"
		"{'Effect':'Allow','Principal':{'AWS':'999999999999'},'Action':'sns:*','Resource':'*'}}");
	struct simulate_result result = simulate(&t->arena, &bench.simulation, S("sns:Publish"), topic);
	CHECK_NUMBER(t, result.decision, DECISION_IMPLICIT_DENY);
	CHECK(t, result.is_cross_account);
	CHECK_NUMBER(t, result.identity_decision, DECISION_ALLOW);
	CHECK_NUMBER(t, result.resource_decision, DECISION_IMPLICIT_DENY);

	bench.simulation.resource_policy = input(t, "ResourcePolicy", "{'Version':'2012-10-17','Statement':"
		"{'Effect':'Allow','Principal':{'AWS':'111122223333'},'Action':'*','Resource':'*'}}");
	CHECK_NUMBER(t, simulate(&t->arena, &bench.simulation, S("sns:Publish"), topic).decision, DECISION_ALLOW);
	bench.simulation.resource_owner = S("444455556666");
	CHECK(t, simulate(&t->arena, &bench.simulation, S("s3:GetObject"), S("arn:aws:s3:::b/k")).is_cross_account);
	bench.simulation.resource_policy = (struct simulate_policy){0};
	CHECK_NUMBER(t, simulate(&t->arena, &bench.simulation, S("s3:GetObject"), S("arn:aws:s3:::b/k")).decision,
	             DECISION_IMPLICIT_DENY);
}

TEST(simulate_closes_roles_and_keys_to_whom_they_do_not_name)
{
	struct bench bench;

	bench_init(t, &bench, "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'*','Resource':'*'}}");
	bench.simulation.resource_policy = input(t, "ResourcePolicy", "{'Version':'2012-10-17','Statement':"
		"{'Effect':'Allow','Principal':{'Service':'ec2.amazonaws.com'},'Action':'*','Resource':'*'}}");
	CHECK_NUMBER(t, simulate(&t->arena, &bench.simulation, S("sts:AssumeRole"),
	                         S("arn:aws:iam::111122223333:role/ops")).decision, DECISION_IMPLICIT_DENY);
	CHECK_NUMBER(t, simulate(&t->arena, &bench.simulation, S("kms:Decrypt"),
	                         S("arn:aws:kms:us-east-1:111122223333:key/1")).decision, DECISION_IMPLICIT_DENY);
	CHECK_NUMBER(t, simulate(&t->arena, &bench.simulation, S("sns:Publish"),
	                         S("arn:aws:sns:us-east-1:111122223333:x")).decision, DECISION_ALLOW);
}

TEST(simulate_knows_callers_by_their_arn)
{
	static const struct { const char *arn; enum principal_type type; const char *name, *issuer; } rows[] = {
		{ CALLER, PRINCIPAL_USER, "alice", NULL },
		{ "arn:aws:iam::111122223333:user/a/b/alice", PRINCIPAL_USER, "alice", NULL },
		{ "arn:aws:iam::111122223333:root", PRINCIPAL_ROOT, NULL, NULL },
		{ "arn:aws:iam::111122223333:role/p/ops", PRINCIPAL_ROLE_SESSION, "ops", "arn:aws:iam::111122223333:role/p/ops" },
		{ "arn:aws:sts::111122223333:assumed-role/ops/s1", PRINCIPAL_ROLE_SESSION, "s1", "arn:aws:iam::111122223333:role/ops" },
		{ "arn:aws:sts::111122223333:federated-user/kim", PRINCIPAL_FEDERATED, "kim", NULL },
	};
	static const char *const others[] = {
		"", "alice", "arn:aws:iam::111122223333:group/g", "arn:aws:iam::111122223333:user", "arn:aws:iam::111122223333:user/",
		"arn:aws:iam::1:user/alice", "arn:aws:sts::111122223333:user/alice", "arn:aws:iam::111122223333:root/x", "arn:",
	};
	struct principal caller;

	for (size_t i = 0; i < COUNT(rows); i++) {
		REQUIRE(t, simulate_caller(&t->arena, slice_of(rows[i].arn), &caller, &t->err));
		CHECK_NUMBER(t, caller.type, rows[i].type);
		CHECK_TEXT(t, caller.name, slice_of(rows[i].name));
		CHECK_TEXT(t, caller.issuer_arn, slice_of(rows[i].issuer));
		CHECK_TEXT(t, caller.account, S("111122223333"));
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		CHECK(t, !simulate_caller(&t->arena, slice_of(others[i]), &caller, &t->err));
		CHECK_TEXT(t, slice_of(t->err.name), S("InvalidInput"));
	}
}

TEST(simulate_lists_the_keys_of_several_policies_once)
{
	struct simulate_policy inputs[] = {
		input(t, "PolicyInputList.1", "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'dynamodb:*','Resource':"
		      "'arn:aws:dynamodb:us-west-2:123456789012:table/${aws:username}','Condition':{'DateGreaterThan':"
		      "{'aws:CurrentTime':'2015-08-16T12:00:00Z'}}}}"),
		input(t, "PolicyInputList.2", AFTER_2018),
		input(t, "PolicyInputList.3", "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'*','Resource':'*',"
		      "'Condition':{'Bool':{'AWS:currenttime':'x','aws:SecureTransport':'true'}}}}"),
	};
	struct slice *keys;

	REQUIRE(t, simulate_context_keys(&t->arena, &(struct simulate_policies){ inputs, 3 }, &keys) == 3);
	CHECK_TEXT(t, keys[0], S("aws:username"));
	CHECK_TEXT(t, keys[1], S("aws:CurrentTime"));
	CHECK_TEXT(t, keys[2], S("aws:SecureTransport"));
}

/* auth/evaluate_test.c: the rules of evaluation that the shared vectors leave open, and its wording. */
#include "auth/evaluate.h"
#include "auth/policy.h"
#include "tests/test.h"

#define ACCOUNT "111122223333"

/* Statements are JSON with ' for ", put into a document of the new version. */
static const struct policy *policy_of(struct test *t, const char *statements)
{
	const char *text = arena_printf(&t->arena, "{'Version':'2012-10-17','Statement':[%s]}", statements);
	struct slice s = arena_copy(&t->arena, slice_of(text));

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\'')
			((char *)(uintptr_t)s.ptr)[i] = '"';
	const struct policy *policy = policy_compile(&t->arena, s, &t->err);
	CHECK(t, policy != NULL);
	return policy;
}

static const struct principal ALICE = {
	.type = PRINCIPAL_USER, .account = S_INIT(ACCOUNT), .arn = S_INIT("arn:aws:iam::" ACCOUNT ":user/alice"),
	.unique_id = S_INIT("AIDAALICE0000000000AA"), .name = S_INIT("alice"),
};
static const struct principal OPS = {
	.type = PRINCIPAL_ROLE_SESSION, .account = S_INIT(ACCOUNT),
	.arn = S_INIT("arn:aws:sts::" ACCOUNT ":assumed-role/ops/s1"), .unique_id = S_INIT("AROAOPS000000000000AA:s1"),
	.name = S_INIT("s1"), .issuer_arn = S_INIT("arn:aws:iam::" ACCOUNT ":role/team/ops"),
	.issuer_id = S_INIT("AROAOPS000000000000AA"), .issuer_name = S_INIT("ops"), .is_temporary = true,
};
static const struct principal KIM = {
	.type = PRINCIPAL_FEDERATED, .account = S_INIT(ACCOUNT), .arn = S_INIT("arn:aws:sts::" ACCOUNT ":federated-user/kim"),
	.unique_id = S_INIT(ACCOUNT ":kim"), .name = S_INIT("kim"), .issuer_arn = S_INIT("arn:aws:iam::" ACCOUNT ":user/alice"),
	.issuer_id = S_INIT("AIDAALICE0000000000AA"), .is_temporary = true,
};
static const struct principal ROOT = {
	.type = PRINCIPAL_ROOT, .account = S_INIT(ACCOUNT), .arn = S_INIT("arn:aws:iam::" ACCOUNT ":root"),
	.unique_id = S_INIT(ACCOUNT),
};
static const struct principal CLOUDTRAIL = { .type = PRINCIPAL_SERVICE, .arn = S_INIT("cloudtrail.amazonaws.com") };
static const struct principal STRANGER = { .type = PRINCIPAL_ANONYMOUS, .arn = S_INIT("*") };

/* What is asked is always s3:GetObject of arn:aws:s3:::b/k. NULL: no such policy. */
struct scenario {
	const char             *name;
	const struct principal *principal;
	const char             *identity, *resource, *boundary, *session, *scp;
	const char             *resource_account;
	bool                    is_required;
	enum decision           want;
	enum policy_set         want_set;
};

#define ALLOW_ALL  "{'Effect':'Allow','Action':'*','Resource':'*'}"
#define DENY_ALL   "{'Effect':'Deny','Action':'*','Resource':'*'}"
#define EC2_ONLY   "{'Effect':'Allow','Action':'ec2:*','Resource':'*'}"
#define GRANT(who) "{'Effect':'Allow','Principal':" who ",'Action':'s3:*','Resource':'*'}"
#define REFUSE(who) "{'Effect':'Deny','Principal':" who ",'Action':'s3:*','Resource':'*'}"
#define BUT(who)   "{'Effect':'Deny','NotPrincipal':" who ",'Action':'s3:*','Resource':'*'}"
#define AWS(who)   "{'AWS':" who "}"
#define ALICE_ARN  "'arn:aws:iam::" ACCOUNT ":user/alice'"
#define ROLE_ARN   "'arn:aws:iam::" ACCOUNT ":role/team/ops'"
#define SESSION_ARN "'arn:aws:sts::" ACCOUNT ":assumed-role/ops/s1'"
#define KIM_ARN    "'arn:aws:sts::" ACCOUNT ":federated-user/kim'"
#define ROOT_ARN   "'arn:aws:iam::" ACCOUNT ":root'"

static void check_scenarios(struct test *t, const struct scenario *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct scenario *row = &rows[i];
		const struct policy *identity = row->identity ? policy_of(t, row->identity) : NULL;
		const struct policy *session = row->session && *row->session ? policy_of(t, row->session) : NULL;
		const struct policy *scp = row->scp ? policy_of(t, row->scp) : NULL;
		struct context context;

		context_init(&context, &t->arena);
		struct evaluate_request request = {
			.principal = row->principal, .action = S("s3:GetObject"), .resource = S("arn:aws:s3:::b/k"),
			.resource_account = row->resource_account ? slice_of(row->resource_account) : S(ACCOUNT),
			.context = &context, .scratch = &t->arena,
			.identity = { &identity, identity != NULL, true },
			.session = { &session, session != NULL, row->session != NULL },
			.scps = { &scp, scp != NULL, scp != NULL },
			.has_boundary = row->boundary != NULL,
			.boundary = row->boundary && *row->boundary ? policy_of(t, row->boundary) : NULL,
			.resource_policy = row->resource ? policy_of(t, row->resource) : NULL,
			.resource_policy_required = row->is_required,
		};
		struct evaluation got = evaluate(&request);
		if (got.decision != row->want || got.decided_by != row->want_set)
			test_failed(t, __FILE__, __LINE__, "%s: decision %d by %d", row->name, got.decision, got.decided_by);
	}
}

#define CHECK_SCENARIOS(t, ...)                                                                                        \
	do {                                                                                                           \
		static const struct scenario rows[] = { __VA_ARGS__ };                                                 \
		check_scenarios((t), rows, COUNT(rows));                                                               \
	} while (0)

#define ALLOWED(set) .want = DECISION_ALLOW, .want_set = SET_##set
#define DENIED(set)  .want = DECISION_EXPLICIT_DENY, .want_set = SET_##set
#define SILENT(set)  .want = DECISION_IMPLICIT_DENY, .want_set = SET_##set

TEST(evaluate_lets_any_deny_win_and_names_the_first_in_order)
{
	CHECK_SCENARIOS(t,
		{ "scp first", &ALICE, DENY_ALL, REFUSE("'*'"), DENY_ALL, DENY_ALL, DENY_ALL, DENIED(SCP) },
		{ "then resource", &ALICE, DENY_ALL, REFUSE("'*'"), DENY_ALL, DENY_ALL, ALLOW_ALL, DENIED(RESOURCE) },
		{ "then identity", &ALICE, DENY_ALL, NULL, DENY_ALL, DENY_ALL, ALLOW_ALL, DENIED(IDENTITY) },
		{ "then boundary", &ALICE, ALLOW_ALL, NULL, DENY_ALL, DENY_ALL, DENIED(BOUNDARY) },
		{ "then session", &OPS, ALLOW_ALL, NULL, ALLOW_ALL, DENY_ALL, DENIED(SESSION) },
		{ "a direct grant does not help", &ALICE, DENY_ALL, GRANT(AWS(ALICE_ARN)), DENIED(IDENTITY) },
		{ "nor a boundary", &ALICE, NULL, GRANT(AWS(ALICE_ARN)), DENY_ALL, DENIED(BOUNDARY) },
		{ "a deny after an allow of the same document", &ALICE, ALLOW_ALL "," DENY_ALL, DENIED(IDENTITY) });
}

TEST(evaluate_limits_by_scp_boundary_and_session)
{
	CHECK_SCENARIOS(t,
		{ "scp without allow", &ALICE, ALLOW_ALL, .scp = EC2_ONLY, SILENT(SCP) },
		{ "scp binds root", &ROOT, .scp = EC2_ONLY, SILENT(SCP) },
		{ "scp spares services", &CLOUDTRAIL,
		  NULL, GRANT("{'Service':'cloudtrail.amazonaws.com'}"), .scp = EC2_ONLY,
		  ALLOWED(RESOURCE) },
		{ "boundary that allows nothing", &ALICE, ALLOW_ALL, .boundary = "", SILENT(BOUNDARY) },
		{ "boundary before session", &OPS, ALLOW_ALL, .boundary = EC2_ONLY, .session = EC2_ONLY,
		  SILENT(BOUNDARY) },
		{ "empty set of session policies", &OPS, ALLOW_ALL, .session = "", SILENT(SESSION) },
		{ "no session policies", &OPS, ALLOW_ALL, ALLOWED(IDENTITY) },
		{ "nothing at all", &ALICE, SILENT(IDENTITY) });
}

TEST(evaluate_frees_root_from_its_own_policies_only)
{
	CHECK_SCENARIOS(t,
		{ "needs none", &ROOT, ALLOWED(ROOT) },
		{ "identity, boundary, session do not apply", &ROOT, DENY_ALL, NULL, DENY_ALL, DENY_ALL,
		  ALLOWED(ROOT) },
		{ "resource deny applies", &ROOT, NULL, REFUSE("'*'"), DENIED(RESOURCE) },
		{ "resource deny of the account applies", &ROOT, NULL, REFUSE(AWS("'" ACCOUNT "'")), DENIED(RESOURCE) },
		{ "resource deny of a user does not", &ROOT, NULL, REFUSE(AWS(ALICE_ARN)), ALLOWED(ROOT) },
		{ "scp deny applies", &ROOT, .scp = ALLOW_ALL "," DENY_ALL, DENIED(SCP) },
		{ "elsewhere it needs the resource", &ROOT, .resource_account = "444455556666", SILENT(RESOURCE) },
		{ "and nothing more", &ROOT, NULL, GRANT(AWS(ROOT_ARN)), .resource_account = "444455556666",
		  ALLOWED(RESOURCE) },
		{ "a key policy must name it", &ROOT, NULL, GRANT(AWS(ALICE_ARN)), .is_required = true,
		  SILENT(RESOURCE) },
		{ "a key policy that does", &ROOT, NULL, GRANT(AWS(ROOT_ARN)), .is_required = true,
		  ALLOWED(RESOURCE) });
}

TEST(evaluate_weighs_a_grant_by_how_directly_it_names_the_caller)
{
	CHECK_SCENARIOS(t,
		{ "user ARN beats a boundary", &ALICE, NULL, GRANT(AWS(ALICE_ARN)), EC2_ONLY, ALLOWED(RESOURCE) },
		{ "user id beats a boundary", &ALICE, NULL, GRANT(AWS("'AIDAALICE0000000000AA'")), EC2_ONLY,
		  ALLOWED(RESOURCE) },
		{ "id of a deleted namesake", &ALICE, NULL, GRANT(AWS("'AIDAALICE0000000000ZZ'")), SILENT(IDENTITY) },
		{ "everybody, to a user, beats a boundary", &ALICE, NULL, GRANT("'*'"), EC2_ONLY, ALLOWED(RESOURCE) },
		{ "role ARN does not beat a boundary", &OPS, NULL, GRANT(AWS(ROLE_ARN)), EC2_ONLY, SILENT(BOUNDARY) },
		{ "role ARN needs no identity policy", &OPS, NULL, GRANT(AWS(ROLE_ARN)), ALLOWED(RESOURCE) },
		{ "role id does not beat a session policy", &OPS,
		  NULL, GRANT(AWS("'AROAOPS000000000000AA'")), NULL, EC2_ONLY,
		  SILENT(SESSION) },
		{ "session ARN beats both", &OPS, NULL, GRANT(AWS(SESSION_ARN)), EC2_ONLY, EC2_ONLY,
		  ALLOWED(RESOURCE) },
		{ "everybody, to a session, beats neither", &OPS, NULL, GRANT(AWS("'*'")), EC2_ONLY, SILENT(BOUNDARY) },
		{ "the strongest of several grants", &OPS, NULL,
		  GRANT(AWS("'" ACCOUNT "'")) "," GRANT(AWS(ROLE_ARN)) "," GRANT(AWS(SESSION_ARN)), EC2_ONLY, EC2_ONLY,
		  ALLOWED(RESOURCE) },
		{ "the strongest of one element", &ALICE, NULL, GRANT(AWS("['" ACCOUNT "'," ALICE_ARN "]")), EC2_ONLY,
		  ALLOWED(RESOURCE) },
		{ "the account grants nothing by itself", &ALICE, NULL, GRANT(AWS("'" ACCOUNT "'")), SILENT(IDENTITY) },
		{ "nor does its root", &OPS, NULL, GRANT(AWS(ROOT_ARN)), SILENT(IDENTITY) },
		{ "a role without its path is another role", &OPS,
		  NULL, GRANT(AWS("'arn:aws:iam::" ACCOUNT ":role/ops'")),
		  SILENT(IDENTITY) },
		{ "no wildcards in a name", &ALICE, NULL, GRANT(AWS("'arn:aws:iam::" ACCOUNT ":user/*'")),
		  SILENT(IDENTITY) },
		{ "a federated provider is nobody", &ALICE, NULL, GRANT("{'Federated':" ALICE_ARN "}"),
		  SILENT(IDENTITY) },
		{ "a canonical user saved as its account", &ALICE,
		  ALLOW_ALL, GRANT("{'CanonicalUser':'" ACCOUNT "'}"), .is_required = true,
		  ALLOWED(IDENTITY) });
}

TEST(evaluate_gives_federated_users_only_what_their_session_allows)
{
	CHECK_SCENARIOS(t,
		{ "no session policy, no permission", &KIM, ALLOW_ALL, SILENT(SESSION) },
		{ "intersection", &KIM, ALLOW_ALL, .session = ALLOW_ALL, ALLOWED(IDENTITY) },
		{ "session alone", &KIM, .session = ALLOW_ALL, SILENT(IDENTITY) },
		{ "named itself", &KIM, NULL, GRANT(AWS(KIM_ARN)), ALLOWED(RESOURCE) },
		{ "its user named", &KIM, NULL, GRANT(AWS(ALICE_ARN)), SILENT(SESSION) },
		{ "its user named, session allows", &KIM, NULL, GRANT(AWS(ALICE_ARN)), .session = ALLOW_ALL,
		  ALLOWED(RESOURCE) },
		{ "its user's id named, session allows", &KIM,
		  NULL, GRANT(AWS("'AIDAALICE0000000000AA'")), .session = ALLOW_ALL,
		  ALLOWED(RESOURCE) });
}

TEST(evaluate_asks_both_sides_across_accounts)
{
	CHECK_SCENARIOS(t,
		{ "both", &ALICE, ALLOW_ALL, GRANT(AWS("'" ACCOUNT "'")), .resource_account = "444455556666",
		  ALLOWED(IDENTITY) },
		{ "identity only", &ALICE, ALLOW_ALL, .resource_account = "444455556666", SILENT(RESOURCE) },
		{ "user ARN only", &ALICE, NULL, GRANT(AWS(ALICE_ARN)), .resource_account = "444455556666",
		  SILENT(IDENTITY) },
		{ "everybody only", &ALICE, NULL, GRANT("'*'"), .resource_account = "444455556666", SILENT(IDENTITY) },
		{ "boundary limits a user ARN", &ALICE,
		  ALLOW_ALL, GRANT(AWS(ALICE_ARN)), EC2_ONLY, .resource_account = "444455556666",
		  SILENT(BOUNDARY) },
		{ "session limits a session ARN", &OPS, ALLOW_ALL, GRANT(AWS(SESSION_ARN)), NULL, EC2_ONLY,
		  .resource_account = "444455556666", SILENT(SESSION) });
}

TEST(evaluate_asks_only_the_resource_about_services_and_strangers)
{
	CHECK_SCENARIOS(t,
		{ "service named", &CLOUDTRAIL,
		  NULL, GRANT("{'Service':['a.amazonaws.com','cloudtrail.amazonaws.com']}"),
		  ALLOWED(RESOURCE) },
		{ "another service", &CLOUDTRAIL, NULL, GRANT("{'Service':'config.amazonaws.com'}"), SILENT(RESOURCE) },
		{ "everybody covers services", &CLOUDTRAIL, NULL, GRANT("'*'"), ALLOWED(RESOURCE) },
		{ "a deny of everybody too", &CLOUDTRAIL,
		  NULL, GRANT("{'Service':'cloudtrail.amazonaws.com'}") "," REFUSE("'*'"),
		  DENIED(RESOURCE) },
		{ "a user is no service", &ALICE, NULL, GRANT("{'Service':'cloudtrail.amazonaws.com'}"),
		  SILENT(IDENTITY) },
		{ "stranger", &STRANGER, NULL, GRANT("'*'"), ALLOWED(RESOURCE) },
		{ "stranger, the account named", &STRANGER, NULL, GRANT(AWS("'" ACCOUNT "'")), SILENT(RESOURCE) },
		{ "stranger without policy", &STRANGER, SILENT(RESOURCE) });
}

TEST(evaluate_exempts_with_notprincipal_only_who_is_listed_completely)
{
	CHECK_SCENARIOS(t,
		{ "user and account", &ALICE, ALLOW_ALL, BUT(AWS("[" ALICE_ARN "," ROOT_ARN "]")), ALLOWED(IDENTITY) },
		{ "user id and account", &ALICE, ALLOW_ALL, BUT(AWS("['AIDAALICE0000000000AA','" ACCOUNT "']")),
		  ALLOWED(IDENTITY) },
		{ "user only", &ALICE, ALLOW_ALL, BUT(AWS(ALICE_ARN)), DENIED(RESOURCE) },
		{ "account only", &ALICE, ALLOW_ALL, BUT(AWS(ROOT_ARN)), DENIED(RESOURCE) },
		{ "account only, for root", &ROOT, NULL, BUT(AWS(ROOT_ARN)), ALLOWED(ROOT) },
		{ "role and account, not session", &OPS, ALLOW_ALL, BUT(AWS("[" ROLE_ARN "," ROOT_ARN "]")),
		  DENIED(RESOURCE) },
		{ "session and account, not role", &OPS, ALLOW_ALL, BUT(AWS("[" SESSION_ARN "," ROOT_ARN "]")),
		  DENIED(RESOURCE) },
		{ "session, role and account", &OPS, ALLOW_ALL, BUT(AWS("[" SESSION_ARN "," ROLE_ARN "," ROOT_ARN "]")),
		  ALLOWED(IDENTITY) },
		{ "service", &CLOUDTRAIL, NULL, GRANT("'*'") "," BUT("{'Service':'cloudtrail.amazonaws.com'}"),
		  ALLOWED(RESOURCE) },
		{ "stranger", &STRANGER, NULL, GRANT("'*'") "," BUT(AWS(ROOT_ARN)), DENIED(RESOURCE) });
}

TEST(evaluate_denies_by_resource_policy_whoever_it_covers)
{
	CHECK_SCENARIOS(t,
		{ "role ARN covers sessions", &OPS, ALLOW_ALL, REFUSE(AWS(ROLE_ARN)), DENIED(RESOURCE) },
		{ "account covers sessions", &OPS, ALLOW_ALL, REFUSE(AWS("'" ACCOUNT "'")), DENIED(RESOURCE) },
		{ "another account does not", &OPS, ALLOW_ALL, REFUSE(AWS("'444455556666'")), ALLOWED(IDENTITY) },
		{ "user ARN covers its federated sessions", &KIM, ALLOW_ALL, REFUSE(AWS(ALICE_ARN)), NULL, ALLOW_ALL,
		  DENIED(RESOURCE) },
		{ "a statement without principal is about nobody", &ALICE, ALLOW_ALL, DENY_ALL, ALLOWED(IDENTITY) });
}

TEST(evaluate_requires_trust_and_key_policies_to_allow)
{
	CHECK_SCENARIOS(t,
		{ "no policy", &ALICE, ALLOW_ALL, .is_required = true, SILENT(RESOURCE) },
		{ "names somebody else", &ALICE, ALLOW_ALL, GRANT(AWS(ROLE_ARN)), .is_required = true,
		  SILENT(RESOURCE) },
		{ "names the account", &ALICE, ALLOW_ALL, GRANT(AWS(ROOT_ARN)), .is_required = true,
		  ALLOWED(IDENTITY) },
		{ "names the account, identity silent", &ALICE, NULL, GRANT(AWS(ROOT_ARN)), .is_required = true,
		  SILENT(IDENTITY) },
		{ "names the user", &ALICE, NULL, GRANT(AWS(ALICE_ARN)), .is_required = true, ALLOWED(RESOURCE) });
}

static struct evaluation asked(struct test *t, const struct policy *identity, const char *action, const char *resource,
                               const struct context *context)
{
	struct principal principal = ALICE;
	principal.identity_policies = &identity;
	principal.identity_policy_count = 1;
	struct evaluate_request request = evaluate_request_of(&principal, slice_of(action), slice_of(resource), context,
	                                                      &t->arena);
	return evaluate(&request);
}

TEST(evaluate_matches_actions_and_resources)
{
	static const struct { const char *statement, *action, *resource; bool want; } rows[] = {
		{ "'Action':'S3:GETOBJECT','Resource':'*'", "s3:GetObject", "arn:aws:s3:::b/k", true },
		{ "'Action':'s3:Get*','Resource':'*'", "S3:getobject", "arn:aws:s3:::b/k", true },
		{ "'Action':'s3:*Object','Resource':'*'", "s3:GetObjectAcl", "*", false },
		{ "'Action':'*:Get*','Resource':'*'", "s3:GetObject", "*", true },
		{ "'Action':['ec2:*','s3:PutObject'],'Resource':'*'", "s3:GetObject", "*", false },
		{ "'Action':'s3:DeleteObject','Resource':'*'", "s3:DeleteObjectVersion", "*", false },
		{ "'NotAction':['iam:*','S3:get*'],'Resource':'*'", "s3:GetObject", "*", false },
		{ "'NotAction':['iam:*','S3:get*'],'Resource':'*'", "s3:PutObject", "*", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::b'", "s3:GetObject", "arn:aws:s3:::b/k", false },
		{ "'Action':'*','Resource':['arn:aws:s3:::a','arn:aws:s3:::b/*']", "s3:GetObject", "arn:aws:s3:::b/k:x/y", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::B/*'", "s3:GetObject", "arn:aws:s3:::b/k", false },
		{ "'Action':'*','Resource':'arn:aws:s3'", "s3:GetObject", "arn:aws:s3:::b/k", true },
		{ "'Action':'*','Resource':'arn:aws:iam::1'", "iam:GetUser", "arn:aws:iam::1:user/x", true },
		{ "'Action':'*','Resource':'arn:*'", "iam:GetUser", "arn:aws:iam::1:user/x", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::b/*'", "s3:ListAllMyBuckets", "*", false },
		{ "'Action':'*','NotResource':['arn:aws:s3:::a/*','arn:aws:s3:::b/*']", "s3:GetObject", "arn:aws:s3:::b/k", false },
		{ "'Action':'*','NotResource':'arn:aws:s3:::a/*'", "s3:GetObject", "arn:aws:s3:::b/k", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::${aws:username}/*'", "s3:GetObject", "arn:aws:s3:::alice/k", true },
		{ "'Action':'*','Resource':'arn:aws:s3:::${s3:x}/*'", "s3:GetObject", "arn:aws:s3:::/k", false },
		{ "'Action':'*','NotResource':'arn:aws:s3:::${s3:x}/*'", "s3:GetObject", "arn:aws:s3:::b/k", true },
		{ "'Action':'iam:${aws:username}','Resource':'*'", "iam:alice", "*", false },    /* no variables in actions */
		{ "'Action':'*'", "s3:GetObject", "arn:aws:s3:::b/k", true },                    /* a trust policy names no resource */
	};
	struct context context;

	context_init(&context, &t->arena);
	context_set(&context, S("aws:username"), S("alice"));
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct policy *policy = policy_of(t, arena_printf(&t->arena, "{'Effect':'Allow',%s}", rows[i].statement));
		struct evaluation got = asked(t, policy, rows[i].action, rows[i].resource, &context);
		if ((got.decision == DECISION_ALLOW) != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s: %s on %s", rows[i].statement, rows[i].action, rows[i].resource);
	}
}

TEST(evaluate_says_which_statement_decided)
{
	const struct policy *policy = policy_of(t, EC2_ONLY "," ALLOW_ALL ",{'Effect':'Deny','Action':'s3:Put*','Resource':'*'}");
	struct context context;

	context_init(&context, &t->arena);
	struct evaluation got = asked(t, policy, "s3:GetObject", "*", &context);
	CHECK_NUMBER(t, got.match.set, SET_IDENTITY);
	CHECK_NUMBER(t, got.match.statement, 1);
	got = asked(t, policy, "s3:PutObject", "*", &context);
	CHECK_NUMBER(t, got.match.statement, 2);
	CHECK(t, got.match.is_deny);
}

TEST(evaluate_finds_statements_beyond_the_first_sixty_four)
{
	struct buffer text;
	struct context context;

	buffer_init(&text, &t->arena, 1 << 20);
	for (int i = 0; i < 200; i++)
		buffer_printf(&text, "%s{'Effect':'%s','Action':'s3:Op%d','Resource':'*'}", i ? "," : "", i % 2 ? "Deny" : "Allow", i);
	buffer_byte(&text, '\0');
	const struct policy *policy = policy_of(t, buffer_slice(&text).ptr);
	context_init(&context, &t->arena);
	for (int i = 0; i < 200; i++) {
		struct evaluation got = asked(t, policy, arena_printf(&t->arena, "s3:oP%d", i), "*", &context);
		CHECK_NUMBER(t, got.decision, i % 2 ? DECISION_EXPLICIT_DENY : DECISION_ALLOW);
		CHECK_NUMBER(t, got.match.statement, i);
	}
}

TEST(evaluate_words_refusals_as_aws_does)
{
	static const struct { struct evaluation evaluation; const char *shown; enum evaluate_wording wording; const char *want; } rows[] = {
		{ { DECISION_IMPLICIT_DENY, SET_IDENTITY, {0} }, "user bob", WORDING_FULL,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser on resource: user bob because no "
		  "identity-based policy allows the iam:GetUser action" },
		{ { DECISION_EXPLICIT_DENY, SET_IDENTITY, {0} }, "user bob", WORDING_FULL,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser on resource: user bob with an "
		  "explicit deny in an identity-based policy" },
		{ { DECISION_IMPLICIT_DENY, SET_BOUNDARY, {0} }, "", WORDING_FULL,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser because no permissions boundary "
		  "allows the iam:GetUser action" },
		{ { DECISION_EXPLICIT_DENY, SET_BOUNDARY, {0} }, NULL, WORDING_FULL,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser with an explicit deny in a "
		  "permissions boundary" },
		{ { DECISION_IMPLICIT_DENY, SET_SESSION, {0} }, NULL, WORDING_FULL,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser because no session policy allows "
		  "the iam:GetUser action" },
		{ { DECISION_EXPLICIT_DENY, SET_RESOURCE, {0} }, NULL, WORDING_FULL,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser with an explicit deny in a "
		  "resource-based policy" },
		{ { DECISION_EXPLICIT_DENY, SET_SCP, {0} }, NULL, WORDING_FULL,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser with an explicit deny in a "
		  "service control policy" },
		{ { DECISION_IMPLICIT_DENY, SET_RESOURCE, {0} }, "arn:aws:iam::" ACCOUNT ":role/ops", WORDING_NO_REASON,
		  "User: arn:aws:iam::" ACCOUNT ":user/alice is not authorized to perform: iam:GetUser on resource: arn:aws:iam::"
		  ACCOUNT ":role/ops" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, evaluate_denied_message(&t->arena, ALICE.arn, S("iam:GetUser"), slice_of(rows[i].shown),
		                                      &rows[i].evaluation, rows[i].wording),
		           slice_of(rows[i].want));
}

TEST(evaluate_traces_matches_and_missing_keys)
{
	const struct policy *policy = policy_of(t,
		ALLOW_ALL ","
		"{'Effect':'Deny','Action':'s3:*','Resource':'arn:aws:s3:::${aws:username}/*','Condition':{'Bool':{'aws:SecureTransport':'false'}}},"
		"{'Effect':'Allow','Action':'ec2:*','Resource':'*','Condition':{'Bool':{'ec2:X':'true'}}},"
		"{'Effect':'Allow','Action':'s3:Get*','Resource':'*','Condition':{'StringEquals':{'AWS:UserName':'${s3:prefix}'}}},"
		"{'Effect':'Deny','Action':'s3:GetObject','Resource':'*'}");
	struct evaluate_match matches[2];
	struct slice missing[8];
	struct evaluate_trace trace = { .matches = matches, .match_room = 2, .missing_keys = missing, .missing_room = 8 };
	struct principal principal = ALICE;
	struct context context;

	principal.identity_policies = &policy;
	principal.identity_policy_count = 1;
	context_init(&context, &t->arena);
	struct evaluate_request request = evaluate_request_of(&principal, S("s3:GetObject"), S("arn:aws:s3:::b/k"), &context,
	                                                      &t->arena);
	request.trace = &trace;
	CHECK_NUMBER(t, evaluate(&request).decision, DECISION_EXPLICIT_DENY);
	CHECK_NUMBER(t, trace.match_count, 2);
	CHECK(t, matches[0].is_deny && matches[0].statement == 4);
	CHECK(t, !matches[1].is_deny && matches[1].statement == 0);
	CHECK(t, trace.is_denied_by[SET_IDENTITY] && trace.is_allowed_by[SET_IDENTITY]);
	CHECK_NUMBER(t, trace.missing_count, 3);
	CHECK_TEXT(t, missing[0], S("aws:username"));
	CHECK_TEXT(t, missing[1], S("aws:SecureTransport"));
	CHECK_TEXT(t, missing[2], S("s3:prefix"));
}

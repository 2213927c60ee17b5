/* services/iam/simulation_test.c: the simulator's operations: the shared vectors through SimulateCustomPolicy, the
 * policies of entities by name, paging, and each refusal. */
#include "auth/attachments.h"
#include "auth/entity_tags.h"
#include "auth/group_members.h"
#include "auth/inline_policies.h"
#include "codec/json.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_simulate_custom_policy, iam_simulate_principal_policy,
	iam_get_context_keys_for_custom_policy, iam_get_context_keys_for_principal_policy;

static struct text_list documents_of(struct test *t, const char *key)
{
	const struct json *list = field(t, key);
	struct text_list texts = { .is_set = list != NULL };

	texts.items = arena_array(&t->arena, list ? list->count + 1 : 1, sizeof *texts.items);
	for (const struct json *document = list ? list->first : NULL; document; document = document->next)
		texts.items[texts.count++] = document->text;
	return texts;
}

/* Every value is declared a text, whatever it is: operators decide. */
static struct iam_context_entry_list entries_of(struct test *t)
{
	const struct json *context = field(t, "context");
	struct iam_context_entry_list list = { .is_set = true };

	list.items = arena_array(&t->arena, context->count + 1, sizeof *list.items);
	for (const struct json *member = context->first; member; member = member->next) {
		struct iam_context_entry *entry = &list.items[list.count++];
		const struct json *value = member->kind == JSON_ARRAY ? member->first : member;
		entry->context_key_name = member->key;
		entry->context_key_type = S("string");
		entry->context_key_values.items = arena_array(&t->arena, member->count + 1, sizeof(struct slice));
		for (; value; value = member->kind == JSON_ARRAY ? value->next : NULL)
			entry->context_key_values.items[entry->context_key_values.count++] = value->text;
	}
	return list;
}

/* Those that the operation has words for: it knows no sessions' policies, no service control policies, and no caller
 * that has no ARN. */
VECTORS(simulate_custom_policy_decides_as_documented, "iam-policy-evaluation.jsonl")
{
	const struct json *principal = field(t, "principal"), *boundary = field(t, "permissions_boundary");
	const struct json *resource_policy = field(t, "resource_policy");
	struct slice type = json_get_text(principal, S("type")), want = field_text(t, "expect");
	struct iam_simulate_policy_response out;
	struct fixture f;

	if (field(t, "session_policies") || field(t, "scps") || slice_equal(type, S("AWSService"))
	    || slice_equal(type, S("Anonymous"))) {
		test_skip(t, "SimulateCustomPolicy cannot ask this");
		return;
	}
	fixture_begin(t, &f);
	struct iam_simulate_custom_policy_request in = {
		.policy_input_list = documents_of(t, "identity_policies"),
		.action_names = TEXTS(field_text(t, "action")),
		.resource_arns = TEXTS(field_text(t, "resource")),
		.caller_arn = json_get_text(principal, S("arn")),
		.resource_owner = field_text(t, "resource_account"),
		.context_entries = entries_of(t),
		.resource_policy = resource_policy ? resource_policy->text : SLICE_NONE,
	};
	struct text_list boundaries = TEXTS(boundary ? boundary->text : SLICE_NONE);
	if (boundary)
		in.permissions_boundary_policy_input_list = boundaries;
	fixture_must(&f, __FILE__, __LINE__, &iam_simulate_custom_policy, &in, &out);
	REQUIRE(t, out.evaluation_results.count == 1);
	const struct iam_evaluation_result *result = &out.evaluation_results.items[0];
	CHECK_TEXT(t, result->eval_decision, slice_equal(want, S("allow")) ? S("allowed") : want);
	CHECK_TEXT(t, result->eval_resource_name, field_text(t, "resource"));
	CHECK(t, (result->permissions_boundary_decision_detail != NULL) == (boundary != NULL));
	fixture_end(&f);
}

#define ALLOW(action) S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"" action "\",\"Resource\":\"*\"}}")
#define DENY(action)  S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"" action "\",\"Resource\":\"*\"}}")
#define OWN           S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:*\"," \
	                "\"Resource\":\"arn:aws:iam::*:user/${aws:username}\",\"Condition\":" \
	                "{\"StringEquals\":{\"aws:PrincipalTag/team\":\"red\"}}}}")
#define BOB_ARN       S("arn:aws:iam::111122223333:user/bob")

TEST(simulate_custom_policy_answers_each_action_with_each_resource)
{
	struct iam_simulate_policy_response out;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &out, simulate_custom_policy, .policy_input_list = TEXTS(ALLOW("s3:*"), DENY("s3:Put*")),
	     .action_names = TEXTS(S("s3:GetObject"), S("s3:PutObject")),
	     .resource_arns = TEXTS(S("arn:aws:s3:::a/k"), S("arn:aws:s3:::b/k")));
	REQUIRE(t, out.evaluation_results.count == 4);
	CHECK(t, out.is_truncated.is_set && !out.is_truncated.value);
	const struct iam_evaluation_result *result = &out.evaluation_results.items[1];
	CHECK_TEXT(t, result->eval_action_name, S("s3:GetObject"));
	CHECK_TEXT(t, result->eval_resource_name, S("arn:aws:s3:::b/k"));
	CHECK_TEXT(t, result->eval_decision, S("allowed"));
	REQUIRE(t, result->resource_specific_results.count == 1);
	CHECK_TEXT(t, result->resource_specific_results.items[0].eval_resource_decision, S("allowed"));
	CHECK(t, result->eval_decision_details.is_set && result->eval_decision_details.count == 0);
	result = &out.evaluation_results.items[2];
	CHECK_TEXT(t, result->eval_decision, S("explicitDeny"));
	REQUIRE(t, result->matched_statements.count == 1);
	CHECK_TEXT(t, result->matched_statements.items[0].source_policy_id, S("PolicyInputList.2"));
	CHECK_TEXT(t, result->matched_statements.items[0].source_policy_type, S("IAM Policy"));
	CHECK_NUMBER(t, result->matched_statements.items[0].start_position->line.value, 1);
	CHECK_NUMBER(t, result->matched_statements.items[0].start_position->column.value, 38);

	CALL(&f, &out, simulate_custom_policy, .policy_input_list = TEXTS(ALLOW("s3:*")), .action_names = TEXTS(S("s3:GetObject")));
	REQUIRE(t, out.evaluation_results.count == 1);
	CHECK_TEXT(t, out.evaluation_results.items[0].eval_resource_name, S("*"));
	CHECK(t, !out.evaluation_results.items[0].resource_specific_results.is_set);
	fixture_end(&f);
}

TEST(simulate_custom_policy_pages_its_results)
{
	struct iam_simulate_policy_response out;
	struct fixture f;
	struct slice marker;

	fixture_begin(t, &f);
#define ASK .policy_input_list = TEXTS(ALLOW("s3:*")), .action_names = TEXTS(S("s3:A"), S("s3:B"), S("s3:C")), \
	    .max_items = SET_I64(2)
	CALL(&f, &out, simulate_custom_policy, ASK);
	REQUIRE(t, out.evaluation_results.count == 2 && out.is_truncated.value);
	marker = arena_copy(&t->arena, out.marker);
	CALL(&f, &out, simulate_custom_policy, ASK, .marker = marker);
	REQUIRE(t, out.evaluation_results.count == 1 && !out.is_truncated.value);
	CHECK_TEXT(t, out.evaluation_results.items[0].eval_action_name, S("s3:C"));
	REFUSED(&f, "ValidationError", "Invalid Marker.", simulate_custom_policy, ASK, .marker = S("x"));
	fixture_end(&f);
}

TEST(simulate_custom_policy_refuses_what_it_cannot_ask)
{
	struct fixture f;

	fixture_begin(t, &f);
#define GET .action_names = TEXTS(S("s3:GetObject"))
	REFUSED(&f, "InvalidInput", "Syntax errors in policy.", simulate_custom_policy, .policy_input_list = TEXTS(S("x")), GET);
	REFUSED(&f, "InvalidInput", "Policy document should not specify a principal.", simulate_custom_policy,
	        .policy_input_list = TEXTS(S("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}}")),
	        GET);
	REFUSED(&f, "InvalidInput", "Only one permissions boundary can be simulated.", simulate_custom_policy,
	        .policy_input_list = TEXTS(ALLOW("*")), GET,
	        .permissions_boundary_policy_input_list = TEXTS(ALLOW("*"), ALLOW("*")));
	REFUSED(&f, "InvalidInput", "CallerArn is required when ResourcePolicy is included.", simulate_custom_policy,
	        .policy_input_list = TEXTS(ALLOW("*")), GET, .resource_policy = ALLOW("*"));
	REFUSED(&f, "InvalidInput", "Invalid Entity Arn: bob does not clearly define entity type and name.",
	        simulate_custom_policy, .policy_input_list = TEXTS(ALLOW("*")), GET, .caller_arn = S("bob"));
	REFUSED(&f, "InvalidInput", "Invalid ResourceOwner: bob is not the ARN of an account.", simulate_custom_policy,
	        .policy_input_list = TEXTS(ALLOW("*")), GET, .resource_owner = S("bob"));
	REFUSED(&f, "InvalidInput",
	        "Invalid action name s3:*: it must name a service and one action, such as iam:CreateUser.",
	        simulate_custom_policy, .policy_input_list = TEXTS(ALLOW("*")), .action_names = TEXTS(S("s3:*")));
	fixture_end(&f);
}

TEST(get_context_keys_for_custom_policy_lists_them_once)
{
	struct iam_get_context_keys_for_policy_response out;
	struct fixture f;

	fixture_begin(t, &f);
	CALL(&f, &out, get_context_keys_for_custom_policy, .policy_input_list = TEXTS(OWN, OWN, ALLOW("*")));
	REQUIRE(t, out.context_key_names.count == 2);
	CHECK_TEXT(t, out.context_key_names.items[0], S("aws:username"));
	CHECK_TEXT(t, out.context_key_names.items[1], S("aws:PrincipalTag/team"));
	REFUSED(&f, "InvalidInput", "Syntax errors in policy.", get_context_keys_for_custom_policy,
	        .policy_input_list = TEXTS(S("{}")));
	fixture_end(&f);
}

TEST(simulate_principal_policy_refuses_whom_it_does_not_know)
{
	struct fixture f;

	fixture_begin(t, &f);
	REFUSED(&f, "NoSuchEntity", "The user with name bob cannot be found.", simulate_principal_policy,
	        .policy_source_arn = BOB_ARN, GET);
	REFUSED(&f, "NoSuchEntity", "The role with name ops cannot be found.", simulate_principal_policy,
	        .policy_source_arn = S("arn:aws:iam::444455556666:role/ops"), GET);
	REFUSED(&f, "InvalidInput",
	        "Invalid Entity Arn: arn:aws:iam::111122223333:policy/p does not clearly define entity type and name.",
	        get_context_keys_for_principal_policy, .policy_source_arn = S("arn:aws:iam::111122223333:policy/p"));
	CHECK_TEXT(t, TARGETS(&f, simulate_principal_policy, .policy_source_arn = BOB_ARN, GET),
	           S("-|arn:aws:iam::111122223333:user/bob|"));
	fixture_end(&f);
}

static void source(struct test *t, const struct iam_simulate_policy_response *out, size_t at, const char *want)
{
	REQUIRE(t, out->evaluation_results.count > at);
	REQUIRE(t, out->evaluation_results.items[at].matched_statements.count == 1);
	CHECK_TEXT(t, out->evaluation_results.items[at].matched_statements.items[0].source_policy_id, slice_of(want));
}

/* bob of the group devs; what he has beyond that the tests say. */
static void add_bob(struct fixture *f)
{
	struct user bob = { .name = S("bob"), .path = S("/"), .user_id = S("AIDABOB00000000000000") };
	struct group devs = { .name = S("devs"), .path = S("/"), .group_id = S("AGPADEVS0000000000000") };

	CHECK(f->t, users_insert(f->catalog, FIXTURE_ACCOUNT, &bob, &f->t->err));
	CHECK(f->t, groups_insert(f->catalog, FIXTURE_ACCOUNT, &devs, &f->t->err));
	CHECK(f->t, group_members_insert(f->catalog, FIXTURE_ACCOUNT, devs.group_id, bob.user_id, &f->t->err));
}

static void add_inline(struct fixture *f, const char *entity_id, const char *name, struct slice document)
{
	struct inline_policy policy = { slice_of(name), document };

	CHECK(f->t, inline_policies_put(f->catalog, FIXTURE_ACCOUNT, slice_of(entity_id), &policy, &f->t->err));
}

TEST(simulate_principal_policy_asks_all_policies_of_a_user_and_names_them)
{
	struct iam_simulate_policy_response out;
	struct iam_get_context_keys_for_policy_response keys;
	struct fixture f;
	int64_t count;

	fixture_begin(t, &f);
	add_bob(&f);
	CHECK(t, entity_tags_put(f.catalog, FIXTURE_ACCOUNT, S("AIDABOB00000000000000"), &(struct entity_tag){ S("Team"), S("red") }, &t->err));
	add_inline(&f, "AIDABOB00000000000000", "own", OWN);
	add_inline(&f, "AGPADEVS0000000000000", "logs", ALLOW("logs:*"));
	CHECK(t, attachments_insert(f.catalog, FIXTURE_ACCOUNT, S("AIDABOB00000000000000"),
	                            S("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"), &count, &t->err));
	CALL(&f, &out, simulate_principal_policy, .policy_source_arn = BOB_ARN, .policy_input_list = TEXTS(ALLOW("ec2:*")),
	     .action_names = TEXTS(S("iam:GetUser"), S("logs:PutLogEvents"), S("s3:GetObject"), S("ec2:RunInstances"), S("sns:Publish")),
	     .resource_arns = TEXTS(BOB_ARN));
	source(t, &out, 0, "user_bob_own");
	source(t, &out, 1, "group_devs_logs");
	source(t, &out, 2, "AmazonS3ReadOnlyAccess");
	source(t, &out, 3, "PolicyInputList.1");
	CHECK_TEXT(t, out.evaluation_results.items[4].eval_decision, S("implicitDeny"));

	CALL(&f, &out, simulate_principal_policy, .policy_source_arn = BOB_ARN, .action_names = TEXTS(S("iam:GetUser")),
	     .resource_arns = TEXTS(BOB_ARN), .context_entries = { .items = &(struct iam_context_entry){
	     .context_key_name = S("aws:username"), .context_key_values = TEXTS(S("eve")) }, .count = 1 });
	CHECK_TEXT(t, out.evaluation_results.items[0].eval_decision, S("implicitDeny"));
	CALL(&f, &keys, get_context_keys_for_principal_policy, .policy_source_arn = BOB_ARN);
	CHECK_NUMBER(t, keys.context_key_names.count, 2);
	CALL(&f, &out, simulate_principal_policy, .policy_source_arn = S("arn:aws:iam::111122223333:group/devs"),
	     .action_names = TEXTS(S("logs:PutLogEvents"), S("s3:GetObject")));
	CHECK_TEXT(t, out.evaluation_results.items[0].eval_decision, S("allowed"));
	CHECK_TEXT(t, out.evaluation_results.items[1].eval_decision, S("implicitDeny"));
	fixture_end(&f);
}

TEST(simulate_principal_policy_keeps_to_the_boundary)
{
	struct iam_simulate_policy_response out;
	struct fixture f;

	fixture_begin(t, &f);
	add_bob(&f);
	add_inline(&f, "AIDABOB00000000000000", "all", ALLOW("*"));
	CHECK(t, users_set_boundary(f.catalog, FIXTURE_ACCOUNT, S("AIDABOB00000000000000"),
	                            S("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"), &t->err));
	CALL(&f, &out, simulate_principal_policy, .policy_source_arn = BOB_ARN, .action_names = TEXTS(S("s3:GetObject"), S("s3:PutObject")));
	CHECK_TEXT(t, out.evaluation_results.items[0].eval_decision, S("allowed"));
	CHECK_TEXT(t, out.evaluation_results.items[1].eval_decision, S("implicitDeny"));
	REQUIRE(t, out.evaluation_results.items[1].permissions_boundary_decision_detail);
	CHECK(t, !out.evaluation_results.items[1].permissions_boundary_decision_detail->allowed_by_permissions_boundary.value);
	CALL(&f, &out, simulate_principal_policy, .policy_source_arn = BOB_ARN, .action_names = TEXTS(S("s3:PutObject")),
	     .permissions_boundary_policy_input_list = TEXTS(ALLOW("*")));
	CHECK_TEXT(t, out.evaluation_results.items[0].eval_decision, S("allowed"));
	fixture_end(&f);
}

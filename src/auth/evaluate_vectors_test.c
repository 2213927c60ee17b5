/* auth/evaluate_vectors_test.c: the shared cases of policy evaluation, one test a line. */
#include "auth/evaluate.h"
#include "auth/policy.h"
#include "auth/policy_validate.h"
#include "tests/test.h"

static enum principal_type type_of(struct slice name)
{
	static const struct { struct slice name; enum principal_type type; } rows[] = {
		{ S_INIT("Root"),          PRINCIPAL_ROOT         },
		{ S_INIT("IAMUser"),       PRINCIPAL_USER         },
		{ S_INIT("AssumedRole"),   PRINCIPAL_ROLE_SESSION },
		{ S_INIT("FederatedUser"), PRINCIPAL_FEDERATED    },
		{ S_INIT("AWSService"),    PRINCIPAL_SERVICE      },
		{ S_INIT("Anonymous"),     PRINCIPAL_ANONYMOUS    },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (slice_equal(rows[i].name, name))
			return rows[i].type;
	return PRINCIPAL_TYPE_COUNT;
}

static struct principal principal_of(struct test *t)
{
	const struct json *json = field(t, "principal");
	struct slice role_arn = json_get_text(json, S("role_arn")), user_arn = json_get_text(json, S("user_arn"));

	return (struct principal){
		.type = type_of(json_get_text(json, S("type"))),
		.account = json_get_text(json, S("account")),
		.arn = json_get_text(json, S("arn")),
		.unique_id = json_get_text(json, S("unique_id")),
		.name = json_get_text(json, S("name")),
		.issuer_arn = role_arn.ptr ? role_arn : user_arn,
	};
}

static void add_key(struct test *t, struct context *context, const struct json *member)
{
	if (member->kind == JSON_STRING) {
		context_set(context, member->key, member->text);
		return;
	}
	struct slice *values = arena_array(&t->arena, member->count + 1, sizeof *values);
	size_t count = 0;
	for (const struct json *value = member->first; value; value = value->next)
		values[count++] = value->text;
	context_set_list(context, member->key, values, count);
}

/* Each document may also be saved, if one takes the kind that it is meant for. */
static const struct policy *compiled(struct test *t, const struct json *document)
{
	const struct policy *policy = policy_compile(&t->arena, document->text, &t->err);
	static const enum policy_kind kinds[] = { POLICY_SESSION, POLICY_RESOURCE, POLICY_TRUST };
	bool is_good = false;

	for (size_t i = 0; i < COUNT(kinds); i++)
		is_good |= policy_validate(&t->arena, document->text, &(struct policy_rules){ .kind = kinds[i] }, &t->err);
	CHECK(t, is_good);
	CHECK(t, policy != NULL);
	return policy;
}

static struct evaluate_policies compiled_list(struct test *t, const char *key)
{
	const struct json *list = field(t, key);
	size_t count = 0;

	if (!list)
		return (struct evaluate_policies){0};
	const struct policy **items = arena_array(&t->arena, list->count + 1, sizeof *items);
	for (const struct json *document = list->first; document; document = document->next)
		items[count++] = compiled(t, document);
	return (struct evaluate_policies){ items, count, true };
}

VECTORS(policies_decide_as_documented, "iam-policy-evaluation.jsonl")
{
	static const struct slice names[] = { S_INIT("implicitDeny"), S_INIT("explicitDeny"), S_INIT("allow") };
	static const struct slice sets[POLICY_SET_COUNT] = {
		[SET_NONE] = S_INIT(""),         [SET_ROOT] = S_INIT("root"),         [SET_SCP] = S_INIT("scp"),
		[SET_RESOURCE] = S_INIT("resource"), [SET_IDENTITY] = S_INIT("identity"), [SET_BOUNDARY] = S_INIT("boundary"),
		[SET_SESSION] = S_INIT("session"),
	};
	struct principal principal = principal_of(t);
	struct context context;
	const struct json *boundary = field(t, "permissions_boundary"), *resource = field(t, "resource_policy");

	context_init(&context, &t->arena);
	for (const struct json *member = field(t, "context")->first; member; member = member->next)
		add_key(t, &context, member);
	struct evaluate_request request = {
		.principal = &principal,
		.action = field_text(t, "action"),
		.resource = field_text(t, "resource"),
		.resource_account = field_text(t, "resource_account"),
		.context = &context,
		.scratch = &t->arena,
		.identity = compiled_list(t, "identity_policies"),
		.session = compiled_list(t, "session_policies"),
		.scps = compiled_list(t, "scps"),
		.boundary = boundary ? compiled(t, boundary) : NULL,
		.has_boundary = boundary != NULL,
		.resource_policy = resource ? compiled(t, resource) : NULL,
		.resource_policy_required = field_bool(t, "resource_policy_required"),
	};
	struct evaluation evaluation = evaluate(&request);

	CHECK_TEXT(t, names[evaluation.decision], field_text(t, "expect"));
	CHECK_TEXT(t, sets[evaluation.decided_by], field_text(t, "decided_by"));

	/* Tracing looks at more, and must not decide otherwise. */
	struct evaluate_trace trace = {0};
	request.trace = &trace;
	struct evaluation traced = evaluate(&request);
	CHECK_NUMBER(t, traced.decision, evaluation.decision);
	CHECK_NUMBER(t, traced.decided_by, evaluation.decided_by);
}

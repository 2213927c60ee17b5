/* services/iam/create_policy.c: a new managed policy with its first version.
 * Source: IAM API Reference (2010-05-08), CreatePolicy. */
#include "auth/entity.h"
#include "auth/policy_size.h"
#include "auth/policy_validate.h"
#include "services/authorisation.h"
#include "services/iam/policy_output.h"
#include "services/iam/subject.h"
#include "services/iam/tag_rules.h"

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_create_policy_request *in = input;

	subject_targets_new(call, input, ENTITY_POLICY, in->policy_name, "iam:TagPolicy", targets);
	for (size_t i = 0; i < targets->count; i++)
		targets->items[i].shown = arena_format(&call->arena, "policy %.*s", SLICE_ARG(in->policy_name));
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_policy_request *in = input;
	struct iam_create_policy_response *out = output;
	const struct policy_rules rules = { .kind = POLICY_IDENTITY };
	struct slice path = in->path.ptr ? in->path : S("/");
	const struct managed_policy policy = {
		.name = in->policy_name,
		.path = path,
		.policy_id = entity_new_id(&call->arena, call->random, ENTITY_POLICY),
		.arn = entity_arn(&call->arena, ENTITY_POLICY, call->account, path, in->policy_name),
		.description = in->description,
		.created_ms = call->now_ms,
		.updated_ms = call->now_ms,
		.default_version = 1,
		.next_version = 2,
	};
	const struct policy_version version = { .version = 1, .document = in->policy_document, .created_ms = call->now_ms };

	if (!policy_size_check(QUOTA_MANAGED_POLICY, policy_size_characters(in->policy_document), in->policy_name, err)
	    || !policy_validate(&call->arena, in->policy_document, &rules, err)
	    || !policies_insert(call->catalog, call->account, &policy, err)
	    || !policy_versions_insert(call->catalog, call->account, policy.policy_id, &version, err)
	    || !tag_rules_apply(call, policy.policy_id, &in->tags, err))
		return false;
	out->policy = arena_new(&call->arena, struct iam_policy);
	if (!policy_output(call, &policy, out->policy, err))
		return false;
	out->policy->tags = in->tags;
	return true;
}

const struct operation iam_create_policy = {
	.shape   = &iam_create_policy_shape,
	.action  = "iam:CreatePolicy",
	.targets = targets,
	.context = subject_context_new,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform,
};

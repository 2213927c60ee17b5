/* services/iam/get_policy.c: a managed policy, the account's or AWS's, without its document.
 * Source: IAM API Reference (2010-05-08), GetPolicy. */
#include "services/iam/output.h"
#include "services/iam/policy_output.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_policy_request *in = input;
	struct iam_get_policy_response *out = output;
	struct policy_ref policy;

	if (!policy_ref_get(call, in->policy_arn, "was not found", &policy, err))
		return false;
	out->policy = arena_new(&call->arena, struct iam_policy);
	if (!policy_output(call, &policy.row, out->policy, err)
	    || (!policy.is_aws && !output_tags_of(call, policy.row.policy_id, &out->policy->tags, err)))
		return false;
	out->policy->description = policy.row.description;
	out->policy->tags.is_set = true;        /* AWS shows an empty list here, and nowhere else */
	return true;
}

const struct operation iam_get_policy = {
	.shape   = &iam_get_policy_shape,
	.action  = "iam:GetPolicy",
	.targets = policy_ref_targets,
	.context = policy_ref_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};

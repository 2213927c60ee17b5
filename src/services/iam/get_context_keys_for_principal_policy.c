/* services/iam/get_context_keys_for_principal_policy.c: which condition keys the policies of an entity ask for.
 * Source: IAM API Reference (2010-05-08), GetContextKeysForPrincipalPolicy. */
#include "services/iam/simulation.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_context_keys_for_principal_policy_request *in = input;
	struct policy_sources sources = { 0 };
	struct subject entity;

	if (!policy_sources_find_entity(call, in->policy_source_arn, &entity, err)
	    || !policy_sources_add_entity(call, &sources, &entity, err)
	    || !policy_sources_add_texts(call, &sources, "PolicyInputList", &in->policy_input_list, err))
		return false;
	simulation_show_keys(call, &sources, output);
	return true;
}

const struct operation iam_get_context_keys_for_principal_policy = {
	.shape   = &iam_get_context_keys_for_principal_policy_shape,
	.action  = "iam:GetContextKeysForPrincipalPolicy",
	.targets = policy_sources_targets,
	.context = policy_sources_context,
	.access  = ACCESS_READ,
	.place   = PLACE_WORKER,
	.perform = perform,
};

/* services/iam/get_context_keys_for_custom_policy.c: which condition keys policies given as texts ask for.
 * Source: IAM API Reference (2010-05-08), GetContextKeysForCustomPolicy. */
#include "services/iam/simulation.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_context_keys_for_custom_policy_request *in = input;
	struct policy_sources sources = { 0 };

	if (!policy_sources_add_texts(call, &sources, "PolicyInputList", &in->policy_input_list, err))
		return false;
	simulation_show_keys(call, &sources, output);
	return true;
}

const struct operation iam_get_context_keys_for_custom_policy = {
	.shape   = &iam_get_context_keys_for_custom_policy_shape,
	.action  = "iam:GetContextKeysForCustomPolicy",
	.access  = ACCESS_READ,
	.place   = PLACE_WORKER,
	.perform = perform,
};

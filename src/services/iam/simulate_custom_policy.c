/* services/iam/simulate_custom_policy.c: what policies given as texts would say.
 * Source: IAM API Reference (2010-05-08), SimulateCustomPolicy. */
#include "services/iam/simulation.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_simulate_custom_policy_request *in = input;
	struct simulation_input given = SIMULATION_INPUT(in);
	struct simulation_subject subject = { .caller = { .type = PRINCIPAL_USER, .account = call->account } };

	context_init(&subject.context, &call->arena);
	return simulation_perform(call, input, &given, &subject, output, err);
}

const struct operation iam_simulate_custom_policy = {
	.shape   = &iam_simulate_custom_policy_shape,
	.action  = "iam:SimulateCustomPolicy",
	.access  = ACCESS_READ,
	.place   = PLACE_WORKER,
	.perform = perform,
};

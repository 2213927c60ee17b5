/* services/iam/simulation.h: what SimulateCustomPolicy and SimulatePrincipalPolicy share: reading the made-up requests
 * and writing what the policies say to each. */
#ifndef SPOOR_SERVICES_IAM_SIMULATION_H
#define SPOOR_SERVICES_IAM_SIMULATION_H

#include "services/iam/policy_sources.h"

/* The members that both inputs have. */
struct simulation_input {
	const struct text_list              *policies, *boundaries, *actions, *resources;
	const struct iam_context_entry_list *context_entries;
	struct slice                         resource_policy, resource_owner, caller_arn;
};

#define SIMULATION_INPUT(in)                                                                                           \
	{ .policies = &(in)->policy_input_list, .boundaries = &(in)->permissions_boundary_policy_input_list,           \
	  .actions = &(in)->action_names, .resources = &(in)->resource_arns, .context_entries = &(in)->context_entries, \
	  .resource_policy = (in)->resource_policy, .resource_owner = (in)->resource_owner,                             \
	  .caller_arn = (in)->caller_arn }

/* Who the simulated caller is and what is known of him besides the input: filled by the operation. */
struct simulation_subject {
	struct principal      caller;          /* CallerArn, if it is sent, takes its place */
	bool                  is_known;        /* false: `caller` has no more than an account */
	struct context        context;         /* context entries replace what it holds */
	struct policy_sources identity, boundary;
};

/* Every action with every resource, a page of them. Errors: ERR_INVALID "InvalidInput", "ValidationError". */
bool simulation_perform(struct call *call, const void *input, const struct simulation_input *in,
                        struct simulation_subject *subject, struct iam_simulate_policy_response *out, struct error *err);

/* The reply of the GetContextKeys operations. */
void simulation_show_keys(struct call *call, const struct policy_sources *sources,
                          struct iam_get_context_keys_for_policy_response *out);

#endif

/* services/iam/simulate_principal_policy.c: what the policies of a user, group or role would say.
 *
 * What is known of the entity (its name, ARN, tags) is in the context, as it would be in its own calls; context entries
 * of the input replace it. Source: IAM API Reference (2010-05-08), SimulatePrincipalPolicy. */
#include "auth/entity_tags.h"
#include "services/iam/simulation.h"

static bool add_tags(struct call *call, const struct subject *entity, struct context *context, struct error *err)
{
	struct entity_tag_list tags;

	if (!entity_tags_list(call->catalog, &call->arena, call->account, entity->id, &PAGE_ALL, &tags, err))
		return false;
	for (size_t i = 0; i < tags.count; i++)
		context_set_named(context, S("aws:PrincipalTag/"), tags.items[i].key, tags.items[i].value);
	return true;
}

/* A role acts through its sessions; a group never acts, so of its caller nothing but the account is known. */
static bool fill_caller(struct call *call, struct slice arn, const struct subject *entity,
                        struct simulation_subject *subject, struct error *err)
{
	subject->caller = (struct principal){ .type = PRINCIPAL_USER, .account = call->account };
	if (entity->kind == ENTITY_GROUP)
		return true;
	subject->is_known = true;
	if (!simulate_caller(&call->arena, arn, &subject->caller, err))
		return false;
	subject->caller.unique_id = entity->id;
	if (entity->kind == ENTITY_ROLE)
		subject->caller.issuer_id = entity->id;
	context_add_principal(&subject->context, &subject->caller, call->now_ms);
	return add_tags(call, entity, &subject->context, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_simulate_principal_policy_request *in = input;
	struct simulation_input given = SIMULATION_INPUT(in);
	struct simulation_subject subject = { 0 };
	struct subject entity;

	context_init(&subject.context, &call->arena);
	return policy_sources_find_entity(call, in->policy_source_arn, &entity, err)
	    && policy_sources_add_entity(call, &subject.identity, &entity, err)
	    && policy_sources_add_boundary(call, &subject.boundary, &entity, err)
	    && fill_caller(call, in->policy_source_arn, &entity, &subject, err)
	    && simulation_perform(call, input, &given, &subject, output, err);
}

const struct operation iam_simulate_principal_policy = {
	.shape   = &iam_simulate_principal_policy_shape,
	.action  = "iam:SimulatePrincipalPolicy",
	.targets = policy_sources_targets,
	.context = policy_sources_context,
	.access  = ACCESS_READ,
	.place   = PLACE_WORKER,
	.perform = perform,
};

/* services/authorisation.c: one context a call, one evaluation a target. */
#include "services/authorisation.h"

#include "services/shape.h"

void authorisation_add(struct targets *targets, struct slice action, struct slice resource, struct slice shown)
{
	assert(targets->count < TARGETS_MAX);
	targets->items[targets->count++] = (struct target){ action, resource, shown };
}

void authorisation_context(struct call *call, const void *input, struct context *context)
{
	context_init(context, &call->arena);
	context_add_principal(context, call->principal, call->now_ms);
	context_add_request(context, &(struct context_request){
		.source_ip = call->source_ip, .user_agent = call->user_agent, .referer = call->referer, .region = call->region,
		.is_tls = call->tls_version.ptr != NULL, .now_ms = call->now_ms,
	});
	if (call->operation->context)
		call->operation->context(call, input, context);
}

static bool refused(struct call *call, const struct target *target, struct slice action,
                    const struct evaluation *evaluation, struct error *err)
{
	struct slice shown = target->shown.ptr ? target->shown : target->resource;
	struct slice message = evaluate_denied_message(&call->arena, call->principal->arn, action, shown, evaluation,
	                                               WORDING_FULL);

	return fail_as(err, ERR_DENIED, "AccessDenied", "%.*s", SLICE_ARG(message));
}

bool authorisation_standard(struct call *call, const void *input, struct error *err)
{
	const struct operation *operation = call->operation;
	struct targets targets = {0};
	struct context context;

	if (!operation->action)
		return true;
	if (operation->targets)
		operation->targets(call, input, &targets);
	if (targets.count == 0)
		authorisation_add(&targets, SLICE_NONE, S("*"), call->service->names_any_resource ? S("*") : S(""));
	authorisation_context(call, input, &context);
	for (size_t i = 0; i < targets.count; i++) {
		const struct target *target = &targets.items[i];
		struct slice action = target->action.ptr ? target->action : slice_of(operation->action);
		struct evaluate_request request = evaluate_request_of(call->principal, action, target->resource, &context,
		                                                      &call->arena);
		struct evaluation evaluation = evaluate(&request);
		if (evaluation.decision != DECISION_ALLOW)
			return refused(call, target, action, &evaluation, err);
	}
	return true;
}

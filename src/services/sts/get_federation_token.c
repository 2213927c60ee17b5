/* services/sts/get_federation_token.c: credentials for somebody else, narrowed by the policies that are passed.
 * Source: STS API Reference (2011-06-15), GetFederationToken. */
#include "auth/context.h"
#include "services/authorisation.h"
#include "services/sts/sts.h"

static struct slice federated_arn(struct call *call, struct slice name)
{
	return arena_format(&call->arena, "arn:aws:sts::%.*s:federated-user/%.*s", SLICE_ARG(call->account), SLICE_ARG(name));
}

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct sts_get_federation_token_request *in = input;
	struct slice arn = federated_arn(call, in->name);

	authorisation_add(targets, SLICE_NONE, arn, SLICE_NONE);
	if (in->tags.count)
		authorisation_add(targets, S("sts:TagSession"), arn, SLICE_NONE);
}

static void context(struct call *call, const void *input, struct context *context)
{
	const struct sts_get_federation_token_request *in = input;
	struct slice *keys = arena_array(&call->arena, in->tags.count, sizeof *keys);

	for (size_t i = 0; i < in->tags.count; i++) {
		context_set_named(context, S("aws:RequestTag/"), in->tags.items[i].key, in->tags.items[i].value);
		keys[i] = in->tags.items[i].key;
	}
	if (in->tags.count)
		context_set_list(context, S("aws:TagKeys"), keys, in->tags.count);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct sts_get_federation_token_request *in = input;
	struct sts_get_federation_token_response *out = output;
	const struct principal *caller = call->principal;
	int64_t seconds;
	int packed_percent = 0;
	struct session session = {
		.kind = SESSION_FEDERATED, .account = call->account, .issuer_id = caller->unique_id, .issuer_arn = caller->arn,
		.issuer_name = caller->name, .name = in->name, .issued_ms = call->now_ms,
	};

	if (!sts_user_duration(call, in->duration_seconds, &seconds, err)
	    || !sts_session_policies(call, in->policy, &in->policy_arns, &session, err)
	    || !sts_session_tags(call, &in->tags, &session, err))
		return false;
	session.expires_ms = call->now_ms + seconds * 1000;
	out->credentials = sts_credentials_new(call, &session, &packed_percent, err);
	if (!out->credentials)
		return false;
	out->federated_user = arena_new(&call->arena, struct sts_federated_user);
	out->federated_user->federated_user_id = arena_format(&call->arena, "%.*s:%.*s", SLICE_ARG(call->account), SLICE_ARG(in->name));
	out->federated_user->arn = federated_arn(call, in->name);
	if (in->policy.ptr || in->policy_arns.count || in->tags.count)
		out->packed_policy_size = SET_I64(packed_percent);
	return true;
}

const struct operation sts_get_federation_token = {
	.shape = &sts_get_federation_token_shape,
	.action = "sts:GetFederationToken",
	.targets = targets,
	.context = context,
	.authorise = sts_only_long_term,
	.access = ACCESS_WRITE,
	.place = PLACE_FRONT,
	.perform = perform,
};

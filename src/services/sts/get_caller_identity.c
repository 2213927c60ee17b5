/* services/sts/get_caller_identity.c: who am I; no policy can forbid it.
 * Source: STS API Reference (2011-06-15), GetCallerIdentity. */
#include "services/sts/sts.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct sts_get_caller_identity_response *out = output;

	(void)input;
	(void)err;
	out->user_id = call->principal->unique_id;
	out->account = call->principal->account;
	out->arn = call->principal->arn;
	return true;
}

const struct operation sts_get_caller_identity = {
	.shape = &sts_get_caller_identity_shape,
	.access = ACCESS_READ,
	.place = PLACE_FRONT,
	.perform = perform,
};

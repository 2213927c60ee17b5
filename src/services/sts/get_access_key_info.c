/* services/sts/get_access_key_info.c: the account of an access key id, which the id itself carries.
 * Source: STS API Reference (2011-06-15), GetAccessKeyInfo. */
#include "services/sts/sts.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct sts_get_access_key_info_request *in = input;
	struct sts_get_access_key_info_response *out = output;
	char *account = arena_alloc(&call->arena, ACCOUNT_BYTES);

	if (!access_key_id_account(in->access_key_id, account))
		return fail_as(err, ERR_INVALID, "ValidationError", "Invalid Access Key ID format: %.*s", SLICE_ARG(in->access_key_id));
	out->account = (struct slice){ account, ACCOUNT_BYTES };
	return true;
}

const struct operation sts_get_access_key_info = {
	.shape = &sts_get_access_key_info_shape,
	.action = "sts:GetAccessKeyInfo",
	.authorise = sts_no_user_session,
	.access = ACCESS_READ,
	.place = PLACE_FRONT,
	.perform = perform,
};

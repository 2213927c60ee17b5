/* services/iam/list_users.c: all users, or those below a path.
 * Source: IAM API Reference (2010-05-08), ListUsers. */
#include "services/iam/listing.h"
#include "services/iam/output.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_list_users_response *out = output;
	struct listing listing;
	struct user_list users;

	if (!listing_begin(&listing, call, input, err)
	    || !users_list(call->catalog, &call->arena, call->account, &listing.page, &users, err))
		return false;
	output_users(call, &users, &out->users);
	listing_end(&listing, call, output, users.is_truncated,
	            users.count ? entity_key(&call->arena, users.items[users.count - 1].name) : SLICE_NONE);
	return true;
}

const struct operation iam_list_users = {
	.shape   = &iam_list_users_shape,
	.action  = "iam:ListUsers",
	.targets = subject_targets_users,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};

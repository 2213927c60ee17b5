/* services/iam/get_group.c: a group and, page by page, its members.
 * Source: IAM API Reference (2010-05-08), GetGroup. */
#include "auth/group_members.h"
#include "services/iam/listing.h"
#include "services/iam/output.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_group_request *in = input;
	struct iam_get_group_response *out = output;
	const struct group *group;
	struct listing listing;
	struct user_list users;

	if (!listing_begin(&listing, call, input, err))
		return false;
	group = groups_get(call->catalog, &call->arena, call->account, in->group_name, err);
	if (!group || !group_members_users(call->catalog, &call->arena, call->account, group->group_id, &listing.page, &users,
	                                   err))
		return false;
	out->group = arena_new(&call->arena, struct iam_group);
	output_group(call, group, out->group);
	output_users(call, &users, &out->users);
	listing_end(&listing, call, output, users.is_truncated,
	            users.count ? users_key(&call->arena, &users.items[users.count - 1]) : SLICE_NONE);
	return true;
}

const struct operation iam_get_group = {
	.shape   = &iam_get_group_shape,
	.action  = "iam:GetGroup",
	.targets = subject_targets,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};

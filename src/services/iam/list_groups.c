/* services/iam/list_groups.c: ListGroups and ListGroupsForUser.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/group_members.h"
#include "services/iam/listing.h"
#include "services/iam/output.h"
#include "services/iam/subject.h"

static void finish(const struct listing *listing, struct call *call, const struct group_list *groups, void *output)
{
	listing_end(listing, call, output, groups->is_truncated,
	            groups->count ? entity_key(&call->arena, groups->items[groups->count - 1].name) : SLICE_NONE);
}

static bool perform_all(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_list_groups_response *out = output;
	struct listing listing;
	struct group_list groups;

	if (!listing_begin(&listing, call, input, err)
	    || !groups_list(call->catalog, &call->arena, call->account, &listing.page, &groups, err))
		return false;
	output_groups(call, &groups, &out->groups);
	finish(&listing, call, &groups, output);
	return true;
}

static bool perform_for_user(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_list_groups_for_user_request *in = input;
	struct iam_list_groups_for_user_response *out = output;
	struct listing listing;
	struct group_list groups;
	struct subject user;

	if (!listing_begin(&listing, call, input, err) || !subject_get(call, ENTITY_USER, in->user_name, &user, err)
	    || !group_members_groups(call->catalog, &call->arena, call->account, user.id, &listing.page, &groups, err))
		return false;
	output_groups(call, &groups, &out->groups);
	finish(&listing, call, &groups, output);
	return true;
}

const struct operation iam_list_groups = {
	.shape   = &iam_list_groups_shape,
	.action  = "iam:ListGroups",
	.targets = subject_targets_groups,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_all,
};

const struct operation iam_list_groups_for_user = {
	.shape   = &iam_list_groups_for_user_shape,
	.action  = "iam:ListGroupsForUser",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_for_user,
};

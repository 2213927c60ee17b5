/* services/iam/list_roles.c: all roles, or those below a path.
 * Source: IAM API Reference (2010-05-08), ListRoles. */
#include "services/iam/listing.h"
#include "services/iam/role_output.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_list_roles_response *out = output;
	struct listing listing;
	struct role_list roles;

	if (!listing_begin(&listing, call, input, err)
	    || !roles_list(call->catalog, &call->arena, call->account, &listing.page, &roles, err))
		return false;
	out->roles.items = arena_array(&call->arena, roles.count, sizeof *out->roles.items);
	out->roles.count = roles.count;
	out->roles.is_set = true;
	for (size_t i = 0; i < roles.count; i++)
		if (!role_output_in_list(call, &roles.items[i], &out->roles.items[i], err))
			return false;
	listing_end(&listing, call, output, roles.is_truncated,
	            roles.count ? entity_key(&call->arena, roles.items[roles.count - 1].name) : SLICE_NONE);
	return true;
}

const struct operation iam_list_roles = {
	.shape   = &iam_list_roles_shape,
	.action  = "iam:ListRoles",
	.targets = subject_targets_roles,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};

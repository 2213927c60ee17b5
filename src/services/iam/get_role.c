/* services/iam/get_role.c: a role with all there is to show.
 * Source: IAM API Reference (2010-05-08), GetRole. */
#include "services/iam/output.h"
#include "services/iam/role_output.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_role_request *in = input;
	struct iam_get_role_response *out = output;
	const struct role *role = roles_get(call->catalog, &call->arena, call->account, in->role_name, err);

	if (!role)
		return false;
	out->role = arena_new(&call->arena, struct iam_role);
	if (!role_output_in_list(call, role, out->role, err))
		return false;
	out->role->permissions_boundary = output_boundary(call, role->boundary_arn);
	out->role->role_last_used = role_output_last_used(call, role);
	return output_tags_of(call, role->role_id, &out->role->tags, err);
}

const struct operation iam_get_role = {
	.shape   = &iam_get_role_shape,
	.action  = "iam:GetRole",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform,
};

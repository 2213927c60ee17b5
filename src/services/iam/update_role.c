/* services/iam/update_role.c: UpdateRole and its older form UpdateRoleDescription; what is not sent stays.
 * Source: IAM API Reference (2010-05-08). */
#include "services/iam/role_output.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_update_role_request *in = input;
	struct subject role;

	(void)output;
	return subject_get(call, ENTITY_ROLE, in->role_name, &role, err)
	    && (!in->description.ptr
	        || roles_set_description(call->catalog, call->account, role.id, in->description, err))
	    && (!in->max_session_duration.is_set
	        || roles_set_max_session(call->catalog, call->account, role.id, in->max_session_duration.value, err));
}

static bool perform_description(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_update_role_description_request *in = input;
	struct iam_update_role_description_response *out = output;
	const struct role *role = roles_get(call->catalog, &call->arena, call->account, in->role_name, err);

	if (!role || !roles_set_description(call->catalog, call->account, role->role_id, in->description, err))
		return false;
	out->role = arena_new(&call->arena, struct iam_role);
	if (!role_output(call, role, out->role, err))
		return false;
	out->role->description = in->description;
	return true;
}

const struct operation iam_update_role = {
	.shape   = &iam_update_role_shape,
	.action  = "iam:UpdateRole",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform,
};

const struct operation iam_update_role_description = {
	.shape   = &iam_update_role_description_shape,
	.action  = "iam:UpdateRoleDescription",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_description,
};

/* services/iam/delete_role.c: a role goes, if it has no policies and is in no instance profile.
 * Source: IAM API Reference (2010-05-08), DeleteRole. */
#include "auth/entity_tags.h"
#include "auth/instance_profiles.h"
#include "auth/roles.h"
#include "services/iam/leftovers.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_role_request *in = input;
	const struct page one = { .limit = 1 };
	struct instance_profile_list profiles;
	struct subject role;

	(void)output;
	if (!subject_get(call, ENTITY_ROLE, in->role_name, &role, err)
	    || !instance_profiles_list(call->catalog, &call->arena, call->account, role.id, &one, &profiles, err))
		return false;
	if (profiles.count)
		return leftovers_fail("remove roles from instance profile", err);
	return leftovers_check_policies(call, role.id, err)
	    && entity_tags_delete_all(call->catalog, call->account, role.id, err)
	    && roles_delete(call->catalog, call->account, role.id, err);
}

const struct operation iam_delete_role = {
	.shape             = &iam_delete_role_shape,
	.action            = "iam:DeleteRole",
	.targets           = subject_targets,
	.context           = subject_context,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform,
};

/* services/iam/delete_group.c: a group goes, if it has neither members nor policies.
 * Source: IAM API Reference (2010-05-08), DeleteGroup. */
#include "auth/group_members.h"
#include "services/iam/leftovers.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_group_request *in = input;
	struct subject group;
	bool any_user;

	(void)output;
	if (!subject_get(call, ENTITY_GROUP, in->group_name, &group, err)
	    || !group_members_any_user(call->catalog, call->account, group.id, &any_user, err))
		return false;
	if (any_user)
		return leftovers_fail("remove users from group", err);
	return leftovers_check_policies(call, group.id, err)
	    && groups_delete(call->catalog, call->account, group.id, err);
}

const struct operation iam_delete_group = {
	.shape             = &iam_delete_group_shape,
	.action            = "iam:DeleteGroup",
	.targets           = subject_targets,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform,
};

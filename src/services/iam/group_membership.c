/* services/iam/group_membership.c: AddUserToGroup and RemoveUserFromGroup; doing either again changes nothing.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/group_members.h"
#include "services/iam/member.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

/* AWS looks for the user first. */
static bool both(struct call *call, const void *input, struct subject *group, struct subject *user, struct error *err)
{
	return subject_get(call, ENTITY_USER, member_text(call, input, S("UserName")), user, err)
	    && subject_get(call, ENTITY_GROUP, member_text(call, input, S("GroupName")), group, err);
}

static bool perform_add(struct call *call, const void *input, void *output, struct error *err)
{
	struct subject group, user;

	(void)output;
	return both(call, input, &group, &user, err)
	    && group_members_insert(call->catalog, call->account, group.id, user.id, err);
}

static bool perform_remove(struct call *call, const void *input, void *output, struct error *err)
{
	struct subject group, user;

	(void)output;
	return both(call, input, &group, &user, err)
	    && group_members_delete(call->catalog, call->account, group.id, user.id, err);
}

const struct operation iam_add_user_to_group = {
	.shape             = &iam_add_user_to_group_shape,
	.action            = "iam:AddUserToGroup",
	.targets           = subject_targets,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform_add,
};

const struct operation iam_remove_user_from_group = {
	.shape             = &iam_remove_user_from_group_shape,
	.action            = "iam:RemoveUserFromGroup",
	.targets           = subject_targets,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform_remove,
};

/* services/iam/delete_user.c: a user goes, if nothing of theirs is left.
 * Source: IAM API Reference (2010-05-08), DeleteUser. */
#include "auth/access_keys.h"
#include "auth/attachments.h"
#include "auth/entity_tags.h"
#include "auth/group_members.h"
#include "auth/inline_policies.h"
#include "auth/login_profiles.h"
#include "auth/password_history.h"
#include "auth/users.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool fail_conflict(struct error *err, const char *what)
{
	return fail_as(err, ERR_CONFLICT, "DeleteConflict", "Cannot delete entity, must %s first.", what);
}

static bool has_nothing_left(struct call *call, struct slice user_id, struct error *err)
{
	struct attachment_list attachments;
	struct access_key_list keys;
	bool any_inline, any_group;

	if (!access_keys_list(call->catalog, &call->arena, call->account, user_id, &keys, err)
	    || !attachments_list(call->catalog, &call->arena, call->account, user_id, &attachments, err)
	    || !inline_policies_any(call->catalog, call->account, user_id, &any_inline, err)
	    || !group_members_any_group(call->catalog, call->account, user_id, &any_group, err))
		return false;
	if (any_group)
		return fail_conflict(err, "remove users from group");
	if (attachments.count)
		return fail_conflict(err, "detach all policies");
	if (any_inline)
		return fail_conflict(err, "delete policies");
	if (keys.count)
		return fail_conflict(err, "delete access keys");
	if (login_profiles_find(call->catalog, &call->arena, call->account, user_id, err))
		return fail_conflict(err, "delete login profile");
	return err->kind == ERR_NONE;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_user_request *in = input;
	const struct user *user = users_get(call->catalog, &call->arena, call->account, in->user_name, err);

	(void)output;
	return user && has_nothing_left(call, user->user_id, err)
	    && entity_tags_delete_all(call->catalog, call->account, user->user_id, err)
	    && password_history_delete(call->catalog, call->account, user->user_id, err)
	    && users_delete(call->catalog, call->account, user->user_id, err);
}

const struct operation iam_delete_user = {
	.shape             = &iam_delete_user_shape,
	.action            = "iam:DeleteUser",
	.targets           = subject_targets,
	.context           = subject_context,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform,
};

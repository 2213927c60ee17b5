/* services/iam/delete_user.c: a user goes, if nothing of theirs is left.
 * Source: IAM API Reference (2010-05-08), DeleteUser. */
#include "auth/access_keys.h"
#include "auth/entity_tags.h"
#include "auth/group_members.h"
#include "auth/login_profiles.h"
#include "auth/mfa_devices.h"
#include "auth/password_history.h"
#include "services/iam/leftovers.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool has_nothing_left(struct call *call, struct slice user_id, struct error *err)
{
	struct mfa_device_list devices;
	struct access_key_list keys;
	bool any_group;

	if (!group_members_any_group(call->catalog, call->account, user_id, &any_group, err)
	    || !access_keys_list(call->catalog, &call->arena, call->account, user_id, &keys, err))
		return false;
	if (any_group)
		return leftovers_fail("remove users from group", err);
	if (!leftovers_check_policies(call, user_id, err))
		return false;
	if (keys.count)
		return leftovers_fail("delete access keys", err);
	if (login_profiles_find(call->catalog, &call->arena, call->account, user_id, err))
		return leftovers_fail("delete login profile", err);
	if (err->kind != ERR_NONE || !mfa_devices_list(call->catalog, &call->arena, call->account, user_id, &devices, err))
		return false;
	return devices.count == 0 || leftovers_fail("delete MFA device", err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_user_request *in = input;
	struct subject user;

	(void)output;
	return subject_get(call, ENTITY_USER, in->user_name, &user, err)
	    && has_nothing_left(call, user.id, err)
	    && entity_tags_delete_all(call->catalog, call->account, user.id, err)
	    && password_history_delete(call->catalog, call->account, user.id, err)
	    && users_delete(call->catalog, call->account, user.id, err);
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

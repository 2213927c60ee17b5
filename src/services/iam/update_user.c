/* services/iam/update_user.c: another name or path for a user, whose unique id stays.
 * Source: IAM API Reference (2010-05-08), UpdateUser. */
#include "auth/users.h"
#include "services/authorisation.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

/* Both the old and the new ARN must be allowed. */
static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_update_user_request *in = input;
	struct error ignored = { 0 };
	const struct user *user = users_find(call->catalog, &call->arena, call->account, in->user_name, &ignored);
	struct slice old_path = user ? user->path : S("/");

	subject_targets(call, input, targets);
	if (in->new_user_name.ptr || in->new_path.ptr)
		authorisation_add(targets, SLICE_NONE,
		                   entity_arn(&call->arena, ENTITY_USER, call->account, in->new_path.ptr ? in->new_path : old_path,
		                              in->new_user_name.ptr ? in->new_user_name : in->user_name),
		                   targets->items[0].shown);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_update_user_request *in = input;
	const struct user *user = users_get(call->catalog, &call->arena, call->account, in->user_name, err);

	(void)output;
	return user
	    && users_rename(call->catalog, call->account, user->user_id, in->new_user_name.ptr ? in->new_user_name : user->name,
	                    in->new_path.ptr ? in->new_path : user->path, err);
}

const struct operation iam_update_user = {
	.shape             = &iam_update_user_shape,
	.action            = "iam:UpdateUser",
	.targets           = targets,
	.context           = subject_context,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform,
};

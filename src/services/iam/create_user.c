/* services/iam/create_user.c: a new user.
 * Source: IAM API Reference (2010-05-08), CreateUser. */
#include "auth/users.h"
#include "services/iam/boundary.h"
#include "services/iam/output.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"
#include "services/iam/tag_rules.h"

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_create_user_request *in = input;

	subject_targets_new(call, input, ENTITY_USER, in->user_name, "iam:TagUser", targets);
}

/* The hot one of all changes: three statements, and one more a tag. */
static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_user_request *in = input;
	struct iam_create_user_response *out = output;
	const struct user user = {
		.name = in->user_name,
		.path = in->path.ptr ? in->path : S("/"),
		.user_id = entity_new_id(&call->arena, call->random, ENTITY_USER),
		.created_ms = call->now_ms,
		.boundary_arn = in->permissions_boundary,
	};

	if (!boundary_check(call, in->permissions_boundary, err)
	    || !users_insert(call->catalog, call->account, &user, err)
	    || !tag_rules_apply(call, user.user_id, &in->tags, err))
		return false;
	out->user = arena_new(&call->arena, struct iam_user);
	output_user(call, &user, out->user);
	out->user->tags = in->tags;
	return true;
}

const struct operation iam_create_user = {
	.shape   = &iam_create_user_shape,
	.action  = "iam:CreateUser",
	.targets = targets,
	.context = subject_context_new,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform,
};

/* services/iam/create_role.c: a new role and who may assume it.
 * Source: IAM API Reference (2010-05-08), CreateRole. */
#include "services/iam/boundary.h"
#include "services/iam/output.h"
#include "services/iam/role_output.h"
#include "services/iam/subject.h"
#include "services/iam/tag_rules.h"
#include "services/iam/trust.h"

enum { MAX_SESSION_S_DEFAULT = 3600 };

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_create_role_request *in = input;

	subject_targets_new(call, input, ENTITY_ROLE, in->role_name, "iam:TagRole", targets);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_role_request *in = input;
	struct iam_create_role_response *out = output;
	struct role role = {
		.name = in->role_name,
		.path = in->path.ptr ? in->path : S("/"),
		.role_id = entity_new_id(&call->arena, call->random, ENTITY_ROLE),
		.created_ms = call->now_ms,
		.description = in->description,
		.max_session_s = in->max_session_duration.is_set ? in->max_session_duration.value : MAX_SESSION_S_DEFAULT,
		.boundary_arn = in->permissions_boundary,
	};

	if (!trust_to_store(call, in->assume_role_policy_document, &role.trust_policy, err)
	    || !boundary_check(call, in->permissions_boundary, err)
	    || !roles_insert(call->catalog, call->account, &role, err)
	    || !tag_rules_apply(call, role.role_id, &in->tags, err))
		return false;
	out->role = arena_new(&call->arena, struct iam_role);
	if (!role_output(call, &role, out->role, err))
		return false;
	out->role->permissions_boundary = output_boundary(call, role.boundary_arn);
	out->role->tags = in->tags;
	return true;
}

const struct operation iam_create_role = {
	.shape   = &iam_create_role_shape,
	.action  = "iam:CreateRole",
	.targets = targets,
	.context = subject_context_new,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform,
};

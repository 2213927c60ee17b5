/* services/iam/create_group.c: a new group.
 * Source: IAM API Reference (2010-05-08), CreateGroup. */
#include "services/iam/output.h"
#include "services/iam/subject.h"

static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_create_group_request *in = input;

	subject_targets_new(call, input, ENTITY_GROUP, in->group_name, NULL, targets);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_group_request *in = input;
	struct iam_create_group_response *out = output;
	const struct group group = {
		.name = in->group_name,
		.path = in->path.ptr ? in->path : S("/"),
		.group_id = entity_new_id(&call->arena, call->random, ENTITY_GROUP),
		.created_ms = call->now_ms,
	};

	if (!groups_insert(call->catalog, call->account, &group, err))
		return false;
	out->group = arena_new(&call->arena, struct iam_group);
	output_group(call, &group, out->group);
	return true;
}

const struct operation iam_create_group = {
	.shape   = &iam_create_group_shape,
	.action  = "iam:CreateGroup",
	.targets = targets,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform,
};

/* services/iam/update_group.c: another name or path for a group, whose unique id stays.
 * Source: IAM API Reference (2010-05-08), UpdateGroup. */
#include "auth/groups.h"
#include "services/authorisation.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

/* Both the old and the new ARN must be allowed. */
static void targets(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_update_group_request *in = input;
	struct error ignored = { 0 };
	const struct group *group = groups_find(call->catalog, &call->arena, call->account, in->group_name, &ignored);
	struct slice old_path = group ? group->path : S("/");

	subject_targets(call, input, targets);
	if (in->new_group_name.ptr || in->new_path.ptr)
		authorisation_add(targets, SLICE_NONE,
		                  entity_arn(&call->arena, ENTITY_GROUP, call->account, in->new_path.ptr ? in->new_path : old_path,
		                             in->new_group_name.ptr ? in->new_group_name : in->group_name),
		                  targets->items[0].shown);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_update_group_request *in = input;
	const struct group *group = groups_get(call->catalog, &call->arena, call->account, in->group_name, err);

	(void)output;
	return group
	    && groups_rename(call->catalog, call->account, group->group_id,
	                     in->new_group_name.ptr ? in->new_group_name : group->name,
	                     in->new_path.ptr ? in->new_path : group->path, err);
}

const struct operation iam_update_group = {
	.shape             = &iam_update_group_shape,
	.action            = "iam:UpdateGroup",
	.targets           = targets,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform,
};

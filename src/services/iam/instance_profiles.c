/* services/iam/instance_profiles.c: CreateInstanceProfile, GetInstanceProfile, DeleteInstanceProfile.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/instance_profiles.h"

#include "services/iam/leftovers.h"
#include "services/iam/output.h"
#include "services/iam/role_output.h"
#include "services/iam/subject.h"
#include "services/iam/tag_rules.h"

static void targets_create(struct call *call, const void *input, struct targets *targets)
{
	const struct iam_create_instance_profile_request *in = input;

	subject_targets_new(call, input, ENTITY_INSTANCE_PROFILE, in->instance_profile_name, "iam:TagInstanceProfile", targets);
}

static bool perform_create(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_instance_profile_request *in = input;
	struct iam_create_instance_profile_response *out = output;
	const struct instance_profile profile = {
		.name = in->instance_profile_name,
		.path = in->path.ptr ? in->path : S("/"),
		.profile_id = entity_new_id(&call->arena, call->random, ENTITY_INSTANCE_PROFILE),
		.created_ms = call->now_ms,
	};

	if (!instance_profiles_insert(call->catalog, call->account, &profile, err)
	    || !tag_rules_apply(call, profile.profile_id, &in->tags, err))
		return false;
	out->instance_profile = arena_new(&call->arena, struct iam_instance_profile);
	if (!role_output_profile(call, &profile, out->instance_profile, err))
		return false;
	out->instance_profile->tags = in->tags;
	return true;
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_get_instance_profile_request *in = input;
	struct iam_get_instance_profile_response *out = output;
	const struct instance_profile *profile = instance_profiles_get(call->catalog, &call->arena, call->account,
	                                                               in->instance_profile_name, err);

	if (!profile)
		return false;
	out->instance_profile = arena_new(&call->arena, struct iam_instance_profile);
	if (!role_output_profile(call, profile, out->instance_profile, err)
	    || !output_tags_of(call, profile->profile_id, &out->instance_profile->tags, err))
		return false;
	out->instance_profile->tags.is_set = true;
	return true;
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_instance_profile_request *in = input;
	const struct instance_profile *profile = instance_profiles_get(call->catalog, &call->arena, call->account,
	                                                               in->instance_profile_name, err);

	(void)output;
	if (!profile)
		return false;
	if (profile->role_id.ptr)
		return leftovers_fail("remove roles from instance profile", err);
	return entity_tags_delete_all(call->catalog, call->account, profile->profile_id, err)
	    && instance_profiles_delete(call->catalog, call->account, profile->profile_id, err);
}

const struct operation iam_create_instance_profile = {
	.shape   = &iam_create_instance_profile_shape,
	.action  = "iam:CreateInstanceProfile",
	.targets = targets_create,
	.context = subject_context_new,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_create,
};

const struct operation iam_get_instance_profile = {
	.shape   = &iam_get_instance_profile_shape,
	.action  = "iam:GetInstanceProfile",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_get,
};

const struct operation iam_delete_instance_profile = {
	.shape   = &iam_delete_instance_profile_shape,
	.action  = "iam:DeleteInstanceProfile",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_delete,
};

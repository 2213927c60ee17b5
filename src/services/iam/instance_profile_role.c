/* services/iam/instance_profile_role.c: AddRoleToInstanceProfile and RemoveRoleFromInstanceProfile.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/instance_profiles.h"
#include "services/authorisation.h"
#include "services/iam/member.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static const struct instance_profile *get_both(struct call *call, const void *input, struct subject *role,
                                               struct error *err)
{
	struct slice profile_name = member_text(call, input, S("InstanceProfileName"));
	const struct instance_profile *profile = instance_profiles_get(call->catalog, &call->arena, call->account,
	                                                               profile_name, err);

	return profile && subject_get(call, ENTITY_ROLE, member_text(call, input, S("RoleName")), role, err) ? profile : NULL;
}

/* Whoever puts a role into a profile hands it to the machines: iam:PassRole is asked for too. */
static void targets_add(struct call *call, const void *input, struct targets *targets)
{
	struct slice role_name = member_text(call, input, S("RoleName"));
	struct error ignored = { 0 };
	struct subject role;
	struct slice arn;

	subject_targets(call, input, targets);
	arn = subject_get(call, ENTITY_ROLE, role_name, &role, &ignored)
	    ? entity_arn(&call->arena, ENTITY_ROLE, call->account, role.path, role.name)
	    : entity_arn(&call->arena, ENTITY_ROLE, call->account, S("/"), role_name);
	authorisation_add(targets, S("iam:PassRole"), arn, SLICE_NONE);
}

static void context_add(struct call *call, const void *input, struct context *context)
{
	subject_context(call, input, context);
	context_set(context, S("iam:PassedToService"), S("ec2.amazonaws.com"));
}

static bool perform_add(struct call *call, const void *input, void *output, struct error *err)
{
	struct subject role;
	const struct instance_profile *profile = get_both(call, input, &role, err);

	(void)output;
	if (!profile)
		return false;
	if (profile->role_id.ptr)
		return fail_as(err, ERR_CONFLICT, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
	return instance_profiles_set_role(call->catalog, call->account, profile->profile_id, role.id, err);
}

static bool perform_remove(struct call *call, const void *input, void *output, struct error *err)
{
	struct subject role;
	const struct instance_profile *profile = get_both(call, input, &role, err);

	(void)output;
	if (!profile)
		return false;
	if (!slice_equal(profile->role_id, role.id))
		return fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "Role %.*s in Instance Profile %.*s cannot be found.",
		               SLICE_ARG(role.name), SLICE_ARG(profile->name));
	return instance_profiles_set_role(call->catalog, call->account, profile->profile_id, SLICE_NONE, err);
}

const struct operation iam_add_role_to_instance_profile = {
	.shape   = &iam_add_role_to_instance_profile_shape,
	.action  = "iam:AddRoleToInstanceProfile",
	.targets = targets_add,
	.context = context_add,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_add,
};

const struct operation iam_remove_role_from_instance_profile = {
	.shape   = &iam_remove_role_from_instance_profile_shape,
	.action  = "iam:RemoveRoleFromInstanceProfile",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.perform = perform_remove,
};

/* services/iam/list_instance_profiles.c: ListInstanceProfiles and ListInstanceProfilesForRole.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/instance_profiles.h"
#include "services/iam/listing.h"
#include "services/iam/member.h"
#include "services/iam/role_output.h"
#include "services/iam/subject.h"

static bool list(struct call *call, const void *input, struct slice role_id, void *output, struct error *err)
{
	struct iam_instance_profile_list *out = member_output(call, output, S("InstanceProfiles"));
	struct instance_profile_list profiles;
	struct listing listing;

	if (!listing_begin(&listing, call, input, err)
	    || !instance_profiles_list(call->catalog, &call->arena, call->account, role_id, &listing.page, &profiles, err)
	    || !role_output_profiles(call, &profiles, out, err))
		return false;
	listing_end(&listing, call, output, profiles.is_truncated,
	            profiles.count ? entity_key(&call->arena, profiles.items[profiles.count - 1].name) : SLICE_NONE);
	return true;
}

static bool perform_all(struct call *call, const void *input, void *output, struct error *err)
{
	return list(call, input, SLICE_NONE, output, err);
}

static bool perform_for_role(struct call *call, const void *input, void *output, struct error *err)
{
	struct subject role;

	return subject_of_input(call, input, &role, err) && list(call, input, role.id, output, err);
}

const struct operation iam_list_instance_profiles = {
	.shape   = &iam_list_instance_profiles_shape,
	.action  = "iam:ListInstanceProfiles",
	.targets = subject_targets_instance_profiles,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_all,
};

const struct operation iam_list_instance_profiles_for_role = {
	.shape   = &iam_list_instance_profiles_for_role_shape,
	.action  = "iam:ListInstanceProfilesForRole",
	.targets = subject_targets,
	.context = subject_context,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_for_role,
};

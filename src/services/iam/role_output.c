/* services/iam/role_output.c: trust policies are shown with ARNs, see auth/trust_principals.h. */
#include "services/iam/role_output.h"

#include "auth/entity.h"
#include "auth/trust_principals.h"

bool role_output(struct call *call, const struct role *role, struct iam_role *out, struct error *err)
{
	struct slice trust_policy = trust_principals_show(call->catalog, &call->arena, role->trust_policy, err);

	*out = (struct iam_role){
		.path = role->path,
		.role_name = role->name,
		.role_id = role->role_id,
		.arn = entity_arn(&call->arena, ENTITY_ROLE, call->account, role->path, role->name),
		.create_date = SET_TIME(role->created_ms),
		.assume_role_policy_document = trust_policy,
	};
	return trust_policy.ptr != NULL;
}

bool role_output_in_list(struct call *call, const struct role *role, struct iam_role *out, struct error *err)
{
	if (!role_output(call, role, out, err))
		return false;
	out->description = role->description;
	out->max_session_duration = SET_I64(role->max_session_s);
	return true;
}

struct iam_role_last_used *role_output_last_used(struct call *call, const struct role *role)
{
	struct iam_role_last_used *last_used = arena_new(&call->arena, struct iam_role_last_used);

	if (role->last_used_ms) {
		last_used->last_used_date = SET_TIME(role->last_used_ms);
		last_used->region = role->last_used_region;
	}
	return last_used;
}

bool role_output_profile(struct call *call, const struct instance_profile *profile, struct iam_instance_profile *out,
                         struct error *err)
{
	const struct role *role;

	*out = (struct iam_instance_profile){
		.path = profile->path,
		.instance_profile_name = profile->name,
		.instance_profile_id = profile->profile_id,
		.arn = entity_arn(&call->arena, ENTITY_INSTANCE_PROFILE, call->account, profile->path, profile->name),
		.create_date = SET_TIME(profile->created_ms),
		.roles = { .is_set = true },
	};
	if (!profile->role_id.ptr)
		return true;
	role = roles_find_by_id(call->catalog, &call->arena, call->account, profile->role_id, err);
	if (!role)
		return err->kind == ERR_NONE;
	out->roles.items = arena_new(&call->arena, struct iam_role);
	out->roles.count = 1;
	return role_output(call, role, out->roles.items, err);
}

bool role_output_profiles(struct call *call, const struct instance_profile_list *profiles,
                          struct iam_instance_profile_list *out, struct error *err)
{
	out->items = arena_array(&call->arena, profiles->count, sizeof *out->items);
	out->count = profiles->count;
	out->is_set = true;
	for (size_t i = 0; i < profiles->count; i++)
		if (!role_output_profile(call, &profiles->items[i], &out->items[i], err))
			return false;
	return true;
}

/* services/iam/authorization_details.c: gathered from the tables, a few queries an entity. */
#include "services/iam/authorization_details.h"

#include "auth/attachments.h"
#include "auth/entity.h"
#include "auth/group_members.h"
#include "auth/inline_policies.h"
#include "services/iam/output.h"
#include "services/iam/policy_output.h"
#include "services/iam/role_output.h"

static bool inline_policies(struct call *call, struct slice entity_id, struct iam_policy_detail_list *out,
                            struct error *err)
{
	struct inline_policy_list policies;

	if (!inline_policies_list(call->catalog, &call->arena, call->account, entity_id, &PAGE_ALL, &policies, err))
		return false;
	out->items = arena_array(&call->arena, policies.count, sizeof *out->items);
	out->count = policies.count;
	for (size_t i = 0; i < policies.count; i++)
		out->items[i] = (struct iam_policy_detail){ policies.items[i].name, policies.items[i].document };
	return true;
}

static bool attached_policies(struct call *call, struct slice entity_id, struct iam_attached_policy_list *out,
                              struct error *err)
{
	struct attachment_list attachments;

	if (!attachments_list(call->catalog, &call->arena, call->account, entity_id, &attachments, err))
		return false;
	out->items = arena_array(&call->arena, attachments.count, sizeof *out->items);
	out->is_set = true;
	for (size_t i = 0; i < attachments.count; i++) {
		struct entity_arn_parts parts;

		if (entity_arn_parse(ENTITY_POLICY, attachments.items[i], &parts))
			out->items[out->count++] = (struct iam_attached_policy){ parts.name, attachments.items[i] };
	}
	return true;
}

bool authorization_details_user(struct call *call, const struct user *user, struct iam_user_detail *out,
                                struct error *err)
{
	struct group_list groups;

	*out = (struct iam_user_detail){
		.path = user->path,
		.user_name = user->name,
		.user_id = user->user_id,
		.arn = entity_arn(&call->arena, ENTITY_USER, call->account, user->path, user->name),
		.create_date = SET_TIME(user->created_ms),
		.permissions_boundary = output_boundary(call, user->boundary_arn),
	};
	if (!group_members_groups(call->catalog, &call->arena, call->account, user->user_id, &PAGE_ALL, &groups, err))
		return false;
	out->group_list.items = arena_array(&call->arena, groups.count, sizeof *out->group_list.items);
	out->group_list.is_set = true;
	for (size_t i = 0; i < groups.count; i++)
		out->group_list.items[out->group_list.count++] = groups.items[i].name;
	return inline_policies(call, user->user_id, &out->user_policy_list, err)
	    && attached_policies(call, user->user_id, &out->attached_managed_policies, err)
	    && output_tags_of(call, user->user_id, &out->tags, err);
}

bool authorization_details_group(struct call *call, const struct group *group, struct iam_group_detail *out,
                                 struct error *err)
{
	*out = (struct iam_group_detail){
		.path = group->path,
		.group_name = group->name,
		.group_id = group->group_id,
		.arn = entity_arn(&call->arena, ENTITY_GROUP, call->account, group->path, group->name),
		.create_date = SET_TIME(group->created_ms),
		.group_policy_list = { .is_set = true },
	};
	return inline_policies(call, group->group_id, &out->group_policy_list, err)
	    && attached_policies(call, group->group_id, &out->attached_managed_policies, err);
}

bool authorization_details_role(struct call *call, const struct role *role, struct iam_role_detail *out,
                                struct error *err)
{
	struct instance_profile_list profiles;
	struct iam_role shown;

	if (!role_output(call, role, &shown, err)
	    || !instance_profiles_list(call->catalog, &call->arena, call->account, role->role_id, &PAGE_ALL, &profiles, err))
		return false;
	*out = (struct iam_role_detail){
		.path = shown.path,
		.role_name = shown.role_name,
		.role_id = shown.role_id,
		.arn = shown.arn,
		.create_date = shown.create_date,
		.assume_role_policy_document = shown.assume_role_policy_document,
		.role_policy_list = { .is_set = true },
		.permissions_boundary = output_boundary(call, role->boundary_arn),
		.role_last_used = role_output_last_used(call, role),
	};
	return role_output_profiles(call, &profiles, &out->instance_profile_list, err)
	    && inline_policies(call, role->role_id, &out->role_policy_list, err)
	    && attached_policies(call, role->role_id, &out->attached_managed_policies, err)
	    && output_tags_of(call, role->role_id, &out->tags, err);
}

bool authorization_details_policy(struct call *call, const struct policy_ref *policy,
                                  struct iam_managed_policy_detail *out, struct error *err)
{
	struct policy_version_list versions;
	struct iam_policy shown;

	if (!policy_output(call, &policy->row, &shown, err) || !policy_output_versions(call, policy, &versions, err))
		return false;
	*out = (struct iam_managed_policy_detail){
		.policy_name = shown.policy_name,
		.policy_id = shown.policy_id,
		.arn = shown.arn,
		.path = shown.path,
		.default_version_id = shown.default_version_id,
		.attachment_count = shown.attachment_count,
		.permissions_boundary_usage_count = shown.permissions_boundary_usage_count,
		.is_attachable = shown.is_attachable,
		.description = policy->row.description,
		.create_date = shown.create_date,
		.update_date = shown.update_date,
	};
	out->policy_version_list.items = arena_array(&call->arena, versions.count, sizeof *out->policy_version_list.items);
	out->policy_version_list.count = versions.count;
	for (size_t i = 0; i < versions.count; i++) {
		policy_output_version(call, &versions.items[i], policy->row.default_version, &out->policy_version_list.items[i]);
		out->policy_version_list.items[i].document = versions.items[i].document;
	}
	return true;
}

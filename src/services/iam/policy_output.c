/* services/iam/policy_output.c: AWS's own policies have the one version that spoor has of them. */
#include "services/iam/policy_output.h"

#include "auth/attachments.h"
#include "auth/roles.h"
#include "auth/users.h"

bool policy_output_uses(struct call *call, struct slice arn, struct maybe_i64 *attached, struct maybe_i64 *boundary,
                        struct error *err)
{
	int64_t entities, users, roles;

	if (!attachments_count(call->catalog, call->account, arn, &entities, err)
	    || !users_count_by_boundary(call->catalog, call->account, arn, &users, err)
	    || !roles_count_by_boundary(call->catalog, call->account, arn, &roles, err))
		return false;
	*attached = SET_I64(entities);
	*boundary = SET_I64(users + roles);
	return true;
}

struct slice policy_output_version_id(struct call *call, int64_t version)
{
	return arena_format(&call->arena, "v%" PRId64, version);
}

bool policy_output_version_number(struct slice version_id, int64_t *version)
{
	return version_id.len > 1 && version_id.ptr[0] == 'v' && slice_to_i64(slice_from(version_id, 1), version);
}

bool policy_output(struct call *call, const struct managed_policy *policy, struct iam_policy *out, struct error *err)
{
	*out = (struct iam_policy){
		.policy_name = policy->name,
		.policy_id = policy->policy_id,
		.arn = policy->arn,
		.path = policy->path,
		.default_version_id = policy_output_version_id(call, policy->default_version),
		.is_attachable = SET_BOOL(true),
		.create_date = SET_TIME(policy->created_ms),
		.update_date = SET_TIME(policy->updated_ms),
	};
	return policy_output_uses(call, policy->arn, &out->attachment_count, &out->permissions_boundary_usage_count, err);
}

void policy_output_version(struct call *call, const struct policy_version *version, int64_t default_version,
                           struct iam_policy_version *out)
{
	*out = (struct iam_policy_version){
		.version_id = policy_output_version_id(call, version->version),
		.is_default_version = SET_BOOL(version->version == default_version),
		.create_date = SET_TIME(version->created_ms),
	};
}

bool policy_output_versions(struct call *call, const struct policy_ref *policy, struct policy_version_list *list,
                            struct error *err)
{
	if (!policy->is_aws)
		return policy_versions_list(call->catalog, &call->arena, call->account, policy->row.policy_id, list, err);
	list->items = arena_new(&call->arena, struct policy_version);
	list->items[0] = (struct policy_version){
		.version = policy->row.default_version, .document = policy->aws_document, .created_ms = policy->row.updated_ms
	};
	list->count = 1;
	return true;
}

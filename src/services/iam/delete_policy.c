/* services/iam/delete_policy.c: a managed policy goes, if nobody uses it and only its default version is left.
 * Source: IAM API Reference (2010-05-08), DeletePolicy. */
#include "auth/entity_tags.h"
#include "services/iam/policy_output.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_policy_request *in = input;
	struct maybe_i64 attached, boundary;
	struct policy_version_list versions;
	struct policy_ref policy;
	bool deleted;

	(void)output;
	if (!policy_ref_check_own(call, in->policy_arn, err)
	    || !policy_ref_get(call, in->policy_arn, "was not found", &policy, err)
	    || !policy_output_uses(call, policy.row.arn, &attached, &boundary, err)
	    || !policy_output_versions(call, &policy, &versions, err))
		return false;
	if (attached.value > 0 || boundary.value > 0)
		return fail_as(err, ERR_CONFLICT, "DeleteConflict", "Cannot delete a policy attached to entities.");
	if (versions.count > 1)
		return fail_as(err, ERR_CONFLICT, "DeleteConflict",
		               "This policy has more than one version. Before you delete a policy, you must delete the policy's"
		               " versions. The default version is deleted with the policy.");
	return policy_versions_delete(call->catalog, call->account, policy.row.policy_id, policy.row.default_version, &deleted,
	                              err)
	    && entity_tags_delete_all(call->catalog, call->account, policy.row.policy_id, err)
	    && policies_delete(call->catalog, call->account, policy.row.policy_id, err);
}

const struct operation iam_delete_policy = {
	.shape   = &iam_delete_policy_shape,
	.action  = "iam:DeletePolicy",
	.targets = policy_ref_targets,
	.context = policy_ref_context,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.changes_authority = true,               /* attached to nobody, but sessions may be narrowed by it */
	.perform = perform,
};

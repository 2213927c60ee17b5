/* services/iam/update_assume_role_policy.c: who may assume a role, anew.
 * Source: IAM API Reference (2010-05-08), UpdateAssumeRolePolicy. */
#include "auth/roles.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"
#include "services/iam/trust.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_update_assume_role_policy_request *in = input;
	struct subject role;
	struct slice stored;

	(void)output;
	return subject_get(call, ENTITY_ROLE, in->role_name, &role, err)
	    && trust_to_store(call, in->policy_document, &stored, err)
	    && roles_set_trust_policy(call->catalog, call->account, role.id, stored, err);
}

const struct operation iam_update_assume_role_policy = {
	.shape             = &iam_update_assume_role_policy_shape,
	.action            = "iam:UpdateAssumeRolePolicy",
	.targets           = subject_targets,
	.context           = subject_context,
	.access            = ACCESS_WRITE,
	.place             = PLACE_WRITER,
	.changes_authority = true,
	.perform           = perform,
};

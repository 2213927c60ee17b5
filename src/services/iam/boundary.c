/* services/iam/boundary.c: AWS names the two ways of being wrong differently from those of attaching. */
#include "services/iam/boundary.h"

#include "services/iam/policy_ref.h"

bool boundary_check(struct call *call, struct slice boundary_arn, struct error *err)
{
	struct policy_ref policy;
	bool found;

	if (!boundary_arn.ptr)
		return true;
	if (!policy_ref_find(call, boundary_arn, "InvalidInput", &policy, &found, err))
		return false;
	return found
	    || fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "Scope ARN: %.*s does not exist or is not attachable.",
	               SLICE_ARG(boundary_arn));
}

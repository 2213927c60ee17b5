/* services/iam/trust.c: the quota counts what was sent, not what is stored. */
#include "services/iam/trust.h"

#include "auth/policy_size.h"
#include "auth/policy_validate.h"
#include "auth/trust_principals.h"

bool trust_to_store(struct call *call, struct slice document, struct slice *stored, struct error *err)
{
	if (!policy_size_check(QUOTA_TRUST_POLICY, policy_size_characters(document), SLICE_NONE, err))
		return false;
	*stored = trust_principals_store(call->catalog, &call->arena, POLICY_TRUST, document, err);
	return stored->ptr != NULL;
}

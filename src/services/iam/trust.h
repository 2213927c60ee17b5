/* services/iam/trust.h: a trust policy from a call: its size, its form, the principals it names.
 * Source: IAM User Guide, "IAM and AWS STS quotas", "Roles terms and concepts". */
#ifndef SPOOR_SERVICES_IAM_TRUST_H
#define SPOOR_SERVICES_IAM_TRUST_H

#include "services/operation.h"

/* Errors: ERR_INVALID "MalformedPolicyDocument"; ERR_CONFLICT "LimitExceeded" above the quota. */
bool trust_to_store(struct call *call, struct slice document, struct slice *stored, struct error *err);

#endif

/* auth/trust_principals.h: the principals of trust and bucket policies, by ARN outside and by unique id inside.
 *
 * When such a policy is saved, a user or role of an account that lives here is replaced by its unique id, so that
 * somebody who gets the name of a deleted user does not inherit the trust. When it is shown, ids become ARNs again as
 * long as their owner exists; ids of deleted ones stay. Source: IAM User Guide, "AWS JSON policy elements: Principal". */
#ifndef SPOOR_AUTH_TRUST_PRINCIPALS_H
#define SPOOR_AUTH_TRUST_PRINCIPALS_H

#include "auth/policy_validate.h"

struct catalog;

/* Checks a document of that kind, and that its principals exist where they can be looked up; returns it as it is to be
 * stored. SLICE_NONE on failure. Errors: ERR_INVALID "MalformedPolicyDocument". */
struct slice trust_principals_store(struct catalog *catalog, struct arena *arena, enum policy_kind kind,
                                    struct slice document, struct error *err);

/* A stored document as it is to be shown. SLICE_NONE on failure. */
struct slice trust_principals_show(struct catalog *catalog, struct arena *arena, struct slice stored,
                                   struct error *err);

#endif

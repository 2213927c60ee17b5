/* auth/policy_validate.h: may this document be saved? Each refusal is AWS's MalformedPolicyDocument with its words.
 *
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language". */
#ifndef SPOOR_AUTH_POLICY_VALIDATE_H
#define SPOOR_AUTH_POLICY_VALIDATE_H

#include "base/arena.h"

enum policy_kind {
	POLICY_IDENTITY,          /* of a user, group or role, managed or inline; also a permissions boundary */
	POLICY_TRUST,             /* of a role: who may assume it */
	POLICY_RESOURCE,          /* of a bucket, topic or key */
	POLICY_SESSION,           /* passed to AssumeRole and GetFederationToken */
	POLICY_KIND_COUNT
};

struct policy_rules {
	enum policy_kind kind;

	/* Is there such a user, role, session or account? `principal` is what an AWS member of Principal names: an ARN, an
	 * account or a unique id. NULL: everything well formed exists. */
	bool           (*principal_exists)(void *user, struct slice principal);
	void            *user;
};

/* Whatever is accepted compiles. Nothing in `scratch` is needed afterwards.
 * Errors: ERR_INVALID "MalformedPolicyDocument"; ERR_LIMIT. */
bool policy_validate(struct arena *scratch, struct slice document, const struct policy_rules *rules, struct error *err);

#endif

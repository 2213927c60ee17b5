/* auth/policy_validate.h: may this document be saved? Each refusal is AWS's MalformedPolicyDocument with its words.
 *
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM and AWS STS quotas". */
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

/* Characters that count against a quota: all but white space. */
size_t policy_validate_characters(struct slice document);

/* What is limited, and how much: characters, white space not counted. */
enum policy_quota {
	QUOTA_MANAGED_POLICY,     /* 6144, a document */
	QUOTA_TRUST_POLICY,       /* 2048, a document */
	QUOTA_USER_INLINE,        /* 2048, all inline documents of the user */
	QUOTA_GROUP_INLINE,       /* 5120 */
	QUOTA_ROLE_INLINE,        /* 10240 */
	POLICY_QUOTA_COUNT
};

/* `characters` of one document or of all inline documents of the entity `name`.
 * Errors: ERR_CONFLICT "LimitExceeded", naming the quota. */
bool policy_validate_quota(enum policy_quota quota, size_t characters, struct slice name, struct error *err);

#endif

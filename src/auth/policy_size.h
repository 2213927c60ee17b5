/* auth/policy_size.h: how much of its quota a document takes. Source: IAM User Guide, "IAM and AWS STS quotas". */
#ifndef SPOOR_AUTH_POLICY_SIZE_H
#define SPOOR_AUTH_POLICY_SIZE_H

#include "base/base.h"

/* Characters that count against a quota: all but white space. */
size_t policy_size_characters(struct slice document);

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
bool policy_size_check(enum policy_quota quota, size_t characters, struct slice name, struct error *err);

#endif

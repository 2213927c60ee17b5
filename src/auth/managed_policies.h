/* auth/managed_policies.h: the managed policies that AWS itself provides, by ARN; the same in every account.
 *
 * Documents are spoor's own, shorter than AWS's, and mean the same for the services spoor has.
 * Source: IAM User Guide, "AWS managed policies". */
#ifndef SPOOR_AUTH_MANAGED_POLICIES_H
#define SPOOR_AUTH_MANAGED_POLICIES_H

#include "base/base.h"

struct aws_policy {
	struct slice name, path;       /* "/", "/service-role/" and so on */
	struct slice arn;
	struct slice policy_id;        /* ANPA..., always the same */
	struct slice description;
	struct slice document;
	struct slice version_id;       /* "v1" */
	int64_t      created_ms;
};

/* NULL if AWS has no such policy, or spoor does not know it. */
const struct aws_policy *managed_policies_find(struct slice arn);

/* In the order of their names, case ignored. */
size_t managed_policies_count(void);
const struct aws_policy *managed_policies_at(size_t index);

#endif

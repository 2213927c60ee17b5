/* services/iam/policy_ref.h: a managed policy by ARN, whether the account's own or AWS's.
 *
 * AWS's are in the program (auth/managed_policies.h), the account's in the catalog; operations that may be about either
 * see one form. */
#ifndef SPOOR_SERVICES_IAM_POLICY_REF_H
#define SPOOR_SERVICES_IAM_POLICY_REF_H

#include "auth/managed_policies.h"
#include "auth/policies.h"
#include "services/iam/shapes.h"
#include "services/operation.h"

struct policy_ref {
	struct managed_policy row;
	bool                  is_aws;
	struct slice          aws_document;   /* of AWS's: the text of the only version spoor has */
};

void policy_ref_from_aws(const struct aws_policy *aws, struct policy_ref *policy);

/* *found is false if there is no such policy. Errors: ERR_INVALID `malformed_name` for what is no ARN of a policy. */
bool policy_ref_find(struct call *call, struct slice arn, const char *malformed_name, struct policy_ref *policy,
                     bool *found, struct error *err);

/* Absence is ERR_NOT_FOUND "NoSuchEntity", malformed ARNs are "ValidationError". `absence` is how AWS ends the refusal:
 * "was not found" or "does not exist or is not attachable". */
bool policy_ref_get(struct call *call, struct slice arn, const char *absence, struct policy_ref *policy,
                    struct error *err);

/* For what changes a policy. Errors: ERR_DENIED "AccessDenied" for a policy of AWS or of another account. */
bool policy_ref_check_own(struct call *call, struct slice arn, struct error *err);

/* Targets: the ARN, shown as "policy ARN". Context: aws:ResourceTag, and what the input brings. */
void policy_ref_targets(struct call *call, const void *input, struct targets *targets);
void policy_ref_context(struct call *call, const void *input, struct context *context);

#endif

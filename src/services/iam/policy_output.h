/* services/iam/policy_output.h: managed policies and their versions as the structures of replies. */
#ifndef SPOOR_SERVICES_IAM_POLICY_OUTPUT_H
#define SPOOR_SERVICES_IAM_POLICY_OUTPUT_H

#include "auth/policy_versions.h"
#include "services/iam/policy_ref.h"

/* As lists and the creation show it, with how often it is attached; without description and tags. */
bool policy_output(struct call *call, const struct managed_policy *policy, struct iam_policy *out, struct error *err);

/* How often it is attached, and how often it is a boundary, in this account. */
bool policy_output_uses(struct call *call, struct slice arn, struct maybe_i64 *attached, struct maybe_i64 *boundary,
                        struct error *err);

/* Without its document. */
void policy_output_version(struct call *call, const struct policy_version *version, int64_t default_version,
                           struct iam_policy_version *out);

/* "v7", and back; false for any other form. */
struct slice policy_output_version_id(struct call *call, int64_t version);
bool         policy_output_version_number(struct slice version_id, int64_t *version);

/* All versions with their documents, newest first. */
bool policy_output_versions(struct call *call, const struct policy_ref *policy, struct policy_version_list *list,
                            struct error *err);

#endif

/* bucket/bucket_policy_public.h: does a policy let somebody in whom it does not name?
 * Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public". */
#ifndef SPOOR_BUCKET_BUCKET_POLICY_PUBLIC_H
#define SPOOR_BUCKET_BUCKET_POLICY_PUBLIC_H

#include "base/base.h"

struct policy;

/* It does if one of its statements allows everybody something, without a condition on who or from where that is fixed. */
bool bucket_policy_public(const struct policy *policy);

#endif

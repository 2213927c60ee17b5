/* services/iam/boundary.h: permissions boundaries: which policies may be one.
 * Source: IAM User Guide, "Permissions boundaries for IAM entities". */
#ifndef SPOOR_SERVICES_IAM_BOUNDARY_H
#define SPOOR_SERVICES_IAM_BOUNDARY_H

#include "services/operation.h"

/* SLICE_NONE, or the ARN of a managed policy that exists. Errors: ERR_INVALID "InvalidInput"; ERR_NOT_FOUND
 * "NoSuchEntity". */
bool boundary_check(struct call *call, struct slice boundary_arn, struct error *err);

#endif

/* services/authorisation.h: a call's targets put to the caller's policies.
 * Source: IAM User Guide, "Policy evaluation logic". */
#ifndef SPOOR_SERVICES_AUTHORISATION_H
#define SPOOR_SERVICES_AUTHORISATION_H

#include "auth/evaluate.h"
#include "services/operation.h"

/* The standard way: each target of the operation, the operation's action where a target names none, "*" where the
 * operation names no target. Errors: ERR_DENIED "AccessDenied" with AWS's words. */
bool authorisation_standard(struct call *call, const void *input, struct error *err);

/* The condition keys that every call has, and the operation's own. */
void authorisation_context(struct call *call, const void *input, struct context *context);

/* For operations' `targets` functions. What does not fit TARGETS_MAX is a bug. */
void authorisation_add(struct targets *targets, struct slice action, struct slice resource, struct slice shown);

#endif

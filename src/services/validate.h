/* services/validate.h: the bounds, patterns and enums of the model, in AWS's words.
 *
 * Lengths and patterns count characters, not bytes. Source: the wording of real answers, e.g. IAM's
 * "1 validation error detected: Value '..' at 'roleName' failed to satisfy constraint: Member must have length less than
 * or equal to 64". */
#ifndef SPOOR_SERVICES_VALIDATE_H
#define SPOOR_SERVICES_VALIDATE_H

#include "services/shape.h"

/* Checks a decoded input. Errors: ERR_INVALID with every violation in the message, named ValidationError for the Query
 * protocols, ValidationException for the others, or by the error that the first violated member has of its own
 * (models/additions.list). Sensitive values are not quoted. */
bool validate(const struct shape *input, const void *value, enum protocol protocol, struct error *err);

/* Checks one value and what is in it, for protocols with words of their own. False: something is violated, and `own_error`
 * is the error that the first violated member has of its own, or NULL. */
bool validate_value(const struct shape *shape, const void *value, const char **own_error);

#endif

/* services/rest_errors.h: S3's errors: status, text and the elements that clients find beside Code and Message.
 *
 * Whoever fails only names the code. What follows from the request (which bucket, which key) is added here; what does not
 * (the ETag of a bad part) the operation adds with rest_add_element(). Source: S3 API Reference (2006-03-01), "Error
 * responses", "List of error codes". */
#ifndef SPOOR_SERVICES_REST_ERRORS_H
#define SPOOR_SERVICES_REST_ERRORS_H

#include "services/errors.h"
#include "services/rest.h"

/* What to answer for `err`. An error without a message gets AWS's usual one. Adds to `rest->elements`. */
struct wire_error rest_errors_resolve(const struct error *err, struct rest *rest);

/* AWS's usual text for a code; SLICE_NONE if it is not in the table. */
struct slice rest_errors_text(struct slice code);

/* Fills `err` with the code and its usual text. Returns false. */
bool rest_errors_fail(struct error *err, enum error_kind kind, const char *code);

#endif

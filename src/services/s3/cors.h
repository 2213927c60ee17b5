/* services/s3/cors.h: what browsers are told about calls from pages of other origins.
 * Source: Amazon S3 User Guide, "Using cross-origin resource sharing"; Fetch Standard, "CORS protocol". */
#ifndef SPOOR_SERVICES_S3_CORS_H
#define SPOOR_SERVICES_S3_CORS_H

#include "bucket/buckets.h"
#include "services/operation.h"

/* Adds the headers of the first rule that fits a request with an Origin to its reply, whatever becomes of it. Nothing for
 * other requests. False only if the catalog cannot be read. */
bool cors_answer(struct call *call, const struct bucket *bucket, struct error *err);

/* The same for a preflight, which asks for a method and headers. Errors: ERR_INVALID "BadRequest", and
 * "AccessForbidden" where no rule fits: no policy was asked, so nobody was denied. */
bool cors_answer_preflight(struct call *call, const struct bucket *bucket, struct error *err);

#endif

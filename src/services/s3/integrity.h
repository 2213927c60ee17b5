/* services/s3/integrity.h: the body that came is the body that was sent: Content-MD5 and x-amz-checksum headers of requests
 * whose body is in memory.
 *
 * Streams are checked where they are stored. Source: Amazon S3 User Guide, "Checking object integrity". */
#ifndef SPOOR_SERVICES_S3_INTEGRITY_H
#define SPOOR_SERVICES_S3_INTEGRITY_H

#include "services/rest.h"
#include "services/shape.h"

/* Errors: ERR_INVALID "InvalidDigest", "BadDigest", "InvalidRequest" (an unknown or a second checksum, one that is no
 * value of its algorithm, or none where one is required). */
bool integrity_check(struct arena *arena, const struct operation_shape *operation, struct rest *rest, struct error *err);

#endif

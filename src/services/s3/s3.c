/* services/s3/s3.c: Amazon Simple Storage Service: the table of its operations.
 * Source: Amazon S3 API Reference (2006-03-01). */
#include "services/operation.h"
#include "services/s3/event.h"
#include "services/s3/shapes.h"

const struct service s3 = {
	.shape        = &s3_shapes,
	.event_source = "s3.amazonaws.com",
	.describe     = event_describe,
	.operations   = (const struct operation *const[]){ NULL },
};

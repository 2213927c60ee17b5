/* services/s3/read_object.h: what GetObject and HeadObject have in common: which version, which of its bytes, which headers.
 * Source: Amazon S3 API Reference (2006-03-01), GetObject, HeadObject. */
#ifndef SPOOR_SERVICES_S3_READ_OBJECT_H
#define SPOOR_SERVICES_S3_READ_OBJECT_H

#include "bucket/bucket_get.h"
#include "services/operation.h"
#include "services/s3/shapes.h"

struct read_object {
	const struct bucket  *bucket;
	const struct version *version;
	uint64_t              from, bytes;       /* of the object, to be sent */
	bool                  is_partial;        /* 206 */
	int64_t               parts_count;       /* of a multipart object asked for by part; else 0 */
	struct slice          checksum, checksum_algorithm;     /* of what is sent; SLICE_NONE: none, or not asked for */
	struct slice          checksum_type;
};

/* Both have the same members in their requests and, but for a few, in their outputs; these are HeadObject's. On a worker.
 * Errors: those of bucket_get() and bucket_get_check(); ERR_INVALID "InvalidRange", "InvalidPartNumber", "InvalidRequest". */
bool read_object_find(struct call *call, const struct s3_head_object_request *in, struct read_object *read, struct error *err);

/* Headers, status, and how much streams. */
void read_object_fill(struct call *call, const struct s3_head_object_request *in, const struct read_object *read,
                      struct s3_head_object_output *out);

#endif

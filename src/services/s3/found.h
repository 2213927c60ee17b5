/* services/s3/found.h: the version of an object that a call about something of it means. */
#ifndef SPOOR_SERVICES_S3_FOUND_H
#define SPOOR_SERVICES_S3_FOUND_H

#include "bucket/buckets.h"
#include "bucket/versions.h"
#include "services/call.h"

struct found {
	const struct bucket  *bucket;
	const struct version *version;    /* never a delete marker */
	struct slice          version_id; /* for x-amz-version-id: SLICE_NONE where the bucket never had versions */
};

/* By the request's key and versionId, on the connection of now. Errors: as bucket_get(); "NoSuchKey" is "AccessDenied" for
 * who may not list. */
bool found_version(struct call *call, const void *input, struct found *found, struct error *err);

#endif

/* bucket/bucket_delete.h: deleting a key or one version of it, as versioning and object lock have it.
 * Source: Amazon S3 API Reference, DeleteObject; User Guide, "Deleting object versions", "Object Lock". */
#ifndef SPOOR_BUCKET_BUCKET_DELETE_H
#define SPOOR_BUCKET_BUCKET_DELETE_H

#include "bucket/buckets.h"
#include "bucket/versions.h"

struct removal {
	struct slice key;
	struct slice version_id;          /* SLICE_NONE: the key: a marker where the bucket is versioned */
	struct slice marker_id;           /* a fresh version id for that marker */
	struct slice if_match;            /* an ETag or "*"; SLICE_NONE: not asked */
	bool         bypasses_governance; /* asked for by header, and allowed by policy */
};

struct removed {
	struct slice version_id;          /* for x-amz-version-id: of the marker that was made, or of what was deleted */
	bool         is_marker;           /* x-amz-delete-marker: made, or deleted, a marker */
	bool         is_new_marker;
};

/* What was not there is a success. Errors: ERR_INVALID "InvalidArgument"; ERR_DENIED "AccessDenied" (object lock);
 * ERR_CONFLICT "PreconditionFailed"; ERR_NOT_FOUND "NoSuchKey" (If-Match). */
bool bucket_delete(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                   const struct removal *removal, struct removed *removed, struct error *err);

#endif

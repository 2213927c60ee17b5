/* bucket/bucket_put.h: places a finished object under a key, as the bucket's versioning wants it.
 *
 * The one way in, for PutObject, CompleteMultipartUpload, CopyObject and the delivery of trails. One call in a job on the
 * writer: the object's file is complete and durable before. Source: Amazon S3 User Guide, "Retaining multiple versions of
 * objects with S3 Versioning", "Add preconditions to S3 operations with conditional requests". */
#ifndef SPOOR_BUCKET_BUCKET_PUT_H
#define SPOOR_BUCKET_BUCKET_PUT_H

#include "bucket/buckets.h"
#include "bucket/versions.h"

struct put_condition {
	struct slice if_match;            /* an ETag, with or without quotes; SLICE_NONE: not asked */
	struct slice if_none_match;       /* only "*" */
};

struct put {
	struct slice          key;
	struct slice          version_id; /* a fresh one (versions_make_id), for a bucket that is versioned */
	struct content        content;
	struct attributes     attributes;
	struct put_condition  condition;
};

struct put_result {
	struct slice version_id;          /* for x-amz-version-id: SLICE_NONE unless versioning is enabled */
	int64_t      modified_ms;
};

/* Keys: 1 to 1024 bytes of UTF-8. Errors: ERR_INVALID "KeyTooLongError", "InvalidURI". */
bool bucket_check_key(struct slice key, struct error *err);

/* Errors: ERR_NOT_FOUND "NoSuchBucket", "NoSuchKey" (If-Match); ERR_CONFLICT "PreconditionFailed"; ERR_INVALID
 * "NotImplemented". `arena` is for scratch and for the result. */
bool bucket_put(struct catalog *catalog, struct arena *arena, struct slice bucket_name, int64_t now_ms,
                const struct put *put, struct put_result *result, struct error *err);

/* The row alone, for delete markers: `version` is complete but for its position. */
bool bucket_put_version(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                        const struct version *version, const struct put_condition *condition, struct error *err);

/* Would the condition hold now? For a refusal before a body is read; bucket_put() asks again. */
bool bucket_put_check(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice key,
                      const struct put_condition *condition, struct error *err);

/* Lock attributes as they may be: both halves of a retention, in the future, on a bucket with object lock; the bucket's
 * default where there are none. bucket_put() does it too. Errors: ERR_INVALID "InvalidRequest", "InvalidArgument". */
bool bucket_put_lock(const struct bucket *bucket, int64_t now_ms, struct attributes *attributes, struct error *err);

#endif

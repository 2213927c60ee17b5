/* bucket/bucket_get.h: which version a read means, and whether its conditions hold.
 * Source: Amazon S3 API Reference, GetObject; User Guide, "Working with delete markers"; RFC 9110, section 13. */
#ifndef SPOOR_BUCKET_BUCKET_GET_H
#define SPOOR_BUCKET_BUCKET_GET_H

#include "bucket/buckets.h"
#include "bucket/versions.h"

struct got {
	const struct version *version;    /* NULL: there is nothing to read */
	const struct version *marker;     /* the delete marker that was hit: x-amz-delete-marker, x-amz-version-id */
};

/* `version_id` SLICE_NONE: the latest. Errors: ERR_NOT_FOUND "NoSuchKey" and "NoSuchVersion"; ERR_INVALID
 * "InvalidArgument" (no version id) and "MethodNotAllowed" (a marker by its id); `got` is filled then too. */
bool bucket_get(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice key,
                struct slice version_id, struct got *got, struct error *err);

struct read_condition {
	struct slice if_match, if_none_match;                   /* ETags, "*", or lists; SLICE_NONE: not asked */
	struct condition_time { bool is_set; int64_t ms; } if_modified_since, if_unmodified_since;
};

/* Errors: ERR_CONFLICT "PreconditionFailed", "NotModified". */
bool bucket_get_check(const struct version *version, const struct read_condition *condition, int64_t now_ms,
                      struct error *err);

/* As bucket_get_check for x-amz-copy-source-if-...: a 304 is a 412 there. */
bool bucket_get_check_copy(const struct version *version, const struct read_condition *condition, int64_t now_ms,
                           struct error *err);

/* Does one of the ETags of the header match? Quotes do not matter; "*" matches anything. */
bool bucket_get_etag_matches(struct slice header, struct slice etag);

#endif

/* services/s3/copy_source.h: x-amz-copy-source: where the bytes of a copy come from, and whether the caller may read them.
 * Source: Amazon S3 API Reference (2006-03-01), CopyObject. */
#ifndef SPOOR_SERVICES_S3_COPY_SOURCE_H
#define SPOOR_SERVICES_S3_COPY_SOURCE_H

#include "bucket/bucket_get.h"
#include "services/operation.h"

struct copy_source {
	struct slice         bucket, key, version_id;   /* version_id SLICE_NONE: the latest */
	const struct bucket *owner;                     /* the bucket as access knew it */
};

/* "[/]bucket/key[?versionId=v]", percent-encoded once. Errors: ERR_INVALID "InvalidArgument". */
bool copy_source_read(struct arena *arena, struct slice text, struct copy_source *source, struct error *err);

/* May the caller read it, and its tags where `with_tags` and it has some? *version is what is there now. Errors: those of
 * access_bucket(), "NoSuchKey", "NoSuchVersion", "InvalidRequest" (a marker by its id). */
bool copy_source_ask(struct call *call, const void *input, struct copy_source *source, bool with_tags,
                     const struct version **version, struct error *err);

/* Its conditions, x-amz-copy-source-if-...: bucket_get_check_copy() of what the input has of them. */
#define COPY_SOURCE_CONDITION(in) ((struct read_condition){ \
	.if_match = (in)->copy_source_if_match, .if_none_match = (in)->copy_source_if_none_match, \
	.if_modified_since = { (in)->copy_source_if_modified_since.is_set, (in)->copy_source_if_modified_since.ms }, \
	.if_unmodified_since = { (in)->copy_source_if_unmodified_since.is_set, (in)->copy_source_if_unmodified_since.ms } })

/* Gives the bytes of the source from `from` to `take`, on a worker. False if it does, or if they cannot be read. */
typedef bool copy_source_take(void *user, struct slice window, struct error *err);
bool copy_source_each(struct call *call, const struct copy_source *source, const struct version *version, uint64_t from,
                      uint64_t bytes, copy_source_take *take, void *user, struct error *err);

/* On the writer: the same version as it is now. */
const struct version *copy_source_now(struct call *call, const struct copy_source *source, const struct bucket **bucket,
                                      struct error *err);

#endif

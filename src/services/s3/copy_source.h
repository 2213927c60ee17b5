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

/* On the writer: the same version as it is now. */
const struct version *copy_source_now(struct call *call, const struct copy_source *source, const struct bucket **bucket,
                                      struct error *err);

#endif

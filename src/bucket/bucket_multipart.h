/* bucket/bucket_multipart.h: uploads in parts: parts come in, and become an object.
 * Source: Amazon S3 User Guide, "Uploading and copying objects using multipart upload"; API Reference,
 * CompleteMultipartUpload.
 *
 * Each part is stored with a checksum of the upload's algorithm, CRC64NVME where the client named none, whatever it sent
 * along: from them the checksum of the object follows without reading a byte again. */
#ifndef SPOOR_BUCKET_BUCKET_MULTIPART_H
#define SPOOR_BUCKET_BUCKET_MULTIPART_H

#include "bucket/bucket_put.h"
#include "bucket/parts.h"
#include "bucket/uploads.h"

/* An upload that exists, for UploadPart before its body is read. Errors: ERR_INVALID "InvalidArgument" (part number);
 * ERR_NOT_FOUND "NoSuchUpload". */
const struct upload *bucket_multipart_get(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                          struct slice key, struct slice upload_id, int64_t part_number,
                                          struct error *err);

/* On the writer, when the part's file is complete: asks again, and replaces the part of that number.
 * Errors: ERR_NOT_FOUND "NoSuchBucket", "NoSuchUpload". */
bool bucket_multipart_put_part(struct catalog *catalog, struct arena *arena, struct slice bucket_name, struct slice key,
                               struct slice upload_id, int64_t now_ms, const struct part *part, struct error *err);

struct completion {
	struct slice         key, upload_id;
	struct slice         version_id;          /* a fresh one */
	const struct part   *parts;               /* as asked: number and etag (quotes do not matter), checksum if given */
	size_t               count;
	struct put_condition condition;
	struct { bool is_set; int64_t value; } bytes;   /* x-amz-mp-object-size */
	struct slice         checksum_algorithm, checksum; /* of the whole object, as the client says; SLICE_NONE: not said */
	struct slice         checksum_type;       /* SLICE_NONE: not said */
};

struct completed {
	struct put_result result;
	struct content    content;                /* etag, bytes, checksum */
	const struct part *bad;                   /* the part that is to blame, for the error's elements; or NULL */
};

/* Errors: ERR_NOT_FOUND "NoSuchUpload"; ERR_INVALID "InvalidPart", "InvalidPartOrder", "EntityTooSmall", "InvalidRequest",
 * "BadDigest", "MalformedXML" (no parts); and those of bucket_put(). Completing once more with the same parts succeeds. */
bool bucket_multipart_complete(struct catalog *catalog, struct arena *arena, struct slice bucket_name, int64_t now_ms,
                               const struct completion *completion, struct completed *completed, struct error *err);

/* Errors: ERR_NOT_FOUND "NoSuchBucket", "NoSuchUpload". */
bool bucket_multipart_abort(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice key,
                            struct slice upload_id, int64_t now_ms, struct error *err);

#endif

/* trail/trail_object.h: one object that a trail puts into a bucket, a log file or a digest: written, then placed.
 *
 * It goes the way of a caller's PutObject, as the service principal cloudtrail.amazonaws.com: the bucket must be there, its
 * policy must allow it, its versioning and lock hold. No event comes of it.
 * Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". */
#ifndef SPOOR_TRAIL_TRAIL_OBJECT_H
#define SPOOR_TRAIL_TRAIL_OBJECT_H

#include "bucket/bucket_put.h"
#include "trail/delivery_context.h"

struct bucket_policy;
struct object_writer;

/* On whose behalf: its ARN is aws:SourceArn, its account aws:SourceAccount. */
struct trail_sender { struct slice account, region, name; };

struct trail_object {
	/* from the caller */
	struct trail_sender   sender;
	struct slice          bucket, key;
	struct slice          metadata;         /* more lines for attributes.headers, "x-amz-meta-signature: 4f..\n"; or SLICE_NONE */

	/* from trail_object_write */
	struct put            put;
	struct object_writer *writer;           /* NULL: not written */
};

/* Compresses and encrypts `bytes` into a durable file. What the row needs is in `arena`. Errors: ERR_IO. */
bool trail_object_write(struct delivery_context *context, struct arena *arena, struct trail_object *object,
                        struct slice bytes, struct error *err);

/* In the job: asks the bucket and its policy, and places the object. Errors (in `err`, clean before): ERR_NOT_FOUND "NoSuchBucket"; ERR_DENIED
 * "AccessDenied"; other kinds that bucket_put has. err->name is S3's code, for the status. */
bool trail_object_put(struct catalog *catalog, struct arena *arena, const struct trail_object *object, int64_t now_ms,
                      struct error *err);

/* Would it be placed? On any connection, before bytes are written: errors as trail_object_put. */
bool trail_object_check(struct catalog *catalog, struct arena *arena, const struct trail_object *object, int64_t now_ms,
                        struct error *err);

/* May the sender do `action` ("s3:PutObject", "s3:GetBucketAcl") with `resource` (an ARN) of that bucket? ERR_DENIED if not. */
bool trail_object_ask(const struct bucket_policy *policy, struct arena *arena, const struct trail_sender *sender,
                      struct slice action, struct slice resource, int64_t now_ms, struct error *err);

/* After the commit, whatever came of it: a file that no row can name is deleted. Accepts one that was not written. */
void trail_object_end(struct trail_object *object, enum delivery_result result);

#endif

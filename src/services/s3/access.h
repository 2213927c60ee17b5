/* services/s3/access.h: which bucket a call is about, and whether its caller may do that.
 *
 * The `authorise` of S3's operations: the bucket's name, its existence, the owner that the caller expects, and then the
 * policies of caller and bucket (bucket/bucket_policy.h), in this order. `call->rest->bucket_owner` is set as soon as the
 * bucket is known to exist, so that refusals are recorded with it. Source: Amazon S3 User Guide, "How Amazon S3 authorizes
 * a request"; "Verifying bucket ownership with bucket owner condition". */
#ifndef SPOOR_SERVICES_S3_ACCESS_H
#define SPOOR_SERVICES_S3_ACCESS_H

#include "auth/context.h"
#include "bucket/buckets.h"
#include "services/operation.h"

/* The operation's action about "arn:aws:s3:::BUCKET" or "arn:aws:s3:::BUCKET/KEY". Errors: ERR_INVALID
 * "InvalidBucketName", "InvalidBucketOwnerAWSAccountID"; ERR_NOT_FOUND "NoSuchBucket"; ERR_DENIED "AccessDenied". */
bool access_bucket(struct call *call, const void *input, struct error *err);
bool access_object(struct call *call, const void *input, struct error *err);

/* For operations that ask more: the bucket of the call, all but the policies checked. NULL and `err` if there is none. */
const struct bucket *access_find_bucket(struct call *call, struct error *err);

/* Every condition key of an S3 call: the global ones, those of its headers and query, and the operation's own. */
void access_context(struct call *call, const void *input, const struct bucket *bucket, struct context *context);

/* One more action of the same call, with the context above. `key` SLICE_NONE: about the bucket. */
bool access_ask(struct call *call, const struct bucket *bucket, const char *action, struct slice key,
                const struct context *context, struct error *err);

/* In `perform`: the bucket as it is now, on the connection of now: it may have gone since. */
const struct bucket *access_bucket_now(struct call *call, struct error *err);

#endif

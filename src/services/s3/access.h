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

struct version;

/* The operation's action about "arn:aws:s3:::BUCKET" or "arn:aws:s3:::BUCKET/KEY". With a versionId, an object's action
 * is the one for versions: s3:GetObject becomes s3:GetObjectVersion. Errors: ERR_INVALID "InvalidBucketName",
 * "InvalidBucketOwnerAWSAccountID", "KeyTooLongError"; ERR_NOT_FOUND "NoSuchBucket"; ERR_DENIED "AccessDenied". */
bool access_bucket(struct call *call, const void *input, struct error *err);
bool access_object(struct call *call, const void *input, struct error *err);

/* bucket_check_key(), and a key that is too long is told how long it is and may be. */
bool access_check_key(struct call *call, struct slice key, struct error *err);

/* For operations that ask more: the bucket of the call, all but the policies checked. NULL and `err` if there is none. */
const struct bucket *access_find_bucket(struct call *call, struct error *err);

/* Another one, such as a copy's source. `expected_owner` SLICE_NONE: none is told. */
const struct bucket *access_find_other(struct call *call, struct slice name, struct slice expected_owner, struct error *err);

/* Every condition key of an S3 call: the global ones, those of its headers and query, and the operation's own. */
void access_context(struct call *call, const void *input, const struct bucket *bucket, struct context *context);

/* s3:ExistingObjectTag/KEY, of the object that is there; NULL adds nothing. */
void access_add_existing(struct call *call, const struct version *existing, struct context *context);

/* "s3:GetObject" -> "s3:GetObjectVersion" where `version_id` is there and S3 has such an action. */
const char *access_version_action(const char *action, struct slice version_id);

/* One more action of the same call, with the context above. `key` SLICE_NONE: about the bucket. */
bool access_ask(struct call *call, const struct bucket *bucket, const char *action, struct slice key,
                const struct context *context, struct error *err);

/* In `perform`: the bucket as it is now, on the connection of now: it may have gone since, and its name may be another
 * account's. Errors: ERR_NOT_FOUND "NoSuchBucket". */
const struct bucket *access_bucket_now(struct call *call, struct error *err);

/* After a failure in `perform`: who may not list the bucket is not told by "NoSuchKey" what is not there. Always false. */
bool access_hide(struct call *call, const void *input, const struct bucket *bucket, struct error *err);

#endif

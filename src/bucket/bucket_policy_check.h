/* bucket/bucket_policy_check.h: may this document become the policy of this bucket?
 * Source: Amazon S3 API Reference, PutBucketPolicy; User Guide, "Policies and permissions in Amazon S3". */
#ifndef SPOOR_BUCKET_BUCKET_POLICY_CHECK_H
#define SPOOR_BUCKET_BUCKET_POLICY_CHECK_H

#include "base/arena.h"

struct bucket;
struct catalog;

/* The document as it is to be stored, with users and roles bound to their unique ids; *is_public: bucket_policy_public().
 * SLICE_NONE on failure. Errors: ERR_INVALID "MalformedPolicy", with S3's words. */
struct slice bucket_policy_check(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                                 struct slice document, bool *is_public, struct error *err);

#endif

/* trail/verify_bucket.h: a bucket behind an S3 endpoint as the source of a verification. */
#ifndef SPOOR_TRAIL_VERIFY_BUCKET_H
#define SPOOR_TRAIL_VERIFY_BUCKET_H

#include "trail/verify_source.h"

struct api_settings;

struct verify_bucket_place { struct slice bucket, prefix; };    /* s3://BUCKET/PREFIX; the prefix may be empty */

struct verify_bucket_options {
	const struct api_settings        *settings;
	struct slice                      region;       /* of the signature */
	const struct verify_bucket_place *places;       /* a trail that moved has files in several */
	size_t                            place_count;
	size_t                            page_keys;    /* 0: 1,000 */
};

/* Lists nothing yet. All of `options` outlives it. Signatures come with the digests, and many threads may get objects: each
 * has a connection of its own. */
struct verify_source *verify_bucket_open(const struct verify_bucket_options *options);

#endif

/* services/s3/delete_bucket.c: an empty bucket goes, with its configuration and unfinished uploads.
 * Source: Amazon S3 API Reference (2006-03-01), DeleteBucket. */
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input, (void)output;
	return bucket && buckets_delete(call->catalog, &call->arena, bucket, call->now_ms, err);
}

const struct operation s3_delete_bucket = {
	.shape     = &s3_delete_bucket_shape,
	.action    = "s3:DeleteBucket",
	.authorise = access_bucket,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = perform,
};

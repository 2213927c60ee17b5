/* services/s3/bucket_location.c: the region of a bucket; us-east-1 is written as nothing.
 * Source: Amazon S3 API Reference (2006-03-01), GetBucketLocation. */
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_location_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input;
	if (bucket && !slice_equal(bucket->region, S("us-east-1")))
		out->location_constraint = bucket->region;
	return bucket != NULL;
}

const struct operation s3_get_bucket_location = {
	.shape = &s3_get_bucket_location_shape, .action = "s3:GetBucketLocation", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform,
};

/* services/s3/head_bucket.c: is it there, and may I?
 * Source: Amazon S3 API Reference (2006-03-01), HeadBucket. */
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

/* The region is told to those who are refused too: SDKs find the right endpoint by it. */
static bool authorise(struct call *call, const void *input, struct error *err)
{
	struct error none = { 0 };
	const struct bucket *bucket = buckets_find(call->catalog, &call->arena, call->rest->bucket, &none);
	bool is_allowed = access_bucket(call, input, err);

	if (bucket && !is_allowed)
		rest_add_header(call->rest, S("x-amz-bucket-region"), bucket->region);
	return is_allowed;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_head_bucket_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input;
	if (!bucket)
		return false;
	out->bucket_region = bucket->region;
	out->bucket_arn = arena_format(&call->arena, "arn:aws:s3:::%.*s", SLICE_ARG(bucket->name));
	out->access_point_alias = SET_BOOL(false);
	return true;
}

const struct operation s3_head_bucket = {
	.shape     = &s3_head_bucket_shape,
	.action    = "s3:ListBucket",
	.authorise = authorise,
	.access    = ACCESS_READ,
	.place     = PLACE_FRONT,
	.perform   = perform,
};

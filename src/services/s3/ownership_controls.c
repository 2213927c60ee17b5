/* services/s3/ownership_controls.c: whether ACLs count at all in a bucket.
 * Source: Amazon S3 API Reference (2006-03-01), PutBucketOwnershipControls, GetBucketOwnershipControls,
 * DeleteBucketOwnershipControls. */
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static const struct slice names[OWNERSHIP_COUNT] = {
	[OWNERSHIP_ENFORCED]  = S_INIT("BucketOwnerEnforced"),
	[OWNERSHIP_PREFERRED] = S_INIT("BucketOwnerPreferred"),
	[OWNERSHIP_WRITER]    = S_INIT("ObjectWriter"),
};

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_ownership_controls_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input;
	if (!bucket)
		return false;
	if (bucket->ownership == OWNERSHIP_NONE)
		return rest_errors_fail(err, ERR_NOT_FOUND, "OwnershipControlsNotFoundError");
	out->ownership_controls = arena_new(&call->arena, struct s3_ownership_controls);
	out->ownership_controls->rules.items = arena_new(&call->arena, struct s3_ownership_controls_rule);
	out->ownership_controls->rules.items[0].object_ownership = names[bucket->ownership];
	out->ownership_controls->rules.count = 1;
	return true;
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_ownership_controls_request *in = input;
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)output;
	if (!bucket)
		return false;
	if (in->ownership_controls->rules.count != 1)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	for (int i = 0; i < OWNERSHIP_COUNT; i++)
		if (names[i].ptr && slice_equal(names[i], in->ownership_controls->rules.items[0].object_ownership))
			return buckets_set_ownership(call->catalog, bucket, (enum ownership)i, err);
	return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input;
	(void)output;
	return bucket && buckets_set_ownership(call->catalog, bucket, OWNERSHIP_NONE, err);
}

const struct operation s3_get_bucket_ownership_controls = {
	.shape = &s3_get_bucket_ownership_controls_shape, .action = "s3:GetBucketOwnershipControls", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_bucket_ownership_controls = {
	.shape = &s3_put_bucket_ownership_controls_shape, .action = "s3:PutBucketOwnershipControls", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};

const struct operation s3_delete_bucket_ownership_controls = {
	.shape = &s3_delete_bucket_ownership_controls_shape, .action = "s3:PutBucketOwnershipControls", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};

/* services/s3/public_access_block.c: four switches against buckets that are open by mistake.
 * Source: Amazon S3 API Reference (2006-03-01), PutPublicAccessBlock, GetPublicAccessBlock, DeletePublicAccessBlock. */
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_public_access_block_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct s3_public_access_block_configuration *block = arena_new(&call->arena, struct s3_public_access_block_configuration);

	(void)input;
	if (!bucket)
		return false;
	if (bucket->public_access_block & BLOCK_NOT_SET)
		return rest_errors_fail(err, ERR_NOT_FOUND, "NoSuchPublicAccessBlockConfiguration");
	block->block_public_acls = SET_BOOL((bucket->public_access_block & BLOCK_PUBLIC_ACLS) != 0);
	block->ignore_public_acls = SET_BOOL((bucket->public_access_block & IGNORE_PUBLIC_ACLS) != 0);
	block->block_public_policy = SET_BOOL((bucket->public_access_block & BLOCK_PUBLIC_POLICY) != 0);
	block->restrict_public_buckets = SET_BOOL((bucket->public_access_block & RESTRICT_PUBLIC_BUCKETS) != 0);
	out->public_access_block_configuration = block;
	return true;
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_public_access_block_request *in = input;
	const struct s3_public_access_block_configuration *block = in->public_access_block_configuration;
	const struct bucket *bucket = access_bucket_now(call, err);
	unsigned flags = (block->block_public_acls.value ? BLOCK_PUBLIC_ACLS : 0u)
	                 | (block->ignore_public_acls.value ? IGNORE_PUBLIC_ACLS : 0u)
	                 | (block->block_public_policy.value ? BLOCK_PUBLIC_POLICY : 0u)
	                 | (block->restrict_public_buckets.value ? RESTRICT_PUBLIC_BUCKETS : 0u);

	(void)output;
	return bucket && buckets_set_public_access_block(call->catalog, bucket, flags, err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input;
	(void)output;
	return bucket && buckets_set_public_access_block(call->catalog, bucket, BLOCK_NOT_SET, err);
}

const struct operation s3_get_public_access_block = {
	.shape = &s3_get_public_access_block_shape, .action = "s3:GetBucketPublicAccessBlock", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_public_access_block = {
	.shape = &s3_put_public_access_block_shape, .action = "s3:PutBucketPublicAccessBlock", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};

const struct operation s3_delete_public_access_block = {
	.shape = &s3_delete_public_access_block_shape, .action = "s3:PutBucketPublicAccessBlock", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};

/* services/s3/bucket_versioning.c: PutBucketVersioning and GetBucketVersioning.
 * Source: Amazon S3 API Reference (2006-03-01), both; User Guide, "Enabling versioning on buckets". */
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static bool illegal(struct error *err, const char *text)
{
	return fail_as(err, ERR_INVALID, "IllegalVersioningConfigurationException", "%s", text);
}

static bool put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_versioning_request *in = input;
	const struct s3_versioning_configuration *asked = in->versioning_configuration;
	const struct bucket *bucket = access_bucket_now(call, err);
	bool is_enabled = slice_equal(asked->status, S("Enabled"));

	(void)output;
	if (!bucket)
		return false;
	if (!is_enabled && !slice_equal(asked->status, S("Suspended")))
		return illegal(err, "The Versioning element must be specified");
	if (slice_equal(asked->mfa_delete, S("Enabled")) || bucket->has_mfa_delete)
		return fail_as(err, ERR_INVALID, "NotImplemented", "spoor does not serve MFA delete yet.");
	if (!is_enabled && bucket->has_object_lock)
		return fail_as(err, ERR_CONFLICT, "InvalidBucketState",
		               "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
	return buckets_set_versioning(call->catalog, bucket, is_enabled ? VERSIONING_ENABLED : VERSIONING_SUSPENDED, false, err);
}

static bool get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_versioning_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input;
	if (!bucket)
		return false;
	out->status = bucket->versioning == VERSIONING_ENABLED   ? S("Enabled")
	            : bucket->versioning == VERSIONING_SUSPENDED ? S("Suspended") : SLICE_NONE;
	return true;
}

const struct operation s3_put_bucket_versioning = {
	.shape     = &s3_put_bucket_versioning_shape,
	.action    = "s3:PutBucketVersioning",
	.authorise = access_bucket,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = put,
};

const struct operation s3_get_bucket_versioning = {
	.shape     = &s3_get_bucket_versioning_shape,
	.action    = "s3:GetBucketVersioning",
	.authorise = access_bucket,
	.access    = ACCESS_READ,
	.place     = PLACE_FRONT,
	.perform   = get,
};

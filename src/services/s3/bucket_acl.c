/* services/s3/bucket_acl.c: the one ACL that spoor has: the owner controls the bucket.
 *
 * New buckets have ACLs disabled, as on AWS; whoever enables them may set what is the case anyway.
 * Source: Amazon S3 API Reference (2006-03-01), GetBucketAcl, PutBucketAcl; User Guide, "Controlling ownership of objects". */
#include "bucket/canonical_id.h"
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_acl_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct s3_grant *grant = arena_new(&call->arena, struct s3_grant);

	(void)input;
	if (!bucket)
		return false;
	out->owner = arena_new(&call->arena, struct s3_owner);
	out->owner->id = canonical_id_of(&call->arena, bucket->account);
	grant->grantee = arena_new(&call->arena, struct s3_grantee);
	grant->grantee->type = S("CanonicalUser");
	grant->grantee->id = out->owner->id;
	grant->permission = S("FULL_CONTROL");
	out->grants = (struct s3_grant_list){ grant, 1, true };
	return true;
}

static bool is_owners_control(struct call *call, const struct bucket *bucket, const struct s3_access_control_policy *policy)
{
	struct slice owner = canonical_id_of(&call->arena, bucket->account);

	for (size_t i = 0; i < policy->grants.count; i++) {
		const struct s3_grantee *grantee = policy->grants.items[i].grantee;
		if (!grantee || !slice_equal(grantee->id, owner))
			return false;
	}
	return !policy->owner || !policy->owner->id.ptr || slice_equal(policy->owner->id, owner);
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_acl_request *in = input;
	const struct bucket *bucket = access_bucket_now(call, err);
	bool has_grants = in->grant_full_control.ptr || in->grant_read.ptr || in->grant_read_acp.ptr || in->grant_write.ptr
	                  || in->grant_write_acp.ptr;

	(void)output;
	if (!bucket)
		return false;
	if (!in->acl.ptr && !has_grants && !in->access_control_policy)
		return fail_as(err, ERR_INVALID, "MissingSecurityHeader", "Your request was missing a required header");
	if ((in->acl.ptr != NULL) + has_grants + (in->access_control_policy != NULL) > 1)
		return fail_as(err, ERR_INVALID, "UnexpectedContent", "This request does not support content");
	if (bucket->ownership == OWNERSHIP_ENFORCED)
		return rest_errors_fail(err, ERR_INVALID, "AccessControlListNotSupported");
	if (slice_has_prefix(in->acl, S("public-")) && bucket->public_access_block & BLOCK_PUBLIC_ACLS)
		return fail_as(err, ERR_DENIED, "AccessDenied", "Access Denied");
	if (slice_equal(in->acl, S("private")))
		return true;
	if (in->access_control_policy && is_owners_control(call, bucket, in->access_control_policy))
		return true;
	return fail_as(err, ERR_INVALID, "NotImplemented", "spoor keeps no ACLs but the owner's full control: use a bucket policy.");
}

const struct operation s3_get_bucket_acl = {
	.shape = &s3_get_bucket_acl_shape, .action = "s3:GetBucketAcl", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_bucket_acl = {
	.shape = &s3_put_bucket_acl_shape, .action = "s3:PutBucketAcl", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};

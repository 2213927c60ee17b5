/* services/s3/bucket_policy.c: a bucket's policy, put, shown, deleted, and whether it is public.
 * Source: Amazon S3 API Reference (2006-03-01), PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus. */
#include "bucket/bucket_policy.h"

#include "auth/policy.h"
#include "bucket/bucket_policy_check.h"
#include "bucket/documents.h"
#include "services/rest.h"
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

enum { STATUS_NO_CONTENT = 204 };

static bool read_policy(struct call *call, const struct bucket **bucket, struct document *document, struct error *err)
{
	*bucket = access_bucket_now(call, err);
	if (!*bucket || !documents_find(call->catalog, &call->arena, *bucket, DOCUMENT_POLICY, document, err))
		return false;
	return document->text.ptr || rest_errors_fail(err, ERR_NOT_FOUND, "NoSuchBucketPolicy");
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_policy_output *out = output;
	const struct bucket *bucket;
	struct document document;

	(void)input;
	if (!read_policy(call, &bucket, &document, err))
		return false;
	out->policy = bucket_policy_show(call->catalog, &call->arena, document.text, err);
	return out->policy.ptr != NULL;
}

static bool perform_status(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_policy_status_output *out = output;
	const struct bucket *bucket;
	struct document document;

	(void)input;
	if (!read_policy(call, &bucket, &document, err))
		return false;
	out->policy_status = arena_new(&call->arena, struct s3_policy_status);
	out->policy_status->is_public = SET_BOOL(bucket->has_public_policy);
	return true;
}

/* Would the caller be locked out? The owner's root never is. */
static bool keeps_caller(struct call *call, const void *input, const struct bucket *bucket, struct slice stored, struct error *err)
{
	struct context context;

	if (call->principal->type == PRINCIPAL_ROOT && slice_equal(call->account, bucket->account))
		return true;
	access_context(call, input, bucket, &context);
	struct evaluate_request request = evaluate_request_of(call->principal, S("s3:PutBucketPolicy"),
		arena_format(&call->arena, "arn:aws:s3:::%.*s", SLICE_ARG(bucket->name)), &context, &call->arena);
	request.resource_policy = policy_compile(&call->arena, stored, err);
	request.resource_account = bucket->account;
	if (!request.resource_policy)
		return false;
	return evaluate(&request).decision != DECISION_EXPLICIT_DENY
	    || fail_as(err, ERR_DENIED, "AccessDenied", "The new bucket policy will prevent the caller from changing it: confirm this "
	               "with x-amz-confirm-remove-self-bucket-access.");
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_policy_request *in = input;
	const struct bucket *bucket = access_bucket_now(call, err);
	bool is_public = false;

	(void)output;
	call->rest->status = STATUS_NO_CONTENT;
	if (!bucket)
		return false;
	struct slice stored = bucket_policy_check(call->catalog, &call->arena, bucket, in->policy, &is_public, err);
	if (!stored.ptr)
		return false;
	if (is_public && bucket->public_access_block & BLOCK_PUBLIC_POLICY)
		return fail_as(err, ERR_DENIED, "AccessDenied", "User: %.*s is not authorized to perform: s3:PutBucketPolicy on resource: "
			"\"arn:aws:s3:::%.*s\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public "
			"Access.", SLICE_ARG(call->principal->arn), SLICE_ARG(bucket->name));
	if (!in->confirm_remove_self_bucket_access.value && !keeps_caller(call, input, bucket, stored, err))
		return false;
	return documents_put(call->catalog, bucket, DOCUMENT_POLICY, stored, call->now_ms, err)
	    && buckets_set_policy(call->catalog, bucket, true, is_public, err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)input;
	(void)output;
	return bucket && documents_delete(call->catalog, bucket, DOCUMENT_POLICY, NULL, err)
	    && buckets_set_policy(call->catalog, bucket, false, false, err);
}

const struct operation s3_get_bucket_policy = {
	.shape = &s3_get_bucket_policy_shape, .action = "s3:GetBucketPolicy", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_get_bucket_policy_status = {
	.shape = &s3_get_bucket_policy_status_shape, .action = "s3:GetBucketPolicyStatus", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_status,
};

const struct operation s3_put_bucket_policy = {
	.shape = &s3_put_bucket_policy_shape, .action = "s3:PutBucketPolicy", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};

const struct operation s3_delete_bucket_policy = {
	.shape = &s3_delete_bucket_policy_shape, .action = "s3:DeleteBucketPolicy", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};

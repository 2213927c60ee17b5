/* services/s3/list_buckets.c: the caller's buckets.
 * Source: Amazon S3 API Reference (2006-03-01), ListBuckets. */
#include "base/limits.h"
#include "bucket/bucket_list.h"
#include "bucket/bucket_policy.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/output.h"

static bool authorise(struct call *call, const void *input, struct error *err)
{
	struct context context;

	if (call->rest->is_anonymous)
		return fail_as(err, ERR_DENIED, "AccessDenied", "Access Denied");
	access_context(call, input, NULL, &context);
	const struct bucket_question question = { call->principal, S("s3:ListAllMyBuckets"), S("arn:aws:s3:::*"), &context };
	return bucket_policy_allow(call->catalog, call->policies, &call->arena, NULL, &question, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_list_buckets_request *in = input;
	struct s3_list_buckets_output *out = output;
	struct buckets_wanted wanted = {
		.prefix = in->prefix, .region = in->bucket_region,
		.limit = in->max_buckets.is_set ? (size_t)in->max_buckets.value : S3_BUCKETS_MAX,
	};
	struct bucket_list list;

	if (in->continuation_token.ptr && !bucket_list_token_read(&call->arena, in->continuation_token, &wanted.after, err))
		return false;
	if (!buckets_list(call->catalog, &call->arena, call->account, &wanted, &list, err))
		return false;
	out->buckets.is_set = true;
	out->buckets.items = arena_array(&call->arena, list.count, sizeof *out->buckets.items);
	for (; out->buckets.count < list.count; out->buckets.count++) {
		const struct bucket *bucket = &list.items[out->buckets.count];
		out->buckets.items[out->buckets.count] = (struct s3_bucket){
			.name = bucket->name, .creation_date = SET_TIME(bucket->created_ms),
			.bucket_region = in->max_buckets.is_set || in->bucket_region.ptr || in->prefix.ptr ? bucket->region : SLICE_NONE,
			.bucket_arn = SLICE_NONE,
		};
	}
	out->owner = output_owner(call, call->account);
	out->prefix = in->prefix;
	if (list.is_truncated)
		out->continuation_token = bucket_list_token(&call->arena, list.items[list.count - 1].name);
	return true;
}

const struct operation s3_list_buckets = {
	.shape     = &s3_list_buckets_shape,
	.action    = "s3:ListAllMyBuckets",
	.authorise = authorise,
	.access    = ACCESS_READ,
	.place     = PLACE_WORKER,
	.perform   = perform,
};

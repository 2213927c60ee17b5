/* services/s3/list_objects_v2.c: a bucket's objects, page by page.
 * Source: Amazon S3 API Reference (2006-03-01), ListObjectsV2. */
#include "services/s3/access.h"
#include "services/s3/object_listing.h"
#include "services/s3/output.h"

/* A token goes on behind what was shown; start-after only counts on the first page. */
static bool read_start(struct call *call, const struct s3_list_objects_v2_request *in, struct list_wanted *wanted,
                       struct error *err)
{
	wanted->after = in->start_after;
	wanted->is_start_after = true;
	if (!in->continuation_token.ptr)
		return true;
	wanted->is_start_after = false;
	return bucket_list_token_read(&call->arena, in->continuation_token, &wanted->after, err)
	    || object_listing_refuse(call, "continuation-token", in->continuation_token, "The continuation token provided is incorrect", err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_list_objects_v2_request *in = input;
	struct s3_list_objects_v2_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct list_wanted wanted;
	struct listed listed;

	if (!bucket || !object_listing_begin(call, in->encoding_type, in->max_keys, "maxKeys", &wanted, err)
	    || !read_start(call, in, &wanted, err))
		return false;
	wanted.prefix = in->prefix;
	wanted.delimiter = in->delimiter;
	if (!bucket_list_objects(call->catalog, &call->arena, bucket, &wanted, &listed, err))
		return false;
	*out = (struct s3_list_objects_v2_output){
		.name = bucket->name, .prefix = in->prefix.ptr ? in->prefix : S(""),
		.delimiter = in->delimiter.len ? in->delimiter : SLICE_NONE, .encoding_type = in->encoding_type,
		.start_after = in->start_after, .continuation_token = in->continuation_token,
		.max_keys = SET_I64((int64_t)wanted.limit), .is_truncated = SET_BOOL(listed.is_truncated),
		.key_count = SET_I64((int64_t)(listed.count + listed.prefix_count)),
	};
	if (listed.is_truncated)
		out->next_continuation_token = bucket_list_token(&call->arena, listed.next);
	object_listing_objects(call, &listed, in->fetch_owner.value ? output_owner(call, bucket->account) : NULL, &out->contents);
	object_listing_prefixes(call, &listed, &out->common_prefixes);
	return true;
}

const struct operation s3_list_objects_v2 = {
	.shape     = &s3_list_objects_v2_shape,
	.action    = "s3:ListBucket",
	.authorise = access_bucket,
	.access    = ACCESS_READ,
	.place     = PLACE_WORKER,
	.perform   = perform,
};

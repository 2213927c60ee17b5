/* services/s3/list_objects.c: the older listing: pages by keys that the client sees.
 * Source: Amazon S3 API Reference (2006-03-01), ListObjects. */
#include "services/s3/access.h"
#include "services/s3/object_listing.h"
#include "services/s3/output.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_list_objects_request *in = input;
	struct s3_list_objects_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct list_wanted wanted;
	struct listed listed;

	if (!bucket || !object_listing_begin(call, in->encoding_type, in->max_keys, "maxKeys", &wanted, err))
		return false;
	wanted.prefix = in->prefix;
	wanted.delimiter = in->delimiter;
	wanted.after = in->marker;
	if (!bucket_list_objects(call->catalog, &call->arena, bucket, &wanted, &listed, err))
		return false;
	*out = (struct s3_list_objects_output){
		.name = bucket->name, .prefix = in->prefix.ptr ? in->prefix : S(""), .marker = in->marker.ptr ? in->marker : S(""),
		.delimiter = in->delimiter.len ? in->delimiter : SLICE_NONE, .encoding_type = in->encoding_type,
		.max_keys = SET_I64((int64_t)wanted.limit), .is_truncated = SET_BOOL(listed.is_truncated),
	};
	if (listed.is_truncated && in->delimiter.len)       /* without one, clients go on from the last key */
		out->next_marker = listed.next;
	object_listing_objects(call, &listed, output_owner(call, bucket->account), &out->contents);
	object_listing_prefixes(call, &listed, &out->common_prefixes);
	return true;
}

const struct operation s3_list_objects = {
	.shape     = &s3_list_objects_shape,
	.action    = "s3:ListBucket",
	.authorise = access_bucket,
	.access    = ACCESS_READ,
	.place     = PLACE_WORKER,
	.perform   = perform,
};

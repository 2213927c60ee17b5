/* services/s3/list_multipart_uploads.c: what was begun and neither completed nor aborted.
 * Source: Amazon S3 API Reference (2006-03-01), ListMultipartUploads. */
#include "services/s3/access.h"
#include "services/s3/object_listing.h"
#include "services/s3/output.h"

static void add_uploads(struct call *call, const struct bucket *bucket, const struct listed *listed,
                        struct s3_multipart_upload_list *list)
{
	struct s3_owner *owner = output_owner(call, bucket->account);

	list->items = arena_array(&call->arena, listed->count, sizeof *list->items);
	list->count = listed->count;
	for (size_t i = 0; i < listed->count; i++) {
		const struct upload *upload = &listed->uploads[i];
		struct s3_initiator *initiator = arena_new(&call->arena, struct s3_initiator);

		initiator->id = upload->initiator;
		list->items[i] = (struct s3_multipart_upload){
			.upload_id = upload->upload_id, .key = upload->key, .initiated = SET_TIME(upload->started_ms),
			.storage_class = output_class(&upload->attributes), .owner = owner, .initiator = initiator,
			.checksum_algorithm = upload->checksum_algorithm, .checksum_type = upload->checksum_type,
		};
	}
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_list_multipart_uploads_request *in = input;
	struct s3_list_multipart_uploads_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct list_wanted wanted;
	struct listed listed;

	if (!bucket || !object_listing_begin(call, in->encoding_type, in->max_uploads, "max-uploads", &wanted, err))
		return false;
	wanted.prefix = in->prefix;
	wanted.delimiter = in->delimiter;
	wanted.after = in->key_marker;
	wanted.after_id = in->key_marker.len && in->upload_id_marker.len ? in->upload_id_marker : SLICE_NONE;
	if (!bucket_list_uploads(call->catalog, &call->arena, bucket, &wanted, &listed, err))
		return false;
	*out = (struct s3_list_multipart_uploads_output){
		.bucket = bucket->name, .prefix = in->prefix.ptr ? in->prefix : S(""),
		.key_marker = in->key_marker.ptr ? in->key_marker : S(""),
		.upload_id_marker = in->upload_id_marker.ptr ? in->upload_id_marker : S(""),
		.delimiter = in->delimiter.len ? in->delimiter : SLICE_NONE, .encoding_type = in->encoding_type,
		.max_uploads = SET_I64((int64_t)wanted.limit), .is_truncated = SET_BOOL(listed.is_truncated),
	};
	if (listed.is_truncated) {
		out->next_key_marker = listed.next;
		out->next_upload_id_marker = listed.next_id.ptr ? listed.next_id : S("");
	}
	add_uploads(call, bucket, &listed, &out->uploads);
	object_listing_prefixes(call, &listed, &out->common_prefixes);
	return true;
}

const struct operation s3_list_multipart_uploads = {
	.shape     = &s3_list_multipart_uploads_shape,
	.action    = "s3:ListBucketMultipartUploads",
	.authorise = access_bucket,
	.access    = ACCESS_READ,
	.place     = PLACE_WORKER,
	.perform   = perform,
};

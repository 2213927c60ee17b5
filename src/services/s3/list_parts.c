/* services/s3/list_parts.c: the parts that an upload has so far.
 * Source: Amazon S3 API Reference (2006-03-01), ListParts. */
#include "base/limits.h"
#include "bucket/bucket_multipart.h"
#include "services/s3/access.h"
#include "services/s3/object_listing.h"
#include "services/s3/output.h"

static void add_parts(struct call *call, const struct part_list *parts, struct s3_part_list *list)
{
	list->items = arena_array(&call->arena, parts->count, sizeof *list->items);
	list->count = parts->count;
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->items[i];
		struct s3_part *to = &list->items[i];

		*to = (struct s3_part){
			.part_number = SET_I64(part->number), .last_modified = SET_TIME(part->modified_ms),
			.e_tag = output_etag(call, part->etag), .size = SET_I64(part->bytes),
		};
		output_checksum((struct output_checksums){ &to->checksum_crc32, &to->checksum_crc32_c, &to->checksum_crc64_nvme,
		                                           &to->checksum_sha1, &to->checksum_sha256, NULL },
		                part->checksum_algorithm, part->checksum, SLICE_NONE);
	}
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_list_parts_request *in = input;
	struct s3_list_parts_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	int64_t after = in->part_number_marker.is_set ? in->part_number_marker.value : 0;
	const struct upload *upload;
	struct list_wanted wanted;
	struct part_list parts;

	if (!bucket || !object_listing_begin(call, SLICE_NONE, in->max_parts, "max-parts", &wanted, err))
		return false;
	upload = uploads_get(call->catalog, &call->arena, bucket, in->key, in->upload_id, err);
	if (!upload || !parts_list(call->catalog, &call->arena, bucket, in->upload_id, after, wanted.limit, &parts, err))
		return false;
	struct s3_initiator *initiator = arena_new(&call->arena, struct s3_initiator);
	initiator->id = upload->initiator;
	*out = (struct s3_list_parts_output){
		.bucket = bucket->name, .key = in->key, .upload_id = in->upload_id, .part_number_marker = SET_I64(after),
		.next_part_number_marker = SET_I64(parts.count ? parts.items[parts.count - 1].number : 0),
		.max_parts = SET_I64((int64_t)wanted.limit), .is_truncated = SET_BOOL(parts.is_truncated && wanted.limit > 0),
		.initiator = initiator, .owner = output_owner(call, bucket->account),
		.storage_class = output_class(&upload->attributes), .checksum_algorithm = upload->checksum_algorithm,
		.checksum_type = upload->checksum_type,
	};
	add_parts(call, &parts, &out->parts);
	return true;
}

const struct operation s3_list_parts = {
	.shape     = &s3_list_parts_shape,
	.action    = "s3:ListMultipartUploadParts",
	.authorise = access_object,
	.access    = ACCESS_READ,
	.place     = PLACE_WORKER,
	.perform   = perform,
};

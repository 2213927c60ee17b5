/* services/s3/complete_multipart_upload.c: the parts that are listed become an object.
 * Source: Amazon S3 API Reference (2006-03-01), CompleteMultipartUpload. */
#include "base/limits.h"
#include "bucket/bucket_multipart.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/output.h"

static struct part *parts_of(struct call *call, const struct s3_completed_part_list *list)
{
	struct part *parts = arena_array(&call->arena, list->count, sizeof *parts);

	for (size_t i = 0; i < list->count; i++) {
		struct output_checksum_sent sent = OUTPUT_SENT(&list->items[i]);
		parts[i] = (struct part){
			.number = list->items[i].part_number.value, .etag = list->items[i].e_tag, .checksum_algorithm = sent.algorithm,
			.checksum = sent.checksum,
		};
	}
	return parts;
}

/* Which part is to blame stands in the error. */
static bool explain(struct call *call, const struct completion *asked, const struct completed *completed, const struct error *err)
{
	const struct part *bad = completed->bad;
	struct rest *rest = call->rest;

	if (bad && err->name && strcmp(err->name, "EntityTooSmall") == 0) {
		rest_add_element(rest, S("ProposedSize"), arena_format(&call->arena, "%" PRId64, bad->bytes));
		rest_add_element(rest, S("MinSizeAllowed"), arena_format(&call->arena, "%d", S3_PART_BYTES_MIN));
	} else if (bad) {
		rest_add_element(rest, S("UploadId"), asked->upload_id);
	}
	if (bad) {
		rest_add_element(rest, S("PartNumber"), arena_format(&call->arena, "%" PRId64, bad->number));
		rest_add_element(rest, S("ETag"), bad->etag);
	}
	return output_condition(call, err);
}

static struct slice location_of(struct call *call, const struct bucket *bucket, struct slice key)
{
	return arena_format(&call->arena, "%s://%.*s/%.*s/%.*s", call->tls_version.ptr ? "https" : "http", SLICE_ARG(call->host),
	                    SLICE_ARG(bucket->name), SLICE_ARG(uri_encode_text(&call->arena, key, URI_ENCODE_SLASH)));
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_complete_multipart_upload_request *in = input;
	struct s3_complete_multipart_upload_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct output_checksum_sent sent = OUTPUT_SENT(in);
	struct completion completion = {
		.key = in->key, .upload_id = in->upload_id, .condition = { in->if_match, in->if_none_match },
		.bytes = { in->mpu_object_size.is_set, in->mpu_object_size.value }, .checksum_algorithm = sent.algorithm,
		.checksum = sent.checksum, .checksum_type = in->checksum_type,
	};
	struct completed completed = { 0 };

	if (!bucket)
		return false;
	if (in->multipart_upload) {
		completion.parts = parts_of(call, &in->multipart_upload->parts);
		completion.count = in->multipart_upload->parts.count;
	}
	completion.version_id = versions_make_id(&call->arena, call->random);
	if (!bucket_multipart_complete(call->catalog, &call->arena, bucket->name, call->now_ms, &completion, &completed, err))
		return explain(call, &completion, &completed, err);
	*out = (struct s3_complete_multipart_upload_output){
		.location = location_of(call, bucket, in->key), .bucket = bucket->name, .key = in->key,
		.e_tag = output_etag(call, completed.content.etag), .version_id = completed.result.version_id,
		.server_side_encryption = S("AES256"),
	};
	output_checksum(OUTPUT_CHECKSUMS(out), completed.content.checksum_algorithm, completed.content.checksum,
	                completed.content.checksum_type);
	return true;
}

const struct operation s3_complete_multipart_upload = {
	.shape     = &s3_complete_multipart_upload_shape,
	.action    = "s3:PutObject",
	.authorise = access_object,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = perform,
};

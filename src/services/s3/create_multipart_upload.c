/* services/s3/create_multipart_upload.c: an upload begins; what the object will be is said now.
 * Source: Amazon S3 API Reference (2006-03-01), CreateMultipartUpload. */
#include "bucket/bucket_put.h"
#include "bucket/uploads.h"
#include "services/rest.h"
#include "services/s3/attributes.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

/* Which checksum the parts will have, and how the object's follows from them. */
static bool choose_checksum(const struct s3_create_multipart_upload_request *in, struct upload *upload, struct error *err)
{
	bool is_crc64 = slice_equal(in->checksum_algorithm, S("CRC64NVME"));
	bool is_sha = slice_has_prefix(in->checksum_algorithm, S("SHA")), is_full = slice_equal(in->checksum_type, S("FULL_OBJECT"));
	static const struct slice served[] = {
		S_INIT("CRC32"), S_INIT("CRC32C"), S_INIT("CRC64NVME"), S_INIT("SHA1"), S_INIT("SHA256"),
	};

	if (!in->checksum_algorithm.ptr)
		return !in->checksum_type.ptr
		    || fail_as(err, ERR_INVALID, "InvalidRequest",
		               "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
	for (size_t i = 0; i < COUNT(served); i++)
		if (slice_equal(in->checksum_algorithm, served[i]))
			upload->checksum_algorithm = served[i];
	if (!upload->checksum_algorithm.ptr)
		return fail_as(err, ERR_INVALID, "InvalidRequest",
		               "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, "
		               "CRC64NVME, SHA1, SHA256]");
	upload->checksum_type = in->checksum_type.ptr ? in->checksum_type : is_crc64 ? S("FULL_OBJECT") : S("COMPOSITE");
	if ((is_sha && is_full) || (is_crc64 && slice_equal(in->checksum_type, S("COMPOSITE"))))
		return fail_as(err, ERR_INVALID, "InvalidRequest",
		               "The %.*s checksum type cannot be used with the %.*s checksum algorithm.", SLICE_ARG(in->checksum_type),
		               SLICE_ARG(in->checksum_algorithm));
	return true;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_create_multipart_upload_request *in = input;
	struct s3_create_multipart_upload_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct upload upload = { .key = in->key, .started_ms = call->now_ms, .initiator = call->principal->arn };

	if (!bucket || !attributes_read(call, bucket, &upload.attributes, err) || !choose_checksum(in, &upload, err))
		return false;
	upload.upload_id = uploads_make_id(&call->arena, call->random, call->now_ms);
	if (!uploads_insert(call->catalog, bucket, &upload, err))
		return false;
	*out = (struct s3_create_multipart_upload_output){
		.bucket = bucket->name, .key = in->key, .upload_id = upload.upload_id, .server_side_encryption = S("AES256"),
		.checksum_algorithm = upload.checksum_algorithm, .checksum_type = upload.checksum_type,
	};
	return true;
}

const struct operation s3_create_multipart_upload = {
	.shape     = &s3_create_multipart_upload_shape,
	.action    = "s3:PutObject",
	.authorise = attributes_authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = perform,
};

/* services/s3/upload_part.c: a part of an upload: its bytes, then its row, which replaces the one of the same number.
 * Source: Amazon S3 API Reference (2006-03-01), UploadPart. */
#include "bucket/bucket_multipart.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/incoming.h"
#include "services/s3/output.h"

struct preparation {
	struct content           content;
	struct incoming_checksum sent;           /* the client's checksum, or the upload's */
};

static bool receive(struct call *call, const void *input, struct error *err)
{
	const struct s3_upload_part_request *in = input;
	const struct bucket *bucket = access_bucket_now(call, err);
	const struct upload *upload = bucket ? bucket_multipart_get(call->catalog, &call->arena, bucket, in->key, in->upload_id,
	                                                            in->part_number.value, err) : NULL;

	call->prepared = arena_new(&call->arena, struct preparation);
	if (!upload)
		return false;
	enum checksum_algorithm own = upload->checksum_algorithm.ptr ? checksum_of_name(upload->checksum_algorithm) : CHECKSUM_CRC64NVME;
	return incoming_open(call, own, err);
}

static bool prepare(struct call *call, const void *input, struct error *err)
{
	struct preparation *preparation = call->prepared;

	(void)input;
	return incoming_end(call, &preparation->content, &preparation->sent, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_upload_part_request *in = input;
	struct s3_upload_part_output *out = output;
	const struct preparation *preparation = call->prepared;
	const struct content *content = &preparation->content;
	const struct bucket *bucket = access_bucket_now(call, err);
	const struct part part = {
		.number = in->part_number.value, .bytes = content->bytes, .modified_ms = call->now_ms, .etag = content->etag,
		.file = content->file, .sealed_key = content->sealed_key, .checksum_algorithm = content->checksum_algorithm,
		.checksum = content->checksum,
	};
	struct output_checksums to = {
		&out->checksum_crc32, &out->checksum_crc32_c, &out->checksum_crc64_nvme, &out->checksum_sha1, &out->checksum_sha256, NULL,
	};

	if (!bucket || !bucket_multipart_put_part(call->catalog, &call->arena, bucket->name, in->key, in->upload_id, call->now_ms, &part, err))
		return false;
	out->e_tag = output_etag(call, content->etag);
	out->server_side_encryption = S("AES256");
	output_checksum(to, checksum_name(preparation->sent.algorithm), preparation->sent.value, SLICE_NONE);
	return true;
}

const struct operation s3_upload_part = {
	.shape     = &s3_upload_part_shape,
	.action    = "s3:PutObject",
	.authorise = access_object,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.receive   = receive,
	.prepare   = prepare,
	.perform   = perform,
};

/* services/s3/upload_part_copy.c: a part of an upload whose bytes are another object's, or a range of them.
 * Source: Amazon S3 API Reference (2006-03-01), UploadPartCopy. */
#include "base/limits.h"
#include "bucket/bucket_multipart.h"
#include "codec/checksum.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/copy_source.h"
#include "services/s3/incoming.h"
#include "services/s3/output.h"

struct copying {
	struct copy_source      source;
	const struct version   *version;
	enum checksum_algorithm own;            /* of the upload's parts */
	struct content          content;        /* of the part */
};

/* The target, then the source, then whether there is such an upload. */
static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct s3_upload_part_copy_request *in = input;
	struct copying *copying = arena_new(&call->arena, struct copying);
	const struct bucket *bucket;
	const struct upload *upload;

	call->prepared = copying;
	if (!access_object(call, input, err) || !copy_source_read(&call->arena, in->copy_source, &copying->source, err)
	    || !copy_source_ask(call, input, &copying->source, false, &copying->version, err))
		return false;
	bucket = access_bucket_now(call, err);
	upload = bucket ? bucket_multipart_get(call->catalog, &call->arena, bucket, in->key, in->upload_id, in->part_number.value, err) : NULL;
	if (!upload)
		return false;
	copying->own = upload->checksum_algorithm.ptr ? checksum_of_name(upload->checksum_algorithm) : CHECKSUM_CRC64NVME;
	return true;
}

/* "bytes=a-b", both ends given and inside the source. */
static bool read_range(struct slice text, int64_t bytes, uint64_t *from, uint64_t *count, struct error *err)
{
	struct slice first, last = slice_cut(slice_from(text, sizeof "bytes=" - 1), '-', &first);
	uint64_t begin, end;

	*from = 0;
	*count = (uint64_t)bytes;
	if (!text.ptr)
		return true;
	if (!slice_has_prefix(text, S("bytes=")) || !slice_to_u64(first, &begin) || !slice_to_u64(last, &end) || begin > end)
		return fail_as(err, ERR_INVALID, "InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last "
		               "where first and last are the zero-based offsets of the first and last bytes to copy");
	if (end >= (uint64_t)bytes)
		return fail_as(err, ERR_INVALID, "InvalidArgument", "Range specified is not valid for source object of size: %" PRId64, bytes);
	*from = begin;
	*count = end - begin + 1;
	return true;
}

static bool take(void *user, struct slice window, struct error *err)
{
	return incoming_take(user, window, err);
}

static bool prepare(struct call *call, const void *input, struct error *err)
{
	const struct s3_upload_part_copy_request *in = input;
	struct copying *copying = call->prepared;
	const struct read_condition condition = COPY_SOURCE_CONDITION(in);
	uint64_t from, bytes;

	if (!bucket_get_check_copy(copying->version, &condition, call->now_ms, err)
	    || !read_range(in->copy_source_range, copying->version->content.bytes, &from, &bytes, err))
		return false;
	if (bytes > (uint64_t)S3_PUT_BYTES_MAX)
		return fail_as(err, ERR_INVALID, "InvalidRequest",
		               "The specified copy source is larger than the maximum allowable size for a copy source: %" PRId64,
		               S3_PUT_BYTES_MAX);
	incoming_open_copy(call, bytes, copying->own);
	return copy_source_each(call, &copying->source, copying->version, from, bytes, take, call, err)
	    && incoming_end(call, &copying->content, NULL, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_upload_part_copy_request *in = input;
	struct s3_upload_part_copy_output *out = output;
	const struct copying *copying = call->prepared;
	const struct content *content = &copying->content;
	const struct bucket *bucket = access_bucket_now(call, err);
	const struct part part = {
		.number = in->part_number.value, .bytes = content->bytes, .etag = content->etag, .file = content->file,
		.sealed_key = content->sealed_key, .checksum_algorithm = content->checksum_algorithm, .checksum = content->checksum,
	};
	struct s3_copy_part_result *result = arena_new(&call->arena, struct s3_copy_part_result);

	if (!bucket || !bucket_multipart_put_part(call->catalog, &call->arena, bucket->name, in->key, in->upload_id, call->now_ms, &part, err))
		return false;
	result->e_tag = output_etag(call, content->etag);
	result->last_modified = SET_TIME(call->now_ms);
	output_checksum((struct output_checksums){ &result->checksum_crc32, &result->checksum_crc32_c, &result->checksum_crc64_nvme,
	                                           &result->checksum_sha1, &result->checksum_sha256, NULL },
	                content->checksum_algorithm, content->checksum, SLICE_NONE);
	out->copy_part_result = result;
	out->server_side_encryption = S("AES256");
	if (copying->source.owner->versioning != VERSIONING_NEVER)
		out->copy_source_version_id = copying->version->version_id;
	return true;
}

const struct operation s3_upload_part_copy = {
	.shape     = &s3_upload_part_copy_shape,
	.action    = "s3:PutObject",
	.authorise = authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.prepare   = prepare,
	.perform   = perform,
};

/* services/s3/put_object.c: an object in one request; its bytes come first (services/s3/incoming.h), then its row.
 * Source: Amazon S3 API Reference (2006-03-01), PutObject. */
#include "bucket/bucket_put.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/attributes.h"
#include "services/s3/incoming.h"
#include "services/s3/output.h"

/* What can be refused without the body is. */
static bool receive(struct call *call, const void *input, struct error *err)
{
	const struct s3_put_object_request *in = input;
	struct put *put = arena_new(&call->arena, struct put);
	const struct bucket *bucket = access_bucket_now(call, err);

	if (!bucket)
		return false;
	call->prepared = put;
	put->key = in->key;
	put->version_id = versions_make_id(&call->arena, call->random);
	put->condition = (struct put_condition){ in->if_match, in->if_none_match };
	if (in->write_offset_bytes.is_set)
		return fail_as(err, ERR_INVALID, "NotImplemented", "A header you provided implies functionality that is not implemented");
	if (!attributes_read(call, bucket, &put->attributes, err))
		return false;
	if (!bucket_put_check(call->catalog, &call->arena, bucket, put->key, &put->condition, err))
		return output_condition(call, err);
	return incoming_open(call, CHECKSUM_NONE, err);
}

static bool prepare(struct call *call, const void *input, struct error *err)
{
	struct put *put = call->prepared;

	(void)input;
	return incoming_end(call, &put->content, NULL, err);
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_put_object_output *out = output;
	const struct put *put = call->prepared;
	const struct content *content = &put->content;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct put_result result;

	(void)input;
	if (!bucket)
		return false;
	if (!bucket_put(call->catalog, &call->arena, bucket->name, call->now_ms, put, &result, err))
		return output_condition(call, err);
	out->e_tag = output_etag(call, content->etag);
	out->version_id = result.version_id;
	out->server_side_encryption = S("AES256");
	output_checksum(OUTPUT_CHECKSUMS(out), content->checksum_algorithm, content->checksum, content->checksum_type);
	return true;
}

const struct operation s3_put_object = {
	.shape     = &s3_put_object_shape,
	.action    = "s3:PutObject",
	.authorise = attributes_authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.receive   = receive,
	.prepare   = prepare,
	.perform   = perform,
};

/* services/s3/abort_multipart_upload.c: an upload and its parts are forgotten.
 * Source: Amazon S3 API Reference (2006-03-01), AbortMultipartUpload. */
#include "bucket/bucket_multipart.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_abort_multipart_upload_request *in = input;
	const struct bucket *bucket = access_bucket_now(call, err);

	(void)output;
	if (in->if_match_initiated_time.is_set)
		return fail_as(err, ERR_INVALID, "NotImplemented",
		               "A header you provided implies functionality that is not implemented");
	return bucket && bucket_multipart_abort(call->catalog, &call->arena, bucket, in->key, in->upload_id, call->now_ms, err);
}

const struct operation s3_abort_multipart_upload = {
	.shape     = &s3_abort_multipart_upload_shape,
	.action    = "s3:AbortMultipartUpload",
	.authorise = access_object,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = perform,
};

/* services/s3/document.c: between the structs of the model and the text in bucket/documents.h. */
#include "services/s3/document.h"

#include "base/limits.h"
#include "services/decode_rest_xml.h"
#include "services/encode_rest_xml.h"
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/shape.h"

bool document_put(struct call *call, enum document_kind kind, const struct operation_shape *put, const void *input,
                  struct error *err)
{
	const struct bucket *bucket = access_bucket_now(call, err);
	struct slice text = encode_rest_xml_payload(&call->arena, put, input, REST_BODY_BYTES_MAX);

	if (!bucket)
		return false;
	if (!text.ptr)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	return documents_put(call->catalog, bucket, kind, text, call->now_ms, err);
}

bool document_get(struct call *call, enum document_kind kind, const struct operation_shape *put, const void **value,
                  struct error *err)
{
	const struct bucket *bucket = access_bucket_now(call, err);

	*value = NULL;
	return bucket && document_get_of(call, bucket, kind, put, value, err);
}

bool document_get_of(struct call *call, const struct bucket *bucket, enum document_kind kind, const struct operation_shape *put,
                     const void **value, struct error *err)
{
	struct document document;

	*value = NULL;
	if (!documents_find(call->catalog, &call->arena, bucket, kind, &document, err))
		return false;
	if (!document.text.ptr)
		return true;
	*value = decode_rest_xml_payload(&call->arena, put, document.text);
	return *value || fail(err, ERR_CORRUPT, "document %d of bucket %.*s cannot be read", (int)kind, SLICE_ARG(bucket->name));
}

const void *document_require(struct call *call, enum document_kind kind, const struct operation_shape *put,
                             const char *missing, struct error *err)
{
	const void *value;

	if (document_get(call, kind, put, &value, err) && !value)
		rest_errors_fail(err, ERR_NOT_FOUND, missing);
	return value;
}

bool document_delete(struct call *call, enum document_kind kind, struct error *err)
{
	const struct bucket *bucket = access_bucket_now(call, err);

	return bucket && documents_delete(call->catalog, bucket, kind, NULL, err);
}

/* server/reply.c: the output or the error in the caller's protocol. Source: platform behaviour 9.1. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "server/download.h"
#include "services/encode_json.h"
#include "services/encode_query.h"
#include "services/errors.h"
#include "services/rest_errors.h"
#include "services/shape.h"

static bool is_json(enum wire wire)
{
	return wire == WIRE_JSON_1_0 || wire == WIRE_JSON_1_1;
}

static struct slice content_type(enum wire wire)
{
	switch (wire) {
	case WIRE_JSON_1_0:
		return S("application/x-amz-json-1.0");
	case WIRE_JSON_1_1:
		return S("application/x-amz-json-1.1");
	default:
		return S("text/xml");
	}
}

static void encode_success(struct request *request, struct buffer *body)
{
	const struct call *call = &request->call;
	const struct operation_shape *shape = call->operation->shape;

	request->status = 200;
	if (is_json(call->wire))
		encode_json(body, shape->output, call->output);
	else
		encode_query(body, shape, call->output, slice_of(call->request_id));
}

static void log_failure(struct request *request)
{
	log_limited(request->front->refusals, clock_monotonic_ms(), "call failed", "operation=%.*s request=%s reason=\"%s\"",
	            SLICE_ARG(request->operation_name), request->call.request_id, request->call.error.message);
}

static void encode_failure(struct request *request, struct buffer *body, struct slice *error_type)
{
	const struct call *call = &request->call;
	const struct service_shape *service = call->service ? call->service->shape : NULL;
	const struct wire_error wire = errors_resolve(call->operation ? call->operation->shape : NULL, service,
	                                              request_protocol(call->wire), &call->error);
	struct slice id = slice_of(call->request_id);

	if (request->status == 0)
		request->status = wire.status;
	if (request->status == 500)
		log_failure(request);
	*error_type = wire.code;
	if (is_json(call->wire))
		encode_json_error(body, wire.code, wire.message);
	else
		encode_query_error(body, service ? service->xml_namespace : SLICE_NONE, wire.code, wire.is_receiver, wire.message, id);
}

static void count_call(struct request *request)
{
	struct metrics_shard *metrics = &request->front->metrics;

	if (request->job.seq && request->status != 503)  /* a number alone is not enough: its batch may have failed */
		metrics_count(metrics, request->outcome == OUTCOME_OK     ? METRIC_CALLS_OK
		                     : request->outcome == OUTCOME_DENIED ? METRIC_CALLS_DENIED : METRIC_CALLS_FAILED);
	metrics_latency(metrics, (clock_monotonic_ns() - request->started_ns) / 1000);
}

/* ---- REST-XML ---- */

static void encode_rest_failure(struct request *request)
{
	struct call *call = &request->call;
	struct wire_error wire = rest_errors_resolve(&call->error, call->rest);

	if (request->status)
		wire.status = (uint16_t)request->status;
	encode_rest_xml_error(&call->arena, &wire, call->rest, slice_of(call->request_id), &request->encoded);
}

void reply_encode(struct request *request)
{
	struct call *call = &request->call;
	struct rest *rest = call->rest;

	if (request->is_encoded)
		return;
	request->is_encoded = true;
	if (!call->error.kind)
		encode_rest_xml(&call->arena, call->operation->shape, call->output, rest, REPLY_BYTES_MAX, &request->encoded);
	if (!call->error.kind && request->encoded.body.is_over)
		fail_as(&call->error, ERR_LIMIT, "InternalError", "The reply is larger than %d bytes.", REPLY_BYTES_MAX);
	if (call->error.kind)
		encode_rest_failure(request);
	if (call->error.kind || !rest->streams_out)
		rest->bytes_out = slice_equal(rest->method, S("HEAD")) ? 0 : request->encoded.body.len;
}

static enum verdict reply_rest(struct request *request)
{
	struct call *call = &request->call;

	reply_encode(request);
	const struct rest_reply *encoded = &request->encoded;
	struct http_header *headers = arena_array(&call->arena, encoded->header_count + 4, sizeof *headers);
	size_t count = 0;

	headers[count++] = (struct http_header){ S("x-amz-id-2"), slice_of(call->rest->host_id) };
	headers[count++] = (struct http_header){ S("x-amz-request-id"), slice_of(call->request_id) };
	headers[count++] = (struct http_header){ S("Server"), S("AmazonS3") };
	if (encoded->status == 503)
		headers[count++] = (struct http_header){ S("Retry-After"), S("1") };
	if (encoded->header_count)
		memcpy(headers + count, encoded->headers, encoded->header_count * sizeof *headers);
	count += encoded->header_count;
	request->status = encoded->status;
	if (request->status == 500)
		log_failure(request);
	count_call(request);
	if (!call->error.kind && call->rest->streams_out && slice_equal(call->rest->method, S("HEAD")))
		http_reply_begin(request->exchange, request->status, headers, count, call->rest->bytes_out);
	else if (!call->error.kind && call->rest->outgoing) {
		if (!download_begin(request, request->status, headers, count))
			http_reply(request->exchange, 503, headers, 3, S(""));
	} else
		http_reply(request->exchange, request->status, headers, count, buffer_slice(&encoded->body));
	return WAIT;
}

enum verdict reply(struct request *request)
{
	struct call *call = &request->call;
	struct http_header headers[5];
	size_t header_count = 0;
	struct slice error_type = SLICE_NONE;
	struct buffer body;

	if (call->rest)
		return reply_rest(request);
	buffer_init(&body, &call->arena, REPLY_BYTES_MAX);
	if (call->error.kind)
		encode_failure(request, &body, &error_type);
	else
		encode_success(request, &body);
	if (body.is_over) {
		body = (struct buffer){0};
		buffer_init(&body, &call->arena, REPLY_BYTES_MAX);
		fail_as(&call->error, ERR_LIMIT, "InternalFailure", "The reply is larger than %d bytes.", REPLY_BYTES_MAX);
		request->status = 500;
		encode_failure(request, &body, &error_type);
	}
	headers[header_count++] = (struct http_header){ S("x-amzn-RequestId"), slice_of(call->request_id) };
	headers[header_count++] = (struct http_header){ S("Content-Type"), content_type(call->wire) };
	if (error_type.ptr && is_json(call->wire))
		headers[header_count++] = (struct http_header){ S("x-amzn-ErrorType"), error_type };
	if (request->status == 503)
		headers[header_count++] = (struct http_header){ S("Retry-After"), S("1") };
	count_call(request);
	http_reply(request->exchange, request->status, headers, header_count, buffer_slice(&body));
	return WAIT;                                     /* http_reply may end the exchange: the request is not ours any more */
}

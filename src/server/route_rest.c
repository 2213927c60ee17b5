/* server/route_rest.c: address, query, identifiers of S3's requests, and the elements of its refusals. */
#include "server/route_rest.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "server/route.h"
#include "services/errors.h"
#include "services/s3/address.h"
#include "services/s3/selection.h"

/* Two identifiers in S3's own forms, as its support asks for them. */
static void make_ids(struct call *call)
{
	unsigned char bytes[(REST_HOST_ID_BYTES - 1) / 4 * 3];

	random_text(call->random, S("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), call->request_id, REST_REQUEST_ID_BYTES - 1);
	call->request_id[REST_REQUEST_ID_BYTES - 1] = '\0';
	random_bytes(call->random, bytes, sizeof bytes);
	base64_write(bytes, sizeof bytes, call->rest->host_id);
	call->rest->host_id[REST_HOST_ID_BYTES - 1] = '\0';
}

static enum verdict refuse(struct request *request)
{
	metrics_count(&request->front->metrics, METRIC_CALLS_UNKNOWN);
	return DROP;
}

enum verdict route_rest(struct request *request, const struct service *service)
{
	const struct http_request *http = &request->exchange->request;
	struct call *call = &request->call;
	struct rest *rest = &request->rest;
	struct slice path, query = slice_cut(http->path, '?', &path);
	struct address address;

	call->wire = WIRE_REST_XML;
	call->service = service;
	call->rest = rest;
	*rest = (struct rest){
		.method = http->method, .headers = http->headers, .header_count = http->header_count, .body = http->body,
		.bytes_in = http->body.len,
	};
	make_ids(call);
	if (!service) {
		fail_as(&call->error, ERR_INVALID, "NotImplemented", "spoor does not serve the service '%.*s'.",
		        SLICE_ARG(request->claim.service));
		return refuse(request);
	}
	if (!address_read(&call->arena, call->host, path, request->front->server->config->s3_domains, &address, &call->error))
		return refuse(request);
	rest->bucket = address.bucket;
	rest->key = address.key;
	if (query.ptr && !uri_pairs_read(&call->arena, query, URI_PLUS_IS_BLANK, REST_QUERY_PAIRS_MAX, &rest->query, &call->error)) {
		call->error.name = "InvalidURI";
		return refuse(request);
	}
	request->operation_name = selection_find(rest, &call->error);
	if (!request->operation_name.ptr)
		return refuse(request);
	call->operation = route_operation(service, request->operation_name);
	return NEXT;
}

static struct slice hex_dump(struct arena *arena, struct slice text)
{
	struct buffer out;

	buffer_init(&out, arena, 3 * text.len);
	for (size_t i = 0; i < text.len; i++)
		buffer_printf(&out, i ? " %02x" : "%02x", (unsigned char)text.ptr[i]);
	return buffer_slice(&out);
}

static struct slice time_text(struct arena *arena, int64_t ms)
{
	return time_iso(ms, arena_alloc(arena, TIME_TEXT_BYTES));
}

static void explain_signature(struct request *request)
{
	const struct sigv4_refusal *refusal = &request->refusal;
	struct arena *arena = &request->call.arena;
	struct rest *rest = &request->rest;

	rest_add_element(rest, S("AWSAccessKeyId"), request->claim.access_key_id);
	rest_add_element(rest, S("StringToSign"), refusal->string_to_sign);
	rest_add_element(rest, S("SignatureProvided"), request->claim.signature);
	if (refusal->string_to_sign.ptr)
		rest_add_element(rest, S("StringToSignBytes"), hex_dump(arena, refusal->string_to_sign));
	rest_add_element(rest, S("CanonicalRequest"), refusal->canonical_request);
	if (refusal->canonical_request.ptr)
		rest_add_element(rest, S("CanonicalRequestBytes"), hex_dump(arena, refusal->canonical_request));
}

void route_rest_explain(struct request *request)
{
	const struct sigv4_claim *claim = &request->claim;
	struct call *call = &request->call;
	struct arena *arena = &call->arena;
	struct rest *rest = &request->rest;

	switch (request->refusal.reason) {
	case SIGV4_BAD_SIGNATURE:
		explain_signature(request);
		break;
	case SIGV4_UNKNOWN_KEY:
		rest_add_element(rest, S("AWSAccessKeyId"), claim->access_key_id);
		break;
	case SIGV4_BAD_TOKEN:
	case SIGV4_EXPIRED_TOKEN:
		rest_add_element(rest, S("Token-0"), claim->token);
		break;
	case SIGV4_WRONG_SCOPE:
	case SIGV4_WRONG_REGION:
		rest_add_element(rest, S("Region"), call->environment->home_region);
		break;
	case SIGV4_UNSIGNED_HEADERS:
		rest_add_element(rest, S("HeadersNotSigned"), request->refusal.unsigned_headers);
		break;
	case SIGV4_EXPIRED:
	case SIGV4_NOT_YET:
		rest_add_element(rest, S("RequestTime"), time_text(arena, claim->time_ms));
		rest_add_element(rest, S("ServerTime"), time_text(arena, call->wall_ms));
		rest_add_element(rest, S("MaxAllowedSkewMilliseconds"), arena_format(arena, "%d", SIGV4_SKEW_MS));
		break;
	case SIGV4_PRESIGNED_EXPIRED:
	case SIGV4_PRESIGNED_NOT_YET:
		rest_add_element(rest, S("X-Amz-Expires"), arena_format(arena, "%" PRId64, claim->expires_s));
		rest_add_element(rest, S("Expires"), time_text(arena, claim->time_ms + claim->expires_s * 1000));
		rest_add_element(rest, S("ServerTime"), time_text(arena, call->wall_ms));
		break;
	case SIGV4_BAD_PAYLOAD:
		rest_add_element(rest, S("ClientComputedContentSHA256"), rest_header(rest, S("x-amz-content-sha256")));
		rest_add_element(rest, S("S3ComputedContentSHA256"), request->refusal.payload_sha256);
		break;
	default:
		break;
	}
}

/* server/decode.c: the body into the operation's input, by the shape tables; what breaks a constraint is told in AWS's words. */
#include "server/request.h"
#include "services/decode_json.h"
#include "services/decode_query.h"
#include "services/decode_rest_xml.h"
#include "services/errors.h"
#include "services/s3/integrity.h"
#include "services/shape.h"
#include "services/validate.h"

enum protocol request_protocol(enum wire wire)
{
	static const enum protocol protocols[WIRE_COUNT] = {
		[WIRE_JSON_1_0] = PROTOCOL_JSON_1_0, [WIRE_JSON_1_1] = PROTOCOL_JSON_1_1, [WIRE_QUERY] = PROTOCOL_QUERY,
		[WIRE_EC2] = PROTOCOL_EC2_QUERY, [WIRE_REST_XML] = PROTOCOL_REST_XML, [WIRE_CBOR] = PROTOCOL_RPC_V2_CBOR,
	};

	return protocols[wire];
}

/* AWS has the operation and spoor does not: an error of AWS's that names it, and an event that it was tried. */
static enum verdict not_served(struct request *request)
{
	request->outcome = OUTCOME_FAILED;
	errors_fail_operation(&request->call.error, request->call.service->shape, request->operation_name,
	                      request_protocol(request->call.wire));
	return FAIL;
}

/* What is wrong with it is known together with where it points, so it is an event. */
static enum verdict decode_rest(struct request *request)
{
	struct call *call = &request->call;

	if (!call->rest->body.ptr || integrity_check(&call->arena, call->operation->shape, call->rest, &call->error))
		call->input = decode_rest_xml(&call->arena, call->operation->shape, call->rest, &call->error);
	request->is_input_decoded = call->input != NULL;
	if (call->input)
		return NEXT;
	request->outcome = OUTCOME_FAILED;
	return FAIL;
}

enum verdict decode(struct request *request)
{
	struct call *call = &request->call;
	const struct http_request *http = &request->exchange->request;

	if (!call->operation)
		return not_served(request);
	if (call->rest)
		return decode_rest(request);
	const struct shape *input = call->operation->shape->input;
	enum protocol protocol = request_protocol(call->wire);
	call->input = protocol == PROTOCOL_QUERY || protocol == PROTOCOL_EC2_QUERY
	            ? decode_query(&call->arena, input, &request->form, protocol, &call->error)
	            : decode_json(&call->arena, input, http->body, &call->error);
	if (!call->input || !arena_check(&call->arena, &call->error)) {
		metrics_count(&request->front->metrics, METRIC_CALLS_UNREADABLE);
		return DROP;                             /* nobody can say what was asked, so it is no event */
	}
	request->is_input_decoded = true;
	if (!input || validate(input, call->input, protocol, &call->error))
		return NEXT;
	request->outcome = OUTCOME_FAILED;
	return FAIL;
}

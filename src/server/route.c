/* server/route.c: which service and operation a request asks for.
 *
 * First hit wins: X-Amz-Target, then the service in the credential scope, then Action and Version of a form. What is left
 * is S3. Source: Smithy AWS protocol documents; platform behaviour 1.2. */
#include "base/limits.h"
#include "server/request.h"
#include "server/route.h"
#include "server/route_rest.h"
#include "services/s3/address.h"
#include "services/shape.h"

/* Some SDKs still send the older, shorter prefix. Source: field reports. */
static const struct { struct slice alias, prefix; } target_aliases[] = {
	{ S_INIT("CloudTrail_20131101"), S_INIT("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101") },
};

/* Services of AWS that clients may call here and that are not served (yet): they get their protocol's error. */
static const struct { struct slice target_prefix, name; } foreign_targets[] = {
	{ S_INIT("Logs_20140328"), S_INIT("logs") }, { S_INIT("TrentService"), S_INIT("kms") },
	{ S_INIT("StarlingDoveService"), S_INIT("config") }, { S_INIT("GraniteServiceVersion20100801"), S_INIT("monitoring") },
	{ S_INIT("AWSEvents"), S_INIT("events") },
};

static const struct service *service_by_name(struct slice name)
{
	for (const struct service *const *service = services; *service; service++)
		if (slice_equal((*service)->shape->name, name))
			return *service;
	return NULL;
}

static const struct service *service_by_target(struct slice prefix)
{
	for (size_t i = 0; i < COUNT(target_aliases); i++)
		if (slice_equal(prefix, target_aliases[i].alias))
			prefix = target_aliases[i].prefix;
	for (const struct service *const *service = services; *service; service++)
		if ((*service)->shape->target_prefix.ptr && slice_equal((*service)->shape->target_prefix, prefix))
			return *service;
	return NULL;
}

static const struct service *service_by_version(struct slice version)
{
	for (const struct service *const *service = services; *service; service++)
		if ((*service)->shape->protocols & (1u << PROTOCOL_QUERY) && slice_equal((*service)->shape->api_version, version))
			return *service;
	return NULL;
}

const struct operation *route_operation(const struct service *service, struct slice name)
{
	for (const struct operation *const *operation = service->operations; *operation; operation++)
		if (slice_equal((*operation)->shape->name, name))
			return *operation;
	return NULL;
}

static enum verdict unknown(struct request *request, const char *code, const char *format, struct slice name)
{
	metrics_count(&request->front->metrics, METRIC_CALLS_UNKNOWN);
	request->status = 400;
	fail_as(&request->call.error, ERR_INVALID, code, format, SLICE_ARG(name));
	return DROP;
}

/* The operation may be missing from the table although the service has it: that is told after the signature was
 * checked, so that the attempt is recorded. A name that the service does not have is no call at all. */
static enum verdict select_operation(struct request *request, const struct service *service, struct slice name,
                                     const char *unknown_code, const char *unknown_text)
{
	request->call.service = service;
	request->operation_name = name;
	request->call.operation = route_operation(service, name);
	if (!request->call.operation && !service_shape_knows(service->shape, name))
		return unknown(request, unknown_code, unknown_text, name);
	return NEXT;
}

static enum verdict route_target(struct request *request, struct slice target)
{
	size_t dot = slice_rfind_byte(target, '.');
	struct slice prefix = slice_sub(target, 0, dot == SLICE_NPOS ? 0 : dot);
	struct slice name = slice_from(target, dot == SLICE_NPOS ? 0 : dot + 1);
	struct slice type = http_request_header(&request->exchange->request, S("Content-Type"));

	request->call.wire = slice_has_prefix_nocase(type, S("application/x-amz-json-1.0")) ? WIRE_JSON_1_0 : WIRE_JSON_1_1;
	const struct service *service = service_by_target(prefix);
	if (service)
		return select_operation(request, service, name, "UnknownOperationException", "Unknown operation: %.*s");
	for (size_t i = 0; i < COUNT(foreign_targets); i++)
		if (slice_equal(prefix, foreign_targets[i].target_prefix))
			return unknown(request, "UnknownOperationException", "spoor does not serve the service of target %.*s", target);
	return unknown(request, "UnknownOperationException", "Unknown target: %.*s", target);
}

/* The form of a POST, or the query string: a presigned POST has all of it there and no body. */
static bool read_form(struct request *request, struct error *err)
{
	const struct http_request *http = &request->exchange->request;
	struct slice path, query = slice_cut(http->path, '?', &path);
	struct slice text = slice_equal(http->method, S("POST")) && http->body.len ? http->body : query;

	return !text.ptr
	    || uri_pairs_read(&request->call.arena, text, URI_PLUS_IS_BLANK, FORM_PAIRS_MAX, &request->form, err);
}

/* False if it is there twice: two readers could understand that differently. */
static bool form_value(const struct request *request, struct slice name, struct slice *value)
{
	size_t count = 0;

	*value = SLICE_NONE;
	for (size_t i = 0; i < request->form.count; i++)
		if (slice_equal(request->form.items[i].name, name)) {
			*value = request->form.items[i].value;
			count++;
		}
	return count <= 1;
}

static enum verdict route_form(struct request *request, const struct service *service)
{
	struct slice action, version;
	bool has_one_action = form_value(request, S("Action"), &action);
	bool has_one_version = form_value(request, S("Version"), &version);
	const struct service *named = service_by_version(version);

	if (named)
		service = named;                 /* a scope that says otherwise is a signature for another service */
	if (!service)
		return unknown(request, "InvalidAction", "spoor does not serve an API of version '%.*s'", version);
	request->call.service = service;
	if (!has_one_action || !has_one_version) {
		request->status = 404;
		fail_as(&request->call.error, ERR_INVALID, "MalformedQueryString", "A parameter is given twice.");
		return DROP;
	}
	if (!action.ptr) {
		request->status = 400;
		fail_as(&request->call.error, ERR_INVALID, "MissingAction",
		        "The request is missing an action or a required parameter.");
		return DROP;
	}
	if (version.ptr && !slice_equal(version, service->shape->api_version))
		return unknown(request, "InvalidAction", "Could not find operation %.*s", arena_format(&request->call.arena,
		               "%.*s for version %.*s", SLICE_ARG(action), SLICE_ARG(version)));
	return select_operation(request, service, action, "InvalidAction",
	                        "The action %.*s is not valid for this web service.");
}

static struct slice scope_service(struct request *request)
{
	struct sigv4_request signed_request = route_signed_request(request);

	return sigv4_claim_service(&request->call.arena, &signed_request);
}

struct sigv4_request route_signed_request(const struct request *request)
{
	const struct http_request *http = &request->exchange->request;

	return (struct sigv4_request){
		.method = http->method, .target = http->path,
		.headers = http->headers, .header_count = http->header_count,
		.body = request->is_streaming ? SLICE_NONE : http->body.ptr ? http->body : S(""),
	};
}

static bool is_form(const struct http_request *http)
{
	return slice_has_prefix_nocase(http_request_header(http, S("Content-Type")), S("application/x-www-form-urlencoded"));
}

bool route_may_be_rest(const struct http_request *http)
{
	return !http_request_header(http, S("X-Amz-Target")).ptr && !is_form(http);
}

/* A form, or a query with an action, sent to the root of no bucket's host. */
static bool is_query_protocol(struct request *request)
{
	const struct http_request *http = &request->exchange->request;
	struct slice path, query = slice_cut(http->path, '?', &path);

	return slice_equal(path, S("/")) && (is_form(http) || slice_find(query, S("Action=")) != SLICE_NPOS)
	    && !address_host_bucket(&request->call.arena, request->call.host, request->front->server->config->s3_domains).ptr;
}

enum verdict route(struct request *request)
{
	const struct http_request *http = &request->exchange->request;
	struct slice target = http_request_header(http, S("X-Amz-Target"));

	if (target.ptr)
		return route_target(request, target);
	struct slice name = request->claim.service = scope_service(request);
	const struct service *service = name.ptr ? service_by_name(name) : NULL;

	if (service && service->shape->protocols & (1u << PROTOCOL_REST_XML))
		return route_rest(request, service);
	if (service && service->shape->protocols & (1u << PROTOCOL_QUERY)) {
		request->call.wire = WIRE_QUERY;
	} else if (service) {
		request->call.wire = WIRE_JSON_1_1;
		request->call.service = service;
		return unknown(request, "UnknownOperationException", "The request has no X-Amz-Target header.%.*s", S(""));
	} else if (is_query_protocol(request)) {
		request->call.wire = WIRE_QUERY;
	} else {
		return route_rest(request, name.ptr ? NULL : service_by_name(S("s3")));
	}
	if (!read_form(request, &request->call.error)) {
		request->call.error.name = "MalformedQueryString";
		request->status = 404;   /* IAM API Reference, Common Errors */
		return DROP;
	}
	return route_form(request, service);
}

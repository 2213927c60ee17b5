/* trail/api_client.c: the caller of net/, the signature of auth/, and what errors look like in XML and JSON. */
#include "trail/api_client.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/json.h"
#include "codec/xml_read.h"

enum { TRIES = 5, PAUSE_MS_FIRST = 200, ERROR_ARENA_BYTES = 4 << 20 };

struct api_client {
	const struct api_settings *settings;
	struct http_caller        *caller;
};

struct api_client *api_client_new(const struct api_settings *settings)
{
	struct api_client *client = xcalloc(1, sizeof *client);

	client->settings = settings;
	client->caller = http_caller_new(&settings->url, settings->tls, API_TIMEOUT_MS);
	http_caller_watch(client->caller, settings->must_stop, settings->user);
	return client;
}

void api_client_free(struct api_client *client)
{
	if (!client)
		return;
	http_caller_free(client->caller);
	free(client);
}

/* ---- errors ---- */

struct said { struct slice code, message; };

static struct said read_xml_error(struct arena *arena, struct slice body)
{
	const struct xml_limits limits = { .depth_max = 8, .nodes_max = 200 };
	const struct xml_element *root = xml_read(arena, body, &limits, NULL);
	const struct xml_element *code = xml_read_child(root, S("Code")), *message = xml_read_child(root, S("Message"));

	return (struct said){ code ? code->text : SLICE_NONE, message ? message->text : SLICE_NONE };
}

/* "__type" may have a namespace before a '#'. */
static struct said read_json_error(struct arena *arena, struct slice body)
{
	const struct json *json = json_parse(arena, body, &JSON_LIMITS_DEFAULT, NULL);
	struct slice code = json_get_text(json, S("__type")), message = json_get_text(json, S("message"));
	size_t hash = slice_find_byte(code, '#');

	return (struct said){ hash == SLICE_NPOS ? code : slice_from(code, hash + 1),
	                      message.ptr ? message : json_get_text(json, S("Message")) };
}

static bool fail_status(const struct api_reply *reply, struct error *err)
{
	unsigned status = reply->response.status;
	enum error_kind kind = status == 404 ? ERR_NOT_FOUND : status == 401 || status == 403 ? ERR_DENIED : ERR_INVALID;
	struct arena arena;

	arena_init(&arena, ERROR_ARENA_BYTES);
	struct said said = slice_has_prefix(reply->body, S("{")) ? read_json_error(&arena, reply->body) : read_xml_error(&arena, reply->body);
	fail(err, kind, "%.*s%s%.*s", SLICE_ARG(said.code.ptr ? said.code : arena_format(&arena, "HTTP status %u", status)),
	     said.message.ptr ? ": " : "", SLICE_ARG(slice_sub(said.message, 0, 600)));
	arena_fini(&arena);
	return false;
}

/* ---- calls ---- */

static bool sign(struct arena *arena, const struct api_client *client, const struct api_call *call,
                 struct http_caller_request *request, struct error *err)
{
	const struct api_settings *settings = client->settings;
	struct http_header *headers = arena_array(arena, call->header_count + 3, sizeof *headers);
	struct sigv4_credentials credentials = {
		.access_key_id = settings->access_key_id, .secret = settings->secret, .token = settings->token,
		.region = call->region, .service = call->service,
	};
	struct sigv4_request signed_request = {
		.method = call->method, .target = call->target, .headers = headers, .body = call->body.ptr ? call->body : S(""),
	};

	headers[signed_request.header_count++] = (struct http_header){ S("Host"), settings->url.authority };
	if (call->action.ptr) {
		headers[signed_request.header_count++] = (struct http_header){ S("X-Amz-Target"), call->action };
		headers[signed_request.header_count++] = (struct http_header){ S("Content-Type"), S("application/x-amz-json-1.1") };
	}
	for (size_t i = 0; i < call->header_count; i++)
		headers[signed_request.header_count++] = call->headers[i];
	if (!sigv4_sign_request(arena, &signed_request, &credentials, clock_wall_ms(), err))
		return false;
	*request = (struct http_caller_request){
		.method = call->method, .target = call->target, .headers = signed_request.headers,
		.header_count = signed_request.header_count, .body = call->body,
	};
	return true;
}

static bool is_overload(unsigned status)
{
	return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

static bool try_call(struct api_client *client, const struct api_call *call, struct api_reply *reply, bool *may_repeat,
                     struct error *err)
{
	struct http_caller_request request;
	struct http_caller_reply got;
	struct error failure = {0};
	struct arena arena;

	arena_init(&arena, ERROR_ARENA_BYTES);
	bool ok = sign(&arena, client, call, &request, &failure)
	       && http_caller_call(client->caller, &request, call->reply_bytes_max, &got, &failure);
	arena_fini(&arena);
	*may_repeat = failure.kind == ERR_IO;
	if (!ok)
		return fail(err, failure.kind, "%s", failure.message);
	*reply = (struct api_reply){ got.response, got.body };
	*may_repeat = is_overload(got.response.status);
	return got.response.status / 100 == 2 || fail_status(reply, err);
}

bool api_client_call(struct api_client *client, const struct api_call *call, struct api_reply *reply, struct error *err)
{
	int64_t pause_ms = PAUSE_MS_FIRST;
	bool may_repeat = false;

	for (int attempt = 1;; attempt++) {
		struct error failure = {0};
		if (try_call(client, call, reply, &may_repeat, &failure))
			return true;
		if (!may_repeat || attempt == TRIES)
			return fail(err, failure.kind, "%s", failure.message);
		if (!http_caller_pause(client->caller, pause_ms))
			return fail(err, ERR_BUSY, "cancelled");
		pause_ms *= 2;
	}
}

const struct json *api_client_cloudtrail(struct api_client *client, struct arena *arena, struct slice region, const char *operation,
                                         struct slice body, struct error *err)
{
	struct api_call call = {
		.service = S("cloudtrail"), .region = region, .method = S("POST"), .target = S("/"), .body = body,
		.action = arena_format(arena, "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.%s", operation),
		.reply_bytes_max = API_REPLY_BYTES_MAX,
	};
	struct api_reply reply;

	return api_client_call(client, &call, &reply, err) ? json_parse(arena, arena_copy(arena, reply.body), &JSON_LIMITS_DEFAULT, err)
	                                                   : NULL;
}

/* server/refusal.c: JSON where the request named a target, else XML as the Query and REST protocols have it. */
#include "server/refusal.h"

#include "base/clock.h"
#include "base/log.h"
#include "server/request.h"
#include "server/route.h"

static const char *code_of(unsigned status)
{
	switch (status) {
	case 408:
		return "RequestTimeout";
	case 413:
		return "RequestEntityTooLarge";
	case 414:
		return "RequestURITooLong";
	case 417:
		return "ExpectationFailed";
	case 431:
		return "RequestHeaderSectionTooLarge";
	case 501:
		return "NotImplemented";
	case 503:
		return "ServiceUnavailable";
	case 505:
		return "HTTPVersionNotSupported";
	default:
		return "BadRequest";
	}
}

/* S3 has words of its own for two of them, and 400 with both. Source: Amazon S3 API Reference, "List of error codes". */
static const char *rest_code_of(unsigned *status)
{
	const char *code = *status == 413 ? "MaxMessageLengthExceeded" : code_of(*status);

	if (*status == 408 || *status == 413)
		*status = 400;
	return code;
}

/* `detail` is one of our own texts, so nothing in it needs escaping. */
void refusal_word(void *front_user, const struct http_refusal *refusal, struct http_refusal_reply *reply)
{
	struct front *front = front_user;
	char id[UUID_TEXT_BYTES];
	bool is_json = refusal->request && http_request_header(refusal->request, S("X-Amz-Target")).ptr;
	bool is_rest = refusal->request && route_may_be_rest(refusal->request);
	int bytes;

	random_uuid(&front->random, id);
	memcpy(reply->room, id, sizeof id);
	char *body = reply->room + sizeof id;
	size_t room = sizeof reply->room - sizeof id;
	if (is_json)
		bytes = snprintf(body, room, "{\"__type\":\"%s\",\"message\":\"%s\"}", code_of(refusal->status), refusal->detail);
	else if (is_rest)
		bytes = snprintf(body, room, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message>"
		                 "<RequestId>%s</RequestId></Error>", rest_code_of(&reply->status), refusal->detail, id);
	else
		bytes = snprintf(body, room, "<ErrorResponse><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error>"
		                 "<RequestId>%s</RequestId></ErrorResponse>", refusal->status >= 500 ? "Receiver" : "Sender",
		                 code_of(refusal->status), refusal->detail, id);
	reply->headers[0] = (struct http_header){ is_rest ? S("x-amz-request-id") : S("x-amzn-RequestId"), slice_of(reply->room) };
	reply->headers[1] = (struct http_header){ S("Content-Type"), is_json ? S("application/x-amz-json-1.1") : is_rest ? S("application/xml") : S("text/xml") };
	reply->header_count = 2;
	reply->body = (struct slice){ body, bytes > 0 && (size_t)bytes < room ? (size_t)bytes : 0 };
}

void refusal_count(void *front_user, enum http_reason reason)
{
	struct front *front = front_user;

	metrics_count(&front->metrics, METRIC_REQUESTS_REFUSED);
	log_limited(front->refusals, clock_monotonic_ms(), "request refused", "reason=%s", http_reason_name(reason));
}

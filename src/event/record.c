/* event/record.c: constant pieces and escaped values, in one pass.
 *
 * A record that turns out larger than RECORD_BYTES_MAX, which takes objects near their own limits, is written again
 * without its largest objects: the usual record pays nothing for that rule. */
#include "event/record.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/json.h"
#include "codec/utf8.h"

static const struct slice TYPE_TEXTS[] = {
	[RECORD_API_CALL] = S_INIT("AwsApiCall"),
	[RECORD_SERVICE_EVENT] = S_INIT("AwsServiceEvent"),
	[RECORD_CONSOLE_ACTION] = S_INIT("AwsConsoleAction"),
	[RECORD_CONSOLE_SIGN_IN] = S_INIT("AwsConsoleSignIn"),
	[RECORD_VPCE_EVENT] = S_INIT("AwsVpceEvent"),
};
_Static_assert(COUNT(TYPE_TEXTS) == RECORD_TYPE_COUNT, "a text per type");

static const struct slice CATEGORY_TEXTS[] = {
	[RECORD_MANAGEMENT] = S_INIT("Management"),
	[RECORD_DATA] = S_INIT("Data"),
	[RECORD_NETWORK_ACTIVITY] = S_INIT("NetworkActivity"),
};
_Static_assert(COUNT(CATEGORY_TEXTS) == RECORD_CATEGORY_COUNT, "a text per category");

/* A text of a stranger: bytes that are no UTF-8 become U+FFFD before the cut, so that what is stored keeps the limit. */
static struct slice bounded(struct buffer *out, struct slice text)
{
	if (text.len <= RECORD_TEXT_BYTES_MAX / 3)
		return text;
	if (!utf8_is_valid(text)) {
		char *copy = arena_alloc(out->arena, text.len * 3);
		size_t len = 0;
		while (text.len) {
			uint32_t code_point;
			size_t bytes = utf8_decode(text, &code_point);
			struct slice piece = bytes ? slice_sub(text, 0, bytes) : S("\xEF\xBF\xBD");
			memcpy(copy + len, piece.ptr, piece.len);
			len += piece.len;
			text = slice_from(text, bytes ? bytes : 1);
		}
		text = (struct slice){ copy, len };
	}
	return slice_sub(text, 0, utf8_prefix(text, RECORD_TEXT_BYTES_MAX));
}

/* `before` ends with the opening quote. Nothing at all for SLICE_NONE. */
static void add_text(struct buffer *out, struct slice before, struct slice text)
{
	if (!text.ptr)
		return;
	buffer_add(out, before);
	json_escape(out, text);
	buffer_byte(out, '"');
}

static void add_omitted(struct buffer *out, struct slice object, struct slice name)
{
	buffer_printf(out, "{\"omitted\":true,\"originalSize\":%zu,\"reason\":\"%.*s too large\"}", object.len,
	              SLICE_ARG(name));
}

struct object {
	struct slice before;              /* `,"name":` */
	struct slice name;
	struct slice text;
	size_t       limit_bytes;
	bool         is_nullable;         /* written as null when absent, instead of being left out */
	bool         is_shed;
};

static void add_object(struct buffer *out, const struct object *object)
{
	bool is_absent = !object->text.ptr || slice_equal(object->text, S("{}"));

	if (is_absent && !object->is_nullable)
		return;
	buffer_add(out, object->before);
	if (is_absent)
		buffer_add(out, S("null"));       /* an empty object breaks consumers that expect members or null: T25 */
	else if (object->is_shed || object->text.len > object->limit_bytes)
		add_omitted(out, object->text, object->name);
	else
		buffer_add(out, object->text);
}

static void add_resources(struct buffer *out, const struct record *record)
{
	if (record->resource_count == 0)
		return;
	buffer_add(out, S(",\"resources\":["));
	for (size_t i = 0; i < record->resource_count; i++) {
		const struct record_resource *resource = &record->resources[i];
		if (i)
			buffer_byte(out, ',');
		add_text(out, S("{\"accountId\":\""), resource->account_id);
		add_text(out, resource->account_id.ptr ? S(",\"type\":\"") : S("{\"type\":\""), resource->type);
		add_text(out, S(",\"ARN\":\""), resource->arn);
		add_text(out, S(",\"ARNPrefix\":\""), resource->arn_prefix);
		buffer_byte(out, '}');
	}
	buffer_byte(out, ']');
}

static void add_tls(struct buffer *out, const struct record *record)
{
	if (!record->tls_version.ptr && !record->tls_cipher_suite.ptr && !record->client_provided_host.ptr)
		return;
	struct json_writer writer;
	buffer_add(out, S(",\"tlsDetails\":"));
	json_writer_init(&writer, out);
	json_object_begin(&writer);
	json_member(&writer, S("tlsVersion"), record->tls_version);
	json_member(&writer, S("cipherSuite"), record->tls_cipher_suite);
	json_member(&writer, S("clientProvidedHostHeader"), bounded(out, record->client_provided_host));
	json_object_end(&writer);
}

enum { REQUEST, RESPONSE, EXTRA, DETAILS, OBJECT_COUNT };

static void write_once(const struct record *record, const struct object objects[OBJECT_COUNT], struct buffer *out)
{
	char time[TIME_TEXT_BYTES];

	buffer_add(out, S("{\"eventVersion\":\"1.11\",\"userIdentity\":"));
	identity_write(&record->identity, out);
	add_text(out, S(",\"eventTime\":\""), time_iso(record->time_ms, time));
	add_text(out, S(",\"eventSource\":\""), record->event_source);
	add_text(out, S(",\"eventName\":\""), record->event_name);
	add_text(out, S(",\"awsRegion\":\""), record->region);
	add_text(out, S(",\"sourceIPAddress\":\""), record->source_ip);
	add_text(out, S(",\"userAgent\":\""), bounded(out, record->user_agent));
	add_text(out, S(",\"errorCode\":\""), bounded(out, record->error_code));
	add_text(out, S(",\"errorMessage\":\""), bounded(out, record->error_message));
	add_object(out, &objects[REQUEST]);
	add_object(out, &objects[RESPONSE]);
	add_object(out, &objects[EXTRA]);
	add_text(out, S(",\"requestID\":\""), bounded(out, record->request_id));
	add_text(out, S(",\"eventID\":\""), record->event_id);
	buffer_add(out, record->is_read_only ? S(",\"readOnly\":true") : S(",\"readOnly\":false"));
	add_resources(out, record);
	add_text(out, S(",\"eventType\":\""), TYPE_TEXTS[record->type]);
	add_text(out, S(",\"apiVersion\":\""), record->api_version);
	buffer_add(out, record->category == RECORD_MANAGEMENT ? S(",\"managementEvent\":true")
	                                                      : S(",\"managementEvent\":false"));
	add_text(out, S(",\"recipientAccountId\":\""), record->recipient_account_id);
	add_text(out, S(",\"sharedEventID\":\""), record->shared_event_id);
	add_object(out, &objects[DETAILS]);
	add_text(out, S(",\"vpcEndpointId\":\""), record->vpc_endpoint_id);
	add_text(out, S(",\"eventCategory\":\""), CATEGORY_TEXTS[record->category]);
	add_tls(out, record);
	if (record->is_session_credential_from_console)
		buffer_add(out, S(",\"sessionCredentialFromConsole\":\"true\""));      /* a string: T28 */
	buffer_byte(out, '}');
}

void record_write(const struct record *record, struct buffer *out)
{
	struct object objects[OBJECT_COUNT] = {
		[REQUEST] = { S(",\"requestParameters\":"), S("requestParameters"), record->request_parameters,
		              RECORD_OBJECT_BYTES_MAX, .is_nullable = true },
		[RESPONSE] = { S(",\"responseElements\":"), S("responseElements"), record->response_elements,
		               RECORD_OBJECT_BYTES_MAX, .is_nullable = true },
		[EXTRA] = { S(",\"additionalEventData\":"), S("additionalEventData"), record->additional_event_data,
		            RECORD_EXTRA_BYTES_MAX, .is_nullable = false },
		[DETAILS] = { S(",\"serviceEventDetails\":"), S("serviceEventDetails"), record->service_event_details,
		              RECORD_OBJECT_BYTES_MAX, .is_nullable = false },
	};
	static const int shedding_order[] = { RESPONSE, REQUEST, EXTRA };
	size_t start = out->len;

	write_once(record, objects, out);
	for (size_t i = 0; i < COUNT(shedding_order) && out->len - start > RECORD_BYTES_MAX; i++) {
		objects[shedding_order[i]].is_shed = true;
		buffer_truncate(out, start);
		write_once(record, objects, out);
	}
}

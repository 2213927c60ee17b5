/* event/record_test.c: the text of records: field order, presence, types and limits. */
#include "event/record.h"

#include "base/limits.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "tests/test.h"

static struct record create_user(void)
{
	return (struct record){
		.time_ms = 1768471267999, .type = RECORD_API_CALL, .category = RECORD_MANAGEMENT,
		.identity = {
			.type = IDENTITY_IAM_USER, .principal_id = S("AIDAEXAMPLEALICE0001"),
			.arn = S("arn:aws:iam::111122223333:user/alice"), .account_id = S("111122223333"),
			.access_key_id = S("AKIAEXAMPLEKEY000001"), .user_name = S("alice"),
		},
		.event_source = S("iam.amazonaws.com"), .event_name = S("CreateUser"), .region = S("us-east-1"),
		.source_ip = S("203.0.113.10"), .user_agent = S("aws-cli/2.15.0"),
		.request_parameters = S("{\"userName\":\"bob\"}"),
		.response_elements = S("{\"user\":{\"userName\":\"bob\"}}"),
		.request_id = S("0f6a2a52-6a0e-4c0e-9f3f-2f6a6f1f7a01"),
		.event_id = S("6a1c5b2e-3d1c-4b3e-8a57-0d8f5f1b2c11"),
		.recipient_account_id = S("111122223333"),
		.tls_version = S("TLSv1.3"), .tls_cipher_suite = S("TLS_AES_128_GCM_SHA256"),
		.client_provided_host = S("iam.amazonaws.com"),
	};
}

static struct slice written(struct test *t, const struct record *record)
{
	struct buffer out;

	buffer_init(&out, &t->arena, RECORD_ROOM_BYTES);
	record_write(record, &out);
	CHECK(t, buffer_check(&out, &t->err));
	return buffer_slice(&out);
}

static const struct json *parsed(struct test *t, const struct record *record)
{
	return json_parse(&t->arena, written(t, record), &JSON_LIMITS_DEFAULT, &t->err);
}

TEST(record_has_the_field_order_of_delivered_records)
{
	struct record record = create_user();

	CHECK_TEXT(t, written(t, &record), S(
		"{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDAEXAMPLEALICE0001\","
		"\"arn\":\"arn:aws:iam::111122223333:user/alice\",\"accountId\":\"111122223333\","
		"\"accessKeyId\":\"AKIAEXAMPLEKEY000001\",\"userName\":\"alice\"},\"eventTime\":\"2026-01-15T10:01:07Z\","
		"\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"CreateUser\",\"awsRegion\":\"us-east-1\","
		"\"sourceIPAddress\":\"203.0.113.10\",\"userAgent\":\"aws-cli/2.15.0\","
		"\"requestParameters\":{\"userName\":\"bob\"},\"responseElements\":{\"user\":{\"userName\":\"bob\"}},"
		"\"requestID\":\"0f6a2a52-6a0e-4c0e-9f3f-2f6a6f1f7a01\",\"eventID\":\"6a1c5b2e-3d1c-4b3e-8a57-0d8f5f1b2c11\","
		"\"readOnly\":false,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,"
		"\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\","
		"\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\","
		"\"clientProvidedHostHeader\":\"iam.amazonaws.com\"}}"));
}

TEST(record_places_every_optional_field)
{
	static const struct record_resource resources[] = {
		{ .type = S_INIT("AWS::S3::Object"), .arn = S_INIT("arn:aws:s3:::b/dir/o.txt") },
		{ .account_id = S_INIT("111122223333"), .type = S_INIT("AWS::S3::Bucket"), .arn = S_INIT("arn:aws:s3:::b") },
		{ .type = S_INIT("AWS::S3::Object"), .arn_prefix = S_INIT("arn:aws:s3:::b/dir") },
	};
	struct record record = {
		.time_ms = 0, .type = RECORD_VPCE_EVENT, .category = RECORD_DATA, .is_read_only = true,
		.event_source = S("s3.amazonaws.com"), .event_name = S("GetObject"), .region = S("eu-west-1"),
		.source_ip = S("2001:db8::1"), .error_code = S("AccessDenied"), .error_message = S("Access Denied"),
		.additional_event_data = S("{\"SignatureVersion\":\"SigV4\"}"), .request_id = S("0123456789ABCDEF"),
		.event_id = S("e"), .resources = resources, .resource_count = COUNT(resources), .api_version = S("2006-03-01"),
		.recipient_account_id = S("111122223333"), .shared_event_id = S("s"), .service_event_details = S("{\"k\":1}"),
		.vpc_endpoint_id = S("vpce-1"), .client_provided_host = S("b.s3.amazonaws.com"),
		.is_session_credential_from_console = true,
		.identity = { .type = IDENTITY_AWS_ACCOUNT, .principal_id = S(""), .account_id = S("anonymous") },
	};

	CHECK_TEXT(t, written(t, &record), S(
		"{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"AWSAccount\",\"principalId\":\"\",\"accountId\":\"anonymous\"},"
		"\"eventTime\":\"1970-01-01T00:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\","
		"\"awsRegion\":\"eu-west-1\",\"sourceIPAddress\":\"2001:db8::1\",\"errorCode\":\"AccessDenied\","
		"\"errorMessage\":\"Access Denied\",\"requestParameters\":null,\"responseElements\":null,"
		"\"additionalEventData\":{\"SignatureVersion\":\"SigV4\"},\"requestID\":\"0123456789ABCDEF\",\"eventID\":\"e\","
		"\"readOnly\":true,\"resources\":[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::b/dir/o.txt\"},"
		"{\"accountId\":\"111122223333\",\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::b\"},"
		"{\"type\":\"AWS::S3::Object\",\"ARNPrefix\":\"arn:aws:s3:::b/dir\"}],\"eventType\":\"AwsVpceEvent\","
		"\"apiVersion\":\"2006-03-01\",\"managementEvent\":false,\"recipientAccountId\":\"111122223333\","
		"\"sharedEventID\":\"s\",\"serviceEventDetails\":{\"k\":1},\"vpcEndpointId\":\"vpce-1\",\"eventCategory\":\"Data\","
		"\"tlsDetails\":{\"clientProvidedHostHeader\":\"b.s3.amazonaws.com\"},\"sessionCredentialFromConsole\":\"true\"}"));
}

/* T25, T26: consumers look for the two keys and expect members or null. */
TEST(record_without_parameters_says_null_and_never_an_empty_object)
{
	struct record record = create_user();

	record.request_parameters = S("{}");
	record.response_elements = SLICE_NONE;
	record.additional_event_data = S("{}");
	const struct json *json = parsed(t, &record);
	const struct json *request = json_get(json, S("requestParameters"));
	const struct json *response = json_get(json, S("responseElements"));
	CHECK(t, request && request->kind == JSON_NULL);
	CHECK(t, response && response->kind == JSON_NULL);
	CHECK(t, !json_get(json, S("additionalEventData")));
	CHECK(t, !json_get(json, S("errorCode")) && !json_get(json, S("resources")) && !json_get(json, S("apiVersion")));
}

/* T27, T28. */
TEST(record_flags_have_the_types_of_real_records)
{
	struct record record = create_user();

	record.is_read_only = true;
	record.is_session_credential_from_console = true;
	const struct json *json = parsed(t, &record);
	CHECK(t, json_get(json, S("readOnly"))->kind == JSON_TRUE);
	CHECK(t, json_get(json, S("managementEvent"))->kind == JSON_TRUE);
	CHECK_TEXT(t, json_get_text(json, S("sessionCredentialFromConsole")), S("true"));
	record.is_session_credential_from_console = false;
	CHECK(t, !json_get(parsed(t, &record), S("sessionCredentialFromConsole")));
}

/* T37: a failed sign-in has only a message. */
TEST(record_may_have_an_error_message_without_a_code)
{
	struct record record = create_user();

	record.type = RECORD_CONSOLE_SIGN_IN;
	record.request_id = SLICE_NONE;
	record.error_message = S("Failed authentication");
	record.response_elements = S("{\"ConsoleLogin\":\"Failure\"}");
	const struct json *json = parsed(t, &record);
	CHECK(t, !json_get(json, S("errorCode")) && !json_get(json, S("requestID")));
	CHECK_TEXT(t, json_get_text(json, S("errorMessage")), S("Failed authentication"));
	CHECK_TEXT(t, json_get_text(json, S("eventType")), S("AwsConsoleSignIn"));
}

static struct slice repeated(struct test *t, struct slice piece, size_t bytes)
{
	char *text = arena_alloc(&t->arena, bytes + piece.len);
	size_t len = 0;

	for (; len + piece.len <= bytes; len += piece.len)
		memcpy(text + len, piece.ptr, piece.len);
	return (struct slice){ text, len };
}

/* A64. */
TEST(record_cuts_long_texts_at_a_character)
{
	static const struct { const char *name; struct slice piece; size_t want_bytes; } rows[] = {
		{ "ascii", S_INIT("x"), 1024 },
		{ "three bytes a character", S_INIT("\xE2\x82\xAC"), 1023 },
		{ "invalid bytes become three each", S_INIT("\xFF"), 1023 },
		{ "quotes are counted before escaping", S_INIT("\""), 1024 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct record record = create_user();
		record.user_agent = record.error_message = record.error_code = record.request_id
			= repeated(t, rows[i].piece, 3000);
		const struct json *json = parsed(t, &record);
		REQUIRE(t, json != NULL);
		static const char *const names[] = { "userAgent", "errorMessage", "errorCode", "requestID" };
		for (size_t k = 0; k < COUNT(names); k++) {
			struct slice text = json_get_text(json, slice_of(names[k]));
			CHECK_NUMBER(t, text.len, rows[i].want_bytes);
			CHECK(t, utf8_is_valid(text));
		}
	}
}

TEST(record_is_valid_json_whatever_the_user_agent)
{
	static const struct { struct slice agent, want; } rows[] = {
		{ S_INIT("a\"b\\c"), S_INIT("a\"b\\c") },
		{ S_INIT("tab\there\x01\x1F"), S_INIT("tab\there\x01\x1F") },
		{ S_INIT("caf\xE9"), S_INIT("caf\xEF\xBF\xBD") },
		{ S_INIT("\xED\xA0\x80" "x"), S_INIT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx") },
		{ S_INIT("\xF0\x9F\x98\x80"), S_INIT("\xF0\x9F\x98\x80") },
		{ S_INIT(""), S_INIT("") },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct record record = create_user();
		record.user_agent = rows[i].agent;
		CHECK_TEXT(t, json_get_text(parsed(t, &record), S("userAgent")), rows[i].want);
	}
	struct record record = create_user();
	record.user_agent = SLICE_NONE;
	CHECK(t, !json_get(parsed(t, &record), S("userAgent")));
}

static struct slice object_of(struct test *t, size_t bytes)
{
	return arena_format(&t->arena, "{\"k\":\"%.*s\"}", SLICE_ARG(repeated(t, S("x"), bytes - 8)));
}

TEST(record_replaces_objects_over_their_limit)
{
	struct record record = create_user();

	record.request_parameters = object_of(t, RECORD_OBJECT_BYTES_MAX);
	record.response_elements = object_of(t, RECORD_OBJECT_BYTES_MAX + 1);
	record.additional_event_data = object_of(t, RECORD_EXTRA_BYTES_MAX + 1);
	const struct json *json = parsed(t, &record);
	CHECK(t, slice_equal(json_get(json, S("requestParameters"))->text, record.request_parameters));
	CHECK_TEXT(t, json_get(json, S("responseElements"))->text,
	           S("{\"omitted\":true,\"originalSize\":102401,\"reason\":\"responseElements too large\"}"));
	CHECK_TEXT(t, json_get(json, S("additionalEventData"))->text,
	           S("{\"omitted\":true,\"originalSize\":28673,\"reason\":\"additionalEventData too large\"}"));
}

TEST(record_sheds_the_response_first_when_the_whole_is_too_large)
{
	struct record record = create_user();

	record.request_parameters = object_of(t, RECORD_OBJECT_BYTES_MAX);
	record.response_elements = object_of(t, RECORD_OBJECT_BYTES_MAX);
	record.service_event_details = object_of(t, 60000);
	struct slice text = written(t, &record);
	CHECK(t, text.len <= RECORD_BYTES_MAX);
	const struct json *json = json_parse(&t->arena, text, &JSON_LIMITS_DEFAULT, &t->err);
	CHECK(t, slice_find(json_get(json, S("responseElements"))->text, S("\"omitted\":true")) != SLICE_NPOS);
	CHECK(t, slice_equal(json_get(json, S("requestParameters"))->text, record.request_parameters));

	record.response_elements = object_of(t, 10000);                /* shedding it is not enough */
	record.service_event_details = object_of(t, RECORD_OBJECT_BYTES_MAX);
	record.additional_event_data = object_of(t, RECORD_EXTRA_BYTES_MAX);
	static struct record_resource resources[900];
	for (size_t i = 0; i < COUNT(resources); i++)
		resources[i] = (struct record_resource){ .type = S("AWS::S3::Object"), .arn = S("arn:aws:s3:::bucket/a/long/key") };
	record.resources = resources;
	record.resource_count = COUNT(resources);
	text = written(t, &record);
	CHECK(t, text.len <= RECORD_BYTES_MAX);
	json = json_parse(&t->arena, text, &JSON_LIMITS_DEFAULT, &t->err);
	CHECK(t, slice_find(json_get(json, S("requestParameters"))->text, S("\"omitted\":true")) != SLICE_NPOS);
	CHECK(t, slice_equal(json_get(json, S("additionalEventData"))->text, record.additional_event_data));
}

TEST(record_that_does_not_fit_its_buffer_says_so)
{
	struct record record = create_user();
	struct buffer out;

	size_t whole = written(t, &record).len;
	for (size_t limit = 0; limit < whole; limit += 7) {
		buffer_init(&out, &t->arena, limit);
		record_write(&record, &out);
		CHECK(t, out.is_over && out.len <= limit);
	}
}

/* A56, A57, T38: nothing of what was typed, no ARN, an empty key, a message without a code. */
TEST(record_of_a_failed_sign_in)
{
	struct record record = {
		.time_ms = 1768471267000, .type = RECORD_CONSOLE_SIGN_IN, .category = RECORD_MANAGEMENT,
		.identity = { .type = IDENTITY_IAM_USER, .account_id = S("111122223333"), .access_key_id = S(""),
		              .user_name = S("HIDDEN_DUE_TO_SECURITY_REASONS") },
		.event_source = S("signin.amazonaws.com"), .event_name = S("ConsoleLogin"), .region = S("us-east-1"),
		.source_ip = S("203.0.113.10"), .user_agent = S("Mozilla/5.0"),
		.error_message = S("No username found in supplied account"),
		.response_elements = S("{\"ConsoleLogin\":\"Failure\"}"),
		.additional_event_data = S("{\"MobileVersion\":\"No\",\"MFAUsed\":\"No\"}"),
		.event_id = S("6a1c5b2e-3d1c-4b3e-8a57-0d8f5f1b2c11"), .recipient_account_id = S("111122223333"),
	};

	CHECK_TEXT(t, written(t, &record), S(
		"{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMUser\",\"accountId\":\"111122223333\","
		"\"accessKeyId\":\"\",\"userName\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"},\"eventTime\":\"2026-01-15T10:01:07Z\","
		"\"eventSource\":\"signin.amazonaws.com\",\"eventName\":\"ConsoleLogin\",\"awsRegion\":\"us-east-1\","
		"\"sourceIPAddress\":\"203.0.113.10\",\"userAgent\":\"Mozilla/5.0\","
		"\"errorMessage\":\"No username found in supplied account\",\"requestParameters\":null,"
		"\"responseElements\":{\"ConsoleLogin\":\"Failure\"},"
		"\"additionalEventData\":{\"MobileVersion\":\"No\",\"MFAUsed\":\"No\"},"
		"\"eventID\":\"6a1c5b2e-3d1c-4b3e-8a57-0d8f5f1b2c11\",\"readOnly\":false,\"eventType\":\"AwsConsoleSignIn\","
		"\"managementEvent\":true,\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\"}"));
}

TEST(record_of_a_service_event_has_no_type_and_no_request_id)
{
	static const struct record_resource key = { .account_id = S_INIT("111122223333"), .type = S_INIT("AWS::KMS::Key"),
	                                            .arn = S_INIT("arn:aws:kms:us-east-1:111122223333:key/k") };
	struct record record = {
		.time_ms = 1768435568000, .type = RECORD_SERVICE_EVENT, .category = RECORD_MANAGEMENT,
		.identity = { .type = IDENTITY_NONE, .account_id = S("111122223333"), .invoked_by = S("AWS Internal") },
		.event_source = S("kms.amazonaws.com"), .event_name = S("RotateKey"), .region = S("us-east-1"),
		.source_ip = S("AWS Internal"), .user_agent = S("AWS Internal"), .event_id = S("e"),
		.resources = &key, .resource_count = 1, .recipient_account_id = S("111122223333"),
		.service_event_details = S("{\"keyId\":\"k\"}"),
	};

	CHECK_TEXT(t, written(t, &record), S(
		"{\"eventVersion\":\"1.11\",\"userIdentity\":{\"accountId\":\"111122223333\",\"invokedBy\":\"AWS Internal\"},"
		"\"eventTime\":\"2026-01-15T00:06:08Z\",\"eventSource\":\"kms.amazonaws.com\",\"eventName\":\"RotateKey\","
		"\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"AWS Internal\",\"userAgent\":\"AWS Internal\","
		"\"requestParameters\":null,\"responseElements\":null,\"eventID\":\"e\",\"readOnly\":false,\"resources\":["
		"{\"accountId\":\"111122223333\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:aws:kms:us-east-1:111122223333:key/k\"}],"
		"\"eventType\":\"AwsServiceEvent\",\"managementEvent\":true,\"recipientAccountId\":\"111122223333\","
		"\"serviceEventDetails\":{\"keyId\":\"k\"},\"eventCategory\":\"Management\"}"));
}

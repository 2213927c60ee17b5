/* event/record_fuzz.c: whatever a client puts into its headers, its record is valid JSON and holds its limits. */
#include "event/record.h"

#include "base/limits.h"
#include "codec/json.h"
#include "tests/fuzz.h"

FUZZ(record)
{
	struct slice a = slice_sub(f->input, 0, f->input.len / 2), b = slice_from(f->input, f->input.len / 2);
	struct record record = {
		.time_ms = (int64_t)f->input.len, .event_source = S("s3.amazonaws.com"), .event_name = S("GetObject"),
		.region = S("us-east-1"), .source_ip = S("::1"), .user_agent = f->input, .error_code = a, .error_message = b,
		.request_id = f->input, .client_provided_host = b,
		.identity = { .type = IDENTITY_IAM_USER, .user_name = a,
		              .session = { .is_present = true, .source_identity = b } },
	};
	struct buffer out;

	buffer_init(&out, &f->arena, RECORD_ROOM_BYTES);
	record_write(&record, &out);
	if (out.is_over)
		return;                                  /* names are bounded where they are made */
	const struct json *json = json_parse(&f->arena, buffer_slice(&out), &JSON_LIMITS_DEFAULT, &f->err);
	CHECK_FUZZ(f, json != NULL);
	CHECK_FUZZ(f, json_get_text(json, S("userAgent")).len <= RECORD_TEXT_BYTES_MAX);
	CHECK_FUZZ(f, json_get_text(json, S("errorMessage")).len <= RECORD_TEXT_BYTES_MAX);
}

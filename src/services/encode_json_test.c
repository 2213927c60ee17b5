/* services/encode_json_test.c: replies as JSON clients read them. */
#include "services/encode_json.h"

#include "services/cloudtrail/shapes.h"
#include "services/decode_json.h"
#include "tests/sample_shapes.h"
#include "tests/test.h"

static struct slice encoded(struct test *t, const struct shape *shape, const void *value)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	encode_json(&out, shape, value);
	return buffer_slice(&out);
}

TEST(encode_json_writes_every_kind_and_reads_back_the_same)
{
	struct slice text = S("{\"Text\":\"a\\\"b\",\"Blob\":\"aGk=\",\"Flag\":true,\"Number\":-7,\"Big\":9007199254740993,\"Fraction\":0.5,"
		"\"Time\":1441139757.497,\"Inner\":{\"Name\":\"\",\"Number\":1},\"Texts\":[\"x\"],\"Flat\":[],\"Map\":{\"k\":\"v\"},"
		"\"InnerMap\":{\"one\":{}}}");
	void *value = decode_json(&t->arena, &sample_shape, text, &t->err);

	REQUIRE(t, value != NULL);
	CHECK_TEXT(t, encoded(t, &sample_shape, value), text);
}

TEST(encode_json_of_no_output_is_an_empty_object)
{
	CHECK_TEXT(t, encoded(t, NULL, NULL), S("{}"));
	CHECK_TEXT(t, encoded(t, &sample_shape, &(struct sample){0}), S("{}"));
}

TEST(encode_json_times_are_numbers_with_up_to_three_decimals)
{
	static const struct { int64_t ms; const char *text; } rows[] = {
		{ 0, "{\"Time\":0}" }, { 1768471267000, "{\"Time\":1768471267}" }, { 1768471267250, "{\"Time\":1768471267.25}" },
		{ 1, "{\"Time\":0.001}" }, { -1500, "{\"Time\":-1.5}" }, { 100000, "{\"Time\":100}" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, encoded(t, &sample_shape, &(struct sample){ .time = SET_TIME(rows[i].ms) }), slice_of(rows[i].text));
}

TEST(lookup_events_answers_event_time_as_a_number_and_read_only_as_a_string)
{
	struct cloudtrail_event event = { .event_id = S("e"), .event_name = S("CreateUser"), .read_only = S("false"),
		.event_time = SET_TIME(1768471267000), .resources = { .is_set = true } };
	const struct cloudtrail_lookup_events_response out = { .events = { &event, 1, true } };

	CHECK_TEXT(t, encoded(t, cloudtrail_lookup_events_shape.output, &out), S("{\"Events\":[{\"EventId\":\"e\",\"EventName\":\"CreateUser\","
		"\"ReadOnly\":\"false\",\"EventTime\":1768471267,\"Resources\":[]}]}"));
}

static struct slice encoded_error(struct test *t, const char *code, const char *message)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	encode_json_error(&out, slice_of(code), slice_of(message));
	return buffer_slice(&out);
}

TEST(encode_json_errors_have_type_and_message)
{
	CHECK_TEXT(t, encoded_error(t, "TrailNotFoundException", "Unknown trail: \"x\""),
		S("{\"__type\":\"TrailNotFoundException\",\"message\":\"Unknown trail: \\\"x\\\"\"}"));
	CHECK_TEXT(t, encoded_error(t, "AccessDeniedException", "no"), S("{\"__type\":\"AccessDeniedException\",\"Message\":\"no\"}"));
}

/* store/event_frame_test.c: an envelope comes back as it was written, and its front answers a scan. */
#include "store/event_frame.h"
#include "tests/test.h"

static struct event_frame sample_frame(void)
{
	return (struct event_frame){
		.time_ms = 1700000000123, .account = 123456789012, .flags = FRAME_MANAGEMENT | FRAME_HAS_ERROR,
		.region = S("eu-central-1"), .attribute_count = 4,
		.attributes = { { FRAME_EVENT_NAME, S("CreateUser") }, { FRAME_USERNAME, S("ann") },
		                { FRAME_RESOURCE_TYPE, S("AWS::IAM::User") }, { FRAME_RESOURCE_NAME, S("") } },
		.stamps = S("\x01\x02"), .json = S("{\"eventName\":\"CreateUser\"}"),
	};
}

static struct slice write_frame(struct test *t, const struct event_frame *frame)
{
	size_t bytes = event_frame_bytes(frame);
	char *out = arena_alloc(&t->arena, bytes);

	event_frame_write(frame, out);
	return (struct slice){ out, bytes };
}

TEST(event_frame_comes_back_as_it_was_written)
{
	struct event_frame frame = sample_frame(), got;

	REQUIRE(t, event_frame_read(write_frame(t, &frame), &got, &t->err));
	CHECK_NUMBER(t, got.time_ms, frame.time_ms);
	CHECK_NUMBER(t, got.account, frame.account);
	CHECK_NUMBER(t, got.flags, frame.flags);
	CHECK_TEXT(t, got.region, frame.region);
	CHECK_TEXT(t, got.stamps, frame.stamps);
	CHECK_TEXT(t, got.json, frame.json);
	CHECK_NUMBER(t, got.attribute_count, frame.attribute_count);
	for (size_t i = 0; i < frame.attribute_count; i++) {
		CHECK_NUMBER(t, got.attributes[i].key, frame.attributes[i].key);
		CHECK_TEXT(t, got.attributes[i].value, frame.attributes[i].value);
	}
}

TEST(event_frame_of_an_empty_event_comes_back)
{
	struct event_frame frame = {0}, got;

	CHECK(t, event_frame_read(write_frame(t, &frame), &got, &t->err));
	CHECK_NUMBER(t, got.attribute_count, 0);
	CHECK_NUMBER(t, got.json.len, 0);
}

TEST(event_frame_answers_a_scan_from_its_front)
{
	struct event_frame frame = sample_frame();
	struct slice body = write_frame(t, &frame);

	CHECK(t, event_frame_has(body, event_frame_hash(FRAME_USERNAME, S("ann"))));
	CHECK(t, !event_frame_has(body, event_frame_hash(FRAME_EVENT_NAME, S("ann"))));   /* the key counts */
	CHECK(t, !event_frame_has(body, event_frame_hash(FRAME_USERNAME, S("bob"))));
	CHECK_NUMBER(t, event_frame_time_ms(body), frame.time_ms);
	CHECK_NUMBER(t, event_frame_account(body), frame.account);
	CHECK_NUMBER(t, event_frame_flags(body), frame.flags);
}

TEST(event_frame_cut_anywhere_before_its_json_is_corrupt)
{
	struct event_frame frame = sample_frame(), got;
	struct slice body = write_frame(t, &frame);

	for (size_t bytes = 0; bytes < body.len - frame.json.len; bytes++) {
		struct error err = {0};
		struct slice part = arena_copy(&t->arena, slice_sub(body, 0, bytes));
		CHECK(t, !event_frame_read(part, &got, &err));
		CHECK_NUMBER(t, err.kind, ERR_CORRUPT);
		event_frame_has(part, 0);
	}
}

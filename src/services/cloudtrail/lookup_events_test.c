/* services/cloudtrail/lookup_events_test.c: the operation from request body to reply body, with CloudTrail's own errors. */
#include "services/decode_json.h"
#include "services/encode_json.h"
#include "services/operation.h"
#include "services/validate.h"
#include "store/journal.h"
#include "tests/test.h"
#include "trail/history.h"

extern const struct operation cloudtrail_lookup_events;

static const int64_t NOW_MS = 1768471267000;

struct fixture {
	struct journal    *journal;
	struct environment environment;
};

static struct journal_view *take_view(void *user)
{
	return journal_view_take(user);
}

static bool begin(struct test *t, struct fixture *f)
{
	struct journal_options options = {0};

	*f = (struct fixture){ .journal = journal_open(&options, empty_dir(t, "journal"), 1, &t->err) };
	if (!f->journal) {
		CHECK(t, f->journal != NULL);
		return false;
	}
	f->environment.history = history_new(&(struct history_options){ .take_view = take_view, .user = f->journal });
	return true;
}

static void end(struct fixture *f)
{
	history_free(f->environment.history);
	journal_close(f->journal);
}

static void add(struct test *t, struct fixture *f, const struct event_frame *frame)
{
	CHECK(t, journal_ensure_room(f->journal, 1 << 20, &t->err));
	journal_begin(f->journal);
	journal_add_event(f->journal, frame);
	CHECK(t, journal_commit(f->journal, &t->err));
	journal_publish(f->journal);
}

static const struct event_frame CREATE_USER = {
	.time_ms = 1768471266700, .account = 111122223333, .region = S_INIT("us-east-1"), .flags = FRAME_MANAGEMENT,
	.json = S_INIT("{\"eventVersion\":\"1.11\"}"), .attribute_count = 8,
	.attributes = {
		{ FRAME_EVENT_ID, S_INIT("e1") }, { FRAME_EVENT_NAME, S_INIT("CreateUser") },
		{ FRAME_READ_ONLY_TEXT, S_INIT("false") }, { FRAME_USERNAME, S_INIT("alice") },
		{ FRAME_EVENT_SOURCE, S_INIT("iam.amazonaws.com") }, { FRAME_ACCESS_KEY_ID, S_INIT("AKIA1") },
		{ FRAME_RESOURCE_TYPE, S_INIT("AWS::IAM::User") }, { FRAME_RESOURCE_NAME, S_INIT("bob") },
	},
};

/* By a service: neither user nor key, nothing it is about. */
static const struct event_frame BY_SERVICE = {
	.time_ms = 1768471265000, .account = 111122223333, .region = S_INIT("us-east-1"),
	.flags = FRAME_MANAGEMENT | FRAME_READ_ONLY, .json = S_INIT("{}"), .attribute_count = 4,
	.attributes = {
		{ FRAME_EVENT_ID, S_INIT("e2") }, { FRAME_EVENT_NAME, S_INIT("GetBucketAcl") },
		{ FRAME_READ_ONLY_TEXT, S_INIT("true") }, { FRAME_EVENT_SOURCE, S_INIT("s3.amazonaws.com") },
	},
};

/* The reply to `body`, or the error's name. */
static struct slice answer(struct test *t, struct fixture *f, const char *body)
{
	const struct operation_shape *shape = cloudtrail_lookup_events.shape;
	struct call call = { .environment = &f->environment, .account = S("111122223333"), .region = S("us-east-1"), .now_ms = NOW_MS };
	struct buffer out;

	t->err = (struct error){ .kind = ERR_NONE };
	arena_init(&call.arena, 16 << 20);
	buffer_init(&out, &t->arena, 1 << 20);
	void *input = decode_json(&call.arena, shape->input, slice_of(body), &t->err);
	void *output = arena_zalloc(&call.arena, shape->output->bytes);
	if (input && validate(shape->input, input, PROTOCOL_JSON_1_1, &t->err)
	    && cloudtrail_lookup_events.perform(&call, input, output, &t->err))
		encode_json(&out, shape->output, output);
	else
		buffer_add(&out, slice_of(t->err.name));
	arena_fini(&call.arena);
	return buffer_slice(&out);
}

/* T3, T27. */
TEST(lookup_events_answers_in_the_form_of_the_api)
{
	struct fixture f;
	if (!begin(t, &f))
		return;
	CHECK_TEXT(t, answer(t, &f, "{}"), S("{\"Events\":[]}"));
	add(t, &f, &CREATE_USER);
	CHECK_TEXT(t, answer(t, &f, "{}"), S(
		"{\"Events\":[{\"EventId\":\"e1\",\"EventName\":\"CreateUser\",\"ReadOnly\":\"false\",\"AccessKeyId\":\"AKIA1\","
		"\"EventTime\":1768471266,\"EventSource\":\"iam.amazonaws.com\",\"Username\":\"alice\","
		"\"Resources\":[{\"ResourceType\":\"AWS::IAM::User\",\"ResourceName\":\"bob\"}],"
		"\"CloudTrailEvent\":\"{\\\"eventVersion\\\":\\\"1.11\\\"}\"}]}"));
	add(t, &f, &BY_SERVICE);
	CHECK_TEXT(t, answer(t, &f, "{\"LookupAttributes\":[{\"AttributeKey\":\"ReadOnly\",\"AttributeValue\":\"true\"}]}"), S(
		"{\"Events\":[{\"EventId\":\"e2\",\"EventName\":\"GetBucketAcl\",\"ReadOnly\":\"true\",\"EventTime\":1768471265,"
		"\"EventSource\":\"s3.amazonaws.com\",\"Resources\":[],\"CloudTrailEvent\":\"{}\"}]}"));
	end(&f);
}

TEST(lookup_events_finds_by_each_attribute)
{
	static const char *const pairs[][2] = {
		{ "EventId", "e1" }, { "EventName", "CreateUser" }, { "ReadOnly", "false" }, { "Username", "alice" },
		{ "ResourceType", "AWS::IAM::User" }, { "ResourceName", "bob" }, { "EventSource", "iam.amazonaws.com" },
		{ "AccessKeyId", "AKIA1" },
	};
	struct fixture f;
	if (!begin(t, &f))
		return;
	add(t, &f, &CREATE_USER);
	add(t, &f, &BY_SERVICE);
	for (size_t i = 0; i < COUNT(pairs); i++) {
		const char *body = arena_printf(&t->arena, "{\"LookupAttributes\":[{\"AttributeKey\":\"%s\",\"AttributeValue\":\"%s\"}]}",
		                                pairs[i][0], pairs[i][1]);
		struct slice got = answer(t, &f, body);
		CHECK(t, slice_find(got, S("\"e1\"")) != SLICE_NPOS && slice_find(got, S("\"e2\"")) == SLICE_NPOS);
		body = arena_printf(&t->arena, "{\"LookupAttributes\":[{\"AttributeKey\":\"%s\",\"AttributeValue\":\"%sx\"}]}",
		                    pairs[i][0], pairs[i][1]);
		CHECK_TEXT(t, answer(t, &f, body), S("{\"Events\":[]}"));
	}
	end(&f);
}

/* A35 to A39, A41. */
TEST(lookup_events_refuses_with_errors_of_its_own)
{
	static const struct { const char *body, *want; } rows[] = {
		{ "{\"LookupAttributes\":[{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"a\"},"
		  "{\"AttributeKey\":\"EventName\",\"AttributeValue\":\"b\"}]}", "InvalidLookupAttributesException" },
		{ "{\"LookupAttributes\":[{\"AttributeKey\":\"username\",\"AttributeValue\":\"a\"}]}", "InvalidLookupAttributesException" },
		{ "{\"LookupAttributes\":[{\"AttributeKey\":\"Username\",\"AttributeValue\":\"\"}]}", "InvalidLookupAttributesException" },
		{ "{\"LookupAttributes\":[{\"AttributeKey\":\"Username\"}]}", "InvalidLookupAttributesException" },
		{ "{\"LookupAttributes\":[]}", NULL },
		{ "{\"MaxResults\":51}", "InvalidMaxResultsException" },
		{ "{\"MaxResults\":0}", "InvalidMaxResultsException" },
		{ "{\"MaxResults\":1}", NULL },
		{ "{\"StartTime\":1768471300,\"EndTime\":1768471200}", "InvalidTimeRangeException" },
		{ "{\"StartTime\":1768471200,\"EndTime\":1768471200}", NULL },
		{ "{\"EventCategory\":\"Insight\"}", "InvalidEventCategoryException" },
		{ "{\"EventCategory\":\"insight\"}", NULL },
		{ "{\"EventCategory\":\"insight\",\"LookupAttributes\":[{\"AttributeKey\":\"Username\",\"AttributeValue\":\"a\"}]}",
		  "InvalidLookupAttributesException" },
		{ "{\"EventCategory\":\"insight\",\"LookupAttributes\":[{\"AttributeKey\":\"EventSource\",\"AttributeValue\":\"a\"}]}", NULL },
		{ "{\"NextToken\":\"abc\"}", "InvalidNextTokenException" },
		{ "{\"NextToken\":\"\"}", "InvalidNextTokenException" },
	};
	struct fixture f;
	if (!begin(t, &f))
		return;
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, answer(t, &f, rows[i].body), rows[i].want ? slice_of(rows[i].want) : S("{\"Events\":[]}"));
	char long_value[2002];
	memset(long_value, 'x', sizeof long_value - 1);
	long_value[sizeof long_value - 1] = 0;
	const char *body = arena_printf(&t->arena, "{\"LookupAttributes\":[{\"AttributeKey\":\"Username\",\"AttributeValue\":\"%s\"}]}", long_value);
	CHECK_TEXT(t, answer(t, &f, body), S("InvalidLookupAttributesException"));
	end(&f);
}

TEST(lookup_events_hands_out_a_token_that_goes_on)
{
	struct fixture f;
	if (!begin(t, &f))
		return;
	add(t, &f, &CREATE_USER);
	add(t, &f, &BY_SERVICE);
	const struct json *reply = json_parse(&t->arena, answer(t, &f, "{\"MaxResults\":1}"), &JSON_LIMITS_DEFAULT, &t->err);
	struct slice token = json_get_text(reply, S("NextToken"));
	REQUIRE(t, token.ptr != NULL);
	struct slice next = answer(t, &f, arena_printf(&t->arena, "{\"MaxResults\":1,\"NextToken\":\"%.*s\"}", SLICE_ARG(token)));
	CHECK(t, slice_find(next, S("\"e2\"")) != SLICE_NPOS && slice_find(next, S("NextToken")) == SLICE_NPOS);
	CHECK_TEXT(t, answer(t, &f, arena_printf(&t->arena, "{\"NextToken\":\"%.*s\",\"LookupAttributes\":"
		"[{\"AttributeKey\":\"Username\",\"AttributeValue\":\"bob\"}]}", SLICE_ARG(token))), S("InvalidNextTokenException"));
	end(&f);
}

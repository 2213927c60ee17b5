/* query/insights_run_fuzz.c: whatever the query and the events, 1, 2 and 7 workers answer as the oracle does.
 *
 * The input is choices for a generator; or, if it begins with a letter of a command, a query, an empty line, and events, a line
 * each. */
#include "base/clock.h"
#include "base/limits.h"
#include "query/insights_parse.h"
#include "tests/fuzz.h"
#include "tests/insights_generate.h"
#include "tests/insights_workers.h"

enum { EVENTS_MAX = 64 };

struct input {
	struct slice          query;
	struct insights_event events[EVENTS_MAX];
	size_t                count;
};

static void add_event(struct fuzz *f, struct input *input, struct slice message)
{
	struct json_limits limits = { .depth_max = 64, .nodes_max = 10000, .allow_duplicate_keys = true };
	struct slice time = json_get_text(json_parse(&f->arena, message, &limits, NULL), S("eventTime"));
	int64_t time_ms;

	if (!time.ptr || !time_parse_iso(time, &time_ms))
		time_ms = INT64_MIN;
	input->events[input->count++] = (struct insights_event){ .time_ms = time_ms, .ingestion_ms = INT64_MIN, .message = message,
	                                                         .log_stream = S("s"), .ptr = S("p") };
}

static void generate(struct fuzz *f, struct input *input)
{
	struct choices choices = { f->input };
	struct buffer query;
	size_t count = f->input.len > 0 ? (unsigned char)f->input.ptr[f->input.len - 1] % EVENTS_MAX : 0;

	buffer_init(&query, &f->arena, 1 << 20);
	insights_generate_query(&choices, &query);
	input->query = buffer_slice(&query);
	for (size_t i = 0; i < count; i++) {
		struct buffer event;
		buffer_init(&event, &f->arena, 1 << 20);
		insights_generate_event(&choices, &event);
		add_event(f, input, buffer_slice(&event));
	}
}

static void split(struct fuzz *f, struct input *input)
{
	size_t end = slice_find(f->input, S("\n\n"));
	struct slice rest = end == SLICE_NPOS ? SLICE_NONE : slice_from(f->input, end + 2), line;

	input->query = slice_sub(f->input, 0, end == SLICE_NPOS ? f->input.len : end);
	while (rest.ptr && input->count < EVENTS_MAX) {
		rest = slice_cut(rest, '\n', &line);
		if (line.len > 0)
			add_event(f, input, line);
	}
}

FUZZ(insights_run)
{
	struct input *input = arena_new(&f->arena, struct input);
	struct insights_context context = { .now_ms = 1714557602000, .end_ms = 1714557602000 };
	struct insights_fault fault;

	if (f->input.len > 0 && strchr("fdsplwu", f->input.ptr[0]) != NULL && f->input.ptr[0] != '\0')
		split(f, input);
	else
		generate(f, input);
	struct insights_query *query = insights_parse(&f->arena, input->query, &fault, &f->err);
	size_t leaves_max = input->count % 2 ? INSIGHTS_LEAVES_MAX : 0;
	const struct insights_plan *plan = query ? insights_bind(&f->arena, query, leaves_max, &fault, &f->err) : NULL;
	const char *differs = plan ? insights_workers_compare(&f->arena, plan, &context, input->events, input->count, 0) : NULL;
	if (differs)
		fprintf(stderr, "%.*s: %s\n", SLICE_ARG(input->query), differs);
	CHECK_FUZZ(f, !differs);
}

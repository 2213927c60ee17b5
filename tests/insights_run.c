/* tests/insights_run.c: parses, binds and runs a query, and shows what came out. */
#include "tests/insights_run.h"

#include "base/limits.h"
#include "query/insights_parse.h"
#include "tests/insights_workers.h"

static const int64_t FIRST_MS = INT64_C(1714557600000);

struct insights_answer insights_run_events(struct test *t, struct slice query, const struct insights_event *events, size_t count)
{
	struct insights_answer answer = { .context = { .arena = &t->arena, .now_ms = FIRST_MS + 3600999, .start_ms = FIRST_MS,
	                                               .end_ms = FIRST_MS + 3600000 } };
	struct insights_query *tree = insights_parse(&t->arena, query, &answer.fault, &t->err);

	if (tree)
		answer.plan = insights_bind(&t->arena, tree, INSIGHTS_LEAVES_MAX, &answer.fault, &t->err);
	if (answer.plan && !insights_oracle_run(answer.plan, &answer.context, events, count, 0, &answer.rows, &t->err))
		answer.plan = NULL;
	const char *differs = answer.plan ? insights_workers_compare(&t->arena, answer.plan, &answer.context, events, count, 0) : NULL;
	if (differs)
		test_failed(t, __FILE__, __LINE__, "%.*s: the executor, %s", SLICE_ARG(query), differs);
	return answer;
}

struct insights_answer insights_run_query(struct test *t, struct slice query, const char *const *messages, size_t count)
{
	struct insights_event *events = arena_array(&t->arena, count + 1, sizeof *events);

	for (size_t i = 0; i < count; i++)
		events[i] = (struct insights_event){ .time_ms = FIRST_MS + (int64_t)i * 1000, .message = slice_of(messages[i]),
		                                     .ingestion_ms = FIRST_MS + (int64_t)i * 1000 + 500, .log_stream = S("s1"),
		                                     .log = S("111122223333:/t"), .ptr = S("p") };
	return insights_run_events(t, query, events, count);
}

struct slice insights_run_row(struct test *t, const struct insights_answer *answer, size_t row)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	for (size_t i = 0; i < answer->plan->column_count; i++) {
		const struct insights_column *column = &answer->plan->columns[i];
		struct slice text = value_to_text(&answer->rows.rows[row][column->slot], &t->arena);
		if (text.ptr)
			buffer_printf(&out, "%s%.*s=%.*s", out.len ? " " : "", SLICE_ARG(column->name), SLICE_ARG(text));
	}
	return out.len ? buffer_slice(&out) : S("");
}

struct slice insights_run_text(struct test *t, const struct insights_answer *answer)
{
	struct buffer out;

	if (!answer->plan)
		return arena_format(&t->arena, "%s", t->err.message);
	buffer_init(&out, &t->arena, 1 << 20);
	for (size_t i = 0; i < answer->rows.count; i++) {
		buffer_add(&out, i ? S(" | ") : S(""));
		buffer_add(&out, insights_run_row(t, answer, i));
	}
	return out.len ? buffer_slice(&out) : S("");
}

/* query/insights_oracle_test.c: Insights queries give what is documented, observed or decided of them. */
#include "query/insights_oracle.h"

#include "tests/insights_run.h"

/* ---- tests/vectors/insights-ql.jsonl ---- */

static struct insights_event *read_events(struct test *t, size_t *count)
{
	const struct json *list = field(t, "events");
	struct insights_event *events = arena_array(&t->arena, list->count + 1, sizeof *events);

	*count = 0;
	for (const struct json *event = list->first; event; event = event->next) {
		struct slice stream = json_get_text(event, S("logStream"));
		struct insights_event *into = &events[(*count)++];
		json_to_i64(json_get(event, S("timestamp")), &into->time_ms);
		into->ingestion_ms = into->time_ms + 500;
		into->message = json_get_text(event, S("message"));
		into->log_stream = stream.ptr ? stream : S("s1");
		into->log = S("111122223333:/t");
	}
	return events;
}

/* Has this row these cells, and no others? */
static bool row_is(struct test *t, const struct insights_answer *answer, size_t row, const struct json *want)
{
	size_t cells = 0;

	for (size_t i = 0; i < answer->plan->column_count; i++) {
		const struct insights_column *column = &answer->plan->columns[i];
		struct slice text = value_to_text(&answer->rows.rows[row][column->slot], &t->arena);
		if (!text.ptr)
			continue;
		cells++;
		if (!slice_equal(text, json_get_text(want, column->name)))
			return false;
	}
	return cells == want->count;
}

static bool has_row(struct test *t, const struct insights_answer *answer, const struct json *want)
{
	for (size_t i = 0; i < answer->rows.count; i++)
		if (row_is(t, answer, i, want))
			return true;
	return false;
}

static void check_columns(struct test *t, const struct insights_answer *answer, const struct json *want)
{
	const struct json *name = want->first;

	CHECK_NUMBER(t, answer->plan->column_count, want->count);
	for (size_t i = 0; i < answer->plan->column_count && name; i++, name = name->next)
		CHECK_TEXT(t, answer->plan->columns[i].name, name->text);
}

VECTORS(insights_query_answers_as_documented, "insights-ql.jsonl")
{
	size_t count, row = 0;
	struct insights_event *events = read_events(t, &count);
	struct insights_answer answer = insights_run_events(t, field_text(t, "query"), events, count);
	const struct json *rows = field(t, "rows");

	if (!rows) {
		REQUIRE(t, answer.plan == NULL);
		CHECK_TEXT(t, slice_of(t->err.name), field_text(t, "error"));
		CHECK(t, answer.fault.reason != NULL && answer.fault.span.from <= answer.fault.span.to
		         && answer.fault.span.to <= field_text(t, "query").len);
		struct slice want = field_text(t, "messageContains");
		CHECK(t, !want.ptr || slice_find(slice_of(t->err.message), want) != SLICE_NPOS);
		return;
	}
	REQUIRE(t, answer.plan != NULL);
	CHECK_NUMBER(t, answer.rows.count, rows->count);
	for (const struct json *want = rows->first; want; want = want->next, row++) {
		bool is_there = field_bool(t, "ordered") ? row < answer.rows.count && row_is(t, &answer, row, want)
		                                         : has_row(t, &answer, want);
		if (!is_there)
			test_failed(t, __FILE__, __LINE__, "want %.*s, got %.*s", SLICE_ARG(want->text),
			            SLICE_ARG(insights_run_text(t, &answer)));
	}
	if (field(t, "columns"))
		check_columns(t, &answer, field(t, "columns"));
	if (field(t, "ptr"))
		CHECK(t, field_bool(t, "ptr") == !answer.plan->is_aggregated);
}

/* ---- the specification's traps, those that no vector shows, and what was decided ---- */

static const char *const messages[] = {
	"{\"n\":9,\"s\":\"10\",\"t\":\"abc\",\"b\":true,\"k\":\"x\"}",
	"{\"n\":10,\"s\":\"9\",\"z\":null,\"o\":{\"p\":1},\"@a\":\"at\"}",
	"not json",
};

static const struct {
	const char *query, *want;
} answers[] = {
	{ "fields n | filter k != 'x'", " | n=10" },                           /* absent is unequal */
	{ "fields n | filter k != missing", "n=9" },                           /* of two absent ones neither */
	{ "fields n | filter z = 0 or ispresent(z)", "" },                     /* null is absent */
	{ "fields n | filter not k = 'x'", " | n=10" },
	{ "fields n | filter k not in ['y']", " | n=10 | n=9" },
	{ "fields n | filter b = true", "n=9" },
	{ "fields n | filter b = '1'", "n=9" },
	{ "fields n | filter @timestamp > '2024-01-01T00:00:00Z'", "" },
	{ "fields n | filter @timestamp != 'x'", "" },
	{ "fields n | filter s > 9", "n=9" },
	{ "fields n | filter t > 9 or t < 9", "" },
	{ "fields n | sort s", " | n=10 | n=9" },                              /* absent first, then by value */
	{ "fields n | sort n desc", "n=10 | n=9 | " },
	{ "fields @@a | filter ispresent(@@a)", "@@a=at" },
	{ "fields o.p | filter o.p = 1", "o.p=1" },
	{ "fields n as o | filter o.p = 1", "o=10" },                          /* o.p is no part of the number o */
	{ "fields jsonParse(@message) as j | fields j as i | filter i.o.p = 1 | display i.n", "i.n=10" },
	{ "fields toMillis(now()) as x | limit 1", "" },
	{ "fields now() as x | limit 1", "x=1714561200" },
	{ "fields strlen(missing) as x, isempty(missing) as e | limit 1", "e=1" },
	{ "fields strcontains('aB', 'b', true) as x | limit 1", "x=0" },
	{ "fields trim('abcba', 'ab') as x | limit 1", "x=c" },
	{ "fields isIpv4InSubnet('::1', '10.0.0.0/8') as x | limit 1", "x=0" },
	{ "fields -7 % 3 as x, 7 % 0 as y | limit 1", "x=-1" },
	{ "fields -2 ^ 2 as x, 2 ^ 3 ^ 2 as y | limit 1", "x=4 y=512" },
	{ "stats count(*), count(k), count_distinct(missing)", "count(*)=3 count(k)=1 count_distinct(missing)=0" },
	{ "stats avg(t), avg(s)", "avg(s)=9.5" },
	{ "stats count(*) as n by k | sort n", "k=x n=1 | n=2" },
	{ "stats max(@timestamp) as m", "m=1714557602000" },
	{ "stats count(*) by k | stats sum(count(*)) as n", "n=3" },
	{ "filter n = 12 | stats count(*)", "" },                              /* no rows, no groups */
	{ "parse @message '\"n\":*,' as x | display x", " | x=10 | x=9" },
	{ "fields n | parse @message 'not *' as n", "n=json |  | " },          /* parse's name wins, and misses keep their rows */
	{ "parse 'n*' as x | filter x like 'json'", "@timestamp=2024-05-01 10:00:02.000 @message=not json x=ot json" },
	{ "fields jsonParse(@message) as j, j.n | filter n = 9 | display j.n", "j.n=9" },
	{ "fields jsonParse(@message) as j, j.n as m | filter n = 9 | display m", "" },
	{ "fields split('a,b', ',') as l | fields l[1] as x | display x, l | limit 1", "x=b l=[\"a\",\"b\"]" },
	{ "filter n = 9 | fields jsonParse('[1,[2],null]') as l | unnest l into x | display x", "x=1 | x=[2] | " },
	{ "filter n = 9 | unnest s into x | display x", "x=10" },              /* no list: one element */
	{ "filter n = 9 | unnest missing into x | display n, x", "n=9" },
	{ "filter n = 9 | unnest jsonParse('[]') into x | stats count(*)", "" },
	{ "fields n | filter t in ['ab', 'abcd'] or t like 'B' or t like 'a*'", "" },
	{ "fields regexReplace('a1b22', /[0-9]+/, '#') as x | limit 1", "x=a#b#" },
	{ "fields bin(300s) as x | limit 1", "x=2024-05-01 10:00:00.000" },
	{ "fields n # the number | never\n| limit 1", "" },
	{ "fields `n` | filter `n` = 9", "n=9" },
	{ "fields if(b, 'yes', 'no') as x | sort @timestamp | limit 1", "x=yes" },
};

TEST(insights_query_decides_as_written)
{
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct insights_answer answer = insights_run_query(t, slice_of(answers[i].query), messages, COUNT(messages));
		struct slice got = insights_run_text(t, &answer);
		if (!answer.plan || !slice_equal(got, slice_of(answers[i].want)))
			test_failed(t, __FILE__, __LINE__, "%s: want %s, got %.*s", answers[i].query, answers[i].want, SLICE_ARG(got));
	}
}

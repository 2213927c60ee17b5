/* query/insights_run_test.c: queries over files answer alike with any number of workers, within their bounds. */
#include "query/insights_run.h"

#include "query/insights_parse.h"
#include "tests/test.h"

static const struct insights_plan *plan_of(struct test *t, const char *query)
{
	struct insights_fault fault;
	struct insights_query *tree = insights_parse(&t->arena, slice_of(query), &fault, &t->err);

	return tree ? insights_bind(&t->arena, tree, 0, &fault, &t->err) : NULL;
}

/* A file for each text, named so that the first is the first. */
static const char *make_files(struct test *t, const char *name, const char *const *texts, size_t count)
{
	const char *dir = test_dir(t, name);

	for (size_t i = 0; i < count; i++) {
		FILE *file = fopen(arena_printf(&t->arena, "%s/%03zu.json", dir, i), "wb");
		CHECK(t, file && fputs(texts[i], file) >= 0 && fclose(file) == 0);
	}
	return dir;
}

/* `name=text` of each cell, " | " between rows. */
static struct slice text_of(struct test *t, const struct insights_result *result)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	for (size_t row = 0; row < result->count; row++) {
		buffer_add(&out, row ? S(" | ") : S(""));
		for (size_t i = 0; i < result->plan->column_count; i++) {
			const struct insights_column *column = &result->plan->columns[i];
			struct slice text = value_to_text(&result->rows[row][column->slot], &t->arena);
			if (text.ptr)
				buffer_printf(&out, "%s%.*s=%.*s", i ? " " : "", SLICE_ARG(column->name), SLICE_ARG(text));
		}
	}
	return out.len ? buffer_slice(&out) : S("");
}

static struct slice run(struct test *t, const char *dir, const char *query, const struct insights_run_options *with, size_t threads)
{
	const struct insights_plan *plan = plan_of(t, query);
	struct insights_run_options options = *with;
	struct insights_result result;
	struct scan_report report = {0};

	t->err = (struct error){0};
	options.scan.paths = &dir;
	options.scan.path_count = 1;
	options.scan.thread_count = threads;
	bool ok = plan && insights_run(plan, &options, &result, &report, &t->err);
	struct slice text = ok ? text_of(t, &result) : arena_format(&t->arena, "%s", t->err.message);
	if (plan)
		insights_result_fini(&result);
	scan_report_fini(&report);
	return text;
}

static const struct insights_run_options everything = { .scan = { .scope = { .start_ms = INT64_MIN, .end_ms = INT64_MAX } },
                                                        .start_ms = INT64_MIN, .end_ms = INT64_MAX };

static const char *const files[] = {
	"{\"Records\":[{\"eventTime\":\"2024-05-01T10:00:00Z\",\"eventName\":\"A\",\"n\":1},"
	"{\"eventTime\":\"2024-05-01T10:00:01Z\",\"eventName\":\"B\",\"n\":2},{\"eventName\":\"C\",\"n\":3}]}",
	"{\"eventTime\":\"2024-05-01T10:00:00Z\",\"eventName\":\"A\",\"n\":4}\n{\"eventTime\":\"2024-05-01T10:00:00Z\",\"eventName\":\"D\",\"n\":5}\n",
	"{\"eventTime\":\"never\",\"eventName\":\"C\",\"n\":6}",
};

static const struct {
	const char *query, *want;
} answers[] = {
	/* newest first; of one time the later file, the later record; without a time last */
	{ "fields n", "n=2 | n=5 | n=4 | n=1 | n=6 | n=3" },
	{ "fields n | limit 2", "n=2 | n=5" },
	{ "stats count(*) as c by eventName", "eventName=B c=1 | eventName=D c=1 | eventName=A c=2 | eventName=C c=2" },
	{ "stats sum(n) as s by eventName | sort s desc | limit 1", "eventName=C s=9" },
	{ "fields @timestamp, @ingestionTime, @log | filter n = 2", "@timestamp=2024-05-01 10:00:01.000" },
	{ "fields n | filter ispresent(@timestamp) | sort @timestamp | limit 1", "n=5" },
	{ "fields strlen(@ptr) - strlen(@logStream) as x | filter n = 5", "x=2" },
};

TEST(insights_run_answers_over_files_in_one_order)
{
	const char *dir = make_files(t, "run", files, COUNT(files));

	for (size_t i = 0; i < COUNT(answers); i++)
		for (size_t threads = 1; threads <= 7; threads += 3)
			CHECK_TEXT(t, run(t, dir, answers[i].query, &everything, threads), slice_of(answers[i].want));
}

TEST(insights_run_takes_the_time_asked_for_by_event)
{
	const char *dir = make_files(t, "time", files, COUNT(files));
	struct insights_run_options options = everything;

	options.start_ms = INT64_C(1714557600000);
	CHECK_TEXT(t, run(t, dir, "fields n", &options, 2), S("n=2 | n=5 | n=4 | n=1"));
	options.end_ms = options.start_ms + 1000;                /* the end is not within */
	CHECK_TEXT(t, run(t, dir, "fields n", &options, 2), S("n=5 | n=4 | n=1"));
	CHECK_TEXT(t, run(t, dir, "fields queryTimeRange() as x | limit 1", &options, 2), S("x=1000"));
	options.start_ms = INT64_MIN;
	CHECK_TEXT(t, run(t, dir, "stats count(*) as c", &options, 2), S("c=3"));
}

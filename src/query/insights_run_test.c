/* query/insights_run_test.c: queries over files answer alike with any number of workers, within their bounds. */
#include "query/insights_run.h"

#include "base/limits.h"
#include "base/random.h"
#include "query/insights_literals.h"
#include "query/insights_parse.h"
#include "query/insights_worker.h"
#include "tests/insights_generate.h"
#include "tests/insights_workers.h"
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
	struct insights_run_options options = *with;
	struct insights_result result;
	struct scan_report report = {0};

	t->err = (struct error){0};
	const struct insights_plan *plan = plan_of(t, query);
	options.scan.paths = &dir;
	options.scan.path_count = 1;
	options.scan.thread_count = threads;
	bool ok = plan && insights_run(plan, &options, &result, &report, &t->err);
	struct slice text = ok ? text_of(t, &result) : arena_format(&t->arena, "%s", t->err.message);
	uint64_t refused = report.causes[SCAN_RECORD_NOT_JSON].records;
	if (plan)
		insights_result_fini(&result);
	scan_report_fini(&report);
	return refused ? arena_format(&t->arena, "%.*s (%d refused)", SLICE_ARG(text), (int)refused) : text;
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

static const struct {
	const char *query, *want;
} searched[] = {
	{ "filter a = 'Denied'", "Denied" },
	{ "filter 'Denied' = a", "Denied" },
	{ "filter a != 'Denied'", "" },
	{ "filter a = '12345'", "" },                                   /* 1.2345e4 is equal */
	{ "filter a like '12345'", "" },
	{ "filter a like 'x12345'", "x12345" },
	{ "filter not (a like 'Denied')", "" },
	{ "filter a not like 'Denied'", "" },
	{ "filter a like 'Denied' and b = 'AccessDenied'", "AccessDenied" },
	{ "filter a like 'Denied' or b = 'Access'", "Denied,Access" },
	{ "filter a like 'Denied' or b > 7", "" },
	{ "filter a in ['abc', 'defg'] | filter ispresent(b)", "abc,defg" },
	{ "filter a not in ['abc', 'defg']", "" },
	{ "filter a like /Denied|Unauthorized/", "Denied,Unauthorized" },
	{ "filter a like /^ec2\\.amazonaws.com$/", "amazonaws" },
	{ "filter a like /Denied|x/ or b = 'abc'", "" },                /* x is too short */
	{ "filter a like /Den.+ied/", "" },
	{ "filter a like /(?i)denied/", "" },
	{ "filter a like /Denied?/", "" },
	{ "filter a like /1234/", "" },
	{ "filter @message like 'AKIA'", "AKIA" },
	{ "filter @message like '\"a\"'", "" },
	{ "filter @logStream like 'AKIA'", "" },
	{ "fields a as c | filter c = 'Denied'", "Denied" },
	{ "fields concat(a, '') as c | filter c = 'Denied'", "" },
	{ "stats count(*) by a | filter a = 'Denied'", "" },            /* it is the group's */
	{ "limit 10 | filter a = 'Denied'", "" },                       /* of those only */
	{ "unnest jsonParse(a) into c | filter b = 'Denied'", "Denied" },
};

TEST(insights_literals_are_what_every_match_has)
{
	for (size_t i = 0; i < COUNT(searched); i++) {
		const struct insights_plan *plan = plan_of(t, searched[i].query);
		struct insights_literals literals;
		struct buffer text;

		REQUIRE(t, plan);
		insights_literals_find(insights_program_make(&t->arena, plan, 0, &t->err), &literals);
		buffer_init(&text, &t->arena, 1000);
		for (size_t k = 0; k < literals.count; k++)
			buffer_printf(&text, "%s%.*s", k ? "," : "", SLICE_ARG(literals.texts[k]));
		struct slice got = text.len ? buffer_slice(&text) : S("");
		if (!slice_equal(got, slice_of(searched[i].want)))
			test_failed(t, __FILE__, __LINE__, "%s: %.*s", searched[i].query, SLICE_ARG(got));
	}
}

static const char *const spelled[] = {
	"{\"a\":\"Denied\",\"n\":1}\n{\"a\":\"D\\u0065nied\",\"n\":2}\n{\"a\":\"other\",\"n\":3}\n{\"a\":1.2345e4,\"n\":4}\n",
	"{\"Events\":[{\"CloudTrailEvent\":\"{\\\"a\\\":\\\"Denied\\\",\\\"n\\\":5}\"},{\"CloudTrailEvent\":\"{\\\"a\\\":\\\"x\\\"}\"}]}",
};

/* Whatever is passed over before parsing could not have matched. */
TEST(insights_run_finds_texts_however_they_are_spelled)
{
	const char *dir = make_files(t, "spelled", spelled, COUNT(spelled));

	CHECK_TEXT(t, run(t, dir, "filter a = 'Denied' | display n", &everything, 1), S("n=5 | n=2 | n=1"));
	CHECK_TEXT(t, run(t, dir, "filter a like /Den/ | display n", &everything, 1), S("n=5 | n=2 | n=1"));
	CHECK_TEXT(t, run(t, dir, "filter a like '12345' | display n", &everything, 1), S("n=4"));
	CHECK_TEXT(t, run(t, dir, "filter @message like 'Denied' | display n", &everything, 1), S("n=5 | n=1"));
}

static const char *const broken[] = { "{\"a\":1,\"b\":[1 2]}\n{\"a\":1,\"b\":[1,2]}\n{\"a\":2,\"b\":[1 2]}\n" };

/* The first and the third are no JSON where nobody looks: in b. */
TEST(insights_run_refuses_what_is_no_json_where_its_row_is_shown_or_filtered)
{
	const char *dir = make_files(t, "broken", broken, COUNT(broken));

	CHECK_TEXT(t, run(t, dir, "fields a", &everything, 1), S("a=1 (2 refused)"));
	CHECK_TEXT(t, run(t, dir, "filter a = 1 | stats count(*) as c", &everything, 1), S("c=1 (1 refused)"));
	CHECK_TEXT(t, run(t, dir, "unnest jsonParse('[1,2]') into x | filter a = 1 | stats count(*) as c", &everything, 1), S("c=2 (1 refused)"));
	CHECK_TEXT(t, run(t, dir, "stats count(*) as c", &everything, 1), S("c=3"));
}

enum { MANY_FILES = 40, MANY_RECORDS = 100 };

/* Times tie within files and between them. */
static const char *make_many(struct test *t, const char *name)
{
	const char *texts[MANY_FILES];

	for (int i = 0; i < MANY_FILES; i++) {
		struct buffer text;
		buffer_init(&text, &t->arena, 1 << 20);
		buffer_add(&text, S("{\"Records\":["));
		for (int k = 0; k < MANY_RECORDS; k++)
			buffer_printf(&text, "%s{\"eventTime\":\"2024-05-01T10:00:%02dZ\",\"id\":\"%d-%d\",\"g\":\"g%d\",\"n\":%d.1,\"pad\":\"%0100d\"}",
			              k ? "," : "", (i * 7 + k / 3) % 60, i, k, (i * k) % 13, k, 0);
		buffer_add(&text, S("]}"));
		texts[i] = arena_cstr(&t->arena, buffer_slice(&text));
	}
	return make_files(t, name, texts, MANY_FILES);
}

static const char *const orderless[] = {
	"fields id", "fields id | limit 7", "sort g | limit 100", "sort n desc, g | fields id | limit 50", "fields id, g | dedup g",
	"stats count(*), sum(n), avg(n), stddev(n), values(n), latest(id), earliest(id) by g",
	"stats sum(n) as s by g, bin(5s) | stats max(s), count(*) by g | sort g", "filter g like /1/ | stats pct(n, 50), max(id)",
	"fields jsonParse('[1,2]') as l | unnest l into x | display id, x | limit 9",
};

TEST(insights_run_by_one_worker_and_by_many_is_the_same)
{
	const char *dir = make_many(t, "many");

	for (size_t i = 0; i < COUNT(orderless); i++) {
		struct slice want = run(t, dir, orderless[i], &everything, 1);
		CHECK(t, want.len > 0 && t->err.kind == ERR_NONE);
		for (size_t threads = 2; threads <= 8; threads += 3)
			CHECK_TEXT(t, run(t, dir, orderless[i], &everything, threads), want);
	}
}

TEST(insights_run_needs_no_more_memory_than_it_may_have)
{
	const char *dir = make_many(t, "bound");
	struct insights_run_options options = everything;

	options.memory_bytes = 1 << 20;
	CHECK_TEXT(t, run(t, dir, "filter id = '1-1' | fields id", &options, 1), S("id=1-1"));
	run(t, dir, "fields @message", &options, 1);
	CHECK(t, t->err.kind == ERR_LIMIT);
	CHECK(t, slice_find(slice_of(t->err.message), S("1 MiB")) != SLICE_NPOS);
	run(t, dir, "stats count(*) by id, @message", &options, 1);
	CHECK(t, t->err.kind == ERR_LIMIT);
}

/* A record with `x`: 3,000 letters, `deep`: a text of arrays in each other, and `many`: a text of many numbers. */
static const char *record_of_bounds(struct test *t)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	buffer_add(&out, S("{\"eventTime\":\"2024-05-01T10:00:00Z\",\"deep\":\""));
	for (int i = 0; i < 65; i++)
		buffer_add(&out, S("["));
	for (int i = 0; i < 65; i++)
		buffer_add(&out, S("]"));
	buffer_add(&out, S("\",\"many\":\"[1"));
	for (int i = 1; i < INSIGHTS_JSON_VALUES_MAX; i++)
		buffer_add(&out, S(",1"));
	buffer_add(&out, S("]\",\"x\":\""));
	for (int i = 0; i < 3000; i++)
		buffer_add(&out, S("a"));
	buffer_add(&out, S("\"}"));
	buffer_add(&out, (struct slice){ "", 1 });
	return buffer_slice(&out).ptr;
}

static const struct {
	const char *query, *want;               /* what the sentence ends with, or the answer */
} too_much[] = {
	{ "fields replace(x, 'a', x)", "/000.json#0: the event needs more text than the 4 MiB that a function may make" },
	{ "fields 1 as y | filter strlen(regexReplace(x, /a/, x)) > 1",
	  "/000.json#0: the event needs more text than the 4 MiB that a function may make" },
	{ "fields jsonParse(deep)", "#0: the event needs more values than the 100,000 that jsonParse() takes, or deeper ones than 64" },
	{ "stats count(jsonParse(many))",
	  "#0: the event needs more values than the 100,000 that jsonParse() takes, or deeper ones than 64" },
	{ "stats max(x) as y | fields replace(y, 'a', y)", "a row needs more text than the 4 MiB that a function may make" },
	{ "fields regexReplace(many, /1(?:.*b)?/, '')",
	  "#0: the event needs more time than regexReplace() may take, since it looks far ahead for each of many matches" },
	{ "filter x = 'b' | fields replace(x, 'a', x)", "" },
	{ "fields strlen(replace(x, 'a', 'bb')) as n", "n=6000" },
	{ "fields ispresent(jsonParse('[')) as n", "n=0" },
};

TEST(insights_run_whose_functions_would_need_too_much_has_no_rows)
{
	const char *record = record_of_bounds(t), *dir = make_files(t, "much", &record, 1);

	for (size_t i = 0; i < COUNT(too_much); i++) {
		struct slice got = run(t, dir, too_much[i].query, &everything, 2), want = slice_of(too_much[i].want);
		CHECK_TEXT(t, got.len > want.len && want.len > 0 && want.ptr[0] != 'n' ? slice_from(got, got.len - want.len) : got, want);
	}
}

static bool is_cut(struct test *t, const char *dir, const char *query, int64_t limit, size_t *count)
{
	struct insights_run_options options = everything;
	struct insights_result result;
	struct scan_report report = {0};

	options.scan.paths = &dir;
	options.scan.path_count = 1;
	options.limit = limit;
	CHECK(t, insights_run(plan_of(t, query), &options, &result, &report, &t->err));
	bool cut = result.is_cut;
	*count = result.count;
	CHECK_NUMBER(t, result.rows_scanned, MANY_FILES * MANY_RECORDS);
	insights_result_fini(&result);
	scan_report_fini(&report);
	return cut;
}

/* 4,000 events, and 10,000 rows at most where there is no limit. */
TEST(insights_run_says_when_rows_are_left_out_that_nobody_asked_to_leave_out)
{
	const char *dir = make_many(t, "cut");
	size_t count;

	CHECK(t, !is_cut(t, dir, "fields id", 0, &count));
	CHECK_NUMBER(t, count, 4000);
	CHECK(t, is_cut(t, dir, "unnest jsonParse('[1,2,3]') into x", 0, &count));
	CHECK_NUMBER(t, count, 10000);
	CHECK(t, !is_cut(t, dir, "unnest jsonParse('[1,2,3]') into x", 100, &count));
	CHECK_NUMBER(t, count, 100);
	CHECK(t, !is_cut(t, dir, "unnest jsonParse('[1,2,3]') into x | limit 11000", 0, &count));
	CHECK_NUMBER(t, count, 11000);
	CHECK(t, is_cut(t, dir, "unnest jsonParse('[1,2,3]') into x | dedup id, x", 0, &count));
	CHECK(t, is_cut(t, dir, "unnest jsonParse('[1,2,3]') into x | stats count(*) by id, x", 0, &count));
	CHECK(t, !is_cut(t, dir, "limit 10 | fields id", 5, &count));
	CHECK_NUMBER(t, count, 5);
}

/* The first record that is looked at cancels: no batch of any worker goes on behind it. */
static void cancel(void *user, const struct scan_progress *progress)
{
	(void)progress;
	atomic_store((atomic_bool *)user, true);
}

TEST(insights_run_that_is_cancelled_has_no_rows)
{
	const char *dir = make_many(t, "cancel");
	atomic_bool is_cancelled = false;
	struct insights_run_options options = everything;
	struct insights_result result;
	struct scan_report report = {0};

	options.scan.paths = &dir;
	options.scan.path_count = 1;
	options.scan.thread_count = 2;
	options.scan.is_cancelled = &is_cancelled;
	options.scan.user = &is_cancelled;
	options.scan.progress = cancel;
	CHECK(t, !insights_run(plan_of(t, "stats count(*) by id"), &options, &result, &report, &t->err));
	CHECK(t, t->err.kind == ERR_BUSY && result.count == 0);
	insights_result_fini(&result);
	scan_report_fini(&report);
}

/* Between records, and between the elements of a list, it is looked whether to go on. */
TEST(insights_worker_ends_within_an_event_when_cancelled)
{
	const struct insights_plan *plan = plan_of(t, "unnest jsonParse('[1,2,3]') into x | stats count(*)");
	const struct insights_program *program = insights_program_make(&t->arena, plan, 0, &t->err);
	struct insights_input input = { .event = { .time_ms = 1, .message = S("{}") }, .order = { .time_ms = 1 } };
	atomic_bool is_cancelled = true;
	bool is_refused;
	struct budget budget;
	struct insights_settings settings = { .budget = &budget, .seed = 1, .is_cancelled = &is_cancelled };

	budget_init(&budget, 1 << 24);
	struct insights_worker *worker = insights_worker_new(program, &settings, &t->err);
	REQUIRE(t, worker);
	CHECK(t, !insights_worker_take(worker, &input, &is_refused, &t->err));
	CHECK(t, t->err.kind == ERR_BUSY);
	CHECK_NUMBER(t, insights_worker_matched(worker), 1);
	insights_worker_free(worker);
}

/* Every condition names another field. */
TEST(insights_program_of_a_long_query_is_small)
{
	struct buffer text;
	struct arena arena;

	buffer_init(&text, &t->arena, INSIGHTS_CHARACTERS_MAX);
	buffer_add(&text, S("filter a"));
	for (int i = 0; i < 900; i++)
		buffer_printf(&text, " or f%d", i);
	const struct insights_plan *plan = plan_of(t, arena_cstr(&t->arena, buffer_slice(&text)));
	REQUIRE(t, plan && plan->slot_count > 900);
	arena_init(&arena, 1 << 20);
	CHECK(t, insights_program_make(&arena, plan, 0, &t->err) != NULL);
	arena_fini(&arena);
}

enum { GENERATED_QUERIES = 400, GENERATED_EVENTS_MAX = 40 };

/* The fuzz target looks further; this is the part of it that every run makes. */
TEST(insights_run_answers_generated_queries_as_the_oracle_does)
{
	struct insights_context context = { .now_ms = 1714557602000, .end_ms = 1714557602000 };
	size_t answered = 0;

	for (uint64_t seed = 1; seed <= GENERATED_QUERIES; seed++) {
		struct insights_event events[GENERATED_EVENTS_MAX];
		struct random random;
		struct buffer text;
		char bytes[1024];

		random_init_seeded(&random, seed);
		random_bytes(&random, bytes, sizeof bytes);
		struct choices choices = { { bytes, sizeof bytes } };
		buffer_init(&text, &t->arena, 1 << 16);
		insights_generate_query(&choices, &text);
		for (size_t i = 0; i < seed % GENERATED_EVENTS_MAX; i++) {
			struct buffer event;
			buffer_init(&event, &t->arena, 1 << 16);
			insights_generate_event(&choices, &event);
			events[i] = (struct insights_event){ .time_ms = (int64_t)(i % 5), .ingestion_ms = INT64_MIN, .message = buffer_slice(&event),
			                                     .log_stream = S("s"), .ptr = S("p") };
		}
		const struct insights_plan *plan = plan_of(t, arena_cstr(&t->arena, buffer_slice(&text)));
		const char *differs = plan ? insights_workers_compare(&t->arena, plan, &context, events, seed % GENERATED_EVENTS_MAX, 0) : NULL;
		answered += plan != NULL;
		if (differs)
			test_failed(t, __FILE__, __LINE__, "%.*s: %s", SLICE_ARG(buffer_slice(&text)), differs);
	}
	CHECK(t, answered > GENERATED_QUERIES / 4);
}

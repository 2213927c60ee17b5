/* server/query_print_test.c: what an answer looks like in each format. */
#include "server/query_print.h"

#include "base/limits.h"
#include "server/query_explain.h"
#include "server/query_report.h"
#include "tests/insights_run.h"

static const char *const EVENTS[] = {
	"{\"name\":\"GetObject\",\"who\":\"\\u5c71\\u7530\",\"n\":-5,\"big\":9007199254740993,\"x\":\"=1+1\",\"empty\":\"\"}",
	"{\"name\":\"PutObject\",\"who\":\"bob\",\"n\":2.50,\"x\":\"a\\\"b,\\u001b[2J\\n\",\"list\":\"[1,{\\\"a\\\":null}]\"}",
	"{\"name\":\"A\",\"who\":\"re\\u0301my\",\"n\":10000,\"x\":\"-7\"}",
};

static struct slice printed(struct test *t, struct slice query, size_t event_count, struct query_print_options options)
{
	struct insights_answer answer = insights_run_query(t, query, EVENTS, event_count);
	struct scan_report report = { .records = 3, .files = 1, .bytes_read = 10, .bytes_text = 20 };
	struct insights_result result = { .plan = answer.plan, .rows = answer.rows.rows, .count = answer.rows.count,
	                                  .rows_scanned = 3, .rows_matched = 3 };
	char *text = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&text, &bytes);

	if (!answer.plan)
		return slice_of(t->err.message);
	CHECK(t, query_print(&result, &report, &options, out, &t->err));
	fclose(out);
	struct slice copy = arena_copy(&t->arena, (struct slice){ text, bytes });
	free(text);
	return copy;
}

static struct slice table(struct test *t, struct slice query, size_t width)
{
	return printed(t, query, COUNT(EVENTS), (struct query_print_options){ .format = QUERY_TABLE, .width = width });
}

TEST(query_print_table_is_as_wide_as_it_needs)
{
	CHECK_TEXT(t, table(t, S("fields name, who, n, x"), 80), S(
		"name       who       n  x\n"
		"A          re\xCC\x81my  10000  -7\n"
		"PutObject  bob     2.5  a\"b,?[2J \n"
		"GetObject  \xE5\xB1\xB1\xE7\x94\xB0     -5  =1+1\n"));
	/* Absent cells are blanks, and no line ends in them. */
	CHECK_TEXT(t, table(t, S("fields big, list"), 80), S(
		"             big  list\n"
		"\n"
		"                  [1,{\"a\":null}]\n"
		"9007199254740993\n"));
	CHECK_TEXT(t, table(t, S("fields name | filter name = 'none'"), 80), S("name\n"));
}

TEST(query_print_table_fits_the_terminal)
{
	CHECK_TEXT(t, table(t, S("fields name, concat(who, ' is somebody of whom there is much to say') as long | sort name"), 30), S(
		"name       long\n"
		"A          re\xCC\x81my is somebody o\xE2\x80\xA6\n"
		"GetObject  \xE5\xB1\xB1\xE7\x94\xB0 is somebody o\xE2\x80\xA6\n"
		"PutObject  bob is somebody of\xE2\x80\xA6\n"));
	CHECK_TEXT(t, table(t, S("fields concat(who, who, who, who) as a, concat(name, name) as b | sort b | limit 2"), 20), S(
		"a          b\n"
		"re\xCC\x81myre\xCC\x81my\xE2\x80\xA6  AA\n"
		"\xE5\xB1\xB1\xE7\x94\xB0\xE5\xB1\xB1\xE7\x94\xB0\xE2\x80\xA6  GetObjec\xE2\x80\xA6\n"));
}

TEST(query_print_table_of_many_columns_has_lines)
{
	CHECK_TEXT(t, table(t, S("fields concat(name, who, name) as a, x, list, big, concat('long', who, name) as d | limit 2"), 24), S(
		"row 1\n"
		"a     Are\xCC\x81myA\n"
		"x     -7\n"
		"d     longre\xCC\x81myA\n"
		"\n"
		"row 2\n"
		"a     PutObjectbobPutOb\xE2\x80\xA6\n"
		"x     a\"b,?[2J \n"
		"list  [1,{\"a\":null}]\n"
		"d     longbobPutObject\n"));
}

TEST(query_print_table_has_a_least_width)
{
	CHECK_TEXT(t, table(t, S("fields concat(name, name) as a | limit 1 | sort a"), 1), S("a\nAA\n"));
	struct slice narrow = table(t, S("fields concat(name, name, who, who) as a | limit 2"), 1);
	CHECK_TEXT(t, narrow, table(t, S("fields concat(name, name, who, who) as a | limit 2"), 16));
	CHECK_TEXT(t, narrow, S("a\nAAre\xCC\x81myre\xCC\x81my\nPutObjectPutObj\xE2\x80\xA6\n"));
}

TEST(query_print_refuses_a_row_that_is_too_large)
{
	struct insights_answer answer = insights_run_query(t, S("fields x"), EVENTS, 1);
	struct scan_report report = {0};
	struct insights_result result = { .plan = answer.plan, .rows = answer.rows.rows, .count = 1 };
	size_t bytes = QUERY_OUT_BYTES_MAX / 2 + 1;
	char *quotes = memset(xmalloc(bytes), '"', bytes);
	FILE *out = fopen("/dev/null", "w");

	REQUIRE(t, answer.plan && out);
	result.rows[0][answer.plan->columns[0].slot] = value_text((struct slice){ quotes, bytes });
	for (enum query_format format = QUERY_JSON; format <= QUERY_CSV; format++) {
		t->err.kind = ERR_NONE;
		CHECK(t, !query_print(&result, &report, &(struct query_print_options){ .format = format }, out, &t->err));
		CHECK(t, t->err.kind == ERR_LIMIT);
	}
	CHECK(t, query_print(&result, &report, &(struct query_print_options){ .format = QUERY_TABLE, .width = 80 }, out, &t->err));
	fclose(out);
	free(quotes);
}

/* A full disk is told; rows behind a Ctrl-C are not printed. */
TEST(query_print_says_what_stopped_it)
{
	struct insights_answer answer = insights_run_query(t, S("fields x"), EVENTS, 3);
	struct scan_report report = {0};
	struct insights_result result = { .plan = answer.plan, .rows = answer.rows.rows, .count = answer.rows.count };
	atomic_bool is_cancelled = true;
	struct query_print_options options = { .format = QUERY_JSONL };
	FILE *full = fopen("/dev/full", "w");

	REQUIRE(t, answer.plan && full);
	CHECK(t, !query_print(&result, &report, &options, full, &t->err) && t->err.kind == ERR_IO);
	fclose(full);
	options.is_cancelled = &is_cancelled;
	CHECK(t, !query_print(&result, &report, &options, stdout, &t->err) && t->err.kind == ERR_BUSY);
}

TEST(query_print_json)
{
	struct query_print_options lines = { .format = QUERY_JSONL }, whole = { .format = QUERY_JSON };

	CHECK_TEXT(t, printed(t, S("fields name, n, big, empty, jsonParse(list) as l, @timestamp"), 2, lines), S(
		"{\"name\":\"PutObject\",\"n\":2.5,\"l\":[1,{\"a\":null}],\"@timestamp\":\"2024-05-01 10:00:01.000\"}\n"
		"{\"name\":\"GetObject\",\"n\":-5,\"big\":9007199254740993,\"empty\":\"\",\"@timestamp\":\"2024-05-01 10:00:00.000\"}\n"));
	CHECK_TEXT(t, printed(t, S("fields x | limit 2"), 2, whole), S(
		"{\"columns\":[\"x\"],\n\"rows\":[\n{\"x\":\"a\\\"b,\\u001b[2J\\n\"},\n{\"x\":\"=1+1\"}\n],\n"
		"\"report\":{\"is_complete\":true,\"is_cut\":false,\"rows\":2,\"rows_matched\":3,\"records_in_time\":3,\"records\":3,"
		"\"files\":1,\"bytes_read\":10,\"bytes_json\":20,\"notes\":[]}}\n"));
	struct slice none = printed(t, S("fields x | filter x = 'none'"), 3, whole);
	CHECK(t, json_parse(&t->arena, none, &JSON_LIMITS_DEFAULT, &t->err));
	CHECK(t, slice_has_prefix(none, S("{\"columns\":[\"x\"],\n\"rows\":[],\n\"report\":")));
	CHECK_TEXT(t, printed(t, S("fields x | filter x = 'none'"), 3, lines), S(""));
}

TEST(query_print_csv)
{
	struct query_print_options safe = { .format = QUERY_CSV }, raw = { .format = QUERY_CSV, .is_raw = true };

	CHECK_TEXT(t, printed(t, S("fields x, n, empty, -n"), 3, safe), S(
		"\"x\",\"n\",\"empty\",\"'-n\"\r\n"
		"\"'-7\",10000,,-10000\r\n"
		"\"a\"\"b,\x1b[2J\n\",2.5,,-2.5\r\n"
		"\"'=1+1\",-5,\"\",5\r\n"));
	CHECK_TEXT(t, printed(t, S("fields x, -n | limit 1"), 1, raw), S("\"x\",\"-n\"\r\n\"=1+1\",5\r\n"));
}

/* Everything that can be known of what was read; rows from more than one event, and none. */
TEST(query_report_says_everything)
{
	struct scan_report report = { .records = 12, .files = 3, .bytes_read = 100, .bytes_text = 900 };
	struct insights_result result = { .count = 1, .rows_matched = 1, .rows_scanned = 7, .is_cut = true };
	struct json_writer json;
	struct buffer out;

	scan_report_add(&report, SCAN_CUT, SCAN_FILE, 1, 0, S("a/\x1b.gz"));
	scan_report_add(&report, SCAN_RECORD_NOT_JSON, SCAN_RECORD, 2, 5, S("b.json"));
	scan_report_add(&report, SCAN_DIGEST, SCAN_FOLDER, 3, 0, S("c"));
	buffer_init(&out, &t->arena, 1 << 16);
	query_report_write(&result, &report, &out);
	CHECK_TEXT(t, buffer_slice(&out), S(
		"1 row from 1 that matches, of 12 records in 3 files, 100 bytes, 900 of JSON\n"
		"1 folder: a digest\n  c\n1 file: ends too early\n  a/\\x1b.gz\n1 record: a record that is not JSON\n  b.json, record 5\n"
		"7 of the records are of the time asked for\n"
		"more rows than these: without a limit it is 10000; | limit 100000 gives more\n"));
	buffer_init(&out, &t->arena, 1 << 16);
	query_report_write(NULL, &report, &out);
	CHECK(t, slice_has_prefix(buffer_slice(&out), S("no answer, of 12 records in 3 files, ")));
	buffer_init(&out, &t->arena, 1 << 16);
	json_writer_init(&json, &out);
	query_report_json(&result, &report, &json);
	CHECK_TEXT(t, buffer_slice(&out), S(
		"{\"is_complete\":false,\"is_cut\":true,\"rows\":1,\"rows_matched\":1,\"records_in_time\":7,\"records\":12,\"files\":3,"
		"\"bytes_read\":100,\"bytes_json\":900,\"notes\":["
		"{\"reason\":\"a digest\",\"is_fault\":false,\"files\":0,\"folders\":1,\"records\":0,\"names\":[{\"path\":\"c\"}]},"
		"{\"reason\":\"ends too early\",\"is_fault\":true,\"files\":1,\"folders\":0,\"records\":0,\"names\":[{\"path\":\"a/\\\\x1b.gz\"}]},"
		"{\"reason\":\"a record that is not JSON\",\"is_fault\":true,\"files\":0,\"folders\":0,\"records\":1,"
		"\"names\":[{\"path\":\"b.json\",\"record\":5}]}]}"));
	scan_report_fini(&report);
}

TEST(query_explain_tells_each_step)
{
	struct insights_answer answer = insights_run_query(t, S("filter a.b like /x|y/ and n > 1 # it is one\n | stats count(*) as c, max(@timestamp)\n"
	                                                        "  by bin(5m) as b, who | filter c > 1 | sort c desc | limit 5"), EVENTS, 1);
	struct insights_run_options options = { .start_ms = 1714557600000, .end_ms = INT64_MAX };
	struct buffer out;

	REQUIRE(t, answer.plan);
	buffer_init(&out, &t->arena, 1 << 16);
	CHECK(t, query_explain_write(answer.plan, &options, &out, &t->err));
	CHECK_TEXT(t, buffer_slice(&out), S(
		"reads    a.b, n, @timestamp, who\n"
		"filter   a.b like /x|y/ and n > 1 # it is one\n"
		"stats    count(*) as c, max(@timestamp)\n"
		"         by bin(5m) as b, who\n"
		"filter   c > 1\n"
		"sort     c desc\n"
		"limit    5\n"
		"columns  b, who, c, max(@timestamp)\n"
		"rows     as many as its limit says\n"
		"time     from 2024-05-01T10:00:00.000Z on, by eventTime; files that AWS's names date elsewhere are not opened\n"
		"stage 1  of each event: looks at a.b as written; evaluates conditions; keeps groups\n"
		"stage 2  of each row so far: evaluates conditions; keeps rows, the first 5, sorted\n"));
}

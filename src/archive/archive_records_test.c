/* archive/archive_records_test.c: records come out of every envelope, wherever the text is cut into spans and windows; what is broken
 * costs itself, is counted and named, and is never taken for a record. */
#include "archive/archive_records.h"

#include "base/limits.h"
#include "codec/gzip.h"
#include "codec/json.h"
#include "archive/fields.h"
#include "tests/test.h"

struct outcome {
	struct slice       records;             /* POSITION:TEXT, each on a line */
	struct scan_report report;
};

/* Reads a file with these bytes. The caller frees the report. */
static struct outcome read_named(struct test *t, struct slice bytes, const char *path)
{
	struct archive_text *text = archive_text_new(ARCHIVE_WINDOW_BYTES_MIN, NULL, NULL);
	struct archive_records *records = archive_records_new();
	struct outcome outcome = {0};
	struct archive_batch batch;
	struct buffer out;

	buffer_init(&out, &t->arena, 64 << 20);
	enum scan_reason reason = archive_text_open_memory(text, bytes);
	if (reason != SCAN_READ) {
		scan_report_add(&outcome.report, reason, SCAN_FILE, 0, 0, slice_of(path));
	} else {
		archive_records_begin(records, text, &outcome.report, 0, path, false);
		while (archive_records_next(records, &batch))
			for (size_t i = 0; i < batch.count; i++) {
				struct slice record = batch.records[i].text;
				size_t at = (size_t)(record.ptr - batch.index->text.ptr);
				CHECK(t, json_index_container_end(batch.index, at) == at + record.len - 1);
				buffer_printf(&out, "%" PRId64 ":", batch.records[i].position);
				buffer_add(&out, record);
				buffer_byte(&out, '\n');
			}
	}
	archive_records_free(records);
	archive_text_free(text);
	outcome.records = (struct slice){ out.len ? out.ptr : "", out.len };
	return outcome;
}

/* The records, and behind them the reasons that were counted. */
static struct slice read_text(struct test *t, struct slice bytes, const char *path)
{
	struct outcome outcome = read_named(t, bytes, path);
	struct buffer out;

	buffer_init(&out, &t->arena, 64 << 20);
	buffer_add(&out, outcome.records);
	for (enum scan_reason reason = SCAN_READ; reason < SCAN_REASON_COUNT; reason++) {
		const struct scan_cause *cause = &outcome.report.causes[reason];
		if (cause->files + cause->records > 0)
			buffer_printf(&out, "[%" PRIu64 "+%" PRIu64 " %s]", cause->files, cause->records, scan_reason_text(reason));
	}
	scan_report_fini(&outcome.report);
	return (struct slice){ out.len ? out.ptr : "", out.len };
}

#define READ(text) read_text(t, S(text), "x.json")

TEST(archive_records_come_out_of_every_envelope)
{
	struct slice two = S("0:{\"eventName\":\"A\"}\n1:{\"eventName\":\"B\"}\n");

	CHECK_TEXT(t, READ("{\"Records\":[{\"eventName\":\"A\"},{\"eventName\":\"B\"}]}"), two);
	CHECK_TEXT(t, READ(" { \"x\" : [1,{\"Records\":[]}] , \"Records\" : [ {\"eventName\":\"A\"} ,\n{\"eventName\":\"B\"} ] , \"y\":2}\n"), two);
	CHECK_TEXT(t, READ("[{\"eventName\":\"A\"},\n{\"eventName\":\"B\"}]"), two);
	CHECK_TEXT(t, READ("{\"eventName\":\"A\"}\n{\"eventName\":\"B\"}\n"), two);
	CHECK_TEXT(t, READ("{\"eventName\":\"A\"}\r\n\r\n{\"eventName\":\"B\"}"), two);
	CHECK_TEXT(t, READ("{\"Records\":[{\"eventName\":\"A\"}]}{\"Records\":[{\"eventName\":\"B\"}]}"), two);
	CHECK_TEXT(t, READ("\xEF\xBB\xBF{\"Records\":[{\"eventName\":\"A\"}]}\n[{\"eventName\":\"B\"}]"), two);
	CHECK_TEXT(t, READ("{\"Events\":[{\"EventId\":\"1\",\"CloudTrailEvent\":\"{\\\"eventName\\\":\\\"A\\\"}\"},"
	                   "{\"CloudTrailEvent\":\" {\\\"eventName\\\":\\\"B\\\"}\\n\"}],\"NextToken\":\"t\"}"), two);
	CHECK_TEXT(t, READ("{\"EventId\":\"1\",\"CloudTrailEvent\":\"{\\\"eventName\\\":\\\"A\\\"}\"}\n{\"eventName\":\"B\"}"), two);
	CHECK_TEXT(t, READ("{\"version\":\"0\",\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":{\"eventName\":\"A\"}}\n"
	                   "[{\"detail-type\":\"x\",\"detail\":{\"eventName\":\"B\"}}]"), two);
	CHECK_TEXT(t, READ("{\"Records\":[]}"), S(""));
	CHECK_TEXT(t, READ("{\"detail\":{\"a\":1}}"), S("0:{\"detail\":{\"a\":1}}\n"));            /* no envelope: an event of somebody's */
	CHECK_TEXT(t, READ("{\"Records\":[{\"detail-type\":\"x\",\"detail\":{}}]}"), S("0:{\"detail-type\":\"x\",\"detail\":{}}\n"));
	CHECK_TEXT(t, READ("{\"Records\":5}"), S("0:{\"Records\":5}\n"));
}

#define MESSAGE(name) "{\"id\":\"1\",\"timestamp\":1768471267000,\"message\":\"{\\\"eventName\\\":\\\"" name "\\\"}\"}"

TEST(archive_records_come_out_of_what_cloudwatch_logs_makes_of_them)
{
	struct slice two = S("0:{\"eventName\":\"A\"}\n1:{\"eventName\":\"B\"}\n");

	/* what a subscription sends; as Firehose joins it */
	CHECK_TEXT(t, READ("{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":\"s\",\"subscriptionFilters\":[\"f\"],"
	                   "\"logEvents\":[" MESSAGE("A") "]}{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[" MESSAGE("B") "]}"), two);
	CHECK_TEXT(t, READ("{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"id\":\"\",\"timestamp\":1,\"message\":"
	                   "\"CWL CONTROL MESSAGE: Checking health of destination Firehose.\"}]}\n{\"logEvents\":[" MESSAGE("A") "]}"),
	           S("1:{\"eventName\":\"A\"}\n[0+1 a control message of CloudWatch Logs]"));
	/* get-log-events, filter-log-events; their elements as lines, in a list, and only the texts */
	CHECK_TEXT(t, READ("{\"events\":[" MESSAGE("A") ",\n " MESSAGE("B") "],\"nextForwardToken\":\"f/1\"}"), two);
	CHECK_TEXT(t, READ("{\"events\":[" MESSAGE("A") "," MESSAGE("B") "],\"searchedLogStreams\":[]}"), two);
	CHECK_TEXT(t, READ(MESSAGE("A") "\n" MESSAGE("B") "\n"), two);
	CHECK_TEXT(t, READ("[" MESSAGE("A") "," MESSAGE("B") "]"), two);
	CHECK_TEXT(t, READ("[\"{\\\"eventName\\\":\\\"A\\\"}\",\"{\\\"eventName\\\":\\\"B\\\"}\"]"), two);
	CHECK_TEXT(t, READ("\"{\\\"eventName\\\":\\\"A\\\"}\"\n\"{\\\"eventName\\\":\\\"B\\\"}\"\n"), two);
	/* logs of something else */
	CHECK_TEXT(t, READ("{\"events\":[{\"timestamp\":1,\"message\":\"START\"}," MESSAGE("A") "]}"),
	           S("1:{\"eventName\":\"A\"}\n[0+1 a record that is not JSON]"));
	CHECK_TEXT(t, READ("{\"timestamp\":1,\"message\":\"START\"}"), S("0:{\"timestamp\":1,\"message\":\"START\"}\n"));
	CHECK_TEXT(t, READ("{\"timestamp\":\"x\",\"message\":\"{}\"}"), S("0:{\"timestamp\":\"x\",\"message\":\"{}\"}\n"));
	CHECK_TEXT(t, READ("{\"events\":5}"), S("0:{\"events\":5}\n"));
	CHECK_TEXT(t, READ("{\"events\":[" MESSAGE("A")), S("0:{\"eventName\":\"A\"}\n[1+0 ends too early]"));
}

TEST(archive_records_come_out_of_lines_with_a_time_before_them)
{
	struct slice two = S("0:{\"eventName\":\"A\"}\n1:{\"eventName\":\"B\"}\n");

	CHECK_TEXT(t, READ("2026-01-15T10:01:07.000Z {\"eventName\":\"A\"}\n2026-01-15T10:01:08.123Z {\"eventName\":\"B\"}\n"), two);
	CHECK_TEXT(t, READ("2026-01-15T10:01:07.000000+00:00 1111_CloudTrail_us-east-1 {\"eventName\":\"A\"}\n2026-01-15T10:01:08 {\"eventName\":\"B\"}"), two);
	CHECK_TEXT(t, READ("2026-01-15T10:01:07.000Z {\"eventName\":\"A\n2026-01-15T10:01:08.123Z {\"eventName\":\"B\"}\n"),
	           S("1:{\"eventName\":\"B\"}\n[0+1 a record that is not JSON]"));
	CHECK_TEXT(t, READ("2026-01-15T10:01:07.000Z {\"eventName\":\"A\"}\n2026-01-15T10:01:08.123Z START x\n2026-01-15T10:01:09.000Z {\"eventName\":\"B\"}\n"),
	           S("0:{\"eventName\":\"A\"}\n2:{\"eventName\":\"B\"}\n[0+1 a record that is not JSON]"));
	CHECK_TEXT(t, READ("2026-01-15T10:01:07.000Z START x\n"), S("[1+0 not JSON, or not to its end]"));
	CHECK_TEXT(t, READ("2026-01-15"), S("[1+0 not JSON, or not to its end]"));
	struct buffer many;
	buffer_init(&many, &t->arena, 64 << 20);
	for (int i = 0; i < 20000; i++)                  /* wherever a span may end */
		buffer_printf(&many, "2026-01-15T10:01:07.000Z %.*s{\"n\":%d,\"x\":\"%.*s\"}\n", i % 2 ? 7 : 0, "stream ", i, i % 61, "........................................................................");
	struct outcome outcome = read_named(t, buffer_slice(&many), "x.json");
	CHECK_NUMBER(t, outcome.report.records, 20000);
	CHECK(t, !scan_report_has_faults(&outcome.report));
	scan_report_fini(&outcome.report);
	CHECK_TEXT(t, READ("{\"a\":1}\n2026-01-15T10:01:07.000Z {\"a\":2}x\n{\"a\":3}\n"),
	           S("0:{\"a\":1}\n1:{\"a\":2}\n3:{\"a\":3}\n[0+1 a record that is not JSON]"));
	/* a line that is refused takes its time along: the next ones begin where they begin */
	CHECK_TEXT(t, READ("{\"a\":1}\nx\n2026-01-15T10:01:07.000Z {\"a\":2}y\n{\"a\":3}\n2026-01-15T10:01:08.000Z {\"a\":4}\n"),
	           S("0:{\"a\":1}\n3:{\"a\":3}\n4:{\"a\":4}\n[0+2 a record that is not JSON]"));
}

TEST(archive_records_of_digests_and_insights_are_none)
{
	CHECK_TEXT(t, READ("{\"awsAccountId\":\"1\",\"digestStartTime\":\"a\",\"digestEndTime\":\"b\",\"logFiles\":[{\"s3Bucket\":\"x\"}]}"),
	           S("[1+0 a digest]"));
	CHECK_TEXT(t, READ("{\"Records\":[{\"eventVersion\":\"1.07\",\"eventCategory\":\"Insight\"},{\"eventName\":\"x\"}]}"),
	           S("[1+0 Insights events]"));
	CHECK_TEXT(t, READ("{\"eventVersion\":\"1.07\",\"eventCategory\":\"Insight\"}"), S("[1+0 Insights events]"));
}

TEST(archive_records_that_are_broken_cost_themselves_where_lines_are_values)
{
	CHECK_TEXT(t, READ("{\"a\":1}\n{\"b\":\n{\"c\":3}\n"), S("0:{\"a\":1}\n2:{\"c\":3}\n[0+1 a record that is not JSON]"));
	CHECK_TEXT(t, READ("{\"a\":1}\n{\"b\":\"x\n{\"c\":3}\n{\"d\":\"4\"}\n"),
	           S("0:{\"a\":1}\n2:{\"c\":3}\n3:{\"d\":\"4\"}\n[0+1 a record that is not JSON]"));
	CHECK_TEXT(t, READ("{\"b\n{\"a\":1}\n"), S("1:{\"a\":1}\n[0+1 a record that is not JSON]"));
	CHECK_TEXT(t, READ("{\"a\":1}\nERROR x\n\n{\"c\":\"3\"}\nmore\n"),
	           S("0:{\"a\":1}\n2:{\"c\":\"3\"}\n[0+2 a record that is not JSON]"));
	CHECK_TEXT(t, READ("{\"a\":1}\n{\"b\":2"), S("0:{\"a\":1}\n[1+0 ends too early]"));
	CHECK_TEXT(t, READ("{\"a\":1}\nx\n{\"b\":2"), S("0:{\"a\":1}\n[0+2 a record that is not JSON]"));
	CHECK_TEXT(t, READ("{\"a\":\"\xFF\"}\n{\"b\":\"\xC3\xA9\"}\n"),
	           S("1:{\"b\":\"\xC3\xA9\"}\n[0+1 a record that is not UTF-8]"));
	CHECK_TEXT(t, READ("{\"a\":\"\t\"}\n{\"b\":1}\n"), S("1:{\"b\":1}\n[0+1 a record that is not JSON]"));
}

TEST(archive_records_behind_a_fault_in_a_list_are_not_trusted)
{
	CHECK_TEXT(t, READ("{\"Records\":[{\"a\":1},{\"b\":2"), S("0:{\"a\":1}\n[1+0 ends too early]"));
	CHECK_TEXT(t, READ("{\"Records\":[{\"a\":1}"), S("0:{\"a\":1}\n[1+0 ends too early]"));
	CHECK_TEXT(t, READ("{\"Records\":[{\"a\":1}]"), S("0:{\"a\":1}\n[1+0 ends too early]"));
	CHECK_TEXT(t, READ("{\"Records\":["), S("[1+0 ends too early]"));
	CHECK_TEXT(t, READ("{\"Records\":[{\"a\":1} {\"b\":2}]}"), S("0:{\"a\":1}\n[1+0 not JSON, or not to its end]"));
	CHECK_TEXT(t, READ("{\"Records\":[{\"a\":1},]}"), S("0:{\"a\":1}\n[1+0 not JSON, or not to its end]"));
	CHECK_TEXT(t, READ("{\"Records\":[{\"a\":1]}"), S("[1+0 not JSON, or not to its end]"));
	CHECK_TEXT(t, READ("{\"Records\":[1,\"x\",[2],null,{\"a\":1}]}"), S("4:{\"a\":1}\n[0+4 a record that is no object]"));
	CHECK_TEXT(t, READ("{\"Events\":[{\"CloudTrailEvent\":\"{]\"}]}"), S("[0+1 a record that is not JSON]"));
	CHECK_TEXT(t, READ("{\"Events\":[{\"CloudTrailEvent\":\"no json\"},{\"CloudTrailEvent\":\"{\\\"a\\\":\\\"\"},"
	                   "{\"CloudTrailEvent\":\"{\\\"a\\\":1}\"}]}"), S("2:{\"a\":1}\n[0+2 a record that is not JSON]"));
}

TEST(archive_records_of_files_that_are_no_json_are_told_by_what_they_are_called)
{
	CHECK_TEXT(t, read_text(t, S("# notes"), "README.md"), S("[1+0 neither gzip nor JSON]"));
	CHECK_TEXT(t, read_text(t, S("# notes"), "a.jsonl"), S("[1+0 not JSON, or not to its end]"));
	CHECK_TEXT(t, read_text(t, S("\x28\xB5\x2F\xFD zstd"), "a.zst"), S("[1+0 neither gzip nor JSON]"));
	CHECK_TEXT(t, read_text(t, S("\xFF\xFE{\0"), "a.json"), S("[1+0 not JSON, or not to its end]"));
	CHECK_TEXT(t, READ(""), S("[1+0 empty]"));
	CHECK_TEXT(t, READ(" \n "), S("[1+0 empty]"));
}

/* `count` records of different lengths, as lines or as a list. */
static struct slice many(struct test *t, size_t count, bool is_list, struct slice *want)
{
	struct buffer out, wanted;

	buffer_init(&out, &t->arena, 64 << 20);
	buffer_init(&wanted, &t->arena, 64 << 20);
	if (is_list)
		buffer_add(&out, S("{\"Records\":["));
	for (size_t i = 0; i < count; i++) {
		size_t from = out.len;
		buffer_printf(&out, "{\"n\":%zu,\"t\":\"\xC3\xA9%.*s\\\"}\"}", i, (int)(i * 7 % 300),
		              "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		              "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		              "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789");
		buffer_printf(&wanted, "%zu:", i);
		buffer_add(&wanted, slice_from(buffer_slice(&out), from));
		buffer_byte(&wanted, '\n');
		buffer_add(&out, !is_list ? S("\n") : i + 1 < count ? S(",") : S("]}"));
	}
	*want = buffer_slice(&wanted);
	return buffer_slice(&out);
}

TEST(archive_records_are_the_same_in_every_packing_and_over_many_windows)
{
	struct gzip_writer *writer = gzip_writer_new();

	for (int is_list = 0; is_list < 2; is_list++) {
		struct slice want, text = many(t, 40000, is_list, &want);         /* 7 MB: windows have 2 */
		CHECK(t, text.len > 3 * ARCHIVE_WINDOW_BYTES_MIN);
		CHECK(t, slice_equal(read_text(t, text, "x"), want));
		CHECK(t, slice_equal(read_text(t, gzip_write(writer, &t->arena, text), "x"), want));
		struct slice one = gzip_write(writer, &t->arena, slice_sub(text, 0, text.len / 3));
		struct slice two = gzip_write(writer, &t->arena, slice_from(text, text.len / 3));
		struct slice both = arena_format(&t->arena, "%*s", (int)(one.len + two.len), "");
		memcpy((char *)(uintptr_t)both.ptr, one.ptr, one.len);
		memcpy((char *)(uintptr_t)both.ptr + one.len, two.ptr, two.len);
		CHECK(t, slice_equal(read_text(t, both, "x"), want));
	}
	gzip_writer_free(writer);
}

TEST(archive_records_before_the_damage_of_a_gzip_file_are_read_and_the_file_is_named)
{
	struct gzip_writer *writer = gzip_writer_new();
	struct slice want, text = many(t, 5000, true, &want), file = gzip_write(writer, &t->arena, text);
	char *damaged = arena_alloc(&t->arena, file.len + 4);

	struct outcome outcome = read_named(t, slice_sub(file, 0, file.len / 2), "x.gz");
	CHECK(t, outcome.records.len > 1000 && slice_has_prefix(want, outcome.records));
	CHECK_NUMBER(t, outcome.report.causes[SCAN_CUT].files, 1);
	CHECK_NUMBER(t, outcome.report.bytes_read, file.len / 2);
	scan_report_fini(&outcome.report);

	memcpy(damaged, file.ptr, file.len);
	memcpy(damaged + file.len, "tail", 4);
	outcome = read_named(t, (struct slice){ damaged, file.len + 4 }, "x.gz");
	CHECK_TEXT(t, outcome.records, want);
	CHECK_NUMBER(t, outcome.report.causes[SCAN_FOLLOWED].files, 1);
	scan_report_fini(&outcome.report);

	damaged[file.len - 7] ^= 1;
	outcome = read_named(t, (struct slice){ damaged, file.len }, "x.gz");
	CHECK_TEXT(t, outcome.records, want);
	CHECK_NUMBER(t, outcome.report.causes[SCAN_DAMAGED].files, 1);
	CHECK_NUMBER(t, outcome.report.records, 5000);
	CHECK_NUMBER(t, outcome.report.bytes_text, text.len);
	scan_report_fini(&outcome.report);
	gzip_writer_free(writer);
}

TEST(archive_records_from_a_bomb_end_where_it_is_seen)
{
	struct gzip_writer *writer = gzip_writer_new();
	size_t bytes = (size_t)ARCHIVE_RATIO_BYTES_MIN + (16 << 20);
	char *zeros = xmalloc(bytes);

	memset(zeros, ' ', bytes);
	memcpy(zeros, "{\"a\":1}\n", 8);
	struct slice file = gzip_write(writer, &t->arena, (struct slice){ zeros, bytes });
	free(zeros);
	struct outcome outcome = read_named(t, file, "x.gz");
	CHECK_TEXT(t, outcome.records, S("0:{\"a\":1}\n"));
	CHECK_NUMBER(t, outcome.report.causes[SCAN_BOMB].files, 1);
	scan_report_fini(&outcome.report);
	gzip_writer_free(writer);
}

TEST(archive_records_larger_than_any_are_refused_and_not_held)
{
	size_t bytes = 3 * ARCHIVE_RECORD_BYTES_MAX;
	char *text = xmalloc(bytes + 64);
	struct slice file = { text, (size_t)snprintf(text, 64, "{\"Records\":[{\"a\":1},{\"b\":\"") + bytes };

	memset(text + (file.len - bytes), 'x', bytes);
	memcpy(text + file.len - 4, "\"}]}", 4);
	CHECK_TEXT(t, read_text(t, file, "x"), S("0:{\"a\":1}\n[1+0 something larger than any record; not read from there on]"));

	memset(text, 'x', bytes);
	memcpy(text, "{\"a\":1}\n{\"b\":\"", 14);
	memcpy(text + bytes - 12, "\"}\n{\"c\":2}\n\n", 12);
	CHECK_TEXT(t, read_text(t, (struct slice){ text, bytes }, "x"),
	           S("0:{\"a\":1}\n[1+0 something larger than any record; not read from there on]"));
	free(text);
}

TEST(archive_records_of_many_broken_lines_are_counted_without_delay)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 64 << 20);
	buffer_add(&out, S("{\"a\":1}\n"));
	for (int i = 0; i < 20000; i++)
		buffer_add(&out, S("{\"x\":\"\n"));
	buffer_add(&out, S("{\"b\":2}\n"));
	CHECK_TEXT(t, read_text(t, buffer_slice(&out), "x"),
	           S("0:{\"a\":1}\n20001:{\"b\":2}\n[0+20000 a record that is not JSON]"));
}

TEST(archive_records_of_blanks_without_end_are_a_bomb_not_an_empty_file)
{
	struct gzip_writer *writer = gzip_writer_new();
	size_t bytes = ARCHIVE_RATIO_BYTES_MIN + (8 << 20);
	char *blanks = xmalloc(bytes);

	memset(blanks, ' ', bytes);
	CHECK_TEXT(t, read_text(t, gzip_write(writer, &t->arena, (struct slice){ blanks, bytes }), "x.json.gz"),
	           S("[1+0 inflates to more than a log would]"));
	CHECK_TEXT(t, READ(" \n"), S("[1+0 empty]"));
	gzip_writer_free(writer);
	free(blanks);
}

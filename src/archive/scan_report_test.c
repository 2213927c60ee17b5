/* archive/scan_report_test.c: the same report whoever found what first; names that a terminal can show. */
#include "archive/scan_report.h"

#include "tests/test.h"

static struct slice written(struct test *t, const struct scan_report *report)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	scan_report_write(report, &out);
	return buffer_slice(&out);
}

TEST(scan_report_names_the_first_of_each_reason_in_order_of_files)
{
	struct scan_report one = {0}, parts[3] = {0}, merged = {0};

	for (uint64_t file = 0; file < 100; file++) {
		struct slice path = arena_format(&t->arena, "f%" PRIu64, file);
		scan_report_add(&one, SCAN_CUT, SCAN_FILE, file, 0, path);
		scan_report_add(&parts[(file * 7) % 3], SCAN_CUT, SCAN_FILE, file, 0, path);
		scan_report_add(&one, SCAN_RECORD_NOT_JSON, SCAN_RECORD, 99 - file, 5, path);
		scan_report_add(&parts[file % 3], SCAN_RECORD_NOT_JSON, SCAN_RECORD, 99 - file, 5, path);
	}
	for (size_t i = 0; i < COUNT(parts); i++) {
		scan_report_merge(&merged, &parts[COUNT(parts) - 1 - i]);
		scan_report_fini(&parts[COUNT(parts) - 1 - i]);
	}
	CHECK_TEXT(t, written(t, &merged), written(t, &one));
	CHECK_NUMBER(t, merged.causes[SCAN_CUT].files, 100);
	CHECK_NUMBER(t, merged.causes[SCAN_CUT].name_count, SCAN_NAMES_MAX);
	CHECK_TEXT(t, slice_of(merged.causes[SCAN_CUT].names[19].text), S("f19"));
	CHECK_TEXT(t, slice_of(merged.causes[SCAN_RECORD_NOT_JSON].names[0].text), S("f99"));
	scan_report_fini(&one);
	scan_report_fini(&merged);
}

TEST(scan_report_shows_names_that_are_no_text)
{
	struct scan_report report = {0};

	scan_report_add(&report, SCAN_NAME_NOT_UTF8, SCAN_FILE, 0, 0, S("a\xFF" "b\x1b[31m\xC3\xA9\xC2\x85"));
	CHECK_TEXT(t, slice_of(report.causes[SCAN_NAME_NOT_UTF8].names[0].text), S("a\\xffb\\x1b[31m\xC3\xA9\\xc2\\x85"));
	CHECK(t, !scan_report_has_faults(&report));
	scan_report_add(&report, SCAN_RECORD_NOT_UTF8, SCAN_RECORD, 3, 17, S("x"));
	CHECK(t, scan_report_has_faults(&report));
	report.records = 1;
	report.files = 2;
	CHECK_TEXT(t, written(t, &report),
	           S("1 record in 2 files, 0 bytes, 0 of JSON\n"
	             "1 record: a record that is not UTF-8\n  x, record 17\n"
	             "1 file: read; the name is not UTF-8\n  a\\xffb\\x1b[31m\xC3\xA9\\xc2\\x85\n"));
	scan_report_fini(&report);
}

TEST(scan_report_leaves_nothing_unsaid_and_no_reason_without_words)
{
	for (enum scan_reason reason = SCAN_READ; reason < SCAN_REASON_COUNT; reason++) {
		struct scan_report report = {0};
		scan_report_add(&report, reason, SCAN_FOLDER, 0, 0, S("dir"));
		CHECK(t, slice_find(written(t, &report), slice_of(scan_reason_text(reason))) != SLICE_NPOS);
		CHECK(t, scan_report_has_faults(&report) == scan_reason_is_fault(reason));
		scan_report_fini(&report);
	}
}

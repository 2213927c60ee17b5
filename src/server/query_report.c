/* server/query_report.c: the counts of the answer before those of the scan. */
#include "server/query_report.h"

#include "base/limits.h"

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

void query_report_write(const struct insights_result *result, const struct scan_report *report, struct buffer *out)
{
	if (result)
		buffer_printf(out, "%zu row%s from %" PRIu64 " that match%s, of ", result->count, plural(result->count), result->rows_matched,
		              result->rows_matched == 1 ? "es" : "");
	else
		buffer_add(out, S("no answer, of "));
	scan_report_write(report, out);
	if (result && !result->is_scanned_open && result->rows_scanned != report->records)
		buffer_printf(out, "%" PRIu64 " of the records are of the time asked for\n", result->rows_scanned);
	if (result && result->is_cut)
		buffer_printf(out, "more rows than these: without a limit it is %d; | limit %d gives more\n", INSIGHTS_ROWS_DEFAULT,
		              INSIGHTS_LIMIT_MAX);
}

static void member(struct json_writer *json, const char *key, uint64_t number)
{
	json_key(json, slice_of(key));
	json_i64(json, (int64_t)number);
}

static void write_flag(struct json_writer *json, const char *key, bool is_true)
{
	json_key(json, slice_of(key));
	json_bool(json, is_true);
}

static void write_names(struct json_writer *json, const struct scan_cause *cause)
{
	json_key(json, S("names"));
	json_array_begin(json);
	for (size_t i = 0; i < cause->name_count; i++) {
		json_object_begin(json);
		json_member(json, S("path"), slice_of(cause->names[i].text));
		if (cause->names[i].position != SCAN_WHOLE_FILE)
			member(json, "record", (uint64_t)cause->names[i].position);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_cause(struct json_writer *json, const struct scan_cause *cause, enum scan_reason reason)
{
	if (cause->files + cause->folders + cause->records == 0)
		return;
	json_object_begin(json);
	json_member(json, S("reason"), slice_of(scan_reason_text(reason)));
	write_flag(json, "is_fault", scan_reason_is_fault(reason));
	member(json, "files", cause->files);
	member(json, "folders", cause->folders);
	member(json, "records", cause->records);
	write_names(json, cause);
	json_object_end(json);
}

void query_report_json(const struct insights_result *result, const struct scan_report *report, struct json_writer *json)
{
	json_object_begin(json);
	write_flag(json, "is_complete", !scan_report_has_faults(report));
	write_flag(json, "is_cut", result->is_cut);
	member(json, "rows", result->count);
	member(json, "rows_matched", result->rows_matched);
	if (!result->is_scanned_open)
		member(json, "records_in_time", result->rows_scanned);
	member(json, "records", report->records);
	member(json, "files", report->files);
	member(json, "bytes_read", report->bytes_read);
	member(json, "bytes_json", report->bytes_text);
	json_key(json, S("notes"));
	json_array_begin(json);
	for (size_t reason = 0; reason < SCAN_REASON_COUNT; reason++)
		write_cause(json, &report->causes[reason], (enum scan_reason)reason);
	json_array_end(json);
	json_object_end(json);
}

/* server/verify_print.c: problems first, one a line, then the counts that are not zero, and the verdict last. */
#include "server/verify_print.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "server/command.h"

enum { QUIET_MS = 1000, REFRESH_MS = 200 };

/* ---- text ---- */

/* Keys come from whoever could write to the bucket: nothing in them may drive a terminal. */
static void print_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x20 || c == 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}

static void print_problems(const struct verify_report *report)
{
	for (size_t i = 0; i < report->problem_count; i++) {
		const struct verify_problem *problem = &report->problems[i];
		printf("%s\t", verify_finding_name(problem->finding));
		print_plain(problem->key);
		putchar('\t');
		print_plain(problem->detail);
		putchar('\n');
	}
}

static void print_count(uint64_t count, const char *what)
{
	if (count)
		printf("%" PRIu64 " %s\n", count, what);
}

static void print_digests(const struct verify_report *report)
{
	char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];

	printf("%" PRIu64 " of %" PRIu64 " digests valid, %" PRIu64 " of %" PRIu64 " log files valid: %" PRIu64
	       " records, %.1f MB, inflated %.1f MB\n", report->digests_valid, report->digests, report->logs_valid, report->logs,
	       report->records, (double)report->bytes / 1e6, (double)report->inflated_bytes / 1e6);
	if (report->end_ms)
		printf("digests span %.*s to %.*s\n", SLICE_ARG(time_iso(report->start_ms, from)), SLICE_ARG(time_iso(report->end_ms, to)));
	print_count(report->logs_pending, "log files are too new for a digest");
	print_count(report->logs_before, "log files are older than the first digest of their region");
	print_count(report->gaps_explained, "gaps between digests are explained by recorded calls");
	print_count(report->others, "objects are neither log files nor digests, and were not read");
}

static struct slice chain_text(const struct verify_report *report, char out[2 * sizeof report->journal_end.chain])
{
	return hex_encode(report->journal_end.chain, sizeof report->journal_end.chain, out);
}

static void print_data(const struct verify_report *report)
{
	char chain[2 * sizeof report->journal_end.chain];

	printf("journal: %" PRIu64 " files, %" PRIu64 " batches, %" PRIu64 " records, %.1f MB\n", report->journal_files,
	       report->journal_batches, report->records, (double)report->bytes / 1e6);
	printf("journal ends with sequence %" PRIu64 ", chain %.*s\n", report->journal_end.seq, SLICE_ARG(chain_text(report, chain)));
	print_count(report->tables, "tables of the catalog were made again from the journal");
	printf("%" PRIu64 " of %" PRIu64 " object files valid, %.1f MB\n", report->objects_valid, report->objects,
	       (double)report->object_bytes / 1e6);
}

void verify_print_text(const struct verify_report *report)
{
	int code = verify_exit_code(report);

	print_problems(report);
	if (report->is_data)
		print_data(report);
	else
		print_digests(report);
	puts(code == EXIT_OK ? "sound" : code == EXIT_NO ? "NOT SOUND" : "could not tell");
}
/* ---- JSON ---- */

static void put_count(struct json_writer *out, struct slice key, uint64_t count)
{
	json_key(out, key);
	json_i64(out, (int64_t)count);
}

static void put_problems(struct json_writer *out, const struct verify_report *report)
{
	json_key(out, S("problems"));
	json_array_begin(out);
	for (size_t i = 0; i < report->problem_count; i++) {
		const struct verify_problem *problem = &report->problems[i];
		json_object_begin(out);
		json_member(out, S("finding"), slice_of(verify_finding_name(problem->finding)));
		json_key(out, S("isDoubt"));
		json_bool(out, verify_finding_is_doubt(problem->finding));
		json_member(out, S("key"), problem->key);
		json_member(out, S("detail"), problem->detail);
		json_object_end(out);
	}
	json_array_end(out);
}

static void put_digests(struct json_writer *out, const struct verify_report *report)
{
	char text[TIME_TEXT_BYTES];

	put_count(out, S("digests"), report->digests);
	put_count(out, S("digestsValid"), report->digests_valid);
	put_count(out, S("logFiles"), report->logs);
	put_count(out, S("logFilesValid"), report->logs_valid);
	put_count(out, S("logFilesPending"), report->logs_pending);
	put_count(out, S("logFilesBeforeDigests"), report->logs_before);
	put_count(out, S("gapsExplained"), report->gaps_explained);
	put_count(out, S("otherObjects"), report->others);
	put_count(out, S("records"), report->records);
	put_count(out, S("bytes"), report->bytes);
	put_count(out, S("inflatedBytes"), report->inflated_bytes);
	json_member(out, S("start"), report->end_ms ? time_iso(report->start_ms, text) : SLICE_NONE);
	json_member(out, S("end"), report->end_ms ? time_iso(report->end_ms, text) : SLICE_NONE);
}

static void put_data(struct json_writer *out, const struct verify_report *report)
{
	char chain[2 * sizeof report->journal_end.chain];

	put_count(out, S("journalFiles"), report->journal_files);
	put_count(out, S("journalBatches"), report->journal_batches);
	put_count(out, S("journalFrames"), report->journal_frames);
	put_count(out, S("records"), report->records);
	put_count(out, S("bytes"), report->bytes);
	json_key(out, S("journalEnd"));
	json_object_begin(out);
	put_count(out, S("sequence"), report->journal_end.seq);
	json_member(out, S("chain"), chain_text(report, chain));
	json_object_end(out);
	put_count(out, S("catalogTables"), report->tables);
	put_count(out, S("objectFiles"), report->objects);
	put_count(out, S("objectFilesValid"), report->objects_valid);
	put_count(out, S("objectBytes"), report->object_bytes);
}

void verify_print_json(const struct verify_report *report)
{
	struct arena arena;
	struct buffer buffer;
	struct json_writer out;
	int code = verify_exit_code(report);

	arena_init(&arena, VERIFY_JSON_BYTES_MAX);
	buffer_init(&buffer, &arena, VERIFY_JSON_BYTES_MAX / 2);
	json_writer_init(&out, &buffer);
	json_object_begin(&out);
	put_count(&out, S("version"), 1);
	json_member(&out, S("verdict"), code == EXIT_OK ? S("sound") : code == EXIT_NO ? S("not sound") : S("could not tell"));
	if (report->is_data)
		put_data(&out, report);
	else
		put_digests(&out, report);
	put_problems(&out, report);
	json_object_end(&out);
	assert(!buffer.is_over);
	printf("%.*s\n", SLICE_ARG(buffer_slice(&buffer)));
	arena_fini(&arena);
}

/* ---- progress ---- */

void verify_print_progress(void *user, const struct verify_progress *progress)
{
	struct verify_line *line = user;
	int64_t now_ms = clock_monotonic_ms(), spent_ms = now_ms - line->start_ms;

	if (spent_ms < QUIET_MS || now_ms - line->shown_ms < REFRESH_MS)
		return;
	line->shown_ms = now_ms;
	fprintf(stderr, "\r\x1b[K%s: %" PRIu64 " of %" PRIu64, progress->what, progress->done, progress->of);
	if (progress->inflated_bytes)
		fprintf(stderr, ", %.1f MB, %" PRIu64 " records, %.0f MB/s", (double)progress->inflated_bytes / 1e6, progress->records,
		        (double)progress->inflated_bytes / 1e3 / (double)spent_ms);
	if (progress->done)
		fprintf(stderr, ", %" PRIu64 " s left", (progress->of - progress->done) * (uint64_t)spent_ms / progress->done / 1000);
	fflush(stderr);
}

void verify_print_progress_end(const struct verify_line *line)
{
	if (line->shown_ms)
		fputs("\r\x1b[K", stderr);
}

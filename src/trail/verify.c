/* trail/verify.c: list, read the digests, follow their chains, read the log files, and say what is left over. */
#include "trail/verify.h"

#include "base/limits.h"
#include "base/random.h"
#include "codec/gzip.h"
#include "trail/verify_run.h"
#include "trail/verify_source.h"

enum { DETAIL_BYTES_MAX = 2048, REPORT_ARENA_BYTES_MAX = 1 << 30, REGIONS_MAX = 64 };

static const struct { const char *name; bool is_doubt; } findings[VERIFY_FINDING_COUNT] = {
	[VERIFY_DIGEST_FORMAT]    = { "digest format", false },
	[VERIFY_DIGEST_MOVED]     = { "digest moved", false },
	[VERIFY_DIGEST_MISSING]   = { "digest missing", false },
	[VERIFY_DIGEST_KEY]       = { "digest key unknown", false },
	[VERIFY_DIGEST_SIGNATURE] = { "digest signature", false },
	[VERIFY_DIGEST_PREVIOUS]  = { "digest chain", false },
	[VERIFY_DIGEST_GAP]       = { "digest gap", false },
	[VERIFY_DIGEST_ABSENT]    = { "no digest", false },
	[VERIFY_HEAD]             = { "newest digest", false },
	[VERIFY_LOG_MISSING]      = { "log missing", false },
	[VERIFY_LOG_HASH]         = { "log changed", false },
	[VERIFY_LOG_FORMAT]       = { "log format", false },
	[VERIFY_LOG_UNLISTED]     = { "log unlisted", false },
	[VERIFY_UNREADABLE]       = { "unreadable", true },
	[VERIFY_HEAD_UNSIGNED]    = { "newest digest unsigned", true },
	[VERIFY_NO_DIGESTS]       = { "no digests", true },
	[VERIFY_JOURNAL]          = { "journal changed", false },
	[VERIFY_JOURNAL_CUT]      = { "journal cut", false },
	[VERIFY_CATALOG]          = { "catalog damaged", false },
	[VERIFY_CATALOG_ROWS]     = { "catalog changed", false },
	[VERIFY_OBJECT]           = { "object changed", false },
	[VERIFY_OBJECT_MISSING]   = { "object missing", false },
};

const char *verify_finding_name(enum verify_finding finding)
{
	return findings[finding].name;
}

bool verify_finding_is_doubt(enum verify_finding finding)
{
	return findings[finding].is_doubt;
}

void verify_add_problem(struct verify_run *run, enum verify_finding finding, struct slice key, const char *format, ...)
{
	struct verify_report *report = run->report;
	char detail[DETAIL_BYTES_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(detail, sizeof detail, format, arguments);
	va_end(arguments);
	if (report->problem_count == report->problem_room) {
		report->problem_room = report->problem_room ? 2 * report->problem_room : 64;
		report->problems = xrealloc(report->problems, report->problem_room * sizeof *report->problems);
	}
	report->problems[report->problem_count++] = (struct verify_problem){
		.finding = finding, .key = arena_copy(&report->arena, key), .detail = arena_copy(&report->arena, slice_of(detail)),
	};
}

static bool is_among(const struct slice *regions, size_t count, struct slice region)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(regions[i], region))
			return true;
	return false;
}

/* A few dozen at most: AWS signs with keys of the region, spoor with the same in all. */
static bool want_all_keys(struct verify_run *run, struct error *err)
{
	const struct verify_options *options = run->options;
	int64_t start_ms = INT64_MAX, end_ms = options->now_ms;
	struct slice regions[REGIONS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < run->digest_count; i++) {
		const struct object_key *name = &run->digests[i].name;
		start_ms = name->time_ms < start_ms ? name->time_ms : start_ms;
		end_ms = name->time_ms > end_ms ? name->time_ms : end_ms;
		if (count < REGIONS_MAX && !is_among(regions, count, name->region))
			regions[count++] = name->region;
		if (count < REGIONS_MAX && !is_among(regions, count, name->home_region))
			regions[count++] = name->home_region;
	}
	for (size_t i = 0; options->want_keys && i < count; i++)
		if (!options->want_keys(options->keys_user, regions[i], start_ms, end_ms, err))
			return false;
	return true;
}

static bool run_all(struct verify_run *run, struct verify_threads *threads, struct error *err)
{
	struct verify_thread last = { .run = run };

	if (!verify_collect(run, err) || !want_all_keys(run, err) || !verify_threads_run(threads, "digests", run->digest_count, verify_read_digest, err))
		return false;
	verify_check_chains(run);
	if (!verify_threads_run(threads, "log files", run->log_count, verify_read_log, err))
		return false;
	last.gzip = gzip_reader_new();
	verify_check_gaps(run, &last);
	gzip_reader_free(last.gzip);
	verify_check_logs(run);
	return true;
}

void verify_run_init(struct verify_run *run, const struct verify_options *options, struct verify_report *report)
{
	struct random random;

	*report = (struct verify_report){0};
	*run = (struct verify_run){ .options = options, .report = report };
	random_init(&random);
	arena_init(&run->arena, VERIFY_ARENA_BYTES_MAX);
	arena_init(&run->report->arena, REPORT_ARENA_BYTES_MAX);
	map_init(&run->digests_by_key, random_u64(&random));
	map_init(&run->logs_by_key, random_u64(&random));
}

void verify_run_fini(struct verify_run *run)
{
	map_fini(&run->digests_by_key);
	map_fini(&run->logs_by_key);
	free(run->digests);
	free(run->logs);
	arena_fini(&run->arena);
}

bool verify_run(const struct verify_options *options, struct verify_report *report, struct error *err)
{
	struct verify_run run;

	verify_run_init(&run, options, report);
	struct verify_threads *threads = verify_threads_new(&run);
	bool ok = run_all(&run, threads, err);
	verify_threads_free(threads);
	verify_run_fini(&run);
	return ok;
}

void verify_report_free(struct verify_report *report)
{
	free(report->problems);
	arena_fini(&report->arena);
	*report = (struct verify_report){0};
}

int verify_exit_code(const struct verify_report *report)
{
	bool has_doubt = false;

	for (size_t i = 0; i < report->problem_count; i++) {
		if (!verify_finding_is_doubt(report->problems[i].finding))
			return 1;
		has_doubt = true;
	}
	return has_doubt ? 3 : 0;
}

/* bench/insights.c: how long Insights queries take over an archive: bench-insights DIR [QUERY...]
 *
 * Without queries, the questions that other engines are asked too. Of each: seconds on all cores, and MB of JSON per second of CPU
 * time, which a busy machine does not change. */
#include "base/clock.h"
#include "base/limits.h"
#include "bench/cpu_time.h"
#include "query/insights_parse.h"
#include "query/insights_run.h"

static const char *const questions[] = {
	"stats count(*)",
	"stats count(*) as c by eventName | sort c desc | limit 20",
	"fields eventTime, eventName, userIdentity.arn, sourceIPAddress | filter eventSource = 'iam.amazonaws.com' | sort @timestamp desc | limit 50",
	"fields eventTime, eventName, userIdentity.arn, errorCode | filter errorCode like /Denied|Unauthorized/ | sort @timestamp desc | limit 20",
	"fields eventTime, eventName, userIdentity.arn | filter eventName like /Policy|Role|User/ | sort @timestamp desc | limit 20",
	"fields eventTime, eventName, userIdentity.arn | filter userIdentity.arn like 'admin' | sort @timestamp desc | limit 50",
	"stats count(*) by bin(1h), errorCode",
	"stats count_distinct(sourceIPAddress) as c by userIdentity.arn | sort c desc | limit 20",
	"fields @message | filter eventID = 'deadbeef-0000-4000-8000-00005f00d042'",
	"fields @message | filter @message like 'AKIASPOORNEEDLE00042'",
	"fields @message | filter userIdentity.userName = 'dana.whitfield' | sort @timestamp desc | limit 50",
	"filter userIdentity.arn like 'admin' | stats count(*) as c by eventName | sort c desc | limit 20",
	"fields eventTime, userAgent | filter userAgent like 'Python/3.11.3' and eventName = 'CreateAccessKey' | sort @timestamp desc | limit 20",
};

static const struct insights_plan *plan_of(struct arena *arena, const char *text)
{
	struct insights_fault fault;
	struct error err = {0};
	struct insights_query *query = insights_parse(arena, slice_of(text), &fault, &err);
	const struct insights_plan *plan = query ? insights_bind(arena, query, 0, &fault, &err) : NULL;

	if (!plan)
		fprintf(stderr, "bench-insights: %s: %s\n", text, err.message);
	return plan;
}

static bool measure(const char *dir, const char *name, const char *text)
{
	struct insights_run_options options = { .scan = { .paths = &dir, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL },
	                                        .start_ms = INT64_MIN, .end_ms = INT64_MAX, .now_ms = clock_wall_ms() };
	struct insights_result result;
	struct scan_report report = {0};
	struct error err = {0};
	struct arena arena;

	arena_init(&arena, 16 << 20);
	const struct insights_plan *plan = plan_of(&arena, text);
	if (!plan)
		return false;
	double cpu_s = cpu_time_s();
	uint64_t start_ns = clock_monotonic_ns();
	bool ok = insights_run(plan, &options, &result, &report, &err);
	double s = (double)(clock_monotonic_ns() - start_ns) / 1e9;
	cpu_s = cpu_time_s() - cpu_s;
	if (ok)
		printf("query_%s_time %.3f s\nquery_%s_a_core %.0f MB/s\n# %zu rows of %" PRIu64 " from %" PRIu64 " events: %s\n", name, s, name,
		       (double)report.bytes_text / 1e6 / cpu_s, result.count, result.rows_matched, report.records, text);
	else
		fprintf(stderr, "bench-insights: %s\n", err.message);
	insights_result_fini(&result);
	scan_report_fini(&report);
	arena_fini(&arena);
	return ok;
}

int main(int argc, char **argv)
{
	char name[8] = "";
	bool ok = argc > 1;

	if (!ok)
		fputs("usage: bench-insights DIR [QUERY...]\n", stderr);
	for (int i = 2; i < argc; i++) {
		name[0] = (char)('a' + (i - 2) % 26);
		ok = measure(argv[1], name, argv[i]) && ok;
	}
	for (size_t i = 0; argc == 2 && i < COUNT(questions); i++) {
		snprintf(name, sizeof name, "%c", (char)('a' + i));
		ok = measure(argv[1], name, questions[i]) && ok;
	}
	return ok ? 0 : 1;
}

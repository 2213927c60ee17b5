/* server/inputs.c: the flags, one row each, and times as people write them. */
#include "server/inputs.h"

#include "base/clock.h"
#include "base/limits.h"
#include "server/archive_bucket.h"
#include "server/command.h"
#include "trail/bucket_client.h"

enum { ARENA_BYTES_MAX = 4 << 20 };             /* credentials and their file */
enum { EPOCH_DIGITS_MIN = 9, EPOCH_S_DIGITS_MAX = 11, EPOCH_MS_DIGITS_MAX = 14, COUNT_MAX = 999999 };

/* Digits alone: seconds until the year 5138, milliseconds from 1973 on; fewer could be meant as a date. */
static bool read_epoch(struct slice text, int64_t *ms)
{
	uint64_t number;

	if (text.len < EPOCH_DIGITS_MIN || text.len > EPOCH_MS_DIGITS_MAX || !slice_to_u64(text, &number))
		return false;
	*ms = (int64_t)number * (text.len <= EPOCH_S_DIGITS_MAX ? 1000 : 1);
	return true;
}

bool inputs_time(const char *text, int64_t now_ms, int64_t *ms, struct error *err)
{
	static const struct { char unit; int64_t ms; } units[] = {
		{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 }, { 'w', 7 * 86400000 },
	};
	struct slice whole = slice_of(text);
	uint64_t count;

	if (strcmp(text, "now") == 0) {
		*ms = now_ms;
		return true;
	}
	for (size_t i = 0; i < COUNT(units) && text[0] == '-' && whole.len > 2; i++)
		if (text[whole.len - 1] == units[i].unit && slice_to_u64(slice_sub(whole, 1, whole.len - 2), &count) && count <= COUNT_MAX) {
			*ms = now_ms - (int64_t)count * units[i].ms;
			return true;
		}
	return time_parse_iso(whole, ms) || read_epoch(whole, ms)
	    || fail(err, ERR_INVALID, "a time is such as 2026-01-15, 2026-01-15T10:00:00Z, 1768471200 (seconds since 1970), -7d, -3h or now, "
	            "not '%s'", text);
}

static bool take_start(void *user, const char *value, struct error *err)
{
	const struct inputs *inputs = user;

	return inputs_time(value, inputs->now_ms, &inputs->scan->scope.start_ms, err);
}

static bool take_end(void *user, const char *value, struct error *err)
{
	const struct inputs *inputs = user;

	return inputs_time(value, inputs->now_ms, &inputs->scan->scope.end_ms, err);
}

static bool take_strict(void *user, const char *value, struct error *err)
{
	const struct inputs *inputs = user;

	(void)value, (void)err;
	inputs->scan->is_strict = true;
	return true;
}

static bool take_threads(void *user, const char *value, struct error *err)
{
	const struct inputs *inputs = user;
	uint64_t threads;

	if (!slice_to_u64(slice_of(value), &threads) || threads == 0 || threads > SCAN_THREADS_MAX)
		return fail(err, ERR_INVALID, "--threads is 1 to %d, not '%s'", SCAN_THREADS_MAX, value);
	inputs->scan->thread_count = threads;
	return true;
}

const struct flag INPUTS_FLAGS[INPUTS_FLAG_COUNT] = {
	{ "--start", "TIME", "only events from then on: 2026-01-15, 2026-01-15T10:00:00Z, 1768471200, -7d, -3h, now", 0, take_start },
	{ "--end", "TIME", "only events until then; it is included", 0, take_end },
	{ "--strict", NULL, "stop at the first file or record that cannot be read", 0, take_strict },
	{ "--threads", "N", "default: one a core, of buckets at least 16; the output is the same for any number", 0, take_threads },
	{ "--endpoint", "URL", "where s3:// is; default AWS_ENDPOINT_URL; credentials as for AWS's CLI", offsetof(struct inputs, flags.endpoint), NULL },
	{ "--region", "NAME", "of the endpoint, not of the events", offsetof(struct inputs, flags.region), NULL },
	{ "--profile", "NAME", "of the credentials", offsetof(struct inputs, flags.profile), NULL },
};

void inputs_init(struct inputs *inputs, struct scan_options *scan)
{
	*inputs = (struct inputs){ .scan = scan, .now_ms = clock_wall_ms() };
	scan->scope = ARCHIVE_SCOPE_ALL;
	arena_init(&inputs->arena, ARENA_BYTES_MAX);
}

bool inputs_has_bucket(const struct scan_options *scan)
{
	for (size_t i = 0; i < scan->path_count; i++)
		if (slice_has_prefix(slice_of(scan->paths[i]), S(ARCHIVE_SOURCE_SCHEME)))
			return true;
	return false;
}

static bool check_buckets(const struct scan_options *scan, struct error *err)
{
	struct slice bucket, prefix;

	for (size_t i = 0; i < scan->path_count; i++)
		if (slice_has_prefix(slice_of(scan->paths[i]), S(ARCHIVE_SOURCE_SCHEME))
		    && !bucket_client_read_place(slice_of(scan->paths[i]), &bucket, &prefix, err))
			return false;
	return true;
}

bool inputs_open(struct inputs *inputs, char *const *environment, struct error *err)
{
	struct scan_options *scan = inputs->scan;

	if (scan->scope.start_ms > scan->scope.end_ms)
		return fail(err, ERR_INVALID, "--start is later than --end: no event is in between");
	if (!inputs_has_bucket(scan))
		return !inputs->flags.endpoint || fail(err, ERR_INVALID, "--endpoint is for s3://BUCKET");
	if (!check_buckets(scan, err) || !endpoint_open(&inputs->endpoint, &inputs->arena, &inputs->flags, environment, err))
		return false;
	struct archive_bucket_options options = {
		.settings = &inputs->endpoint.settings, .region = inputs->endpoint.region.ptr ? inputs->endpoint.region : S("us-east-1"),
	};
	inputs->source = archive_bucket_open(&options);
	scan->source = inputs->source;
	return true;
}

void inputs_close(struct inputs *inputs)
{
	archive_bucket_close(inputs->source);
	endpoint_close(&inputs->endpoint);
	arena_fini(&inputs->arena);
	*inputs = (struct inputs){0};
}

int inputs_exit_code(bool is_done, const struct error *err, const struct scan_report *report)
{
	if (!is_done)
		return err->kind == ERR_CORRUPT ? EXIT_NO : EXIT_COULD_NOT;
	if (!scan_report_has_faults(report))
		return EXIT_OK;
	return report->files == 0 ? EXIT_COULD_NOT : EXIT_NO;
}

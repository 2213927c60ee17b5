/* server/inputs.c: the flags, one row each, and times as people write them. */
#include "server/inputs.h"

#include "base/clock.h"
#include "base/limits.h"
#include "server/command.h"

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
	{ "--threads", "N", "default: one a core; the output is the same for any number", 0, take_threads },
};

void inputs_init(struct inputs *inputs, struct scan_options *scan)
{
	*inputs = (struct inputs){ .scan = scan, .now_ms = clock_wall_ms() };
	scan->scope = ARCHIVE_SCOPE_ALL;
}

bool inputs_open(struct inputs *inputs, char *const *environment, struct error *err)
{
	(void)environment;
	return inputs->scan->scope.start_ms <= inputs->scan->scope.end_ms
	    || fail(err, ERR_INVALID, "--start is later than --end: no event is in between");
}

void inputs_close(struct inputs *inputs)
{
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

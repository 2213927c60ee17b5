/* server/inputs.c: the flags, one row each. */
#include "server/inputs.h"

#include "base/clock.h"
#include "base/limits.h"

const char INPUTS_HELP[] =
	"  --start TIME, --end TIME   only events of this time: 2026-01-15, 2026-01-15T10:00:00Z, -7d, -3h, now\n"
	"  --strict                   stop at the first file or record that cannot be read\n"
	"  --threads N                default: one a core\n";

void inputs_init(struct inputs *inputs, struct scan_options *scan)
{
	*inputs = (struct inputs){ .scan = scan };
	scan->scope = ARCHIVE_SCOPE_ALL;
}

static bool read_time(const char *text, int64_t *ms, struct error *err)
{
	static const struct { char unit; int64_t ms; } units[] = {
		{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 }, { 'w', 7 * 86400000 },
	};
	struct slice whole = slice_of(text);
	uint64_t count;

	if (strcmp(text, "now") == 0) {
		*ms = clock_wall_ms();
		return true;
	}
	for (size_t i = 0; i < COUNT(units) && text[0] == '-' && whole.len > 2; i++)
		if (text[whole.len - 1] == units[i].unit && slice_to_u64(slice_sub(whole, 1, whole.len - 2), &count) && count < 1000000) {
			*ms = clock_wall_ms() - (int64_t)count * units[i].ms;
			return true;
		}
	return time_parse_iso(whole, ms)
	    || fail(err, ERR_INVALID, "a time is such as 2026-01-15, 2026-01-15T10:00:00Z, -7d, -3h or now, not '%s'", text);
}

static bool read_threads(const char *text, size_t *count, struct error *err)
{
	uint64_t threads;

	if (!slice_to_u64(slice_of(text), &threads) || threads == 0 || threads > SCAN_THREADS_MAX)
		return fail(err, ERR_INVALID, "--threads is 1 to %d, not '%s'", SCAN_THREADS_MAX, text);
	*count = threads;
	return true;
}

enum which { START, END, THREADS, FLAG_COUNT };

bool inputs_take_flag(struct inputs *inputs, const char *flag, const char *value, size_t *words, struct error *err)
{
	static const char *const names[] = { [START] = "--start", [END] = "--end", [THREADS] = "--threads" };
	struct scan_options *scan = inputs->scan;
	size_t which = 0;

	*words = 1;
	if (strcmp(flag, "--strict") == 0) {
		scan->is_strict = true;
		return true;
	}
	while (which < FLAG_COUNT && strcmp(flag, names[which]) != 0)
		which++;
	*words = which < FLAG_COUNT ? 2 : 0;
	if (which == FLAG_COUNT)
		return true;
	if (!value)
		return fail(err, ERR_INVALID, "%s needs a value", flag);
	switch ((enum which)which) {
	case START: return read_time(value, &scan->scope.start_ms, err);
	case END:   return read_time(value, &scan->scope.end_ms, err);
	default:    return read_threads(value, &scan->thread_count, err);
	}
}

bool inputs_open(struct inputs *inputs, char *const *environment, struct error *err)
{
	(void)inputs, (void)environment, (void)err;
	return true;
}

void inputs_close(struct inputs *inputs)
{
	*inputs = (struct inputs){0};
}

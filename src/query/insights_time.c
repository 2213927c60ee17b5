/* query/insights_time.c: periods of the clock and of the calendar. */
#include "query/insights_time.h"

#include "base/clock.h"

static const struct unit_name {
	const char        *name;
	enum insights_unit unit;
} names[] = {
	{ "ms", UNIT_MS },     { "msec", UNIT_MS },     { "millisecond", UNIT_MS },
	{ "s", UNIT_S },       { "sec", UNIT_S },       { "second", UNIT_S },
	{ "m", UNIT_MIN },     { "min", UNIT_MIN },     { "minute", UNIT_MIN },
	{ "h", UNIT_H },       { "hr", UNIT_H },        { "hour", UNIT_H },
	{ "d", UNIT_DAY },     { "day", UNIT_DAY },
	{ "w", UNIT_WEEK },    { "week", UNIT_WEEK },
	{ "mo", UNIT_MONTH },  { "mon", UNIT_MONTH },   { "month", UNIT_MONTH },
	{ "q", UNIT_QUARTER }, { "qtr", UNIT_QUARTER }, { "quarter", UNIT_QUARTER },
	{ "y", UNIT_YEAR },    { "yr", UNIT_YEAR },     { "year", UNIT_YEAR },
};

static const struct unit {
	int64_t count_max;
	int64_t ms;                             /* 0: by the calendar */
	int     months;
} units[] = {
	[UNIT_MS]      = { 1000, 1, 0 },
	[UNIT_S]       = { 60, 1000, 0 },
	[UNIT_MIN]     = { 60, 60 * 1000, 0 },
	[UNIT_H]       = { 24, 3600 * 1000, 0 },
	[UNIT_DAY]     = { 3660000, INT64_C(24) * 3600 * 1000, 0 },      /* from here on ours: ten thousand years */
	[UNIT_WEEK]    = { 522000, INT64_C(7) * 24 * 3600 * 1000, 0 },
	[UNIT_MONTH]   = { 120000, 0, 1 },
	[UNIT_QUARTER] = { 40000, 0, 3 },
	[UNIT_YEAR]    = { 10000, 0, 12 },
};

static const int64_t FIRST_MONDAY_MS = INT64_C(4) * 24 * 3600 * 1000;    /* 1970-01-05 */

bool insights_time_period(double count, struct slice unit, struct insights_period *period)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		struct slice name = slice_of(names[i].name);
		bool is_plural = name.len > 1 && unit.len == name.len + 1 && (unit.ptr[unit.len - 1] | 0x20) == 's';
		if (!slice_equal_nocase(slice_sub(unit, 0, unit.len - is_plural), name))
			continue;
		double count_max = (double)units[names[i].unit].count_max;
		*period = (struct insights_period){ (int64_t)(count < count_max ? count : count_max), names[i].unit };
		return count >= 1 && count == floor(count);
	}
	return false;
}

static int64_t floor_to(int64_t value, int64_t step)
{
	int64_t rest = value % step;

	return value - rest - (rest < 0 ? step : 0);
}

static int64_t month_to_ms(int64_t months)
{
	return civil_to_ms((struct civil){ .year = (int)(months / 12), .month = (int)(months % 12) + 1, .day = 1 });
}

int64_t insights_time_floor(int64_t time_ms, struct insights_period period)
{
	const struct unit *unit = &units[period.unit];
	int64_t origin = period.unit == UNIT_WEEK ? FIRST_MONDAY_MS : 0;

	if (unit->ms)
		return origin + floor_to(time_ms - origin, unit->ms * period.count);
	struct civil civil = civil_from_ms(time_ms);
	return month_to_ms(floor_to((int64_t)civil.year * 12 + civil.month - 1, unit->months * period.count));
}

int64_t insights_time_ceil(int64_t time_ms, struct insights_period period)
{
	const struct unit *unit = &units[period.unit];
	int64_t start = insights_time_floor(time_ms, period);

	if (start == time_ms)
		return time_ms;
	if (unit->ms)
		return start + unit->ms * period.count;
	struct civil civil = civil_from_ms(start);
	return month_to_ms((int64_t)civil.year * 12 + civil.month - 1 + unit->months * period.count);
}

/* query/insights_time.h: periods such as 5m and 2weeks, and the time that begins the one a moment is in. */
#ifndef SPOOR_QUERY_INSIGHTS_TIME_H
#define SPOOR_QUERY_INSIGHTS_TIME_H

#include "base/base.h"

enum insights_unit { UNIT_MS, UNIT_S, UNIT_MIN, UNIT_H, UNIT_DAY, UNIT_WEEK, UNIT_MONTH, UNIT_QUARTER, UNIT_YEAR };

struct insights_period {
	int64_t            count;
	enum insights_unit unit;
};

/* `unit` as written: ms, sec, minutes, ... in any case. False if it is none. Counts above what AWS takes (1000 ms, 60 s or m, 24 h)
 * are that. */
bool insights_time_period(double count, struct slice unit, struct insights_period *period);

/* The start of the period that `time_ms` is in. ms to days count from 1970, weeks from Mondays, months and quarters from the year 0,
 * all in UTC. */
int64_t insights_time_floor(int64_t time_ms, struct insights_period period);

/* The first start of a period at or behind `time_ms`. */
int64_t insights_time_ceil(int64_t time_ms, struct insights_period period);

#endif

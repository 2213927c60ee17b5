/* query/date_pattern_parts.h: what a date pattern is compiled to: parts that are read one behind the other. */
#ifndef SPOOR_QUERY_DATE_PATTERN_PARTS_H
#define SPOOR_QUERY_DATE_PATTERN_PARTS_H

#include "query/date_pattern.h"

enum date_field {
	DATE_YEAR, DATE_MONTH, DATE_DAY, DATE_YEAR_DAY, DATE_WEEKDAY,
	DATE_HOUR,                              /* 0 to 23 */
	DATE_HOUR_24,                           /* 1 to 24 */
	DATE_HALF_HOUR,                         /* 0 to 11 */
	DATE_HALF_HOUR_12,                      /* 1 to 12 */
	DATE_HALF,                              /* AM 0, PM 1 */
	DATE_MINUTE, DATE_SECOND, DATE_MS, DATE_OFFSET,
	DATE_COUNT
};

enum date_part_kind {
	PART_LITERAL,                           /* this byte */
	PART_NUMBER,                            /* min to max digits */
	PART_FRACTION,                          /* of a second: max digits */
	PART_NAME,
	PART_OFFSET,
	PART_OPTION, PART_OPTION_END,           /* from [ to the part number `end` */
};

struct date_part {
	enum date_part_kind kind;
	enum date_field     field;
	char                byte;               /* LITERAL */
	size_t              min, max;           /* digits */
	size_t              reserved;           /* of a number that has no fixed width: digits of those directly behind it */
	const struct slice *names;              /* NAME, and the value is the place in them */
	size_t              name_count;
	bool                is_short;           /* only three letters of each */
	bool                has_z;              /* OFFSET: Z is one */
	uint8_t             style;              /* OFFSET: as many X as that: 1 +hh[mm], 2 +hhmm, 3 +hh:mm, 4 +hhmm[ss], 5 +hh:mm[:ss] */
	size_t              end;                /* OPTION */
};

struct date_pattern {
	struct date_part *parts;
	size_t            count;
};

#endif

/* codec/tzif.h: a time zone of the tz database, read from the bytes of its TZif file.
 *
 * Files of version 2 and on are read, which is all that has been made since 2005; those that count leap seconds ("right/") are
 * refused, since the times here do not. Behind the last transition written out, the rule in the footer goes on for ever.
 * Source: RFC 9636. */
#ifndef SPOOR_CODEC_TZIF_H
#define SPOOR_CODEC_TZIF_H

#include "base/arena.h"

struct tzif_type {
	int          offset_s;                  /* of local clocks, ahead of UTC */
	struct slice name;                      /* CET */
};

struct tzif_date {                              /* when a year's clocks are changed */
	enum { TZIF_WEEKDAY, TZIF_DAY, TZIF_DAY_WITHOUT_LEAP } kind;
	int month, week, weekday;               /* WEEKDAY: week 5 is the last */
	int day;                                /* DAY: from 0; DAY_WITHOUT_LEAP: from 1, and February has 28 */
	int time_s;                             /* of local clocks as they are before; negative and more than a day are possible */
};

struct tzif_rule {
	struct tzif_type standard, summer;
	bool             has_summer;
	struct tzif_date start, end;            /* of summer */
};

struct tzif {
	const int64_t          *times_s;        /* of transitions, rising */
	const uint8_t          *types_then;     /* which type begins there */
	size_t                  transition_count;
	const struct tzif_type *types;          /* the first is that before all transitions */
	size_t                  type_count;
	bool                    has_rule;
	struct tzif_rule        rule;
};

/* Everything is copied into `arena`. Errors: ERR_CORRUPT. */
bool tzif_read(struct arena *arena, struct slice bytes, struct tzif *zone, struct error *err);

/* What local clocks show at `time_s` seconds since 1970 UTC. */
struct tzif_type tzif_at(const struct tzif *zone, int64_t time_s);

#endif

/* query/zone.h: time zones by the names that date functions take: UTC, +02:00, Europe/Berlin.
 *
 * UTC and offsets are always there; names are those of the system's tz database, and whether one is there is known when a query is
 * parsed, so that none is silently taken for another. */
#ifndef SPOOR_QUERY_ZONE_H
#define SPOOR_QUERY_ZONE_H

#include "base/arena.h"

struct zone;

#define ZONE_DATABASE "/usr/share/zoneinfo"

/* All of it is in `arena`. `database`: the folder of TZif files. NULL with a *reason (a static sentence without a full stop). */
const struct zone *zone_find(struct arena *arena, const char *database, struct slice name, const char **reason);

/* How far clocks are ahead of UTC at that moment, in seconds; *abbreviation (may be NULL): CET, or +02:00. */
int zone_offset_s(const struct zone *zone, int64_t time_ms, struct slice *abbreviation);

/* The moment when clocks show `local_ms` (milliseconds as if it were UTC): of two the first, and where clocks skip that time, as
 * much later as they skip. So java.time decides. */
int64_t zone_to_utc_ms(const struct zone *zone, int64_t local_ms);

#endif

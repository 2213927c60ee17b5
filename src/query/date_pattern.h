/* query/date_pattern.h: parseDate()'s patterns: those of java.time's DateTimeFormatter, in English, for reading.
 *
 * Taken: y u M L d D E a H k K h m s S X x Z (but ZZZZ), 'text', [what may be missing]. Refused when the query is parsed: all other
 * letters, zones by name in the text (V z v O; the third argument names one), and patterns that give no whole date.
 * Read as Java's SMART resolver does: all of the text, upper and lower case as they are, the 31st of a shorter month is its last
 * day, 24:00 is the next day's 00:00, and what is given twice has to agree.
 * Source: CloudWatch Logs User Guide, "Datetime functions" ("a Java DateTimeFormatter pattern"); java.time.format. */
#ifndef SPOOR_QUERY_DATE_PATTERN_H
#define SPOOR_QUERY_DATE_PATTERN_H

#include "query/zone.h"

struct date_pattern;

/* In `arena`, and points into `pattern`. NULL, with the bytes that are wrong and a static *reason. */
const struct date_pattern *date_pattern_compile(struct arena *arena, struct slice pattern, size_t *from, size_t *to,
                                                const char **reason);

/* Milliseconds since 1970 UTC. `zone` is for texts that give no offset themselves. False if `text` is no such date. */
bool date_pattern_read(const struct date_pattern *pattern, struct slice text, const struct zone *zone, int64_t *time_ms);

#endif

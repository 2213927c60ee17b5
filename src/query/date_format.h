/* query/date_format.h: formatDate()'s formats: strftime's conversions, as in the C locale, and %L for milliseconds.
 *
 * Source: CloudWatch Logs User Guide, "Datetime functions" ("a strftime-style format string"); POSIX, strftime. */
#ifndef SPOOR_QUERY_DATE_FORMAT_H
#define SPOOR_QUERY_DATE_FORMAT_H

#include "base/buffer.h"
#include "query/zone.h"

/* False, with the bytes that are wrong and a static *reason: an unknown conversion, or a format without any, which is most likely
 * one of Java's that would be shown as it stands. */
bool date_format_check(struct slice format, size_t *from, size_t *to, const char **reason);

/* `format` has been checked; time_ms is within the years 0 to 9999. */
void date_format_write(struct buffer *out, struct slice format, int64_t time_ms, const struct zone *zone);

#endif

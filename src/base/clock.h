/* base/clock.h: the only file that reads a clock; civil time <-> milliseconds since 1970 UTC.
 *
 * All wall times are int64_t milliseconds since 1970-01-01T00:00:00Z, in the proleptic Gregorian calendar. */
#ifndef SPOOR_BASE_CLOCK_H
#define SPOOR_BASE_CLOCK_H

#include "base/base.h"

int64_t  clock_wall_ms(void);            /* the real clock; signatures, presigned expiry and TLS use this one */
int64_t  clock_monotonic_ms(void);
uint64_t clock_monotonic_ns(void);

struct civil { int year, month, day, hour, minute, second, millisecond, weekday; }; /* month and day from 1; Sunday is 0 */

struct civil civil_from_ms(int64_t ms);
int64_t      civil_to_ms(struct civil civil);      /* weekday is ignored; fields must be in range */

enum { TIME_TEXT_BYTES = 40 };

/* Each writes a NUL-terminated text into `out` and returns it as a slice. Years 0 to 9999. */
struct slice time_iso(int64_t ms, char out[TIME_TEXT_BYTES]);          /* 2026-01-15T10:01:07Z */
struct slice time_iso_ms(int64_t ms, char out[TIME_TEXT_BYTES]);       /* 2026-01-15T10:01:07.250Z */
struct slice time_basic(int64_t ms, char out[TIME_TEXT_BYTES]);        /* 20260115T100107Z */
struct slice time_http(int64_t ms, char out[TIME_TEXT_BYTES]);         /* Thu, 15 Jan 2026 10:01:07 GMT */
struct slice time_us(int64_t ms, bool with_comma, char out[TIME_TEXT_BYTES]); /* Jan 15, 2026[,] 10:01:07 AM */

/* Each takes the whole text or fails. `time_parse_iso`: a date alone, or date and time with an optional fraction and
 * Z or +hh:mm. `time_parse_basic`: yyyymmddThhmmssZ. `time_parse_http`: the RFC 1123 form. */
bool time_parse_iso(struct slice text, int64_t *ms);
bool time_parse_basic(struct slice text, int64_t *ms);
bool time_parse_http(struct slice text, int64_t *ms);

#endif

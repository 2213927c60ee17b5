/* query/date_format.c: a conversion a row: how strftime's letters show a time. */
#include "query/date_format.h"

#include "base/clock.h"
#include "query/date_names.h"

struct shown {                                  /* a time as a zone's clocks show it */
	struct civil civil;
	int64_t      time_ms;
	int          offset_s, year_day;        /* from 0 */
	struct slice zone;
};

/* Some conversions stand for others. */
static const struct { char letter; const char *format; } composed[] = {
	{ 'c', "%a %b %e %H:%M:%S %Y" }, { 'x', "%m/%d/%y" }, { 'X', "%H:%M:%S" }, { 'r', "%I:%M:%S %p" },
	{ 'D', "%m/%d/%y" }, { 'F', "%Y-%m-%d" }, { 'R', "%H:%M" }, { 'T', "%H:%M:%S" }, { 'h', "%b" },
};
static const char plain[] = "aAbBCdegGHIjklLmMnpsStuUVwWyYzZ%";

static const char *composed_of(char letter)
{
	for (size_t i = 0; i < COUNT(composed); i++)
		if (composed[i].letter == letter)
			return composed[i].format;
	return NULL;
}

bool date_format_check(struct slice format, size_t *from, size_t *to, const char **reason)
{
	size_t count = 0;

	for (size_t at = 0; at < format.len; at++) {
		if (format.ptr[at] != '%')
			continue;
		char letter = at + 1 < format.len ? format.ptr[at + 1] : '\0';
		*from = at;
		*to = at + 1 + (letter > ' ' && letter < 127);
		*reason = letter ? "strftime has no such conversion, or spoor does not have it" : "a % stands before a letter";
		if (!letter || (!strchr(plain, letter) && !composed_of(letter)))
			return false;
		count += letter != '%' && letter != 'n' && letter != 't';
		at++;
	}
	*from = 0;
	*to = format.len;
	*reason = "a format of strftime is expected here, such as %Y-%m-%d %H:%M:%S";
	return count > 0;
}

static int hour_of_half(int hour)
{
	return hour % 12 == 0 ? 12 : hour % 12;
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The week of ISO 8601, which begins on Monday and belongs to the year that its Thursday is in. */
static int iso_week(const struct shown *shown, int *year)
{
	int monday = (shown->civil.weekday + 6) % 7;            /* days since Monday */
	int week = (shown->year_day - monday + 10) / 7;         /* of this year, if it has it */

	*year = shown->civil.year;
	if (week < 1) {
		--*year;
		int days = 365 + is_leap(*year);
		return (shown->year_day + days - monday + 10) / 7;
	}
	int days = 365 + is_leap(*year);
	if (week == 53 && shown->year_day - monday + 3 >= days) {
		++*year;
		return 1;
	}
	return week;
}

static void write_offset(struct buffer *out, int offset_s)
{
	int minutes = abs(offset_s) / 60;

	buffer_printf(out, "%c%02d%02d", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static void write_one(struct buffer *out, char letter, const struct shown *shown)
{
	const struct civil *civil = &shown->civil;
	int year, week = iso_week(shown, &year);

	switch (letter) {
	case 'a': buffer_add(out, slice_sub(date_weekdays[civil->weekday], 0, DATE_SHORT_NAME_BYTES)); return;
	case 'A': buffer_add(out, date_weekdays[civil->weekday]); return;
	case 'b': buffer_add(out, slice_sub(date_months[civil->month - 1], 0, DATE_SHORT_NAME_BYTES)); return;
	case 'B': buffer_add(out, date_months[civil->month - 1]); return;
	case 'C': buffer_printf(out, "%02d", civil->year / 100); return;
	case 'd': buffer_printf(out, "%02d", civil->day); return;
	case 'e': buffer_printf(out, "%2d", civil->day); return;
	case 'g': buffer_printf(out, "%02d", year % 100); return;
	case 'G': buffer_printf(out, "%04d", year); return;
	case 'H': buffer_printf(out, "%02d", civil->hour); return;
	case 'I': buffer_printf(out, "%02d", hour_of_half(civil->hour)); return;
	case 'j': buffer_printf(out, "%03d", shown->year_day + 1); return;
	case 'k': buffer_printf(out, "%2d", civil->hour); return;
	case 'l': buffer_printf(out, "%2d", hour_of_half(civil->hour)); return;
	case 'L': buffer_printf(out, "%03d", civil->millisecond); return;
	case 'm': buffer_printf(out, "%02d", civil->month); return;
	case 'M': buffer_printf(out, "%02d", civil->minute); return;
	case 'n': buffer_byte(out, '\n'); return;
	case 'p': buffer_add(out, date_halves[civil->hour >= 12]); return;
	case 's': buffer_i64(out, shown->time_ms / 1000 - (shown->time_ms % 1000 < 0)); return;
	case 'S': buffer_printf(out, "%02d", civil->second); return;
	case 't': buffer_byte(out, '\t'); return;
	case 'u': buffer_printf(out, "%d", (civil->weekday + 6) % 7 + 1); return;
	case 'U': buffer_printf(out, "%02d", (shown->year_day + 7 - civil->weekday) / 7); return;
	case 'V': buffer_printf(out, "%02d", week); return;
	case 'w': buffer_printf(out, "%d", civil->weekday); return;
	case 'W': buffer_printf(out, "%02d", (shown->year_day + 7 - (civil->weekday + 6) % 7) / 7); return;
	case 'y': buffer_printf(out, "%02d", civil->year % 100); return;
	case 'Y': buffer_printf(out, "%04d", civil->year); return;
	case 'z': write_offset(out, shown->offset_s); return;
	case 'Z': buffer_add(out, shown->zone); return;
	default:
		assert(letter == '%');          /* formats have been checked */
		buffer_byte(out, letter);
	}
}

static void write_all(struct buffer *out, struct slice format, const struct shown *shown)
{
	for (size_t at = 0; at < format.len; at++) {
		if (format.ptr[at] != '%') {
			buffer_byte(out, format.ptr[at]);
			continue;
		}
		const char *parts = composed_of(format.ptr[++at]);
		if (parts)
			write_all(out, slice_of(parts), shown);
		else
			write_one(out, format.ptr[at], shown);
	}
}

void date_format_write(struct buffer *out, struct slice format, int64_t time_ms, const struct zone *zone)
{
	struct shown shown = { .time_ms = time_ms };

	shown.offset_s = zone_offset_s(zone, time_ms, &shown.zone);
	int64_t local_ms = time_ms + INT64_C(1000) * shown.offset_s;
	shown.civil = civil_from_ms(local_ms);
	int64_t year_ms = civil_to_ms((struct civil){ .year = shown.civil.year, .month = 1, .day = 1 });
	shown.year_day = (int)((local_ms - year_ms) / 86400000);
	write_all(out, format, &shown);
}

/* base/clock.c: clocks, and the civil calendar by the days-from-civil method (a year begins in March). */
#include "base/clock.h"

static const char MONTHS[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char WEEKDAYS[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

enum { DAY_MS = 86400000, HOUR_MS = 3600000, MINUTE_MS = 60000, SECOND_MS = 1000 };

static uint64_t read_clock_ns(clockid_t id)
{
	struct timespec now;
	int result = clock_gettime(id, &now);

	assert(result == 0);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t clock_wall_ms(void)
{
	return (int64_t)(read_clock_ns(CLOCK_REALTIME) / 1000000);
}

int64_t clock_monotonic_ms(void)
{
	return (int64_t)(read_clock_ns(CLOCK_MONOTONIC) / 1000000);
}

uint64_t clock_monotonic_ns(void)
{
	return read_clock_ns(CLOCK_MONOTONIC);
}

static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

struct civil civil_from_ms(int64_t ms)
{
	int64_t days = ms / DAY_MS, rest = ms % DAY_MS;

	if (rest < 0) {
		rest += DAY_MS;
		days--;
	}
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;
	int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);

	return (struct civil){
		.year = (int)(year_of_era + era * 400) + (month <= 2),
		.month = month,
		.day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
		.hour = (int)(rest / HOUR_MS),
		.minute = (int)(rest % HOUR_MS / MINUTE_MS),
		.second = (int)(rest % MINUTE_MS / SECOND_MS),
		.millisecond = (int)(rest % SECOND_MS),
		.weekday = (int)(((days + 4) % 7 + 7) % 7),
	};
}

int64_t civil_to_ms(struct civil civil)
{
	return days_from_civil(civil.year, civil.month, civil.day) * DAY_MS
	     + (int64_t)civil.hour * HOUR_MS + (int64_t)civil.minute * MINUTE_MS
	     + (int64_t)civil.second * SECOND_MS + civil.millisecond;
}

static struct slice written(char *out, int bytes)
{
	assert(bytes > 0 && bytes < TIME_TEXT_BYTES);
	return (struct slice){ out, (size_t)bytes };
}

static void two_digits(char *out, int value)
{
	out[0] = (char)('0' + value / 10);
	out[1] = (char)('0' + value % 10);
}

/* By hand: every record carries one, and snprintf takes as long as the rest of a short record. */
struct slice time_iso(int64_t ms, char out[TIME_TEXT_BYTES])
{
	struct civil c = civil_from_ms(ms);

	assert(c.year >= 0 && c.year <= 9999);
	memcpy(out, "yyyy-mm-ddThh:mm:ssZ", sizeof "yyyy-mm-ddThh:mm:ssZ");
	two_digits(out, c.year / 100);
	two_digits(out + 2, c.year % 100);
	two_digits(out + 5, c.month);
	two_digits(out + 8, c.day);
	two_digits(out + 11, c.hour);
	two_digits(out + 14, c.minute);
	two_digits(out + 17, c.second);
	return (struct slice){ out, 20 };
}

struct slice time_iso_ms(int64_t ms, char out[TIME_TEXT_BYTES])
{
	struct civil c = civil_from_ms(ms);

	return written(out, snprintf(out, TIME_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	                             c.year, c.month, c.day, c.hour, c.minute, c.second, c.millisecond));
}

struct slice time_basic(int64_t ms, char out[TIME_TEXT_BYTES])
{
	struct civil c = civil_from_ms(ms);

	return written(out, snprintf(out, TIME_TEXT_BYTES, "%04d%02d%02dT%02d%02d%02dZ",
	                             c.year, c.month, c.day, c.hour, c.minute, c.second));
}

struct slice time_http(int64_t ms, char out[TIME_TEXT_BYTES])
{
	struct civil c = civil_from_ms(ms);

	return written(out, snprintf(out, TIME_TEXT_BYTES, "%s, %02d %s %04d %02d:%02d:%02d GMT", WEEKDAYS[c.weekday],
	                             c.day, MONTHS[c.month - 1], c.year, c.hour, c.minute, c.second));
}

struct slice time_us(int64_t ms, bool with_comma, char out[TIME_TEXT_BYTES])
{
	struct civil c = civil_from_ms(ms);
	int hour = c.hour % 12 ? c.hour % 12 : 12;

	return written(out, snprintf(out, TIME_TEXT_BYTES, "%s %d, %d%s %d:%02d:%02d %s", MONTHS[c.month - 1], c.day,
	                             c.year, with_comma ? "," : "", hour, c.minute, c.second, c.hour < 12 ? "AM" : "PM"));
}

/* Takes `count` digits off the front of `text`. */
static bool take_digits(struct slice *text, size_t count, int *value)
{
	uint64_t number;

	if (text->len < count || !slice_to_u64(slice_sub(*text, 0, count), &number))
		return false;
	*value = (int)number;
	*text = slice_from(*text, count);
	return true;
}

static bool take_byte(struct slice *text, char byte)
{
	if (text->len == 0 || text->ptr[0] != byte)
		return false;
	*text = slice_from(*text, 1);
	return true;
}

static bool civil_is_valid(struct civil c)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = c.year % 4 == 0 && (c.year % 100 != 0 || c.year % 400 == 0);

	return c.month >= 1 && c.month <= 12 && c.day >= 1
	    && c.day <= days[c.month - 1] + (c.month == 2 && leap)
	    && c.hour <= 23 && c.minute <= 59 && c.second <= 59;
}

static bool take_fraction(struct slice *text, int *millisecond)
{
	int scale = 100, digit;

	if (!take_byte(text, '.'))
		return true;
	if (!take_digits(text, 1, &digit))
		return false;
	do {
		*millisecond += digit * scale;
		scale /= 10;
	} while (take_digits(text, 1, &digit));
	return true;
}

static bool take_offset(struct slice *text, int64_t *offset_ms)
{
	int hours, minutes;
	int64_t sign = text->len && text->ptr[0] == '-' ? -1 : 1;

	if (take_byte(text, 'Z') || take_byte(text, 'z'))
		return true;
	if (!take_byte(text, '+') && !take_byte(text, '-'))
		return false;
	if (!take_digits(text, 2, &hours) || (take_byte(text, ':'), !take_digits(text, 2, &minutes))
	    || hours > 23 || minutes > 59)
		return false;
	*offset_ms = sign * ((int64_t)hours * HOUR_MS + (int64_t)minutes * MINUTE_MS);
	return true;
}

bool time_parse_iso(struct slice text, int64_t *ms)
{
	struct civil c = {0};
	int64_t offset_ms = 0;

	if (!take_digits(&text, 4, &c.year) || !take_byte(&text, '-') || !take_digits(&text, 2, &c.month)
	    || !take_byte(&text, '-') || !take_digits(&text, 2, &c.day))
		return false;
	if (text.len) {
		if (!take_byte(&text, 'T') && !take_byte(&text, 't') && !take_byte(&text, ' '))
			return false;
		if (!take_digits(&text, 2, &c.hour) || !take_byte(&text, ':') || !take_digits(&text, 2, &c.minute))
			return false;
		if (take_byte(&text, ':') && (!take_digits(&text, 2, &c.second) || !take_fraction(&text, &c.millisecond)))
			return false;
		if (!take_offset(&text, &offset_ms))
			return false;
	}
	if (text.len || !civil_is_valid(c))
		return false;
	*ms = civil_to_ms(c) - offset_ms;
	return true;
}

bool time_parse_basic(struct slice text, int64_t *ms)
{
	struct civil c = {0};

	if (!take_digits(&text, 4, &c.year) || !take_digits(&text, 2, &c.month) || !take_digits(&text, 2, &c.day)
	    || !take_byte(&text, 'T') || !take_digits(&text, 2, &c.hour) || !take_digits(&text, 2, &c.minute)
	    || !take_digits(&text, 2, &c.second) || !take_byte(&text, 'Z') || text.len || !civil_is_valid(c))
		return false;
	*ms = civil_to_ms(c);
	return true;
}

bool time_parse_http(struct slice text, int64_t *ms)
{
	struct civil c = {0};

	if (text.len != 29 || text.ptr[3] != ',' || text.ptr[4] != ' ')
		return false;
	struct slice month = slice_sub(text, 8, 3);
	struct slice rest = slice_from(text, 5);
	for (int i = 0; i < 12; i++)
		if (slice_equal(month, slice_of(MONTHS[i])))
			c.month = i + 1;
	if (!take_digits(&rest, 2, &c.day) || !take_byte(&rest, ' '))
		return false;
	rest = slice_from(rest, 3);
	if (!take_byte(&rest, ' ') || !take_digits(&rest, 4, &c.year) || !take_byte(&rest, ' ')
	    || !take_digits(&rest, 2, &c.hour) || !take_byte(&rest, ':') || !take_digits(&rest, 2, &c.minute)
	    || !take_byte(&rest, ':') || !take_digits(&rest, 2, &c.second) || !slice_equal(rest, S(" GMT"))
	    || !civil_is_valid(c))
		return false;
	*ms = civil_to_ms(c);
	return true;
}

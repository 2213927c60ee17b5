/* query/date_pattern_read.c: a text by the parts of a date pattern to a time. */
#include "query/date_pattern_parts.h"

#include "base/clock.h"
#include "query/date_names.h"

struct reader {
	const struct date_pattern *pattern;
	struct slice               text;
	size_t                     at;
	uint32_t                   has;         /* bits of enum date_field */
	int                        values[DATE_COUNT];
};

static bool set(struct reader *r, enum date_field field, int value)
{
	bool agrees = !(r->has >> field & 1) || r->values[field] == value;

	r->has |= 1u << field;
	r->values[field] = value;
	return agrees;
}

static size_t digits_ahead(const struct reader *r, size_t max)
{
	size_t count = 0;

	while (count < max && r->at + count < r->text.len && r->text.ptr[r->at + count] >= '0' && r->text.ptr[r->at + count] <= '9')
		count++;
	return count;
}

static int take_digits(struct reader *r, size_t count)
{
	int value = 0;

	for (; count > 0; count--)
		value = value * 10 + r->text.ptr[r->at++] - '0';
	return value;
}

static bool read_number(struct reader *r, const struct date_part *part)
{
	size_t count = digits_ahead(r, part->max + part->reserved);

	if (part->reserved > 0)
		count = count > part->min + part->reserved ? count - part->reserved : part->min;
	if (count < part->min || count > part->max || digits_ahead(r, count) < count)
		return false;
	int value = take_digits(r, count);
	return set(r, part->field, part->field == DATE_YEAR && part->max == 2 ? 2000 + value : value);
}

static bool read_fraction(struct reader *r, const struct date_part *part)
{
	int ms = 0;

	if (digits_ahead(r, part->max) < part->max)
		return false;
	for (size_t i = 0; i < part->max || i < 3; i++) {
		int digit = i < part->max ? take_digits(r, 1) : 0;
		ms = i < 3 ? ms * 10 + digit : ms;
	}
	return set(r, DATE_MS, ms);
}

static bool read_name(struct reader *r, const struct date_part *part)
{
	for (size_t i = 0; i < part->name_count; i++) {
		struct slice name = part->is_short ? slice_sub(part->names[i], 0, DATE_SHORT_NAME_BYTES) : part->names[i];
		if (slice_has_prefix(slice_from(r->text, r->at), name)) {
			r->at += name.len;
			return set(r, part->field, (int)i + (part->field == DATE_MONTH));
		}
	}
	return false;
}

static bool read_two(struct reader *r, bool has_colon, int *value)
{
	size_t before = r->at;

	r->at += has_colon && r->at < r->text.len && r->text.ptr[r->at] == ':';
	if ((has_colon && r->at == before) || digits_ahead(r, 2) < 2) {
		r->at = before;
		return false;
	}
	*value = take_digits(r, 2);
	return true;
}

static bool read_offset(struct reader *r, const struct date_part *part)
{
	char sign = r->at < r->text.len ? r->text.ptr[r->at] : '\0';
	bool has_colon = part->style == 3 || part->style == 5;
	int hours, minutes = 0, seconds = 0;

	if (part->has_z && sign == 'Z') {
		r->at++;
		return set(r, DATE_OFFSET, 0);
	}
	if (sign != '+' && sign != '-')
		return false;
	r->at++;
	if (!read_two(r, false, &hours))
		return false;
	bool has_minutes = read_two(r, has_colon, &minutes);
	if (!has_minutes && part->style > 1)
		return false;
	if (has_minutes && part->style >= 4)
		read_two(r, has_colon, &seconds);
	int offset_s = hours * 3600 + minutes * 60 + seconds;
	return minutes < 60 && seconds < 60 && offset_s <= 18 * 3600 && set(r, DATE_OFFSET, sign == '-' ? -offset_s : offset_s);
}

/* Parts from `from` to `to`; what is in brackets is there as a whole, or is passed over. */
static bool read_parts(struct reader *r, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct date_part *part = &r->pattern->parts[i];
		struct reader before;
		bool ok = true;
		switch (part->kind) {
		case PART_LITERAL:
			ok = r->at < r->text.len && r->text.ptr[r->at++] == part->byte;
			break;
		case PART_NUMBER:
			ok = read_number(r, part);
			break;
		case PART_FRACTION:
			ok = read_fraction(r, part);
			break;
		case PART_NAME:
			ok = read_name(r, part);
			break;
		case PART_OFFSET:
			ok = read_offset(r, part);
			break;
		case PART_OPTION:
			before = *r;
			if (!read_parts(r, i + 1, part->end))
				*r = before;
			i = part->end;
			break;
		case PART_OPTION_END:
			break;
		}
		if (!ok)
			return false;
	}
	return true;
}

/* ---- what it means ---- */

static bool has(const struct reader *r, enum date_field field)
{
	return r->has >> field & 1;
}

static bool is_within(const struct reader *r, enum date_field field, int min, int max)
{
	return !has(r, field) || (r->values[field] >= min && r->values[field] <= max);
}

/* Midnight of the date; false if there is none, or if two ways to say it differ. */
static bool to_date(const struct reader *r, int64_t *date_ms)
{
	static const int64_t DAY_MS = 86400000;
	int year = r->values[DATE_YEAR], month = r->values[DATE_MONTH], day = r->values[DATE_DAY];
	bool has_month_day = has(r, DATE_MONTH) && has(r, DATE_DAY);

	if (!has(r, DATE_YEAR) || year > 9999 || (!has_month_day && !has(r, DATE_YEAR_DAY)) || !is_within(r, DATE_MONTH, 1, 12)
	    || !is_within(r, DATE_DAY, 1, 31))
		return false;
	int64_t year_ms = civil_to_ms((struct civil){ .year = year, .month = 1, .day = 1 });
	int64_t next_ms = civil_to_ms((struct civil){ .year = year + 1, .month = 1, .day = 1 });
	if (!is_within(r, DATE_YEAR_DAY, 1, (int)((next_ms - year_ms) / DAY_MS)))
		return false;
	*date_ms = year_ms + (r->values[DATE_YEAR_DAY] - 1) * DAY_MS;
	if (has_month_day) {
		int64_t month_ms = civil_to_ms((struct civil){ .year = year, .month = month, .day = 1 });
		int64_t end_ms = month == 12 ? next_ms : civil_to_ms((struct civil){ .year = year, .month = month + 1, .day = 1 });
		int64_t day_ms = month_ms + (day - 1) * DAY_MS;
		day_ms = day_ms < end_ms ? day_ms : end_ms - DAY_MS;
		if (has(r, DATE_YEAR_DAY) && *date_ms != day_ms)
			return false;
		*date_ms = day_ms;
	}
	return !has(r, DATE_WEEKDAY) || civil_from_ms(*date_ms).weekday == r->values[DATE_WEEKDAY];
}

/* Do parts that only mean something together stand together? What is in brackets may be missing. */
static bool is_whole(const struct reader *r, bool has_hour)
{
	bool has_half_hour = has(r, DATE_HALF_HOUR) || has(r, DATE_HALF_HOUR_12);

	return (has_hour || !(has(r, DATE_MINUTE) || has(r, DATE_HALF) || has_half_hour))
	    && (has(r, DATE_MINUTE) || !has(r, DATE_SECOND)) && (has(r, DATE_SECOND) || !has(r, DATE_MS));
}

/* The hour of the day, 0 to 24; false if there is none such, or if two ways to say it differ. */
static bool to_hour(const struct reader *r, int *hour)
{
	int half = r->values[DATE_HALF], found = -1;
	const int ways[] = {
		has(r, DATE_HOUR) ? r->values[DATE_HOUR] : -1,
		has(r, DATE_HOUR_24) ? r->values[DATE_HOUR_24] % 24 : -1,
		has(r, DATE_HALF_HOUR) && has(r, DATE_HALF) ? r->values[DATE_HALF_HOUR] + 12 * half : -1,
		has(r, DATE_HALF_HOUR_12) && has(r, DATE_HALF) ? r->values[DATE_HALF_HOUR_12] % 12 + 12 * half : -1,
	};

	if (!is_within(r, DATE_HOUR, 0, 24) || !is_within(r, DATE_HOUR_24, 1, 24) || !is_within(r, DATE_HALF_HOUR, 0, 11)
	    || !is_within(r, DATE_HALF_HOUR_12, 1, 12))
		return false;
	for (size_t i = 0; i < COUNT(ways); i++) {
		if (ways[i] >= 0 && found >= 0 && ways[i] != found)
			return false;
		found = ways[i] >= 0 ? ways[i] : found;
	}
	*hour = found >= 0 ? found : 0;
	return is_whole(r, found >= 0) && (!has(r, DATE_HALF) || found / 12 == half);
}

bool date_pattern_read(const struct date_pattern *pattern, struct slice text, const struct zone *zone, int64_t *time_ms)
{
	struct reader r = { .pattern = pattern, .text = text };
	int hour;

	if (!read_parts(&r, 0, pattern->count) || r.at != text.len || !to_date(&r, time_ms) || !to_hour(&r, &hour)
	    || !is_within(&r, DATE_MINUTE, 0, 59) || !is_within(&r, DATE_SECOND, 0, 59))
		return false;
	int rest_ms = (r.values[DATE_MINUTE] * 60 + r.values[DATE_SECOND]) * 1000 + r.values[DATE_MS];
	if (hour == 24 && rest_ms > 0)
		return false;
	*time_ms += INT64_C(3600000) * hour + rest_ms;
	*time_ms = has(&r, DATE_OFFSET) ? *time_ms - INT64_C(1000) * r.values[DATE_OFFSET] : zone_to_utc_ms(zone, *time_ms);
	return true;
}

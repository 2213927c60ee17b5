/* codec/tzif.c: TZif files: a header, times and types of transitions, and a footer with the rule for what comes after. */
#include "codec/tzif.h"

#include "base/clock.h"

enum { HEADER_BYTES = 44, TYPE_BYTES = 6, OFFSET_S_MAX = 24 * 3600 - 1 };

struct counts {
	size_t are_ut, are_standard, leaps, times, types, characters;
};

struct cursor {
	struct slice rest;
	bool         is_over;                   /* something was not there */
};

static struct slice take(struct cursor *c, size_t bytes)
{
	struct slice taken = slice_sub(c->rest, 0, bytes);

	c->is_over = c->is_over || taken.len < bytes;
	c->rest = slice_from(c->rest, taken.len);
	return c->is_over ? S("") : taken;
}

static uint64_t big_endian(struct slice bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | (unsigned char)bytes.ptr[i];
	return value;
}

static struct counts read_counts(struct cursor *c)
{
	struct counts counts = { .are_ut = big_endian(take(c, 4)) };

	counts.are_standard = big_endian(take(c, 4));
	counts.leaps = big_endian(take(c, 4));
	counts.times = big_endian(take(c, 4));
	counts.types = big_endian(take(c, 4));
	counts.characters = big_endian(take(c, 4));
	return counts;
}

/* Less than a day: whoever asks for local times stands on that. */
static bool is_offset(int seconds)
{
	return seconds >= -OFFSET_S_MAX && seconds <= OFFSET_S_MAX;
}

/* ---- the footer: CET-1CEST,M3.5.0,M10.5.0/3 ---- */

static int peek(const struct slice *s)
{
	return s->len > 0 ? (unsigned char)s->ptr[0] : -1;
}

static bool skip(struct slice *s, char c)
{
	bool is_there = peek(s) == c;

	*s = slice_from(*s, is_there);
	return is_there;
}

static bool read_number(struct slice *s, int max, int *number)
{
	size_t digits = 0;

	for (*number = 0; peek(s) >= '0' && peek(s) <= '9' && digits < 4; digits++, *s = slice_from(*s, 1))
		*number = *number * 10 + peek(s) - '0';
	return digits > 0 && *number <= max;
}

/* [+-]hours[:minutes[:seconds]] */
static bool read_time(struct slice *s, int *seconds)
{
	int sign = skip(s, '-') ? -1 : 1, hours, minutes = 0, rest = 0;

	if (sign > 0)
		skip(s, '+');
	if (!read_number(s, 167, &hours))
		return false;
	if (skip(s, ':') && !read_number(s, 59, &minutes))
		return false;
	if (skip(s, ':') && !read_number(s, 59, &rest))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60 + rest);
	return true;
}

static bool read_name(struct slice *s, struct slice *name)
{
	bool is_quoted = skip(s, '<');
	size_t len = 0;

	for (; len < s->len; len++) {
		char c = s->ptr[len];
		bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		if (!is_letter && !(is_quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-')))
			break;
	}
	*name = slice_sub(*s, 0, len);
	*s = slice_from(*s, len);
	return len > 0 && (!is_quoted || skip(s, '>'));
}

static bool read_date(struct slice *s, struct tzif_date *date)
{
	bool ok;

	*date = (struct tzif_date){ .kind = TZIF_DAY, .time_s = 2 * 3600 };
	if (skip(s, 'M')) {
		date->kind = TZIF_WEEKDAY;
		ok = read_number(s, 12, &date->month) && date->month >= 1 && skip(s, '.') && read_number(s, 5, &date->week)
		  && date->week >= 1 && skip(s, '.') && read_number(s, 6, &date->weekday);
	} else if (skip(s, 'J')) {
		date->kind = TZIF_DAY_WITHOUT_LEAP;
		ok = read_number(s, 365, &date->day) && date->day >= 1;
	} else {
		ok = read_number(s, 365, &date->day);
	}
	return ok && (!skip(s, '/') || read_time(s, &date->time_s));
}

/* Offsets in a rule count to the west. */
static bool read_offset(struct slice *s, int *offset_s)
{
	if (!read_time(s, offset_s))
		return false;
	*offset_s = -*offset_s;
	return is_offset(*offset_s);
}

static bool read_rule(struct slice s, struct tzif_rule *rule)
{
	if (!read_name(&s, &rule->standard.name) || !read_offset(&s, &rule->standard.offset_s))
		return false;
	rule->has_summer = s.len > 0;
	if (!rule->has_summer)
		return true;
	if (!read_name(&s, &rule->summer.name))
		return false;
	rule->summer.offset_s = rule->standard.offset_s + 3600;
	if (peek(&s) != ',' && !read_offset(&s, &rule->summer.offset_s))
		return false;
	return is_offset(rule->summer.offset_s) && skip(&s, ',') && read_date(&s, &rule->start) && skip(&s, ',') && read_date(&s, &rule->end) && s.len == 0;
}

/* ---- the file ---- */

static bool read_types(struct cursor *c, struct counts counts, struct slice names, struct tzif_type *types)
{
	for (size_t i = 0; i < counts.types; i++) {
		struct slice offset = take(c, 4);
		take(c, 1);
		struct slice name = slice_from(names, big_endian(take(c, 1)));
		size_t end = slice_find_byte(name, '\0');
		if (c->is_over || end == SLICE_NPOS)
			return false;
		types[i] = (struct tzif_type){ (int32_t)(uint32_t)big_endian(offset), slice_sub(name, 0, end) };
		if (!is_offset(types[i].offset_s))
			return false;
	}
	return true;
}

static bool read_body(struct arena *arena, struct cursor *c, struct counts counts, struct tzif *zone)
{
	/* Nothing is allocated for counts that the file has no bytes for. */
	if (counts.types == 0 || counts.types > 256 || counts.leaps > 0 || counts.times > c->rest.len / 9
	    || counts.characters > c->rest.len)
		return false;
	int64_t *times_s = arena_array(arena, counts.times + 1, sizeof *times_s);
	uint8_t *then = arena_array(arena, counts.times + 1, sizeof *then);
	struct tzif_type *types = arena_array(arena, counts.types, sizeof *types);

	for (size_t i = 0; i < counts.times; i++) {
		times_s[i] = (int64_t)big_endian(take(c, 8));
		if (i > 0 && times_s[i] <= times_s[i - 1])
			return false;
	}
	for (size_t i = 0; i < counts.times; i++) {
		then[i] = (uint8_t)big_endian(take(c, 1));
		if (then[i] >= counts.types)
			return false;
	}
	struct slice names = slice_sub(slice_from(c->rest, counts.types * TYPE_BYTES), 0, counts.characters);
	if (!read_types(c, counts, names, types))
		return false;
	take(c, counts.characters + counts.are_standard + counts.are_ut);
	*zone = (struct tzif){ .times_s = times_s, .types_then = then, .transition_count = counts.times, .types = types,
	                       .type_count = counts.types };
	return !c->is_over;
}

static bool read_file(struct arena *arena, struct slice bytes, struct tzif *zone)
{
	struct cursor c = { .rest = arena_copy(arena, bytes) };
	struct slice header = take(&c, HEADER_BYTES - 24), rule;

	if (!slice_has_prefix(header, S("TZif")) || header.ptr[4] < '2')
		return false;
	struct counts old = read_counts(&c);
	take(&c, old.times * 5 + old.types * TYPE_BYTES + old.characters + old.leaps * 8 + old.are_standard + old.are_ut);
	if (!slice_has_prefix(take(&c, HEADER_BYTES - 24), S("TZif")))
		return false;
	struct counts counts = read_counts(&c);
	if (c.is_over || !read_body(arena, &c, counts, zone) || !skip(&c.rest, '\n'))
		return false;
	size_t end = slice_find_byte(c.rest, '\n');
	if (end == SLICE_NPOS)
		return false;
	rule = slice_sub(c.rest, 0, end);
	zone->has_rule = rule.len > 0;
	return !zone->has_rule || read_rule(rule, &zone->rule);
}

bool tzif_read(struct arena *arena, struct slice bytes, struct tzif *zone, struct error *err)
{
	*zone = (struct tzif){ .times_s = NULL };
	return read_file(arena, bytes.ptr ? bytes : S(""), zone)
	    || fail(err, ERR_CORRUPT, "this is no TZif file of version 2 or later without leap seconds");
}

/* ---- what is when ---- */

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_of(int year, int month, int day)
{
	return civil_to_ms((struct civil){ .year = year, .month = month, .day = day }) / 86400000;
}

/* Days since 1970 of a rule's date in a year. */
static int64_t rule_day(const struct tzif_date *date, int year)
{
	int64_t first;

	if (date->kind == TZIF_DAY)
		return days_of(year, 1, 1) + date->day;
	if (date->kind == TZIF_DAY_WITHOUT_LEAP)
		return days_of(year, 1, 1) + date->day - 1 + (is_leap(year) && date->day >= 60);
	first = days_of(year, date->month, 1);
	int64_t next = date->month == 12 ? days_of(year + 1, 1, 1) : days_of(year, date->month + 1, 1);
	int64_t weekday = ((first + 4) % 7 + 7) % 7;            /* of the month's first; 1970 began on a Thursday */
	int64_t day = first + (date->weekday - weekday + 7) % 7 + 7 * (date->week - 1);
	return day < next ? day : day - 7;
}

static struct tzif_type rule_at(const struct tzif_rule *rule, int64_t time_s)
{
	if (!rule->has_summer)
		return rule->standard;
	int year = civil_from_ms((time_s + rule->standard.offset_s) * 1000).year;
	int64_t start = rule_day(&rule->start, year) * 86400 + rule->start.time_s - rule->standard.offset_s;
	int64_t end = rule_day(&rule->end, year) * 86400 + rule->end.time_s - rule->summer.offset_s;
	bool is_summer = start < end ? time_s >= start && time_s < end : time_s >= start || time_s < end;
	return is_summer ? rule->summer : rule->standard;
}

struct tzif_type tzif_at(const struct tzif *zone, int64_t time_s)
{
	size_t low = 0, high = zone->transition_count;         /* of the first transition behind `time_s` */

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->times_s[middle] <= time_s)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == zone->transition_count && zone->has_rule)
		return rule_at(&zone->rule, time_s);
	return zone->types[low > 0 ? zone->types_then[low - 1] : 0];
}

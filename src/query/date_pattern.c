/* query/date_pattern.c: the letters of a date pattern to parts. */
#include "query/date_pattern_parts.h"

#include "base/limits.h"
#include "query/date_names.h"

struct compiler {
	struct slice         text;
	struct date_pattern *pattern;
	uint32_t             given;             /* bits of enum date_field */
	size_t               options[DATE_OPTIONS_MAX], option_count;  /* open ones */
	size_t              *from, *to;
	const char         **reason;
};

static bool wrong(struct compiler *c, size_t from, size_t to, const char *reason)
{
	*c->from = from;
	*c->to = to;
	*c->reason = reason;
	return false;
}

static struct date_part *add(struct compiler *c, enum date_part_kind kind, enum date_field field)
{
	struct date_part *part = &c->pattern->parts[c->pattern->count++];

	*part = (struct date_part){ .kind = kind, .field = field };
	if (kind != PART_LITERAL && kind != PART_OPTION && kind != PART_OPTION_END)
		c->given |= 1u << field;
	return part;
}

static void add_number(struct compiler *c, enum date_field field, size_t min, size_t max)
{
	struct date_part *part = add(c, PART_NUMBER, field);

	part->min = min;
	part->max = max;
}

static void add_name(struct compiler *c, enum date_field field, const struct slice *names, size_t count, bool is_short)
{
	struct date_part *part = add(c, PART_NAME, field);

	part->names = names;
	part->name_count = count;
	part->is_short = is_short;
}

/* A letter that is a number: alone as many digits as there are, twice just two. */
static const struct { char letter; enum date_field field; size_t letters_max; } numbers[] = {
	{ 'd', DATE_DAY, 2 }, { 'H', DATE_HOUR, 2 }, { 'k', DATE_HOUR_24, 2 }, { 'K', DATE_HALF_HOUR, 2 },
	{ 'h', DATE_HALF_HOUR_12, 2 }, { 'm', DATE_MINUTE, 2 }, { 's', DATE_SECOND, 2 }, { 'D', DATE_YEAR_DAY, 3 },
	{ 'M', DATE_MONTH, 2 }, { 'L', DATE_MONTH, 2 },
};

static bool compile_offset(struct compiler *c, size_t from, char letter, size_t count)
{
	struct date_part *part;

	if (count > 5 || (letter == 'Z' && count == 4))
		return wrong(c, from, from + count, "an offset is one to five X or x, Z or ZZZZZ");
	part = add(c, PART_OFFSET, DATE_OFFSET);
	part->style = (uint8_t)(letter == 'Z' && count < 4 ? 2 : count);
	part->has_z = letter == 'X' || (letter == 'Z' && count == 5);
	return true;
}

static bool compile_letters(struct compiler *c, size_t from, char letter, size_t count)
{
	switch (letter) {
	case 'y':
	case 'u':
		if (count == 3 || count > 4)
			return wrong(c, from, from + count, "a year is y, yy or yyyy");
		add_number(c, DATE_YEAR, count, count == 1 ? DATE_DIGITS_MAX : count);
		return true;
	case 'S':
		if (count > 9)
			return wrong(c, from, from + count, "a fraction of a second has nine digits at most");
		add(c, PART_FRACTION, DATE_MS)->max = count;
		return true;
	case 'a':
		if (count > 1)
			return wrong(c, from, from + count, "AM or PM is one a");
		add_name(c, DATE_HALF, date_halves, COUNT(date_halves), false);
		return true;
	case 'E':
		if (count > 4)
			return wrong(c, from, from + count, "a day of the week is E or EEEE");
		add_name(c, DATE_WEEKDAY, date_weekdays, COUNT(date_weekdays), count < 4);
		return true;
	case 'X':
	case 'x':
	case 'Z':
		return compile_offset(c, from, letter, count);
	case 'V':
	case 'z':
	case 'v':
	case 'O':
		return wrong(c, from, from + count, "zones are read as offsets only (X, x, Z); the third argument names one");
	case 'Y':
		return wrong(c, from, from + count, "this is the year that a week belongs to; the year of a date is yyyy");
	default:
		break;
	}
	if ((letter == 'M' || letter == 'L') && (count == 3 || count == 4)) {
		add_name(c, DATE_MONTH, date_months, COUNT(date_months), count == 3);
		return true;
	}
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (numbers[i].letter == letter) {
			size_t max = count == 1 ? DATE_DIGITS_MAX : numbers[i].letters_max;
			add_number(c, numbers[i].field, count, max);
			return count <= numbers[i].letters_max || wrong(c, from, from + count, "this letter is written too often");
		}
	return wrong(c, from, from + count, "a date pattern has no such letter, or spoor does not have it; text stands in ' '");
}

static void add_literal(struct compiler *c, char byte)
{
	add(c, PART_LITERAL, DATE_YEAR)->byte = byte;
}

/* At a quote: 'text', in which '' is a quote; '' alone is one, too. */
static bool compile_quoted(struct compiler *c, size_t *at)
{
	size_t from = (*at)++;

	if (*at < c->text.len && c->text.ptr[*at] == '\'') {
		add_literal(c, '\'');
		++*at;
		return true;
	}
	for (; *at < c->text.len; ++*at) {
		if (c->text.ptr[*at] == '\'') {
			if (*at + 1 == c->text.len || c->text.ptr[*at + 1] != '\'') {
				++*at;
				return true;
			}
			++*at;
		}
		add_literal(c, c->text.ptr[*at]);
	}
	return wrong(c, from, from + 1, "a quote in the pattern is not closed");
}

static bool compile_option(struct compiler *c, size_t at)
{
	if (c->text.ptr[at] == '[') {
		if (c->option_count == DATE_OPTIONS_MAX)
			return wrong(c, at, at + 1, "brackets are too deep in each other");
		c->options[c->option_count++] = c->pattern->count;
		add(c, PART_OPTION, DATE_YEAR);
		return true;
	}
	if (c->option_count == 0)
		return wrong(c, at, at + 1, "a ] closes nothing");
	c->pattern->parts[c->options[--c->option_count]].end = c->pattern->count;
	add(c, PART_OPTION_END, DATE_YEAR);
	return true;
}

static bool compile_all(struct compiler *c)
{
	for (size_t at = 0; at < c->text.len; ) {
		char letter = c->text.ptr[at];
		size_t from = at;
		bool ok = true;
		if ((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z') {
			while (at < c->text.len && c->text.ptr[at] == letter)
				at++;
			ok = compile_letters(c, from, letter, at - from);
		} else if (letter == '\'') {
			ok = compile_quoted(c, &at);
		} else if (letter == '[' || letter == ']') {
			ok = compile_option(c, at++);
		} else if (letter == '{' || letter == '}' || letter == '#') {
			ok = wrong(c, at, at + 1, "this character stands in ' ' in a date pattern");
		} else {
			add_literal(c, letter);
			at++;
		}
		if (!ok)
			return false;
	}
	return true;
}

/* A number without a fixed width leaves those behind it their digits: Hmm reads 930 as 9:30. */
static void reserve_digits(struct date_pattern *pattern)
{
	for (size_t i = 0; i < pattern->count; i++) {
		struct date_part *part = &pattern->parts[i];
		if (part->kind != PART_NUMBER || part->min == part->max)
			continue;
		for (size_t j = i + 1; j < pattern->count; j++) {
			const struct date_part *next = &pattern->parts[j];
			bool is_fixed = next->kind == PART_FRACTION || (next->kind == PART_NUMBER && next->min == next->max);
			if (!is_fixed)
				break;
			part->reserved += next->max;
		}
	}
}

static bool gives(const struct compiler *c, enum date_field field)
{
	return c->given >> field & 1;
}

static const char *what_is_missing(const struct compiler *c)
{
	bool has_hour = gives(c, DATE_HOUR) || gives(c, DATE_HOUR_24), has_half = gives(c, DATE_HALF);
	bool has_half_hour = gives(c, DATE_HALF_HOUR) || gives(c, DATE_HALF_HOUR_12);

	if (c->option_count > 0)
		return "a [ is not closed";
	if (!gives(c, DATE_YEAR))
		return "a pattern needs a year (yyyy)";
	if (!gives(c, DATE_YEAR_DAY) && !(gives(c, DATE_MONTH) && gives(c, DATE_DAY)))
		return "a pattern needs a month and a day (MM, dd), or the day of the year (D)";
	if (has_half_hour && !has_half)
		return "hours of half a day (h, K) need AM or PM (a)";
	if ((gives(c, DATE_MINUTE) || has_half) && !has_hour && !has_half_hour)
		return "minutes, AM and PM need an hour (HH)";
	if (gives(c, DATE_SECOND) && !gives(c, DATE_MINUTE))
		return "seconds need minutes (mm)";
	return gives(c, DATE_MS) && !gives(c, DATE_SECOND) ? "a fraction needs seconds (ss)" : NULL;
}

const struct date_pattern *date_pattern_compile(struct arena *arena, struct slice text, size_t *from, size_t *to,
                                                const char **reason)
{
	struct compiler c = { .text = text, .pattern = arena_new(arena, struct date_pattern), .from = from, .to = to,
	                      .reason = reason };

	c.pattern->parts = arena_array(arena, text.len + 1, sizeof *c.pattern->parts);
	if (!compile_all(&c))
		return NULL;
	const char *missing = what_is_missing(&c);
	if (missing) {
		wrong(&c, 0, text.len, missing);
		return NULL;
	}
	reserve_digits(c.pattern);
	return c.pattern;
}

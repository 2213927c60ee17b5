/* regex/regex_set.c: a bit for each character of ASCII, and ranges beyond it. */
#include "regex/regex_set.h"

#include "codec/letter.h"

/* Room is a power of two. */
static void add_range(struct regex_set *set, struct arena *arena, struct regex_range range)
{
	struct regex_range *last = set->range_count > 0 ? &set->ranges[set->range_count - 1] : NULL;

	if (last && range.from >= last->from && range.from <= last->to + 1) {
		last->to = range.to > last->to ? range.to : last->to;
		return;
	}
	if ((set->range_count & (set->range_count - 1)) == 0) {
		struct regex_range *grown = arena_array(arena, set->range_count ? 2 * set->range_count : 1, sizeof *grown);
		if (set->range_count > 0)
			memcpy(grown, set->ranges, set->range_count * sizeof *grown);
		set->ranges = grown;
	}
	set->ranges[set->range_count++] = range;
}

void regex_set_add(struct regex_set *set, struct arena *arena, uint32_t from, uint32_t to)
{
	for (uint32_t c = from; c <= to && c < 128; c++)
		set->ascii[c / 64] |= (uint64_t)1 << (c % 64);
	if (to >= 128)
		add_range(set, arena, (struct regex_range){ from < 128 ? 128 : from, to });
}

void regex_set_invert(struct regex_set *set)
{
	set->ascii[0] = ~set->ascii[0];
	set->ascii[1] = ~set->ascii[1];
	set->is_negated = !set->is_negated;
}

static bool has(const struct regex_set *set, uint32_t code_point)
{
	if (code_point < 128)
		return set->ascii[code_point / 64] >> (code_point % 64) & 1;
	for (size_t i = 0; i < set->range_count; i++)
		if (code_point >= set->ranges[i].from && code_point <= set->ranges[i].to)
			return true;
	return false;
}

static void fold_from_to(struct regex_set *set, struct arena *arena, uint32_t from, uint32_t to)
{
	for (uint32_t c = from; letter_from(&c) && c <= to; c++)
		for (uint32_t other = letter_next_case(c); other != c; other = letter_next_case(other))
			if (!has(set, other))
				regex_set_add(set, arena, other, other);
}

void regex_set_fold(struct regex_set *set, struct arena *arena)
{
	struct regex_set before = *set;
	struct regex_range *ranges = arena_array(arena, before.range_count + 1, sizeof *ranges);

	/* Adding may make the last range longer. */
	if (before.range_count > 0)
		memcpy(ranges, before.ranges, before.range_count * sizeof *ranges);
	for (uint32_t c = 'A'; c <= 'z'; c++)
		if (before.ascii[c / 64] >> (c % 64) & 1)
			fold_from_to(set, arena, c, c);
	for (size_t i = 0; i < before.range_count; i++)
		fold_from_to(set, arena, ranges[i].from, ranges[i].to);
}

static int compare_ranges(const void *a, const void *b)
{
	const struct regex_range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

void regex_set_settle(struct regex_set *set)
{
	size_t kept = 0;

	if (set->range_count < 2)
		return;
	qsort(set->ranges, set->range_count, sizeof *set->ranges, compare_ranges);
	for (size_t i = 1; i < set->range_count; i++) {
		struct regex_range *last = &set->ranges[kept], now = set->ranges[i];
		if (now.from > last->to + 1)
			set->ranges[++kept] = now;
		else if (now.to > last->to)
			last->to = now.to;
	}
	set->range_count = kept + 1;
}

bool regex_set_of_letter(struct arena *arena, int letter, struct regex_set *set)
{
	*set = (struct regex_set){ .ranges = NULL };
	switch (letter | 0x20) {
	case 'd':
		regex_set_add(set, arena, '0', '9');
		break;
	case 'w':
		regex_set_add(set, arena, '0', '9');
		regex_set_add(set, arena, 'A', 'Z');
		regex_set_add(set, arena, 'a', 'z');
		regex_set_add(set, arena, '_', '_');
		break;
	case 's':
		regex_set_add(set, arena, '\t', '\n');
		regex_set_add(set, arena, '\f', '\r');
		regex_set_add(set, arena, ' ', ' ');
		break;
	default:
		return false;
	}
	if (letter < 'a')
		regex_set_invert(set);
	return true;
}

bool regex_set_of_name(struct arena *arena, struct slice name, struct regex_set *set)
{
	static const struct { const char *name; uint32_t ranges[8]; } classes[] = {
		{ "alnum", { '0', '9', 'A', 'Z', 'a', 'z' } },     { "alpha", { 'A', 'Z', 'a', 'z' } },
		{ "ascii", { 0, 127 } },                           { "blank", { '\t', '\t', ' ', ' ' } },
		{ "cntrl", { 0, 31, 127, 127 } },                  { "digit", { '0', '9' } },
		{ "graph", { '!', '~' } },                         { "lower", { 'a', 'z' } },
		{ "print", { ' ', '~' } },                         { "punct", { '!', '/', ':', '@', '[', '`', '{', '~' } },
		{ "space", { '\t', '\r', ' ', ' ' } },             { "upper", { 'A', 'Z' } },
		{ "word",  { '0', '9', 'A', 'Z', 'a', 'z', '_', '_' } },
		{ "xdigit", { '0', '9', 'A', 'F', 'a', 'f' } },
	};
	bool is_inverted = name.len > 0 && name.ptr[0] == '^';

	for (size_t i = 0; i < COUNT(classes); i++) {
		if (!slice_equal(slice_from(name, is_inverted), slice_of(classes[i].name)))
			continue;
		*set = (struct regex_set){ .ranges = NULL };
		for (size_t at = 0; at < COUNT(classes[i].ranges) && classes[i].ranges[at + 1]; at += 2)
			regex_set_add(set, arena, classes[i].ranges[at], classes[i].ranges[at + 1]);
		if (is_inverted)
			regex_set_invert(set);
		return true;
	}
	return false;
}

bool regex_set_join(struct regex_set *set, struct arena *arena, const struct regex_set *other)
{
	set->ascii[0] |= other->ascii[0];
	set->ascii[1] |= other->ascii[1];
	if (!other->is_negated) {
		for (size_t i = 0; i < other->range_count; i++)
			regex_set_add(set, arena, other->ranges[i].from, other->ranges[i].to);
		return true;
	}
	if (other->range_count > 0)
		return false;
	regex_set_add(set, arena, 128, 0x10ffff);        /* \D, \W, \S: all that is beyond ASCII */
	return true;
}

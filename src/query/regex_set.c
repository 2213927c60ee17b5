/* query/regex_set.c: a bit for each character of ASCII, and ranges beyond it. */
#include "query/regex_set.h"

void regex_set_add(struct regex_set *set, struct arena *arena, uint32_t from, uint32_t to)
{
	for (uint32_t c = from; c <= to && c < 128; c++)
		set->ascii[c / 64] |= (uint64_t)1 << (c % 64);
	if (to < 128)
		return;
	struct regex_range *ranges = arena_array(arena, set->range_count + 1, sizeof *ranges);
	if (set->range_count > 0)
		memcpy(ranges, set->ranges, set->range_count * sizeof *ranges);
	ranges[set->range_count++] = (struct regex_range){ from < 128 ? 128 : from, to };
	set->ranges = ranges;
}

void regex_set_invert(struct regex_set *set)
{
	set->ascii[0] = ~set->ascii[0];
	set->ascii[1] = ~set->ascii[1];
	set->is_negated = !set->is_negated;
}

bool regex_set_fold(struct regex_set *set)
{
	const uint64_t letters = 0x07fffffe;            /* bits 1 to 26 of the upper word: A to Z; 32 above: a to z */
	uint64_t upper = set->ascii[1] & letters, lower = set->ascii[1] >> 32 & letters;

	set->ascii[1] |= upper << 32 | lower;
	return set->range_count == 0;
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

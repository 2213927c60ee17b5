/* regex/regex_run.c: a search: the set of steps that the text so far can lead to, in the order of liking.
 *
 * A head is a step, and where its groups began and ended. Heads that come to the same step do the same from there on, so only the
 * first lives: there are never more than steps, whatever the text. Once one head has matched, those liked less are dropped, and
 * no new one begins. */
#include "regex/regex_dfa.h"

#include "base/limits.h"
#include "codec/utf8.h"

struct heads {
	size_t *steps;                          /* in the order of liking */
	size_t *places;                         /* of each step: place_count offsets */
	size_t  count;
};

struct todo {                                   /* what is left to do while heads spread: a step, or a place to put back */
	size_t step, place, old;
};

struct search {
	const struct regex *regex;
	struct slice        text;
	size_t              place_count;        /* 0 if only the answer is wanted */
	size_t             *seen;               /* of each step: the position it was last reached at, plus 1 */
	size_t             *places;             /* of the head that is spreading */
	struct todo        *todo;
	struct heads        now, then;
};

bool regex_program_takes(const struct regex_set *set, uint32_t code_point)
{
	if (code_point < 128)
		return set->ascii[code_point / 64] >> (code_point % 64) & 1;
	size_t low = 0, high = set->range_count;        /* the first range that does not end before it */

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (set->ranges[middle].to < code_point)
			low = middle + 1;
		else
			high = middle;
	}
	bool is_in = low < set->range_count && code_point >= set->ranges[low].from;
	return is_in != set->is_negated;
}

static bool is_word_at(struct slice text, size_t at)
{
	unsigned char c = at < text.len ? (unsigned char)text.ptr[at] : 0;

	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static bool holds(enum regex_assertion assertion, struct slice text, size_t at)
{
	bool is_border = (at > 0 && is_word_at(text, at - 1)) != is_word_at(text, at);

	switch (assertion) {
	case ASSERT_TEXT_START: return at == 0;
	case ASSERT_TEXT_END:   return at == text.len;
	case ASSERT_LINE_START: return at == 0 || text.ptr[at - 1] == '\n';
	case ASSERT_LINE_END:   return at == text.len || text.ptr[at] == '\n';
	case ASSERT_WORD:       return is_border;
	case ASSERT_NO_WORD:    return !is_border;
	}
	return false;
}

/* Adds to `heads` all steps that take a character and can be reached from `step` without one. */
static void spread(struct search *s, struct heads *heads, size_t step, size_t at)
{
	size_t todo_count = 0;

	s->todo[todo_count++] = (struct todo){ .step = step, .place = SIZE_MAX };
	while (todo_count > 0) {
		struct todo todo = s->todo[--todo_count];
		if (todo.place != SIZE_MAX) {
			s->places[todo.place] = todo.old;
			continue;
		}
		if (s->seen[todo.step] == at + 1)
			continue;
		s->seen[todo.step] = at + 1;
		const struct regex_step *now = &s->regex->steps[todo.step];
		switch (now->kind) {
		case STEP_SPLIT:
			s->todo[todo_count++] = (struct todo){ .step = now->second, .place = SIZE_MAX };
			s->todo[todo_count++] = (struct todo){ .step = now->first, .place = SIZE_MAX };
			break;
		case STEP_JUMP:
			s->todo[todo_count++] = (struct todo){ .step = now->first, .place = SIZE_MAX };
			break;
		case STEP_SAVE:
			if (now->first < s->place_count) {
				s->todo[todo_count++] = (struct todo){ .place = now->first, .old = s->places[now->first] };
				s->places[now->first] = at;
			}
			s->todo[todo_count++] = (struct todo){ .step = todo.step + 1, .place = SIZE_MAX };
			break;
		case STEP_ASSERT:
			if (holds(now->assertion, s->text, at))
				s->todo[todo_count++] = (struct todo){ .step = todo.step + 1, .place = SIZE_MAX };
			break;
		case STEP_SET:
		case STEP_MATCH:
			heads->steps[heads->count++] = todo.step;
			memcpy(heads->places + todo.step * s->place_count, s->places, s->place_count * sizeof *s->places);
			break;
		}
	}
}

/* One character, or the end: moves the heads on. True if one matched here; its places are in `found`. */
static bool advance(struct search *s, size_t at, uint32_t code_point, size_t bytes, size_t *found)
{
	struct heads heads = s->now;

	s->then.count = 0;
	for (size_t i = 0; i < heads.count; i++) {
		const struct regex_step *step = &s->regex->steps[heads.steps[i]];
		const size_t *places = heads.places + heads.steps[i] * s->place_count;
		if (step->kind == STEP_MATCH) {
			memcpy(found, places, s->place_count * sizeof *found);
			return true;
		}
		if (bytes > 0 && regex_program_takes(step->set, code_point)) {
			memcpy(s->places, places, s->place_count * sizeof *places);
			spread(s, &s->then, heads.steps[i] + 1, at + bytes);
		}
	}
	return false;
}

static bool run(struct search *s, size_t from, size_t *found, size_t *left)
{
	bool has_matched = false;

	for (size_t at = from;;) {
		uint32_t code_point = 0xfffd;
		size_t bytes = at < s->text.len ? utf8_decode(slice_from(s->text, at), &code_point) : 0;
		if (bytes == 0 && at < s->text.len)
			bytes = 1;                      /* a byte that is no UTF-8 counts as a character of its own */
		if (left && (*left == 0 || --*left == 0))
			return false;
		if (!has_matched) {
			memset(s->places, 0xff, s->place_count * sizeof *s->places);
			spread(s, &s->now, 0, at);
		}
		if (s->now.count == 0 && has_matched)
			return true;
		if (advance(s, at, code_point, bytes, found)) {
			has_matched = true;
			if (s->place_count == 0)
				return true;
		}
		if (at == s->text.len)
			return has_matched;
		struct heads swap = s->now;
		s->now = s->then;
		s->then = swap;
		at += bytes;
	}
}

/* `found`: place_count offsets; place 0 and 1 are the whole. */
static bool search(const struct regex *regex, struct slice text, size_t from, size_t place_count, size_t *found, size_t *left)
{
	size_t steps = regex->step_count;
	size_t words = steps + place_count + 2 * steps * (1 + place_count);
	size_t *block = xcalloc(words, sizeof *block);
	struct todo *todo = xcalloc(2 * steps + 2, sizeof *todo);
	struct search s = { .regex = regex, .text = text, .place_count = place_count, .seen = block, .places = block + steps,
	                    .todo = todo };

	s.now.steps = s.places + place_count;
	s.then.steps = s.now.steps + steps;
	s.now.places = s.then.steps + steps;
	s.then.places = s.now.places + steps * place_count;
	bool is_found = run(&s, from, found, left);
	free(todo);
	free(block);
	return is_found;
}

bool regex_run_finds(const struct regex *regex, struct slice text, size_t from)
{
	size_t none = 0;

	return search(regex, text, from, 0, &none, NULL);
}

/* Where a match can begin at the earliest; SLICE_NPOS if there is none. */
static size_t first_place(const struct regex *regex, struct slice text, size_t from)
{
	size_t at;

	if (from > text.len)
		return SLICE_NPOS;
	if (regex->literal.len == 0)
		return from;
	at = slice_find(slice_from(text, from), regex->literal);
	if (at == SLICE_NPOS)
		return at;
	return regex->literal_is_first ? from + at : from;
}

bool regex_finds(const struct regex *regex, struct slice text)
{
	size_t from = first_place(regex, text, 0);

	if (from == SLICE_NPOS || regex->literal_is_all)
		return from != SLICE_NPOS;
	return regex->dfa ? regex_dfa_finds(regex->dfa, text, from) : regex_run_finds(regex, text, from);
}

bool regex_run_search(const struct regex *regex, struct slice text, size_t from, struct slice *whole, struct slice *groups, size_t *left)
{
	size_t found[2 * (REGEX_GROUPS_MAX + 1)];
	size_t count = groups ? regex->group_count : 0;

	from = first_place(regex, text, from);
	if (from == SLICE_NPOS || (regex->dfa && !regex_dfa_finds(regex->dfa, text, from)))
		return false;
	if (!search(regex, text, from, 2 + 2 * count, found, left))
		return false;
	*whole = slice_sub(text, found[0], found[1] - found[0]);
	for (size_t i = 0; i < count; i++) {
		const size_t *at = &found[2 + 2 * i];
		groups[i] = at[0] != SIZE_MAX && at[1] != SIZE_MAX ? slice_sub(text, at[0], at[1] - at[0]) : SLICE_NONE;
	}
	return true;
}

bool regex_search(const struct regex *regex, struct slice text, size_t from, struct slice *whole, struct slice *groups)
{
	return regex_run_search(regex, text, from, whole, groups, NULL);
}

/* regex/regex_dfa_make.c: the table of an expression: all sets of places that texts can lead to, as far as there are few enough. */
#include "regex/regex_dfa_table.h"

#include "base/limits.h"

enum { PARTS_MAX = 1024, ROWS_FIRST = 2 };      /* row 0 is found, row 1 dead */

struct state {
	uint16_t           *steps;              /* in order: where characters have led to, before what takes none */
	size_t              count;
	enum regex_context  before;
	uint64_t            hash;
};

struct maker {
	const struct regex *regex;
	struct regex_dfa   *dfa;
	struct arena        arena;              /* while it is made */
	bool                has_assertions;
	size_t              work;               /* steps looked at */
	uint32_t           *points;             /* a character of each of 128 + part_count places */
	uint8_t            *classes;            /* of each of those */
	uint32_t            samples[REGEX_DFA_CLASSES_MAX];     /* a character of each class */
	struct state        states[REGEX_DFA_STATES_MAX];
	size_t              state_count;
	uint16_t           *rows;               /* state_count * (class_count + 1) numbers of states */
	size_t             *seen, seen_number;  /* of steps */
	size_t             *todo;
	uint16_t           *takers, *reached;   /* steps that take a character, and those behind the ones that took it */
	size_t              taker_count;
};

/* ---- classes ---- */

static int compare_points(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Places where some set begins or ends, beyond ASCII. 0: too many. */
static size_t cut_parts(struct maker *m)
{
	size_t count = 0, kept = 0;

	m->points = arena_array(&m->arena, 128 + PARTS_MAX + 2, sizeof *m->points);
	uint32_t *cuts = m->points + 128;
	cuts[count++] = 128;
	for (size_t i = 0; i < m->regex->step_count; i++) {
		const struct regex_step *step = &m->regex->steps[i];
		for (size_t range = 0; step->kind == STEP_SET && range < step->set->range_count; range++) {
			if (count + 2 > PARTS_MAX)
				return 0;
			cuts[count++] = step->set->ranges[range].from;
			cuts[count++] = step->set->ranges[range].to + 1;
		}
	}
	qsort(cuts, count, sizeof *cuts, compare_points);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || cuts[i] != cuts[kept - 1])
			cuts[kept++] = cuts[i];
	for (uint32_t c = 0; c < 128; c++)
		m->points[c] = c;
	return kept;
}

/* Splits each class into those that `set` takes and those that it does not. */
static bool split_classes(struct maker *m, size_t place_count, const struct regex_set *set)
{
	int fresh[REGEX_DFA_CLASSES_MAX];
	bool first_is_in[REGEX_DFA_CLASSES_MAX], has_first[REGEX_DFA_CLASSES_MAX] = { false };
	size_t before = m->dfa->class_count;

	for (size_t i = 0; i < before; i++)
		fresh[i] = -1;
	m->work += place_count;
	for (size_t i = 0; i < place_count; i++) {
		uint8_t class = m->classes[i];
		bool is_in = regex_program_takes(set, m->points[i]);
		if (!has_first[class]) {
			has_first[class] = true;
			first_is_in[class] = is_in;
		}
		if (is_in == first_is_in[class])
			continue;
		if (fresh[class] < 0) {
			if (m->dfa->class_count == REGEX_DFA_CLASSES_MAX)
				return false;
			fresh[class] = (int)m->dfa->class_count++;
		}
		m->classes[i] = (uint8_t)fresh[class];
	}
	return m->work <= REGEX_DFA_WORK_MAX;
}

static bool make_classes(struct maker *m, struct arena *arena)
{
	size_t part_count = cut_parts(m), place_count = 128 + part_count;
	struct regex_set line = { .ascii = { (uint64_t)1 << '\n', 0 } }, word = { .ascii = { 0, 0 } };

	m->classes = arena_array(&m->arena, place_count, 1);
	m->dfa->class_count = 1;
	for (uint32_t c = 0; c < 128; c++)
		if (regex_dfa_context(c) == CONTEXT_WORD)
			word.ascii[c / 64] |= (uint64_t)1 << (c % 64);
	if (part_count == 0 || (m->has_assertions && !(split_classes(m, place_count, &line) && split_classes(m, place_count, &word))))
		return false;
	for (size_t i = 0; i < m->regex->step_count; i++)
		if (m->regex->steps[i].kind == STEP_SET && !split_classes(m, place_count, m->regex->steps[i].set))
			return false;
	struct regex_dfa_part *parts = arena_array(arena, part_count, sizeof *parts);
	for (size_t i = 0; i < part_count; i++)
		parts[i] = (struct regex_dfa_part){ m->points[128 + i], m->classes[128 + i] };
	memcpy(m->dfa->ascii, m->classes, sizeof m->dfa->ascii);
	m->dfa->parts = parts;
	m->dfa->part_count = part_count;
	for (size_t i = place_count; i-- > 0; )
		m->samples[m->classes[i]] = m->points[i];
	return true;
}

/* ---- states ---- */

static bool holds(enum regex_assertion assertion, enum regex_context before, enum regex_context behind)
{
	switch (assertion) {
	case ASSERT_TEXT_START: return before == CONTEXT_EDGE;
	case ASSERT_TEXT_END:   return behind == CONTEXT_EDGE;
	case ASSERT_LINE_START: return before == CONTEXT_EDGE || before == CONTEXT_LINE;
	case ASSERT_LINE_END:   return behind == CONTEXT_EDGE || behind == CONTEXT_LINE;
	case ASSERT_WORD:       return (before == CONTEXT_WORD) != (behind == CONTEXT_WORD);
	case ASSERT_NO_WORD:    return (before == CONTEXT_WORD) == (behind == CONTEXT_WORD);
	}
	return false;
}

/* The steps that take a character, of all that a state leads to if this follows. True: it matches before it. */
static bool spread(struct maker *m, const struct state *state, enum regex_context behind)
{
	size_t todo_count = 0;

	m->taker_count = 0;
	m->seen_number++;
	for (size_t i = 0; i < state->count; i++)
		m->todo[todo_count++] = state->steps[i];
	while (todo_count > 0) {
		size_t at = m->todo[--todo_count];
		const struct regex_step *step = &m->regex->steps[at];
		if (m->seen[at] == m->seen_number)
			continue;
		m->seen[at] = m->seen_number;
		m->work++;
		switch (step->kind) {
		case STEP_SPLIT:
			m->todo[todo_count++] = step->second;
			m->todo[todo_count++] = step->first;
			break;
		case STEP_JUMP:
			m->todo[todo_count++] = step->first;
			break;
		case STEP_SAVE:
			m->todo[todo_count++] = at + 1;
			break;
		case STEP_ASSERT:
			if (holds(step->assertion, state->before, behind))
				m->todo[todo_count++] = at + 1;
			break;
		case STEP_SET:
			m->takers[m->taker_count++] = (uint16_t)at;
			break;
		case STEP_MATCH:
			return true;
		}
	}
	return false;
}

static int compare_steps(const void *a, const void *b)
{
	const uint16_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The number of this state, which may be new; 0 if there is no room for it. `steps` are in any order. */
static size_t find_state(struct maker *m, uint16_t *steps, size_t count, enum regex_context before)
{
	qsort(steps, count, sizeof *steps, compare_steps);
	struct slice bytes = { (const char *)steps, count * sizeof *steps };
	uint64_t hash = hash64_seeded(bytes, before);
	for (size_t i = ROWS_FIRST; i < m->state_count; i++) {
		const struct state *state = &m->states[i];
		if (state->hash == hash && state->before == before && state->count == count
		    && memcmp(state->steps, steps, bytes.len) == 0)
			return i;
	}
	if (m->state_count == REGEX_DFA_STATES_MAX)
		return 0;
	uint16_t *copy = arena_array(&m->arena, count, sizeof *copy);
	memcpy(copy, steps, bytes.len);
	m->states[m->state_count] = (struct state){ copy, count, before, hash };
	return m->state_count++;
}

/* Where a state leads to by each class of characters, and at the end of the text. */
static bool make_row(struct maker *m, size_t number)
{
	size_t classes = m->dfa->class_count;
	uint16_t *row = m->rows + number * (classes + 1);
	enum regex_context spread_for = CONTEXT_COUNT;
	bool matches = false;

	for (size_t class = 0; class < classes; class++) {
		enum regex_context context = m->has_assertions ? regex_dfa_context(m->samples[class]) : CONTEXT_OTHER;
		size_t count = 0;
		if (context != spread_for) {
			matches = spread(m, &m->states[number], context);
			spread_for = context;
		}
		m->work += m->taker_count;
		for (size_t i = 0; i < m->taker_count && !matches; i++)
			if (regex_program_takes(m->regex->steps[m->takers[i]].set, m->samples[class]))
				m->reached[count++] = (uint16_t)(m->takers[i] + 1);
		m->reached[count++] = 0;        /* a match may begin anywhere */
		size_t to = matches ? REGEX_DFA_FOUND : find_state(m, m->reached, count, context);
		if (m->work > REGEX_DFA_WORK_MAX || (!matches && to == 0))
			return false;
		row[class] = (uint16_t)to;
	}
	row[classes] = spread(m, &m->states[number], CONTEXT_EDGE) ? REGEX_DFA_FOUND : 1;
	return m->work <= REGEX_DFA_WORK_MAX && !arena_is_over(&m->arena);
}

static bool make_states(struct maker *m)
{
	uint16_t start = 0;

	m->rows = arena_array(&m->arena, REGEX_DFA_STATES_MAX * (m->dfa->class_count + 1), sizeof *m->rows);
	m->state_count = ROWS_FIRST;
	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		enum regex_context before = m->has_assertions ? (enum regex_context)i : CONTEXT_OTHER;
		m->dfa->starts[i] = (uint16_t)find_state(m, &start, 1, before);
	}
	for (size_t i = ROWS_FIRST; i < m->state_count; i++)
		if (!make_row(m, i))
			return false;
	return true;
}

/* ---- the table ---- */

/* Can it be found from there? From the end to the beginning, until no state is new. */
static void mark_alive(const struct maker *m, bool *is_alive)
{
	size_t width = m->dfa->class_count + 1;
	bool has_new = true;

	for (is_alive[REGEX_DFA_FOUND] = true; has_new; ) {
		has_new = false;
		for (size_t i = m->state_count; i-- > ROWS_FIRST; )
			for (size_t class = 0; class < width && !is_alive[i]; class++)
				if (is_alive[m->rows[i * width + class]])
					is_alive[i] = has_new = true;
	}
}

/* States as places of rows: found, dead, then those that are alive. */
static void write_table(struct maker *m, struct arena *arena)
{
	size_t width = m->dfa->class_count + 1, row_count = ROWS_FIRST;
	bool *is_alive = arena_array(&m->arena, m->state_count, sizeof *is_alive);
	uint16_t *places = arena_array(&m->arena, m->state_count, sizeof *places);

	mark_alive(m, is_alive);
	m->dfa->dead = (uint16_t)width;
	for (size_t i = 0; i < m->state_count; i++)
		places[i] = i == REGEX_DFA_FOUND ? REGEX_DFA_FOUND : is_alive[i] ? (uint16_t)(row_count++ * width) : m->dfa->dead;
	uint16_t *next = arena_array(arena, row_count * width, sizeof *next);
	for (size_t i = ROWS_FIRST; i < m->state_count; i++)
		for (size_t class = 0; is_alive[i] && class < width; class++)
			next[places[i] + class] = places[m->rows[i * width + class]];
	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		m->dfa->starts[i] = places[m->dfa->starts[i]];
	m->dfa->next = next;
	m->dfa->home = m->dfa->starts[CONTEXT_OTHER];
	for (size_t c = 0; c < 128 && m->dfa->home > m->dfa->dead; c++)
		m->dfa->stays[c] = next[m->dfa->home + m->dfa->ascii[c]] == m->dfa->home;
}
_Static_assert(REGEX_DFA_STATES_MAX * (REGEX_DFA_CLASSES_MAX + 1) <= UINT16_MAX && REGEX_DFA_CLASSES_MAX <= UINT8_MAX,
               "places of rows and classes fit");
_Static_assert(REGEX_STEPS_MAX <= UINT16_MAX, "steps fit");

const struct regex_dfa *regex_dfa_make(struct arena *arena, const struct regex *regex)
{
	struct maker *m = xcalloc(1, sizeof *m);
	struct regex_dfa *dfa = arena_new(arena, struct regex_dfa);

	m->regex = regex;
	m->dfa = dfa;
	arena_init(&m->arena, REGEX_DFA_BYTES_MAX);
	for (size_t i = 0; i < regex->step_count; i++)
		m->has_assertions = m->has_assertions || regex->steps[i].kind == STEP_ASSERT;
	m->seen = arena_array(&m->arena, regex->step_count, sizeof *m->seen);
	m->todo = arena_array(&m->arena, 3 * regex->step_count + 1, sizeof *m->todo);
	m->takers = arena_array(&m->arena, regex->step_count, sizeof *m->takers);
	m->reached = arena_array(&m->arena, regex->step_count + 1, sizeof *m->reached);
	bool ok = make_classes(m, arena) && make_states(m);
	if (ok)
		write_table(m, arena);
	arena_fini(&m->arena);
	free(m);
	return ok ? dfa : NULL;
}

/* regex/regex.c: the tree of a regular expression to its program. */
#include "regex/regex.h"

#include "base/limits.h"
#include "regex/regex_dfa.h"
#include "regex/regex_literal.h"

enum { WORK_MAX = 64 * REGEX_STEPS_MAX };       /* nodes visited: repetitions of what needs no step are work too */

struct compiler {
	struct regex *regex;
	size_t        work;
};

/* The number of the next step; the last is room for one that says that there is no more. */
static size_t add(struct compiler *c, struct regex_step step)
{
	if (c->regex->step_count == REGEX_STEPS_MAX) {
		c->work = WORK_MAX;
		return REGEX_STEPS_MAX - 1;
	}
	c->regex->steps[c->regex->step_count] = step;
	return c->regex->step_count++;
}

static size_t here(const struct compiler *c)
{
	return c->regex->step_count;
}

static void emit(struct compiler *c, const struct regex_node *node);

/* A step that either goes on or leaves out what follows up to where *leave is set later. */
static size_t emit_split(struct compiler *c, const struct regex_node *repeat)
{
	size_t at = add(c, (struct regex_step){ .kind = STEP_SPLIT });

	if (repeat->is_lazy)
		c->regex->steps[at].second = at + 1;
	else
		c->regex->steps[at].first = at + 1;
	return at;
}

static void set_leave(struct compiler *c, const struct regex_node *repeat, size_t split, size_t to)
{
	if (repeat->is_lazy)
		c->regex->steps[split].first = to;
	else
		c->regex->steps[split].second = to;
}

static void emit_repeat(struct compiler *c, const struct regex_node *node)
{
	for (uint32_t i = 0; i < node->min && c->work < WORK_MAX; i++)
		emit(c, node->first);
	if (node->max == REGEX_UNBOUNDED) {
		size_t split = emit_split(c, node);
		emit(c, node->first);
		add(c, (struct regex_step){ .kind = STEP_JUMP, .first = split });
		set_leave(c, node, split, here(c));
		return;
	}
	for (uint32_t i = node->min; i < node->max && c->work < WORK_MAX; i++) {
		size_t split = emit_split(c, node);
		emit(c, node->first);
		set_leave(c, node, split, here(c));
	}
}

static void emit_choice(struct compiler *c, const struct regex_node *node)
{
	size_t last_jump = SIZE_MAX;            /* chained through `first` until the end is known */

	for (const struct regex_node *part = node->first; part; part = part->next) {
		size_t split = SIZE_MAX;
		if (part->next) {
			split = add(c, (struct regex_step){ .kind = STEP_SPLIT });
			c->regex->steps[split].first = here(c);
		}
		emit(c, part);
		if (part->next) {
			last_jump = add(c, (struct regex_step){ .kind = STEP_JUMP, .first = last_jump });
			c->regex->steps[split].second = here(c);
		}
	}
	while (last_jump != SIZE_MAX && c->work < WORK_MAX) {
		size_t before = c->regex->steps[last_jump].first;
		c->regex->steps[last_jump].first = here(c);
		last_jump = before;
	}
}

static void emit(struct compiler *c, const struct regex_node *node)
{
	if (c->work >= WORK_MAX)
		return;
	c->work++;
	switch (node->kind) {
	case NODE_NOTHING:
		break;
	case NODE_SET:
		add(c, (struct regex_step){ .kind = STEP_SET, .set = &node->set });
		break;
	case NODE_ASSERT:
		add(c, (struct regex_step){ .kind = STEP_ASSERT, .assertion = node->assertion });
		break;
	case NODE_SEQUENCE:
		for (const struct regex_node *part = node->first; part; part = part->next)
			emit(c, part);
		break;
	case NODE_CHOICE:
		emit_choice(c, node);
		break;
	case NODE_REPEAT:
		emit_repeat(c, node);
		break;
	case NODE_GROUP:
		add(c, (struct regex_step){ .kind = STEP_SAVE, .first = 2 + 2 * node->group });
		emit(c, node->first);
		add(c, (struct regex_step){ .kind = STEP_SAVE, .first = 3 + 2 * node->group });
		break;
	}
}

const struct regex *regex_compile(struct arena *arena, struct slice body, struct regex_fault *fault)
{
	struct compiler c = { .regex = arena_new(arena, struct regex) };
	struct regex_fault unwanted;
	struct regex_tree tree;

	if (!regex_parse(arena, body, &tree, fault ? fault : &unwanted))
		return NULL;
	c.regex->steps = xcalloc(REGEX_STEPS_MAX, sizeof *c.regex->steps);
	add(&c, (struct regex_step){ .kind = STEP_SAVE, .first = 0 });
	emit(&c, tree.root);
	add(&c, (struct regex_step){ .kind = STEP_SAVE, .first = 1 });
	add(&c, (struct regex_step){ .kind = STEP_MATCH });
	struct regex_step *steps = arena_array(arena, c.regex->step_count, sizeof *steps);
	memcpy(steps, c.regex->steps, c.regex->step_count * sizeof *steps);
	free(c.regex->steps);
	c.regex->steps = steps;
	c.regex->names = tree.names;
	c.regex->group_count = tree.group_count;
	if (c.work < WORK_MAX) {
		struct regex_literal literal = regex_literal_find(arena, tree.root);
		c.regex->literal = literal.text;
		c.regex->literal_is_first = literal.is_first;
		c.regex->literal_is_all = literal.is_all;
		c.regex->dfa = regex_dfa_make(arena, c.regex);
		return c.regex;
	}
	*(fault ? fault : &unwanted) = (struct regex_fault){ 0, body.len,
	                                                     "the regular expression is too large with its repetitions written out" };
	return NULL;
}

size_t regex_group_count(const struct regex *regex)
{
	return regex->group_count;
}

struct slice regex_group_name(const struct regex *regex, size_t number)
{
	return regex->names[number];
}

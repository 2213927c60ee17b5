/* query/insights_program.c: which slots are needed where, and by that what can wait, and what can be left out. */
#include "query/insights_program.h"

#include "base/limits.h"

struct maker {
	struct arena                *arena;
	const struct insights_plan  *plan;
	struct insights_program     *program;
	struct insights_stage       *stage;
	bool                        *used, *later;      /* slots: by what is left of the stage; behind it */
	bool                        *marks;             /* slots, of one expression after the other */
	int64_t                      limit;
};

static bool is_first(const struct maker *m)
{
	return m->stage == m->program->stages;
}

/* ---- which slots ---- */

static void mark_items(bool *marks, const struct insights_items *items)
{
	for (size_t i = 0; i < items->count; i++)
		if (items->items[i].expr)
			insights_predicate_mark(items->items[i].expr, marks);
}

/* What a stats needs of a row: its items need nothing but the aggregates. */
static void mark_stats(bool *marks, const struct insights_command *stats)
{
	mark_items(marks, &stats->keys);
	for (size_t i = 0; i < stats->aggregate_count; i++)
		for (size_t arg = 0; arg < stats->aggregates[i]->arg_count; arg++)
			insights_predicate_mark(stats->aggregates[i]->args[arg], marks);
}

static void mark_command(bool *marks, const struct insights_command *command)
{
	if (command->kind == COMMAND_STATS) {
		mark_stats(marks, command);
		return;
	}
	mark_items(marks, &command->items);
	if (command->expr)
		insights_predicate_mark(command->expr, marks);
}

static struct insights_need need_of(const struct maker *m, const bool *marks)
{
	return insights_predicate_need(m->arena, m->plan, marks, is_first(m));
}

static struct insights_need need_of_expr(const struct maker *m, const struct insights_expr *expr)
{
	memset(m->marks, 0, m->plan->slot_count * sizeof *m->marks);
	insights_predicate_mark(expr, m->marks);
	return need_of(m, m->marks);
}

/* ---- steps ---- */

static bool is_bare(const struct insights_item *item)
{
	const struct insights_expr *expr = item->expr;

	return expr->kind == EXPR_FIELD && expr->slot == item->slot && expr->step_first == expr->step_count;
}

static bool is_gatherer(const struct insights_command *command)
{
	return command->kind == COMMAND_STATS || command->kind == COMMAND_LIMIT || command->kind == COMMAND_DEDUP;
}

static size_t count_steps(const struct insights_command *command)
{
	size_t count = 0;

	for (; command && !is_gatherer(command); command = command->next)
		count += command->kind == COMMAND_FIELDS || command->kind == COMMAND_DISPLAY ? command->items.count : 1;
	return count;
}

static struct insights_action *add_step(struct maker *m, enum insights_action_kind kind, const struct insights_command *command,
                                      const struct insights_expr *expr)
{
	struct insights_action *step = &m->stage->steps[m->stage->step_count++];

	*step = (struct insights_action){ .kind = kind, .command = command, .need = need_of_expr(m, expr) };
	return step;
}

static void add_command(struct maker *m, const struct insights_command *command)
{
	struct insights_action *step;

	switch (command->kind) {
	case COMMAND_FIELDS:
	case COMMAND_DISPLAY:
		for (size_t i = 0; i < command->items.count; i++)
			if (!is_bare(&command->items.items[i])) {
				step = add_step(m, ACTION_COMPUTE, command, command->items.items[i].expr);
				step->item = &command->items.items[i];
			}
		return;
	case COMMAND_FILTER:
		step = add_step(m, ACTION_TEST, command, command->expr);
		step->test = insights_predicate_make(m->arena, m->plan, command->expr, is_first(m), &m->program->memo_count);
		return;
	case COMMAND_PARSE:
		add_step(m, ACTION_PARSE, command, command->expr);
		return;
	case COMMAND_UNNEST:
		add_step(m, ACTION_UNNEST, command, command->expr);
		return;
	case COMMAND_SORT:
	case COMMAND_UNMASK:
	case COMMAND_STATS:
	case COMMAND_LIMIT:
	case COMMAND_DEDUP:
		return;
	}
}

/* Does any slot that the step gives stand in `marks`? */
static bool gives_one_of(const struct insights_action *step, const bool *marks)
{
	bool found = false;

	if (step->kind == ACTION_COMPUTE)
		return marks[step->item->slot];
	for (size_t i = 0; i < step->command->items.count; i++)
		found = found || marks[step->command->items.items[i].slot];
	return found;
}

static void mark_step(bool *marks, const struct insights_action *step)
{
	insights_predicate_mark(step->kind == ACTION_COMPUTE ? step->item->expr : step->command->expr, marks);
}

/* From the last to the first: a step on which nothing of this stage depends is late, and one on which nothing depends is none. */
static void settle_steps(struct maker *m)
{
	struct insights_stage *stage = m->stage;
	size_t kept = stage->step_count;

	for (size_t i = stage->step_count; i-- > 0; ) {
		struct insights_action step = stage->steps[i];
		bool is_pure = step.kind == ACTION_COMPUTE || step.kind == ACTION_PARSE;
		step.is_late = is_pure && !gives_one_of(&step, m->used);
		if (step.is_late && !gives_one_of(&step, m->later))
			continue;
		mark_step(step.is_late ? m->later : m->used, &step);
		stage->steps[--kept] = step;
	}
	stage->step_count -= kept;
	memmove(stage->steps, stage->steps + kept, stage->step_count * sizeof *stage->steps);
}

/* ---- what gathers ---- */

/* Newest first is the order of rows as it is. */
static bool is_newest_first(const struct maker *m, const struct insights_item *key)
{
	return is_first(m) && key->is_descending && key->expr->kind == EXPR_FIELD && key->expr->step_first == key->expr->step_count
	    && m->plan->sources[key->expr->slot].kind == SOURCE_TIMESTAMP;
}

/* The last sort counts most, since each leaves rows that are equal to it as they are. */
static void add_sort_keys(struct maker *m, const struct insights_command *from)
{
	struct insights_stage *stage = m->stage;
	size_t total = 0, at;

	for (const struct insights_command *c = from; c && !is_gatherer(c); c = c->next)
		total += c->kind == COMMAND_SORT ? c->items.count : 0;
	stage->sort_keys = arena_array(m->arena, total + 1, sizeof *stage->sort_keys);
	at = total;
	for (const struct insights_command *c = from; c && !is_gatherer(c); c = c->next) {
		if (c->kind != COMMAND_SORT)
			continue;
		at -= c->items.count;
		for (size_t i = 0; i < c->items.count; i++)
			stage->sort_keys[at + i] = &c->items.items[i];
	}
	while (total > 0 && is_newest_first(m, stage->sort_keys[total - 1]))
		total--;
	bool *is_descending = arena_array(m->arena, total + 1, sizeof *is_descending);
	for (size_t i = 0; i < total; i++)
		is_descending[i] = stage->sort_keys[i]->is_descending;
	stage->shape.is_descending = is_descending;
	stage->shape.key_count = total;
}

/* How many rows can still be shown behind `gatherer`, if nothing but limits follows. */
static size_t rows_max(const struct maker *m, const struct insights_command *gatherer)
{
	int64_t rows = INT64_MAX;
	const struct insights_command *command = gatherer;

	for (; command && (command->kind == COMMAND_LIMIT || command == gatherer); command = command->next)
		if (command->kind == COMMAND_LIMIT && command->limit < rows)
			rows = command->limit;
	if (command)
		return rows == INT64_MAX ? SIZE_MAX : (size_t)rows;
	if (m->limit > 0 && m->limit < rows)
		rows = m->limit;
	if (!m->plan->has_limit && rows > INSIGHTS_ROWS_DEFAULT)
		rows = INSIGHTS_ROWS_DEFAULT;
	return rows == INT64_MAX ? SIZE_MAX : (size_t)rows;
}

static void settle_shape(struct maker *m)
{
	struct insights_best_shape *shape = &m->stage->shape;
	const struct insights_plan *plan = m->plan;
	size_t *slots = arena_array(m->arena, plan->slot_count + 1, sizeof *slots);

	shape->base = SIZE_MAX;
	for (size_t slot = 0; slot < plan->slot_count; slot++) {
		if (!m->later[slot])
			continue;
		slots[shape->slot_count++] = slot;
		if (plan->sources[slot].kind == SOURCE_MESSAGE)
			shape->base = slot;
	}
	shape->slots = slots;
	m->stage->shown = need_of(m, m->later);
}

static void make_stage(struct maker *m, const struct insights_command *from, const struct insights_command *gatherer)
{
	struct insights_stage *stage = m->stage;
	const struct insights_plan *plan = m->plan;

	stage->gatherer = gatherer;
	stage->gathering = !gatherer || gatherer->kind == COMMAND_LIMIT ? GATHER_FIRST
	                 : gatherer->kind == COMMAND_DEDUP ? GATHER_DISTINCT : GATHER_GROUPS;
	stage->steps = arena_array(m->arena, count_steps(from) + 1, sizeof *stage->steps);
	for (const struct insights_command *c = from; c && c != gatherer; c = c->next)
		add_command(m, c);
	add_sort_keys(m, from);
	m->used = arena_array(m->arena, plan->slot_count + 1, sizeof *m->used);
	m->later = arena_array(m->arena, plan->slot_count + 1, sizeof *m->later);
	for (size_t i = 0; i < stage->shape.key_count; i++)
		insights_predicate_mark(stage->sort_keys[i]->expr, m->used);
	if (gatherer)
		mark_command(m->used, gatherer);
	stage->need = need_of(m, m->used);
	if (stage->gathering != GATHER_GROUPS) {
		for (const struct insights_command *c = gatherer ? gatherer->next : NULL; c; c = c->next)
			mark_command(m->later, c);
		for (size_t i = 0; i < plan->column_count; i++)
			m->later[plan->columns[i].slot] = true;
	}
	settle_shape(m);
	settle_steps(m);
	stage->shape.rows_max = rows_max(m, gatherer);
}

const struct insights_program *insights_program_make(struct arena *arena, const struct insights_plan *plan, int64_t limit,
                                                     struct error *err)
{
	struct maker m = { .arena = arena, .plan = plan, .limit = limit, .program = arena_new(arena, struct insights_program) };
	const struct insights_command *from = plan->query->first, *gatherer;

	m.marks = arena_array(arena, plan->slot_count + 1, sizeof *m.marks);
	m.program->plan = plan;
	m.program->stages = arena_array(arena, plan->query->count + 2, sizeof *m.program->stages);
	m.program->has_default_limit = !plan->has_limit && (limit == 0 || limit > INSIGHTS_ROWS_DEFAULT);
	for (size_t slot = 0; slot < plan->slot_count; slot++)
		m.program->names_ptr = m.program->names_ptr || plan->sources[slot].kind == SOURCE_PTR;
	do {
		for (gatherer = from; gatherer && !is_gatherer(gatherer); )
			gatherer = gatherer->next;
		m.stage = &m.program->stages[m.program->stage_count++];
		make_stage(&m, from, gatherer);
		from = gatherer ? gatherer->next : NULL;
	} while (from || (gatherer && gatherer->kind == COMMAND_STATS));
	const struct insights_stage *first = m.program->stages;
	m.program->checks_records = first->gathering != GATHER_GROUPS;
	for (size_t i = 0; i < first->step_count; i++)
		m.program->checks_records = m.program->checks_records || first->steps[i].kind == ACTION_TEST;
	return arena_check(arena, err) ? m.program : NULL;
}

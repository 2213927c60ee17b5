/* query/insights_predicate.c: finds the comparisons that need nothing but the bytes of a field. */
#include "query/insights_predicate.h"

struct maker {
	struct arena               *arena;
	const struct insights_plan *plan;
	bool                        is_record;
	size_t                     *memo_count;
	bool                       *marks;      /* of slots, for one expression after the other */
};

void insights_predicate_mark(const struct insights_expr *expr, bool *marks)
{
	if (expr->slot != INSIGHTS_NO_SLOT) {
		marks[expr->slot] = true;
		return;
	}
	for (size_t i = 0; i < expr->arg_count; i++)
		insights_predicate_mark(expr->args[i], marks);
}

struct insights_need insights_predicate_need(struct arena *arena, const struct insights_plan *plan, const bool *marks, bool is_record)
{
	struct insights_need need = { .count = 0 };
	size_t count = 0;

	for (size_t slot = 0; slot < plan->slot_count; slot++)
		count += marks[slot];
	need.slots = arena_array(arena, count + 1, sizeof *need.slots);
	for (size_t slot = 0; slot < plan->slot_count && is_record; slot++)
		if (marks[slot] && plan->sources[slot].kind != SOURCE_COMPUTED)
			need.slots[need.count++] = slot;
	return need;
}

static struct insights_predicate *make(struct maker *m, enum insights_predicate_kind kind, const struct insights_expr *expr)
{
	struct insights_predicate *predicate = arena_new(m->arena, struct insights_predicate);

	predicate->kind = kind;
	predicate->expr = expr;
	if (kind == PREDICATE_AND || kind == PREDICATE_OR || kind == PREDICATE_NOT)
		return predicate;               /* their parts say what they need */
	memset(m->marks, 0, m->plan->slot_count * sizeof *m->marks);
	insights_predicate_mark(expr, m->marks);
	predicate->need = insights_predicate_need(m->arena, m->plan, m->marks, m->is_record);
	return predicate;
}

/* A field of the record's, and all of it. */
static bool is_field(const struct maker *m, const struct insights_expr *expr)
{
	return m->is_record && expr->kind == EXPR_FIELD && expr->step_first == expr->step_count
	    && (m->plan->sources[expr->slot].kind == SOURCE_FIELD || m->plan->sources[expr->slot].kind == SOURCE_MESSAGE);
}

/* Numbers are unequal to such a text, however they are written. */
static bool is_plain_text(const struct insights_expr *expr)
{
	double number;

	return expr->kind == EXPR_TEXT && !value_is_decimal(expr->text, &number);
}

static struct insights_predicate *make_equal(struct maker *m, const struct insights_expr *expr, const struct insights_expr *field,
                                                   struct insights_expr *const *texts, size_t count)
{
	bool are_plain = is_field(m, field);

	for (size_t i = 0; i < count; i++)
		are_plain = are_plain && is_plain_text(texts[i]);
	struct insights_predicate *predicate = make(m, are_plain ? PREDICATE_EQUAL : PREDICATE_EXPR, expr);
	if (!are_plain)
		return predicate;
	predicate->slot = field->slot;
	predicate->texts = arena_array(m->arena, count + 1, sizeof *predicate->texts);
	for (size_t i = 0; i < count; i++)
		predicate->texts[predicate->text_count++] = texts[i]->text;
	return predicate;
}

static struct insights_predicate *make_like(struct maker *m, const struct insights_expr *expr)
{
	const struct insights_expr *field = expr->args[0], *what = expr->args[1];
	struct insights_predicate *predicate =
		make(m, !is_field(m, field) ? PREDICATE_EXPR : what->kind == EXPR_REGEX ? PREDICATE_REGEX : PREDICATE_LIKE, expr);

	if (predicate->kind == PREDICATE_EXPR)
		return predicate;
	predicate->slot = field->slot;
	if (predicate->kind == PREDICATE_REGEX) {
		predicate->regex = what->regex;
		predicate->memo = (*m->memo_count)++;
		return predicate;
	}
	predicate->texts = arena_array(m->arena, 1, sizeof *predicate->texts);
	predicate->texts[predicate->text_count++] = what->text;
	return predicate;
}

static const struct insights_predicate *make_any(struct maker *m, const struct insights_expr *expr)
{
	struct insights_predicate *predicate;
	bool is_negated = false;

	if (expr->kind == EXPR_CALL && expr->function == insights_function_find(S("ispresent")) && is_field(m, expr->args[0])) {
		predicate = make(m, PREDICATE_PRESENT, expr);
		predicate->slot = expr->args[0]->slot;
		return predicate;
	}
	if (expr->kind != EXPR_OPERATOR || expr->slot != INSIGHTS_NO_SLOT)
		return make(m, PREDICATE_EXPR, expr);
	switch (expr->operator) {
	case OP_AND:
	case OP_OR:
		predicate = make(m, expr->operator == OP_AND ? PREDICATE_AND : PREDICATE_OR, expr);
		predicate->left = make_any(m, expr->args[0]);
		predicate->right = make_any(m, expr->args[1]);
		return predicate;
	case OP_NOT:
		predicate = make(m, PREDICATE_NOT, expr);
		predicate->left = make_any(m, expr->args[0]);
		return predicate;
	case OP_UNEQUAL:
		is_negated = true;
		/* fallthrough */
	case OP_EQUAL:
		if (is_field(m, expr->args[1]))
			predicate = make_equal(m, expr, expr->args[1], &expr->args[0], 1);
		else
			predicate = make_equal(m, expr, expr->args[0], &expr->args[1], 1);
		break;
	case OP_NOT_IN:
		is_negated = true;
		/* fallthrough */
	case OP_IN:
		predicate = make_equal(m, expr, expr->args[0], &expr->args[1], expr->arg_count - 1);
		break;
	case OP_LIKE:
	case OP_NOT_LIKE:
		is_negated = expr->operator == OP_NOT_LIKE;
		predicate = make_like(m, expr);
		break;
	default:
		return make(m, PREDICATE_EXPR, expr);
	}
	predicate->is_negated = is_negated;
	return predicate;
}

const struct insights_predicate *insights_predicate_make(struct arena *arena, const struct insights_plan *plan,
                                                         const struct insights_expr *expr, bool is_record, size_t *memo_count)
{
	struct maker m = { .arena = arena, .plan = plan, .is_record = is_record, .memo_count = memo_count,
	                   .marks = arena_array(arena, plan->slot_count + 1, sizeof(bool)) };

	return make_any(&m, expr);
}

/* query/insights_eval.c: expressions by walking their tree.
 *
 * Comparisons are value_relates()'s, which are Insights' own: an absent field is unequal to everything. */
#include "query/insights_eval.h"

#include "base/limits.h"

static struct value step_into(struct value value, const struct insights_expr *expr)
{
	for (size_t i = expr->step_first; i < expr->step_count; i++) {
		const struct insights_step *step = &expr->steps[i];
		const struct json *child = NULL;
		if (value.kind != VALUE_JSON)
			return value_none();
		if (step->key.ptr) {
			child = json_get(value.json, step->key);
		} else if (value.json->kind == JSON_ARRAY) {
			child = value.json->first;
			for (uint32_t at = 0; child && at < step->index; at++)
				child = child->next;
		}
		value = value_of_json(child);
	}
	return value;
}

static bool is_like(struct insights_context *context, const struct value *value, const struct insights_expr *what)
{
	struct slice text = value->kind == VALUE_JSON ? SLICE_NONE : value_to_text(value, context->arena);

	if (!text.ptr)
		return false;
	return what->kind == EXPR_REGEX ? regex_finds(what->regex, text) : slice_find(text, what->text) != SLICE_NPOS;
}

static bool is_in(struct insights_context *context, const struct insights_expr *expr, const struct value *row,
                  const struct value *aggregates)
{
	struct value value = insights_eval(context, expr->args[0], row, aggregates);

	for (size_t i = 1; i < expr->arg_count; i++) {
		struct value element = insights_eval(context, expr->args[i], row, aggregates);
		if (value_relates(&value, VALUE_EQUAL, &element))
			return true;
	}
	return false;
}

static struct value arithmetic(enum insights_operator operator, const struct value *left, const struct value *right)
{
	double x, y;

	if (!value_to_number(left, &x) || !value_to_number(right, &y))
		return value_none();
	switch (operator) {
	case OP_ADD:
		return value_number(x + y);
	case OP_SUBTRACT:
		return value_number(x - y);
	case OP_MULTIPLY:
		return value_number(x * y);
	case OP_DIVIDE:
		return y == 0 ? value_none() : value_number(x / y);
	case OP_REMAINDER:
		return y == 0 ? value_none() : value_number(fmod(x, y));
	case OP_POWER:
		return value_number(pow(x, y));
	default:
		return value_none();
	}
}

static bool is_true(struct insights_context *context, const struct insights_expr *expr, const struct value *row,
                    const struct value *aggregates)
{
	struct value value = insights_eval(context, expr, row, aggregates);

	return value_is_true(&value);
}

static struct value operate(struct insights_context *context, const struct insights_expr *expr, const struct value *row,
                            const struct value *aggregates)
{
	struct value left = value_none(), right = value_none();

	switch (expr->operator) {
	case OP_OR:
		return value_bool(is_true(context, expr->args[0], row, aggregates) || is_true(context, expr->args[1], row, aggregates));
	case OP_AND:
		return value_bool(is_true(context, expr->args[0], row, aggregates) && is_true(context, expr->args[1], row, aggregates));
	case OP_NOT:
		return value_bool(!is_true(context, expr->args[0], row, aggregates));
	case OP_IN:
		return value_bool(is_in(context, expr, row, aggregates));
	case OP_NOT_IN:
		return value_bool(!is_in(context, expr, row, aggregates));
	default:
		left = insights_eval(context, expr->args[0], row, aggregates);
	}
	if (expr->operator == OP_LIKE || expr->operator == OP_NOT_LIKE)
		return value_bool(is_like(context, &left, expr->args[1]) == (expr->operator == OP_LIKE));
	if (expr->operator == OP_NEGATE) {
		right = value_number(-1);
		return arithmetic(OP_MULTIPLY, &left, &right);
	}
	right = insights_eval(context, expr->args[1], row, aggregates);
	if (expr->operator >= OP_EQUAL && expr->operator <= OP_GREATER_EQUAL)
		return value_bool(value_relates(&left, VALUE_EQUAL + (expr->operator - OP_EQUAL), &right));
	return arithmetic(expr->operator, &left, &right);
}
_Static_assert(OP_GREATER_EQUAL - OP_EQUAL == VALUE_GREATER_EQUAL - VALUE_EQUAL && OP_LESS - OP_EQUAL == VALUE_LESS - VALUE_EQUAL,
               "comparing operators are the relations, in the same order");

static struct value call(struct insights_context *context, const struct insights_expr *expr, const struct value *row,
                         const struct value *aggregates)
{
	struct value few[4];
	struct value *args = expr->arg_count <= COUNT(few) ? few : arena_array(context->arena, expr->arg_count, sizeof *args);

	for (size_t i = 0; i < expr->arg_count; i++)
		args[i] = insights_eval(context, expr->args[i], row, aggregates);
	if (arena_is_over(context->arena))
		return value_none();            /* whoever runs the query gives up at the next step */
	return insights_function_call(context, expr, args);
}

struct value insights_eval(struct insights_context *context, const struct insights_expr *expr, const struct value *row,
                           const struct value *aggregates)
{
	if (expr->slot != INSIGHTS_NO_SLOT)
		return expr->kind == EXPR_FIELD ? step_into(row[expr->slot], expr) : row[expr->slot];
	switch (expr->kind) {
	case EXPR_NUMBER:
		return value_number(expr->number);
	case EXPR_TEXT:
		return value_text(expr->text);
	case EXPR_CALL:
		if (expr->function->aggregate != AGGREGATE_NONE)
			return aggregates[expr->aggregate];
		return call(context, expr, row, aggregates);
	case EXPR_OPERATOR:
		return operate(context, expr, row, aggregates);
	case EXPR_PERIOD:
	case EXPR_REGEX:
	case EXPR_FIELD:
		break;
	}
	return value_none();
}

/* ---- parse ---- */

/* The first text may begin anywhere; each star is the shortest up to the next text, and the last one, at the end, all that is left.
 * Taking the first place for each text loses no match: what comes behind a later one comes behind an earlier one too. */
static bool match_glob(const struct slice *literals, size_t star_count, struct slice text, struct value *found)
{
	size_t at = slice_find(text, literals[0]);

	if (at == SLICE_NPOS)
		return false;
	at += literals[0].len;
	for (size_t i = 1; i <= star_count; i++) {
		struct slice rest = slice_from(text, at);
		size_t length = i == star_count && literals[i].len == 0 ? rest.len : slice_find(rest, literals[i]);
		if (length == SLICE_NPOS)
			return false;
		found[i - 1] = value_text(length ? slice_sub(rest, 0, length) : S(""));
		at += length + literals[i].len;
	}
	return true;
}

static bool match_groups(const struct regex *regex, struct slice text, struct value *found)
{
	struct slice groups[REGEX_GROUPS_MAX], whole;

	if (!regex_search(regex, text, 0, &whole, groups))
		return false;
	for (size_t i = 0; i < regex_group_count(regex); i++)
		found[i] = value_text(groups[i]);
	return true;
}

bool insights_eval_parse(struct insights_context *context, const struct insights_command *command, const struct value *value,
                         struct value *found)
{
	struct slice text = value->kind == VALUE_JSON ? SLICE_NONE : value_to_text(value, context->arena);
	bool matches = text.ptr && (command->regex ? match_groups(command->regex, text, found)
	                                           : match_glob(command->literals, command->items.count, text, found));

	for (size_t i = 0; i < command->items.count && !matches; i++)
		found[i] = value_none();
	return matches;
}

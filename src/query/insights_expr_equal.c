/* query/insights_expr_equal.c: are two expressions written alike? Behind a stats, that is how count(*) is found again. */
#include "query/insights_expr.h"

static bool steps_equal(const struct insights_expr *a, const struct insights_expr *b)
{
	if (a->step_count != b->step_count)
		return false;
	for (size_t i = 0; i < a->step_count; i++)
		if (!slice_equal(a->steps[i].key, b->steps[i].key) || a->steps[i].index != b->steps[i].index)
			return false;
	return true;
}

bool insights_expr_equal(const struct insights_expr *a, const struct insights_expr *b)
{
	if (a->kind != b->kind || a->arg_count != b->arg_count)
		return false;
	bool is_equal = true;
	switch (a->kind) {
	case EXPR_NUMBER:
		is_equal = a->number == b->number;
		break;
	case EXPR_TEXT:
	case EXPR_REGEX:
		is_equal = slice_equal(a->text, b->text);
		break;
	case EXPR_PERIOD:
		is_equal = a->period.count == b->period.count && a->period.unit == b->period.unit;
		break;
	case EXPR_FIELD:
		is_equal = steps_equal(a, b);
		break;
	case EXPR_CALL:
		is_equal = a->function == b->function;
		break;
	case EXPR_OPERATOR:
		is_equal = a->operator == b->operator;
		break;
	}
	for (size_t i = 0; i < a->arg_count && is_equal; i++)
		is_equal = insights_expr_equal(a->args[i], b->args[i]);
	return is_equal;
}

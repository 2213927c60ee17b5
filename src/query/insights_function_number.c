/* query/insights_function_number.c: the arithmetic functions; what is no number is absent to them. */
#include "query/insights_function.h"

#include "query/insights_ast.h"

#define EVAL(name) \
	static struct value name(struct insights_context *context, const struct insights_expr *call, const struct value *args)
#define UNUSED_CONTEXT ((void)context, (void)call)
#define NUMBER(number, value) \
	if (!value_to_number((value), &(number))) \
		return value_none()

EVAL(eval_abs)
{
	double x;

	UNUSED_CONTEXT;
	NUMBER(x, &args[0]);
	return value_number(fabs(x));
}

EVAL(eval_ceil)
{
	double x;

	UNUSED_CONTEXT;
	NUMBER(x, &args[0]);
	return value_number(ceil(x));
}

EVAL(eval_floor)
{
	double x;

	UNUSED_CONTEXT;
	NUMBER(x, &args[0]);
	return value_number(floor(x));
}

EVAL(eval_sqrt)
{
	double x;

	UNUSED_CONTEXT;
	NUMBER(x, &args[0]);
	return value_number(sqrt(x));
}

EVAL(eval_log)
{
	double x;

	UNUSED_CONTEXT;
	NUMBER(x, &args[0]);
	return value_number(log(x));
}

/* Half away from zero. A number that has no digits so far out is itself. */
EVAL(eval_round)
{
	double x, digits = 0;

	(void)context;
	NUMBER(x, &args[0]);
	if (call->arg_count == 2)
		NUMBER(digits, &args[1]);
	double scale = pow(10, trunc(digits));
	double scaled = x * scale;
	if (!isfinite(scaled) || scale == 0)
		return value_number(scale == 0 ? 0 : x);
	return value_number(round(scaled) / scale);
}

static struct value extreme(const struct insights_expr *call, const struct value *args, int sign)
{
	bool has_one = false;
	double best = 0, x;

	for (size_t i = 0; i < call->arg_count; i++)
		if (value_to_number(&args[i], &x) && (!has_one || sign * x > sign * best)) {
			best = x;
			has_one = true;
		}
	return has_one ? value_number(best) : value_none();
}

EVAL(eval_greatest)
{
	(void)context;
	return extreme(call, args, 1);
}

EVAL(eval_least)
{
	(void)context;
	return extreme(call, args, -1);
}

EVAL(eval_tonumber)
{
	double x;

	UNUSED_CONTEXT;
	NUMBER(x, &args[0]);
	return value_number(x);
}

EVAL(eval_toint)
{
	double x;

	UNUSED_CONTEXT;
	NUMBER(x, &args[0]);
	return value_number(trunc(x));
}

/* Kilometres on a sphere of 6,371. */
EVAL(eval_haversine)
{
	double degrees[4], radian = acos(-1) / 180;

	UNUSED_CONTEXT;
	for (size_t i = 0; i < 4; i++)
		NUMBER(degrees[i], &args[i]);
	double latitude = sin((degrees[2] - degrees[0]) * radian / 2), longitude = sin((degrees[3] - degrees[1]) * radian / 2);
	double chord = latitude * latitude + cos(degrees[0] * radian) * cos(degrees[2] * radian) * longitude * longitude;
	return value_number(2 * 6371 * asin(sqrt(chord < 1 ? chord : 1)));
}

const struct insights_function insights_function_numbers[] = {
	{ "abs",       1, 1, 0, 0, 0, AGGREGATE_NONE, eval_abs },
	{ "ceil",      1, 1, 0, 0, 0, AGGREGATE_NONE, eval_ceil },
	{ "floor",     1, 1, 0, 0, 0, AGGREGATE_NONE, eval_floor },
	{ "sqrt",      1, 1, 0, 0, 0, AGGREGATE_NONE, eval_sqrt },
	{ "log",       1, 1, 0, 0, 0, AGGREGATE_NONE, eval_log },
	{ "round",     1, 2, 0, 0, 0, AGGREGATE_NONE, eval_round },
	{ "greatest",  1, INSIGHTS_ARGS_ANY, 0, 0, TAKES_ABSENT, AGGREGATE_NONE, eval_greatest },
	{ "least",     1, INSIGHTS_ARGS_ANY, 0, 0, TAKES_ABSENT, AGGREGATE_NONE, eval_least },
	{ "tonumber",  1, 1, 0, 0, 0, AGGREGATE_NONE, eval_tonumber },
	{ "todouble",  1, 1, 0, 0, 0, AGGREGATE_NONE, eval_tonumber },
	{ "toint",     1, 1, 0, 0, 0, AGGREGATE_NONE, eval_toint },
	{ "tolong",    1, 1, 0, 0, 0, AGGREGATE_NONE, eval_toint },
	{ "haversine", 4, 4, 0, 0, 0, AGGREGATE_NONE, eval_haversine },
	{ NULL, 0, 0, 0, 0, 0, AGGREGATE_NONE, NULL },
};

/* query/insights_function.c: finding and calling functions; the aggregates' rows, and the functions that fit no other family. */
#include "query/insights_function.h"

#include "query/insights_ast.h"

const struct insights_function insights_function_aggregates[] = {
	/* name          args    period regex */
	{ "count",         0, 1, 0, 0, TAKES_STAR, AGGREGATE_COUNT, NULL },
	{ "countdistinct", 1, 1, 0, 0, 0, AGGREGATE_COUNT_DISTINCT, NULL },
	{ "sum",           1, 1, 0, 0, 0, AGGREGATE_SUM, NULL },
	{ "avg",           1, 1, 0, 0, 0, AGGREGATE_AVG, NULL },
	{ "min",           1, 1, 0, 0, 0, AGGREGATE_MIN, NULL },
	{ "max",           1, 1, 0, 0, 0, AGGREGATE_MAX, NULL },
	{ "pct",           2, 2, 0, 0, 0, AGGREGATE_PCT, NULL },
	{ "stddev",        1, 1, 0, 0, 0, AGGREGATE_STDDEV, NULL },
	{ "variance",      1, 1, 0, 0, 0, AGGREGATE_VARIANCE, NULL },
	{ "earliest",      1, 1, 0, 0, USES_TIME, AGGREGATE_EARLIEST, NULL },
	{ "latest",        1, 1, 0, 0, USES_TIME, AGGREGATE_LATEST, NULL },
	{ "sortsfirst",    1, 1, 0, 0, 0, AGGREGATE_SORTS_FIRST, NULL },
	{ "sortslast",     1, 1, 0, 0, 0, AGGREGATE_SORTS_LAST, NULL },
	{ "values",        1, 1, 0, 0, 0, AGGREGATE_VALUES, NULL },
	{ NULL, 0, 0, 0, 0, 0, AGGREGATE_NONE, NULL },
};

#define EVAL(name) \
	static struct value name(struct insights_context *context, const struct insights_expr *call, const struct value *args)
#define UNUSED_CONTEXT ((void)context, (void)call)

EVAL(eval_ispresent)
{
	UNUSED_CONTEXT;
	return value_bool(args[0].kind != VALUE_NONE);
}

EVAL(eval_coalesce)
{
	(void)context;
	for (size_t i = 0; i < call->arg_count; i++)
		if (args[i].kind != VALUE_NONE)
			return args[i];
	return value_none();
}

EVAL(eval_if)
{
	UNUSED_CONTEXT;
	return value_is_true(&args[0]) ? args[1] : args[2];
}

EVAL(eval_case)
{
	(void)context;
	for (size_t i = 0; i + 1 < call->arg_count; i += 2)
		if (value_is_true(&args[i]))
			return args[i + 1];
	return call->arg_count % 2 ? args[call->arg_count - 1] : value_none();
}

EVAL(eval_isnumeric)
{
	double number;

	UNUSED_CONTEXT;
	return value_bool(value_to_number(&args[0], &number));
}

EVAL(eval_messagesize)
{
	(void)call;
	return value_number((double)value_to_text(&args[0], context->arena).len);
}

EVAL(eval_querystarttime)
{
	(void)call, (void)args;
	return value_number((double)context->start_ms);
}

EVAL(eval_queryendtime)
{
	(void)call, (void)args;
	return value_number((double)context->end_ms);
}

EVAL(eval_querytimerange)
{
	(void)call, (void)args;
	return value_number((double)context->end_ms - (double)context->start_ms);
}

EVAL(eval_unmask)
{
	UNUSED_CONTEXT;
	return args[0];
}

const struct insights_function insights_function_general[] = {
	{ "ispresent",      1, 1, 0, 0, TAKES_ABSENT | TAKES_JSON, AGGREGATE_NONE, eval_ispresent },
	{ "coalesce",       1, INSIGHTS_ARGS_ANY, 0, 0, TAKES_ABSENT | TAKES_JSON, AGGREGATE_NONE, eval_coalesce },
	{ "if",             3, 3, 0, 0, TAKES_ABSENT | TAKES_JSON, AGGREGATE_NONE, eval_if },
	{ "case",           2, 21, 0, 0, TAKES_ABSENT | TAKES_JSON, AGGREGATE_NONE, eval_case },
	{ "isnumeric",      1, 1, 0, 0, TAKES_ABSENT, AGGREGATE_NONE, eval_isnumeric },
	{ "messagesize",    1, 1, 0, 0, 0, AGGREGATE_NONE, eval_messagesize },
	{ "querystarttime", 0, 0, 0, 0, 0, AGGREGATE_NONE, eval_querystarttime },
	{ "queryendtime",   0, 0, 0, 0, 0, AGGREGATE_NONE, eval_queryendtime },
	{ "querytimerange", 0, 0, 0, 0, 0, AGGREGATE_NONE, eval_querytimerange },
	{ "unmask",         1, 1, 0, 0, TAKES_JSON, AGGREGATE_NONE, eval_unmask },
	{ NULL, 0, 0, 0, 0, 0, AGGREGATE_NONE, NULL },
};

static bool has_name(const struct insights_function *function, struct slice name)
{
	const char *want = function->name;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c == '_')
			continue;
		if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != *want++)
			return false;
	}
	return *want == '\0';
}

const struct insights_function *insights_function_find(struct slice name)
{
	const struct insights_function *const tables[] = {
		insights_function_aggregates, insights_function_general, insights_function_numbers, insights_function_texts,
		insights_function_times, insights_function_addresses, insights_function_json,
	};
	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct insights_function *function = tables[i]; function->name; function++)
			if (has_name(function, name))
				return function;
	return NULL;
}

struct value insights_function_call(struct insights_context *context, const struct insights_expr *call, struct value *args)
{
	const struct insights_function *function = call->function;

	for (size_t i = 0; i < call->arg_count; i++) {
		bool is_literal = i + 1 == function->period_at || i + 1 == function->regex_at;
		if (args[i].kind == VALUE_JSON && !(function->traits & TAKES_JSON))
			args[i] = value_none();
		if (args[i].kind == VALUE_NONE && !is_literal && !(function->traits & TAKES_ABSENT))
			return value_none();
	}
	return function->eval(context, call, args);
}

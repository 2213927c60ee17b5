/* query/insights_function_time.c: the functions of dates and times; bin(p) is datefloor(@timestamp, p). */
#include "query/insights_function.h"

#include "base/limits.h"
#include "query/date_format.h"
#include "query/insights_ast.h"

#define EVAL(name) \
	static struct value name(struct insights_context *context, const struct insights_expr *call, const struct value *args)

/* Milliseconds, of a time or of a number that is meant as one, within what a calendar has. */
static bool to_time(const struct value *value, int64_t *time_ms)
{
	struct value time = value_none();
	double number;

	if (value_to_number(value, &number))
		time = value_time(number);
	*time_ms = time.time_ms;
	return time.kind == VALUE_TIME;
}

EVAL(eval_datefloor)
{
	int64_t time_ms;

	(void)context;
	if (!to_time(&args[0], &time_ms))
		return value_none();
	return value_time((double)insights_time_floor(time_ms, call->args[1]->period));
}

EVAL(eval_dateceil)
{
	int64_t time_ms;

	(void)context;
	if (!to_time(&args[0], &time_ms))
		return value_none();
	return value_time((double)insights_time_ceil(time_ms, call->args[1]->period));
}

EVAL(eval_frommillis)
{
	double number;

	(void)context, (void)call;
	return value_to_number(&args[0], &number) ? value_time(number) : value_none();
}

EVAL(eval_tomillis)
{
	(void)context, (void)call;
	return args[0].kind == VALUE_TIME ? value_number((double)args[0].time_ms) : value_none();
}

/* Seconds, while everything else is milliseconds: so it is at AWS. */
EVAL(eval_now)
{
	(void)call, (void)args;
	return value_number(floor((double)context->now_ms / 1000));
}

/* The format's is UTC, where none is named. */
static const struct zone *zone_of(const struct insights_expr *call)
{
	return call->args[call->arg_count > 2 ? 2 : 1]->zone;
}

EVAL(eval_parsedate)
{
	struct slice text = value_to_text(&args[0], context->arena);
	int64_t time_ms;

	if (!date_pattern_read(call->args[1]->date_pattern, text, zone_of(call), &time_ms))
		return value_none();
	return value_number((double)time_ms);
}

EVAL(eval_formatdate)
{
	struct buffer out;
	int64_t time_ms;

	if (!to_time(&args[0], &time_ms))
		return value_none();
	buffer_init(&out, context->arena, INSIGHTS_TEXT_BYTES_MAX);
	date_format_write(&out, call->args[1]->text, time_ms, zone_of(call));
	if (out.is_over)
		context->exceeded = INSIGHTS_TEXT_EXCEEDED;
	return out.is_over ? value_none() : value_text(out.len ? buffer_slice(&out) : S(""));
}

const struct insights_function insights_function_times[] = {
	{ "bin",        1, 1, 2, 0, USES_TIME, AGGREGATE_NONE, eval_datefloor },
	{ "datefloor",  2, 2, 2, 0, 0, AGGREGATE_NONE, eval_datefloor },
	{ "dateceil",   2, 2, 2, 0, 0, AGGREGATE_NONE, eval_dateceil },
	{ "frommillis", 1, 1, 0, 0, 0, AGGREGATE_NONE, eval_frommillis },
	{ "tomillis",   1, 1, 0, 0, 0, AGGREGATE_NONE, eval_tomillis },
	{ "parsedate",  2, 3, 0, 0, READS_DATE, AGGREGATE_NONE, eval_parsedate },
	{ "formatdate", 2, 3, 0, 0, WRITES_DATE, AGGREGATE_NONE, eval_formatdate },
	{ "strftime",   2, 3, 0, 0, WRITES_DATE, AGGREGATE_NONE, eval_formatdate },
	{ "now",        0, 0, 0, 0, 0, AGGREGATE_NONE, eval_now },
	{ NULL, 0, 0, 0, 0, 0, AGGREGATE_NONE, NULL },
};

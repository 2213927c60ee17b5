/* query/insights_function.h: the functions and aggregates of Insights queries: a row each.
 *
 * A function sees values of one row and gives one. Unless its row says otherwise, an absent argument gives an absent result before
 * the function is asked, and objects and arrays count as absent.
 * Source: CloudWatch Logs User Guide, "Supported operations and functions" and "stats". */
#ifndef SPOOR_QUERY_INSIGHTS_FUNCTION_H
#define SPOOR_QUERY_INSIGHTS_FUNCTION_H

#include "query/value.h"

struct insights_expr;

#define INSIGHTS_TEXT_EXCEEDED "text than the 4 MiB that a function may make"

struct insights_context {                       /* of a run of a query, one a thread */
	struct arena *arena;                    /* for what functions make */
	int64_t       now_ms;                   /* when the query began */
	int64_t       start_ms, end_ms;         /* the time it asks for */
	const char   *exceeded;                 /* set by a function whose value would take more than this: then there is no answer */
};

enum insights_aggregate {
	AGGREGATE_NONE,                         /* a function */
	AGGREGATE_COUNT, AGGREGATE_COUNT_DISTINCT, AGGREGATE_SUM, AGGREGATE_AVG, AGGREGATE_MIN, AGGREGATE_MAX, AGGREGATE_PCT,
	AGGREGATE_STDDEV, AGGREGATE_VARIANCE, AGGREGATE_EARLIEST, AGGREGATE_LATEST, AGGREGATE_SORTS_FIRST, AGGREGATE_SORTS_LAST,
	AGGREGATE_VALUES,
};

enum insights_trait {
	TAKES_ABSENT = 1,                       /* is asked even if an argument is absent */
	TAKES_JSON   = 2,                       /* objects and arrays, too */
	TAKES_STAR   = 4,                       /* count(*) */
	USES_TIME    = 8,                       /* of the event, as its first argument, which is not written: bin(), earliest() */
	READS_DATE   = 16,                      /* its second argument is a date pattern and the third a zone, both literals */
	WRITES_DATE  = 32,                      /* the same with a format of strftime */
};

#define INSIGHTS_ARGS_ANY 255

struct insights_function {
	const char *name;                       /* in lower case without underscores; so are names compared */
	uint8_t     args_min, args_max;         /* as written */
	uint8_t     period_at, regex_at;        /* which of call->args is a period, or an expression or its text; 1 is the first, 0 none */
	uint8_t     traits;                     /* of enum insights_trait */
	enum insights_aggregate aggregate;

	/* `args` are the values of call->args, those of periods and expressions absent. NULL for aggregates. */
	struct value (*eval)(struct insights_context *context, const struct insights_expr *call, const struct value *args);
};

/* Upper and lower case and underscores do not matter. NULL if there is none. */
const struct insights_function *insights_function_find(struct slice name);

/* The value of a call of a function, with what absent arguments mean. */
struct value insights_function_call(struct insights_context *context, const struct insights_expr *call, struct value *args);

/* One table a file; each ends with a row without a name. */
extern const struct insights_function insights_function_aggregates[], insights_function_general[], insights_function_numbers[],
	insights_function_texts[], insights_function_times[], insights_function_addresses[], insights_function_json[];

#endif

/* query/insights_program.h: a plan in the form in which it is run: as stages, each a stream of rows into something that gathers them.
 *
 *     filter a = 'x' | fields f(b) as c | sort c | limit 20 | filter c > 1        stage 1: test a, then the first 20 by c
 *                                                                                 stage 2: test c, then the first 10,000 as they come
 *
 * A sort is no step: fields, filter, parse and unnest behind it change no value that it sorts by, so the rows are sorted where they
 * are gathered. What filters ask of a field is asked of its text in the record, before any value is made of it; what is only shown
 * is computed for rows that are kept. Only the first stage reads events, on all workers. Read only, and shared by them. */
#ifndef SPOOR_QUERY_INSIGHTS_PROGRAM_H
#define SPOOR_QUERY_INSIGHTS_PROGRAM_H

#include "query/insights_best.h"
#include "query/insights_predicate.h"

enum insights_action_kind { ACTION_TEST, ACTION_COMPUTE, ACTION_PARSE, ACTION_UNNEST };

struct insights_action {
	enum insights_action_kind        kind;
	const struct insights_predicate *test;
	const struct insights_item    *item;    /* COMPUTE */
	const struct insights_command *command; /* PARSE, UNNEST; TEST: its filter */
	struct insights_need           need;
	bool                           is_late; /* COMPUTE, PARSE: nothing but what is shown depends on it */
};

enum insights_gathering { GATHER_FIRST, GATHER_DISTINCT, GATHER_GROUPS };

struct insights_stage {
	struct insights_action           *steps;
	size_t                          step_count;
	enum insights_gathering         gathering;
	const struct insights_command  *gatherer;       /* the limit, dedup or stats; NULL at the end of the query */
	const struct insights_item    **sort_keys;      /* the most significant first */
	struct insights_best_shape      shape;              /* FIRST, DISTINCT */
	struct insights_need            need;           /* of sort keys, or of the gatherer's keys and arguments */
	struct insights_need            shown;          /* the record's own among shape.slots */
};

struct insights_program {
	const struct insights_plan *plan;
	struct insights_stage      *stages;
	size_t                      stage_count;
	size_t                      memo_count;
	bool                        names_ptr;
	/* Whether a record is JSON in all its parts is looked at where its row is shown, or came through a filter: a stats over all
	 * events would take twice the time. */
	bool                        checks_records;
	bool                        has_default_limit;  /* INSIGHTS_ROWS_DEFAULT is what ends the rows */
};

/* In `arena`, like the plan. `limit` as StartQuery's; 0: none. NULL: ERR_LIMIT. */
const struct insights_program *insights_program_make(struct arena *arena, const struct insights_plan *plan, int64_t limit,
                                                     struct error *err);

#endif

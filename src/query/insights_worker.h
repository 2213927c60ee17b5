/* query/insights_worker.h: one worker of a query: events in, and at the end the rows that it has, with those of the others.
 *
 *     workers[w] = insights_worker_new(program, &settings)             one a thread
 *     insights_worker_take(workers[w], &input, &is_refused, err)       event after event
 *     insights_worker_merge(workers[0], workers[1], err) ...           on one thread, in any order
 *     insights_worker_finish(workers[0], &arena, &rows, &count, err)   runs the stages behind the first */
#ifndef SPOOR_QUERY_INSIGHTS_WORKER_H
#define SPOOR_QUERY_INSIGHTS_WORKER_H

#include "query/insights_program.h"
#include "query/insights_row.h"

struct insights_worker;

struct insights_settings {                      /* the same for all workers of a query, and outlives them */
	struct budget     *budget;
	uint64_t           seed;                /* random */
	int64_t            now_ms, start_ms, end_ms;    /* for now(), queryStartTime(), ... */
	const atomic_bool *is_cancelled;        /* may be NULL */
};

/* NULL: ERR_LIMIT. */
struct insights_worker *insights_worker_new(const struct insights_program *program, const struct insights_settings *settings,
                                            struct error *err);
void insights_worker_free(struct insights_worker *worker);      /* accepts NULL */

struct insights_input {
	struct insights_event    event;
	const struct field      *found;         /* as for insights_row_value() */
	const struct json_index *index;         /* of the text that the message is in; NULL: the message may be anything */
	struct insights_order    order;         /* without its part, which is the worker's */
};

/* Nothing of the input is needed afterwards. *is_refused: the message is no JSON, as was seen when its row came through the filters,
 * and gives no row; see insights_program.checks_records. Errors: ERR_LIMIT, ERR_BUSY. */
bool insights_worker_take(struct insights_worker *worker, const struct insights_input *input, bool *is_refused, struct error *err);

/* `from` is only to be freed then. Errors: ERR_LIMIT, ERR_BUSY. */
bool insights_worker_merge(struct insights_worker *into, struct insights_worker *from, struct error *err);

/* The rows of the query, in `arena`. *is_cut: there were more than rows_max of the last stage. Errors: ERR_LIMIT, ERR_BUSY. */
bool insights_worker_finish(struct insights_worker *worker, struct arena *arena, struct value ***rows, size_t *count, bool *is_cut,
                            struct error *err);

uint64_t insights_worker_matched(const struct insights_worker *worker);         /* rows that came to the end of the first stage */

#endif

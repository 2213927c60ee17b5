/* query/insights_oracle.h: an Insights query, run in the plainest way that gives the right answer.
 *
 * All rows are in memory, each command goes over all of them, and an aggregate is computed from the list of its group's rows. It is
 * what the executor for archives is compared with, and shares with it only what one row is.
 *
 * Rows come newest first, of one time those that came later first; groups in the order of their first row; sort is stable. */
#ifndef SPOOR_QUERY_INSIGHTS_ORACLE_H
#define SPOOR_QUERY_INSIGHTS_ORACLE_H

#include "query/insights_row.h"

struct insights_rows {
	struct value **rows;            /* of each the slots; plan->columns says which are shown */
	size_t         count;
};

/* `events` in the order in which they came. `limit` as StartQuery's: 0 is none. The result is in context->arena, and points into
 * the messages. Errors: ERR_LIMIT (the arena is full, or unnest gives a million
 * rows). */
bool insights_oracle_run(const struct insights_plan *plan, struct insights_context *context, const struct insights_event *events,
                         size_t count, int64_t limit, struct insights_rows *rows, struct error *err);

#endif

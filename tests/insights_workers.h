/* tests/insights_workers.h: a query run by several workers, event by event, and compared with what the oracle says. */
#ifndef SPOOR_TESTS_INSIGHTS_WORKERS_H
#define SPOOR_TESTS_INSIGHTS_WORKERS_H

#include "query/insights_oracle.h"

/* As insights_oracle_run(). Each event goes to a worker by chance, of which `seed` is the source; they work in turn, not at once. */
bool insights_workers_run(const struct insights_plan *plan, const struct insights_context *context, const struct insights_event *events,
                          size_t count, int64_t limit, size_t workers, uint64_t seed, struct insights_rows *rows, struct error *err);

/* Runs it by the oracle and by 1, 2 and 7 workers: NULL if all cells are the same, or the oracle comes to its bounds; else what
 * differs, in `arena`. */
const char *insights_workers_compare(struct arena *arena, const struct insights_plan *plan, const struct insights_context *context,
                                     const struct insights_event *events, size_t count, int64_t limit);

#endif

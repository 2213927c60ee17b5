/* query/insights_aggregate.h: aggregates of Insights queries over all values of a group at once, each as it is defined. */
#ifndef SPOOR_QUERY_INSIGHTS_AGGREGATE_H
#define SPOOR_QUERY_INSIGHTS_AGGREGATE_H

#include "query/insights_ast.h"

/* `values[i]` is the argument in row i, and `times[i]` its @timestamp, for earliest() and latest(). Rows are in their order. */
struct value insights_aggregate_all(struct arena *arena, const struct insights_expr *call, const struct value *values,
                                    const struct value *times, size_t count);

/* Which of `count` sorted numbers, from 1, is at that percentile: the nearest rank. `percent` is 0 to 100, of up to nine decimals. */
uint64_t insights_percentile_rank(double percent, uint64_t count);

#endif

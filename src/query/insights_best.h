/* query/insights_best.h: the first rows of a query, so many as are asked for, and no more than those in memory.
 *
 * A query over any number of rows shows at most its limit. So of all rows only those are kept that come first in the order asked
 * for: by sort keys, then by their place. Each worker keeps its own, and the first of all are among the first of each. With dedup,
 * the same holds of the first row of each key: one that so many keys come before is not among the first, whatever comes later. */
#ifndef SPOOR_QUERY_INSIGHTS_BEST_H
#define SPOOR_QUERY_INSIGHTS_BEST_H

#include "query/budget.h"
#include "query/insights_order.h"
#include "query/value.h"

struct insights_best_shape {                    /* shared by all workers */
	const size_t *slots;                    /* of a row, whose values are kept */
	size_t        slot_count;
	size_t        base;                     /* the one of them whose text others are part of, as @message is; SIZE_MAX: none */
	const bool   *is_descending;            /* of each sort key, the most significant first */
	size_t        key_count;
	size_t        rows_max;
};

struct insights_best;

/* `shape` and `budget` outlive it. `seed` is random: keys of dedup come from whoever writes events. */
struct insights_best *insights_best_new(const struct insights_best_shape *shape, struct budget *budget, uint64_t seed);
void                  insights_best_free(struct insights_best *best);   /* accepts NULL */

/* Is this row among the first, as far as is known? `distinct` is the key of dedup, SLICE_NONE for a row that is kept whatever others
 * are like. Whoever is told yes calls insights_best_add(). */
bool insights_best_wants(struct insights_best *best, const struct value_rank *ranks, const struct insights_order *order,
                         struct slice distinct);

/* Copies what is kept of the row. Errors: ERR_LIMIT. */
bool insights_best_add(struct insights_best *best, const struct value *row, const struct value_rank *ranks,
                       const struct insights_order *order, struct slice distinct, struct error *err);

/* Moves the rows of `from` into `into`, as far as they are among the first; `from` is empty from then on. */
void insights_best_merge(struct insights_best *into, struct insights_best *from);

bool   insights_best_is_cut(const struct insights_best *best);  /* there were more than rows_max */
size_t insights_best_count(const struct insights_best *best);

/* Puts the rows in their order; then insights_best_row() writes the values of number `index` into their slots of `row`, and they
 * live as long as `best`. */
void insights_best_sort(struct insights_best *best);
void insights_best_row(const struct insights_best *best, size_t index, struct value *row);

#endif

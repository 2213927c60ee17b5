/* query/insights_state.h: what a group keeps of its rows for one aggregate: a row an aggregate.
 *
 * A state can take in another one, and what comes of states does not depend on which rows were put into which. Its bytes begin
 * zeroed, have the alignment of numbers, and point into the pool only. */
#ifndef SPOOR_QUERY_INSIGHTS_STATE_H
#define SPOOR_QUERY_INSIGHTS_STATE_H

#include "query/insights_ast.h"
#include "query/insights_order.h"
#include "query/value_numbers.h"

struct insights_keeper {                        /* who has states */
	struct pool  pool;
	uint64_t     seed;
	struct arena scratch;                   /* reset by who has the rows */
	const char  *over;                      /* a sentence, or NULL */

	/* Of the aggregate that is asked next. While states are merged, those of the other's are called as `renamed` says. */
	struct value_numbers      *numbers;
	const struct number_names *renamed;
};

struct insights_fact {                          /* one row, as one aggregate sees it */
	const struct value          *arg;       /* NULL: count(*) */
	const struct value          *time;      /* of the row; read where the aggregate USES_TIME */
	const struct insights_order *order;
};

/* Where one returns false, the budget is used up, or the keeper's `over` says what else is too large. */
struct insights_state_kind {
	size_t bytes;
	bool   is_numbered;                     /* it has numbers of values: where these are renamed, it is merged into an empty one */
	bool (*add)(struct insights_keeper *keeper, void *state, const struct insights_fact *fact);
	bool (*merge)(struct insights_keeper *keeper, void *into, void *from);  /* the keeper's pool has adopted that of `from` */
	bool (*seal)(struct insights_keeper *keeper, void *state, const struct insights_expr *call);    /* once, at the end; may be NULL */
	struct value (*result)(const void *state, struct arena *arena);         /* lives as long as the pool, or the arena */
};

const struct insights_state_kind *insights_state_kind(enum insights_aggregate aggregate);

/* In insights_state_extreme.c: one value of all; and insights_state_distinct.c: each value once. */
extern const struct insights_state_kind insights_state_min, insights_state_max, insights_state_earliest, insights_state_latest,
	insights_state_sorts_first, insights_state_sorts_last, insights_state_count_distinct, insights_state_values;

/* The heads of the functions of a kind. */
#define STATE_ADD(name) static bool name(struct insights_keeper *keeper, void *state, const struct insights_fact *fact)
#define STATE_MERGE(name) static bool name(struct insights_keeper *keeper, void *into, void *from)
#define STATE_SEAL(name) static bool name(struct insights_keeper *keeper, void *state, const struct insights_expr *call)
#define STATE_RESULT(name) static struct value name(const void *state, struct arena *arena)

#endif

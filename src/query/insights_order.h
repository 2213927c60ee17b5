/* query/insights_order.h: where a row stands among all rows of a query, whichever worker read it.
 *
 * Rows come newest first; of one time those first that came later: from a later file, from further on in it. Rows that unnest made
 * of one event come as their elements do. No two rows of a query have the same place, so an order over rows has no ties, and what
 * takes its order from here comes out the same with one worker and with many. A group has the place of its first row. */
#ifndef SPOOR_QUERY_INSIGHTS_ORDER_H
#define SPOOR_QUERY_INSIGHTS_ORDER_H

#include "base/base.h"

struct insights_order {
	int64_t  time_ms;
	uint64_t file, position;
	uint64_t part;                          /* among the rows made of one event, counted from 0 in their order */
};

/* Does `a` come before `b`? In the header because it is asked once a row. */
static inline bool insights_order_is_before(const struct insights_order *a, const struct insights_order *b)
{
	if (a->time_ms != b->time_ms)
		return a->time_ms > b->time_ms;
	if (a->file != b->file)
		return a->file > b->file;
	if (a->position != b->position)
		return a->position > b->position;
	return a->part < b->part;
}

struct insights_place {                         /* of something that begins with its order */
	int64_t                      time_ms;   /* order->time_ms, which mostly decides */
	const struct insights_order *order;
};

/* `room` is for half of them. */
void insights_order_sort(struct insights_place *places, struct insights_place *room, size_t count);

#endif

/* base/inbox.h: an unbounded hand-over from any thread to one, without a lock.
 *
 * For things that are bounded elsewhere (exchanges, jobs) and carry their own link, so that handing over can neither
 * fail nor wait. The taker takes everything at once. Waking it is the caller's business: base/waker.h. */
#ifndef SPOOR_BASE_INBOX_H
#define SPOOR_BASE_INBOX_H

#include "base/base.h"

struct inbox_node {
	struct inbox_node *next;
};

struct inbox {                                 /* zeroed is empty */
	_Atomic(struct inbox_node *) newest;
};

/* Any thread. Everything written before is seen by the taker; the node is the taker's from here. */
void inbox_put(struct inbox *inbox, struct inbox_node *node);

bool inbox_is_empty(const struct inbox *inbox);

/* The one taker: all nodes, the oldest first, linked by `next`; NULL if there is none. */
struct inbox_node *inbox_take(struct inbox *inbox);

#endif

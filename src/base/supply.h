/* base/supply.h: bounded hand-over from one thread to many, where both sides may wait: work that is found while it is done.
 *
 * (base/queue.h hands over from many to one, and never waits when full: that is for calls. Here the giver has nothing better to
 * do than to wait, and waiting is what keeps what it finds bounded.) */
#ifndef SPOOR_BASE_SUPPLY_H
#define SPOOR_BASE_SUPPLY_H

#include "base/base.h"

struct supply;

/* `count_max` waits to be taken, by `taker_count` threads, each of which takes until it gets NULL. */
struct supply *supply_new(size_t count_max, size_t taker_count);
void           supply_free(struct supply *supply, void (*free_item)(void *item)); /* what nobody took; accepts NULL */

/* The one giver. Waits while it is full; false: it is closed, and the item is still the caller's. */
bool supply_put(struct supply *supply, void *item);
void supply_finish(struct supply *supply);              /* nothing more comes; the takers get what is left */

/* A taker: what was offered, else the oldest item. Waits while there is none; NULL: there will be none, for all takers wait and the
 * giver has finished, or it is closed. */
void *supply_take(struct supply *supply);

/* From a taker to another that waits, past all items, if one does: it is in its hands at once, even if everything is closed
 * now. False: none waits, and the item is still the caller's. */
bool supply_offer(struct supply *supply, void *item);
bool supply_has_waiting(const struct supply *supply);           /* whether it is worth a try; no lock is taken */

void supply_close(struct supply *supply);               /* any thread: at once, for both sides */

#endif

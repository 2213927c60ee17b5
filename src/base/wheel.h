/* base/wheel.h: many deadlines, of which few are ever met: setting one costs a store, the wait is known at once.
 *
 * A deadline that moves later stays where it was linked and is looked at again there, so a connection that answers a
 * hundred thousand requests touches the wheel only with one field. Resolution 16 ms, never early. For one thread. */
#ifndef SPOOR_BASE_WHEEL_H
#define SPOOR_BASE_WHEEL_H

#include "base/base.h"

enum { WHEEL_SLOTS = 1024, WHEEL_TICK_MS = 16 };

struct wheel_entry {                           /* zeroed: not set */
	struct wheel_entry  *next, **link;     /* `link` points to the pointer to this one; NULL: not in the wheel */
	int64_t              tick;             /* where it is linked */
	int64_t              deadline_ms;
};

struct wheel {
	int64_t             tick;              /* the first that may still hold something expired */
	uint64_t            used[WHEEL_SLOTS / 64];
	struct wheel_entry *slots[WHEEL_SLOTS];
};

void wheel_init(struct wheel *wheel, int64_t now_ms);

void wheel_set(struct wheel *wheel, struct wheel_entry *entry, int64_t deadline_ms);   /* or moves it */
void wheel_remove(struct wheel *wheel, struct wheel_entry *entry);                     /* or nothing, if it is not set */

/* Takes out one entry whose deadline is reached; NULL: no more. In no order. */
struct wheel_entry *wheel_expired(struct wheel *wheel, int64_t now_ms);

/* How long nothing needs to be looked at: -1 for ever. */
int64_t wheel_wait_ms(const struct wheel *wheel, int64_t now_ms);

#endif

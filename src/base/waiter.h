/* base/waiter.h: one thread waits for one event of another: start-up and commands, never a front. */
#ifndef SPOOR_BASE_WAITER_H
#define SPOOR_BASE_WAITER_H

#include "base/base.h"

struct waiter;

struct waiter *waiter_new(void);
void waiter_free(struct waiter *waiter);

void waiter_wake(struct waiter *waiter);         /* any thread; once or more */
void waiter_wait(struct waiter *waiter);         /* until woken; what happened before the wake is visible after it */

#endif

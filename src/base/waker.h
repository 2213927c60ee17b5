/* base/waker.h: wakes one thread that waits in epoll or poll, and only if it sleeps.
 *
 * The sleeper announces itself, looks once more for work, and waits; a waker writes to the descriptor only where it
 * finds the announcement. So a busy thread is never interrupted, and many hand-overs cost one system call. */
#ifndef SPOOR_BASE_WAKER_H
#define SPOOR_BASE_WAKER_H

#include "base/base.h"

struct waker {
	int         fd;                /* an eventfd: wait for it to be readable, edge-triggered */
	atomic_bool is_asleep;
};

bool waker_init(struct waker *waker, struct error *err);
void waker_fini(struct waker *waker);          /* accepts a zeroed struct */

/* The one sleeper: announce, then look for work, then wait; afterwards say so. */
void waker_sleeps(struct waker *waker);
void waker_is_awake(struct waker *waker);

/* Any thread, after the hand-over. */
void waker_wake(struct waker *waker);

#endif

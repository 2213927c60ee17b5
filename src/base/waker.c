/* base/waker.c: the announcement is a flag that exactly one waker takes down. */
#include "base/waker.h"

#include <sys/eventfd.h>

bool waker_init(struct waker *waker, struct error *err)
{
	atomic_init(&waker->is_asleep, false);
	waker->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return waker->fd >= 0 || fail_errno(err, "eventfd");
}

void waker_fini(struct waker *waker)
{
	if (waker->fd > 0)
		close(waker->fd);
	waker->fd = -1;
}

void waker_sleeps(struct waker *waker)
{
	atomic_store(&waker->is_asleep, true);
}

void waker_is_awake(struct waker *waker)
{
	atomic_store_explicit(&waker->is_asleep, false, memory_order_relaxed);
}

void waker_wake(struct waker *waker)
{
	const uint64_t one = 1;

	if (!atomic_load(&waker->is_asleep) || !atomic_exchange(&waker->is_asleep, false))
		return;
	if (write(waker->fd, &one, sizeof one) != sizeof one)
		assert(errno == EAGAIN);        /* the counter is full: the sleeper has a wake-up waiting */
}

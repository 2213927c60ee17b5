/* base/waiter_test.c: a wake before, during or after the wait ends it. */
#include "base/thread.h"
#include "base/waiter.h"
#include "tests/test.h"

static void wake(void *waiter)
{
	waiter_wake(waiter);
}

TEST(waiter_returns_when_woken_before_or_after_it_began_to_wait)
{
	struct waiter *waiter = waiter_new();
	struct thread thread = {0};

	waiter_wake(waiter);
	waiter_wait(waiter);
	waiter_free(waiter);

	waiter = waiter_new();
	REQUIRE(t, thread_start(&thread, "wake", wake, waiter, &t->err));
	waiter_wait(waiter);
	thread_join(&thread);
	waiter_free(waiter);
	CHECK(t, true);                                  /* not returning is how this fails */
}

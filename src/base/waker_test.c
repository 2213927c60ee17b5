/* base/waker_test.c: only a sleeper is written to, and once a sleep. */
#include "base/waker.h"
#include "tests/test.h"

static uint64_t writes(struct waker *waker)
{
	uint64_t count = 0;

	return read(waker->fd, &count, sizeof count) == sizeof count ? count : 0;
}

TEST(waker_writes_only_to_a_sleeper_and_once)
{
	struct waker waker;

	REQUIRE(t, waker_init(&waker, &t->err));
	waker_wake(&waker);
	CHECK_NUMBER(t, writes(&waker), 0);
	waker_sleeps(&waker);
	waker_wake(&waker);
	waker_wake(&waker);
	CHECK_NUMBER(t, writes(&waker), 1);
	waker_sleeps(&waker);
	waker_is_awake(&waker);
	waker_wake(&waker);
	CHECK_NUMBER(t, writes(&waker), 0);
	waker_fini(&waker);
}

/* base/thread_test.c: a thread has its name and takes no signals from the main thread. */
#include "base/thread.h"
#include "tests/test.h"

#include <signal.h>

struct seen {
	char     name[16];
	sigset_t blocked;
};

static void look(void *argument)
{
	struct seen *seen = argument;

	pthread_getname_np(pthread_self(), seen->name, sizeof seen->name);
	pthread_sigmask(SIG_SETMASK, NULL, &seen->blocked);
}

TEST(thread_runs_named_and_with_signals_blocked)
{
	struct thread thread = { 0 };
	struct seen seen = { 0 };
	sigset_t mine;

	thread_join(&thread);                   /* never started: nothing to wait for */
	REQUIRE(t, thread_start(&thread, "front-00-with-a-long-name", look, &seen, &t->err));
	thread_join(&thread);
	CHECK_TEXT(t, slice_of(seen.name), S("front-00-with-a"));
	CHECK(t, sigismember(&seen.blocked, SIGTERM) == 1 && sigismember(&seen.blocked, SIGINT) == 1);
	pthread_sigmask(SIG_SETMASK, NULL, &mine);
	CHECK(t, sigismember(&mine, SIGTERM) == 0);
}

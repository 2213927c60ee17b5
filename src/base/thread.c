/* base/thread.c: pthreads behind two functions. */
#include "base/thread.h"

#include <signal.h>

static void *thread_main(void *argument)
{
	struct thread *thread = argument;

	pthread_setname_np(pthread_self(), thread->name);
	thread->run(thread->argument);
	return NULL;
}

bool thread_start(struct thread *thread, const char *name, void (*run)(void *argument), void *argument,
                  struct error *err)
{
	sigset_t all, before;

	*thread = (struct thread){ .run = run, .argument = argument };
	snprintf(thread->name, sizeof thread->name, "%s", name);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errno = pthread_create(&thread->handle, NULL, thread_main, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	thread->is_started = errno == 0;
	return thread->is_started || fail_errno(err, "start a thread");
}

void thread_join(struct thread *thread)
{
	if (!thread->is_started)
		return;
	int result = pthread_join(thread->handle, NULL);
	assert(result == 0);
	thread->is_started = false;
}

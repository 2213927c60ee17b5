/* base/thread.h: starts a named thread with every signal blocked, so that signals reach the main thread only. */
#ifndef SPOOR_BASE_THREAD_H
#define SPOOR_BASE_THREAD_H

#include "base/base.h"

#include <pthread.h>

struct thread {
	pthread_t handle;
	bool      is_started;
	void    (*run)(void *argument);
	void     *argument;
	char      name[16];            /* the kernel's limit, with its NUL */
};

/* `thread` must stay where it is until thread_join(). Errors: ERR_IO. */
bool thread_start(struct thread *thread, const char *name, void (*run)(void *argument), void *argument,
                  struct error *err);

void thread_join(struct thread *thread);       /* accepts one that was never started */

#endif

/* base/waiter.c: a flag behind a mutex and a condition. */
#include "base/waiter.h"

#include <pthread.h>

struct waiter {
	pthread_mutex_t mutex;
	pthread_cond_t  condition;
	bool            is_woken;
};

struct waiter *waiter_new(void)
{
	struct waiter *waiter = xcalloc(1, sizeof *waiter);

	pthread_mutex_init(&waiter->mutex, NULL);
	pthread_cond_init(&waiter->condition, NULL);
	return waiter;
}

void waiter_free(struct waiter *waiter)
{
	pthread_cond_destroy(&waiter->condition);
	pthread_mutex_destroy(&waiter->mutex);
	free(waiter);
}

void waiter_wake(struct waiter *waiter)
{
	pthread_mutex_lock(&waiter->mutex);
	waiter->is_woken = true;
	pthread_cond_signal(&waiter->condition);
	pthread_mutex_unlock(&waiter->mutex);
}

void waiter_wait(struct waiter *waiter)
{
	pthread_mutex_lock(&waiter->mutex);
	while (!waiter->is_woken)
		pthread_cond_wait(&waiter->condition, &waiter->mutex);
	pthread_mutex_unlock(&waiter->mutex);
}

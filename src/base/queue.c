/* base/queue.c: a list behind a mutex and a condition; the taker is signalled only while it waits. */
#include "base/queue.h"

#include "base/clock.h"

#include <pthread.h>

struct queue {
	pthread_mutex_t    mutex;
	pthread_cond_t     arrived;
	struct queue_link *oldest, *newest;
	size_t             count, count_max;
	bool               is_closed, is_woken, is_waiting;
};

struct queue *queue_new(size_t count_max)
{
	struct queue *queue = xcalloc(1, sizeof *queue);
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->arrived, &attributes);
	pthread_condattr_destroy(&attributes);
	queue->count_max = count_max;
	return queue;
}

void queue_free(struct queue *queue)
{
	if (!queue)
		return;
	assert(queue->count == 0);
	pthread_cond_destroy(&queue->arrived);
	pthread_mutex_destroy(&queue->mutex);
	free(queue);
}

bool queue_put(struct queue *queue, struct queue_link *link)
{
	bool is_taken, signals;

	pthread_mutex_lock(&queue->mutex);
	is_taken = !queue->is_closed && queue->count < queue->count_max;
	if (is_taken) {
		link->next = NULL;
		if (queue->newest)
			queue->newest->next = link;
		else
			queue->oldest = link;
		queue->newest = link;
		queue->count++;
	}
	signals = is_taken && queue->is_waiting;
	queue->is_waiting = queue->is_waiting && !signals;      /* one signal a wait */
	pthread_mutex_unlock(&queue->mutex);
	if (signals)
		pthread_cond_signal(&queue->arrived);
	return is_taken;
}

/* False when the time is over. */
static bool wait_until(struct queue *queue, int64_t deadline_ms)
{
	struct timespec deadline = { .tv_sec = (time_t)(deadline_ms / 1000), .tv_nsec = (long)(deadline_ms % 1000) * 1000000 };
	int result;

	queue->is_waiting = true;
	result = deadline_ms < 0 ? pthread_cond_wait(&queue->arrived, &queue->mutex)
	                         : pthread_cond_timedwait(&queue->arrived, &queue->mutex, &deadline);
	queue->is_waiting = false;
	return result != ETIMEDOUT;
}

struct queue_link *queue_take(struct queue *queue, size_t count_max, int64_t wait_ms)
{
	int64_t deadline_ms = wait_ms > 0 ? clock_monotonic_ms() + wait_ms : -1;
	struct queue_link *first, *last;

	assert(count_max > 0);
	pthread_mutex_lock(&queue->mutex);
	while (!queue->oldest && !queue->is_closed && !queue->is_woken && wait_ms != 0)
		if (!wait_until(queue, deadline_ms))
			break;
	queue->is_woken = false;
	first = last = queue->oldest;
	if (first) {
		queue->count--;
		for (size_t i = 1; i < count_max && last->next; i++) {
			last = last->next;
			queue->count--;
		}
		queue->oldest = last->next;
		queue->newest = queue->oldest ? queue->newest : NULL;
		last->next = NULL;
	}
	pthread_mutex_unlock(&queue->mutex);
	return first;
}

void queue_wake(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	queue->is_woken = true;
	pthread_cond_signal(&queue->arrived);
	pthread_mutex_unlock(&queue->mutex);
}

static void set_closed(struct queue *queue, bool is_closed)
{
	pthread_mutex_lock(&queue->mutex);
	queue->is_closed = is_closed;
	pthread_cond_signal(&queue->arrived);
	pthread_mutex_unlock(&queue->mutex);
}

void queue_close(struct queue *queue)
{
	set_closed(queue, true);
}

void queue_reopen(struct queue *queue)
{
	set_closed(queue, false);
}

bool queue_is_closed(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	bool is_closed = queue->is_closed;
	pthread_mutex_unlock(&queue->mutex);
	return is_closed;
}

size_t queue_count(struct queue *queue)
{
	pthread_mutex_lock(&queue->mutex);
	size_t count = queue->count;
	pthread_mutex_unlock(&queue->mutex);
	return count;
}

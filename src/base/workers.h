/* base/workers.h: a fixed pool of threads that run jobs: long reads, hashing, preparing files.
 *
 * A job carries its own state and reports back itself (to its front, to the recorder); the pool knows nothing of it. */
#ifndef SPOOR_BASE_WORKERS_H
#define SPOOR_BASE_WORKERS_H

#include "base/base.h"

struct workers;

struct work {                                   /* embedded in the owner's struct; owned by the pool until run is called */
	struct work *next;
	void       (*run)(struct work *work, void *thread_state);
};

/* What a worker thread owns, such as a read connection; made on the thread before its first job. May be zeroed. */
struct workers_options {
	size_t thread_count;
	size_t queue_max;
	void *(*thread_begin)(void *user);      /* NULL result is fine: jobs get NULL */
	void  (*thread_end)(void *thread_state);
	void  *user;
};

struct workers *workers_start(const struct workers_options *options);

/* Any thread. False: the queue is full or the pool is stopping. */
bool workers_submit(struct workers *workers, struct work *work);

/* Waits until nothing is queued and nothing runs: then no job touches what its owner gave it, however it reported back. */
void workers_wait(struct workers *workers);

/* Runs what is queued, then ends the threads. Accepts NULL. */
void workers_stop(struct workers *workers);

#endif

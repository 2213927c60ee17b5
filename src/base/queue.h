/* base/queue.h: bounded hand-over from many threads to one; full means "busy", never "wait".
 *
 * Intrusive: what is handed over embeds a struct queue_link and is owned by the queue until it is taken. */
#ifndef SPOOR_BASE_QUEUE_H
#define SPOOR_BASE_QUEUE_H

#include "base/base.h"

struct queue_link {
	struct queue_link *next;
};

struct queue;

struct queue *queue_new(size_t count_max);
void          queue_free(struct queue *queue);          /* accepts NULL; must be empty */

/* Any thread. False: full or closed; nothing was handed over. */
bool queue_put(struct queue *queue, struct queue_link *link);

/* The one taking thread: up to `count_max` of the oldest, oldest first, as a list. Waits up to `wait_ms` (-1: without
 * end) for the first; NULL when the time is over, the queue was woken, or it is closed and empty. */
struct queue_link *queue_take(struct queue *queue, size_t count_max, int64_t wait_ms);

void   queue_wake(struct queue *queue);                 /* ends the current or the next wait of queue_take */
void   queue_close(struct queue *queue);                /* nothing more is accepted */
void   queue_reopen(struct queue *queue);
bool   queue_is_closed(struct queue *queue);
size_t queue_count(struct queue *queue);

#endif

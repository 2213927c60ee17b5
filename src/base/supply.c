/* base/supply.c: a ring behind a mutex, with one condition for each side. */
#include "base/supply.h"

#include <pthread.h>

struct supply {
	pthread_mutex_t mutex;
	pthread_cond_t  has_item, has_room;
	void          **items;
	size_t          count, count_max, oldest;
	void          **offers;                 /* to takers that wait: never more than these are */
	size_t          offer_count, waiting_count, taker_count;
	_Atomic size_t  idle_count;             /* waiting, and nothing is offered to them */
	bool            is_finished, is_closed;
};

struct supply *supply_new(size_t count_max, size_t taker_count)
{
	struct supply *supply = xcalloc(1, sizeof *supply);

	assert(count_max > 0 && taker_count > 0);
	pthread_mutex_init(&supply->mutex, NULL);
	pthread_cond_init(&supply->has_item, NULL);
	pthread_cond_init(&supply->has_room, NULL);
	supply->items = xcalloc(count_max, sizeof *supply->items);
	supply->count_max = count_max;
	supply->offers = xcalloc(taker_count, sizeof *supply->offers);
	supply->taker_count = taker_count;
	return supply;
}

void supply_free(struct supply *supply, void (*free_item)(void *item))
{
	if (!supply)
		return;
	for (; supply->count > 0; supply->count--) {
		free_item(supply->items[supply->oldest]);
		supply->oldest = (supply->oldest + 1) % supply->count_max;
	}
	while (supply->offer_count > 0)
		free_item(supply->offers[--supply->offer_count]);
	pthread_mutex_destroy(&supply->mutex);
	pthread_cond_destroy(&supply->has_item);
	pthread_cond_destroy(&supply->has_room);
	free(supply->items);
	free(supply->offers);
	free(supply);
}

bool supply_put(struct supply *supply, void *item)
{
	pthread_mutex_lock(&supply->mutex);
	while (supply->count == supply->count_max && !supply->is_closed)
		pthread_cond_wait(&supply->has_room, &supply->mutex);
	bool is_put = !supply->is_closed;
	if (is_put)
		supply->items[(supply->oldest + supply->count++) % supply->count_max] = item;
	pthread_mutex_unlock(&supply->mutex);
	if (is_put)
		pthread_cond_signal(&supply->has_item);
	return is_put;
}

static void count_idle(struct supply *supply)
{
	atomic_store_explicit(&supply->idle_count, supply->waiting_count - supply->offer_count, memory_order_relaxed);
}

/* With the mutex held. The last one to wait, with nothing to come, ends it for all. */
static void wait_for_item(struct supply *supply)
{
	supply->waiting_count++;
	while (supply->offer_count == 0 && supply->count == 0 && !supply->is_closed) {
		if (supply->is_finished && supply->waiting_count == supply->taker_count) {
			supply->is_closed = true;
			pthread_cond_broadcast(&supply->has_item);
			break;
		}
		count_idle(supply);
		pthread_cond_wait(&supply->has_item, &supply->mutex);
	}
	supply->waiting_count--;
}

void *supply_take(struct supply *supply)
{
	bool is_room = false;
	void *item = NULL;

	pthread_mutex_lock(&supply->mutex);
	wait_for_item(supply);
	if (supply->offer_count > 0) {
		item = supply->offers[--supply->offer_count];
	} else if (supply->count > 0 && !supply->is_closed) {
		item = supply->items[supply->oldest];
		supply->oldest = (supply->oldest + 1) % supply->count_max;
		supply->count--;
		is_room = true;
	}
	count_idle(supply);
	pthread_mutex_unlock(&supply->mutex);
	if (is_room)
		pthread_cond_signal(&supply->has_room);
	return item;
}

bool supply_has_waiting(const struct supply *supply)
{
	return atomic_load_explicit(&supply->idle_count, memory_order_relaxed) > 0;
}

bool supply_offer(struct supply *supply, void *item)
{
	pthread_mutex_lock(&supply->mutex);
	bool is_taken = supply->waiting_count > supply->offer_count && !supply->is_closed;
	if (is_taken)
		supply->offers[supply->offer_count++] = item;
	count_idle(supply);
	pthread_mutex_unlock(&supply->mutex);
	if (is_taken)
		pthread_cond_signal(&supply->has_item);
	return is_taken;
}

static void end(struct supply *supply, bool *how)
{
	pthread_mutex_lock(&supply->mutex);
	*how = true;
	pthread_mutex_unlock(&supply->mutex);
	pthread_cond_broadcast(&supply->has_item);
	pthread_cond_broadcast(&supply->has_room);
}

void supply_finish(struct supply *supply)
{
	end(supply, &supply->is_finished);
}

void supply_close(struct supply *supply)
{
	end(supply, &supply->is_closed);
}

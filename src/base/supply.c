/* base/supply.c: a ring behind a mutex, with one condition for each side. */
#include "base/supply.h"

#include <pthread.h>

struct supply {
	pthread_mutex_t mutex;
	pthread_cond_t  has_item, has_room;
	void          **items;
	size_t          count, count_max, oldest;
	bool            is_finished, is_closed;
};

struct supply *supply_new(size_t count_max)
{
	struct supply *supply = xcalloc(1, sizeof *supply);

	assert(count_max > 0);
	pthread_mutex_init(&supply->mutex, NULL);
	pthread_cond_init(&supply->has_item, NULL);
	pthread_cond_init(&supply->has_room, NULL);
	supply->items = xcalloc(count_max, sizeof *supply->items);
	supply->count_max = count_max;
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
	pthread_mutex_destroy(&supply->mutex);
	pthread_cond_destroy(&supply->has_item);
	pthread_cond_destroy(&supply->has_room);
	free(supply->items);
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

void *supply_take(struct supply *supply)
{
	void *item = NULL;

	pthread_mutex_lock(&supply->mutex);
	while (supply->count == 0 && !supply->is_finished && !supply->is_closed)
		pthread_cond_wait(&supply->has_item, &supply->mutex);
	if (supply->count > 0 && !supply->is_closed) {
		item = supply->items[supply->oldest];
		supply->oldest = (supply->oldest + 1) % supply->count_max;
		supply->count--;
	}
	pthread_mutex_unlock(&supply->mutex);
	if (item)
		pthread_cond_signal(&supply->has_room);
	return item;
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

/* base/snapshot.c: a pointer behind a mutex that is held for one increment. */
#include "base/snapshot.h"

#include <pthread.h>

struct snapshot_slot {
	pthread_mutex_t  mutex;
	struct snapshot *current;
};

struct snapshot_slot *snapshot_slot_new(void)
{
	struct snapshot_slot *slot = xcalloc(1, sizeof *slot);

	pthread_mutex_init(&slot->mutex, NULL);
	return slot;
}

void snapshot_slot_free(struct snapshot_slot *slot)
{
	if (!slot)
		return;
	snapshot_release(slot->current);
	pthread_mutex_destroy(&slot->mutex);
	free(slot);
}

void snapshot_publish(struct snapshot_slot *slot, struct snapshot *snapshot)
{
	struct snapshot *old;

	pthread_mutex_lock(&slot->mutex);
	old = slot->current;
	slot->current = snapshot;
	pthread_mutex_unlock(&slot->mutex);
	snapshot_release(old);
}

struct snapshot *snapshot_take(struct snapshot_slot *slot)
{
	struct snapshot *snapshot;

	pthread_mutex_lock(&slot->mutex);
	snapshot = slot->current;
	if (snapshot)
		atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
	pthread_mutex_unlock(&slot->mutex);
	return snapshot;
}

void snapshot_release(struct snapshot *snapshot)
{
	if (snapshot && atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) == 1)
		snapshot->free(snapshot);
}

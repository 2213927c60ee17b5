/* base/snapshot.h: publish an immutable value to other threads; readers take and release it.
 *
 * The value is embedded behind a struct snapshot and is freed by whoever releases it last. */
#ifndef SPOOR_BASE_SNAPSHOT_H
#define SPOOR_BASE_SNAPSHOT_H

#include "base/base.h"

struct snapshot {
	atomic_size_t references;
	void        (*free)(struct snapshot *snapshot);
};

struct snapshot_slot;

struct snapshot_slot *snapshot_slot_new(void);
void snapshot_slot_free(struct snapshot_slot *slot);    /* releases the current value; accepts NULL */

/* The slot takes over the caller's reference: `snapshot` comes with references = 1. NULL empties the slot. */
void snapshot_publish(struct snapshot_slot *slot, struct snapshot *snapshot);

struct snapshot *snapshot_take(struct snapshot_slot *slot);             /* NULL if nothing is published */
void             snapshot_release(struct snapshot *snapshot);           /* accepts NULL */

#endif

/* trail/trail_targets.h: every place that a trail has ever delivered to (SQL table `trail_targets`), numbered from 1.
 *
 * An event's stamp names trail and target. So what was admitted before a trail moved or was deleted still goes where the
 * trail delivered then. A row never changes; a new place is a new number. */
#ifndef SPOOR_TRAIL_TRAIL_TARGETS_H
#define SPOOR_TRAIL_TRAIL_TARGETS_H

#include "trail/trails.h"

struct catalog;

struct trail_target {
	struct slice account;                   /* the trail's */
	uint64_t     trail_id;
	uint32_t     number;
	struct slice bucket;
	struct slice prefix;                    /* SLICE_NONE: none */
};

extern const char trail_targets_table[];

/* Errors: ERR_CONFLICT: the number is taken. */
bool trail_targets_insert(struct catalog *catalog, const struct trail_target *target, struct error *err);

/* The place where the trail delivers now, under its number of now. */
bool trail_targets_add(struct catalog *catalog, const struct trail *trail, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct trail_target *trail_targets_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                              uint64_t trail_id, uint32_t number, struct error *err);

/* Where it goes now, or went last if it was deleted: the highest number. NULL as above. */
const struct trail_target *trail_targets_newest(struct catalog *catalog, struct arena *arena, struct slice account,
                                                uint64_t trail_id, struct error *err);

/* When nothing of the trail is pending any more. */
bool trail_targets_delete_all(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err);

#endif

/* base/map.h: slice -> pointer, open addressing, seeded hash.
 *
 * Keys are not copied: they must live as long as the map. Not for several threads. */
#ifndef SPOOR_BASE_MAP_H
#define SPOOR_BASE_MAP_H

#include "base/base.h"

struct map_entry {
	struct slice key;
	uint64_t     hash;
	void        *value;                    /* NULL marks a free or deleted place */
};

struct map {
	struct map_entry *entries;             /* heap */
	size_t            count, used, room;   /* live; live and deleted; a power of two */
	uint64_t          seed;
};

void map_init(struct map *map, uint64_t seed); /* a random seed where keys come from outside */
void map_fini(struct map *map);

void *map_find(const struct map *map, struct slice key);               /* NULL if absent */
void *map_put(struct map *map, struct slice key, void *value);         /* value != NULL; returns the one replaced or NULL */
void *map_remove(struct map *map, struct slice key);                   /* the value removed or NULL */

/* Visits in table order: `for (size_t i = 0; (entry = map_next(map, &i)); )`. No change while visiting. */
const struct map_entry *map_next(const struct map *map, size_t *position);

#endif

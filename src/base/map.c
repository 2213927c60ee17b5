/* base/map.c: linear probing; a deleted place keeps its key pointer so that probes go on past it. */
#include "base/map.h"

static const char DELETED[] = "";

void map_init(struct map *map, uint64_t seed)
{
	*map = (struct map){ .seed = seed };
}

void map_fini(struct map *map)
{
	free(map->entries);
	map_init(map, map->seed);
}

static struct map_entry *probe(const struct map *map, struct slice key, uint64_t hash)
{
	if (map->room == 0)
		return NULL;
	for (size_t at = hash & (map->room - 1);; at = (at + 1) & (map->room - 1)) {
		struct map_entry *entry = &map->entries[at];
		if (!entry->value && entry->key.ptr != DELETED)
			return NULL;
		if (entry->value && entry->hash == hash && slice_equal(entry->key, key))
			return entry;
	}
}

static void insert_new(struct map *map, struct slice key, uint64_t hash, void *value)
{
	size_t at = hash & (map->room - 1);

	while (map->entries[at].value)
		at = (at + 1) & (map->room - 1);
	if (map->entries[at].key.ptr != DELETED)
		map->used++;
	map->entries[at] = (struct map_entry){ key, hash, value };
	map->count++;
}

static void grow(struct map *map)
{
	struct map old = *map;

	map->room = map->count * 4 < 16 ? 16 : old.count * 2 >= old.room ? old.room * 2 : old.room;
	map->entries = xcalloc(map->room, sizeof *map->entries);
	map->count = map->used = 0;
	for (size_t i = 0; i < old.room; i++)
		if (old.entries[i].value)
			insert_new(map, old.entries[i].key, old.entries[i].hash, old.entries[i].value);
	free(old.entries);
}

void *map_find(const struct map *map, struct slice key)
{
	const struct map_entry *entry = probe(map, key, hash64_seeded(key, map->seed));

	return entry ? entry->value : NULL;
}

void *map_put(struct map *map, struct slice key, void *value)
{
	uint64_t hash = hash64_seeded(key, map->seed);
	struct map_entry *entry = probe(map, key, hash);

	assert(value);
	if (entry) {
		void *replaced = entry->value;
		*entry = (struct map_entry){ key, hash, value };
		return replaced;
	}
	if ((map->used + 1) * 4 > map->room * 3)
		grow(map);
	insert_new(map, key, hash, value);
	return NULL;
}

void *map_remove(struct map *map, struct slice key)
{
	struct map_entry *entry = probe(map, key, hash64_seeded(key, map->seed));

	if (!entry)
		return NULL;
	void *value = entry->value;
	*entry = (struct map_entry){ .key = { DELETED, 0 } };
	map->count--;
	return value;
}

const struct map_entry *map_next(const struct map *map, size_t *position)
{
	while (*position < map->room) {
		const struct map_entry *entry = &map->entries[(*position)++];
		if (entry->value)
			return entry;
	}
	return NULL;
}

/* query/key_table.c: linear probing over slots that hold the hash beside the entry, so that a probe that fails touches no entry. */
#include "query/key_table.h"

enum { LIST_MAX = 4, ROOM_MIN = 16 };

static bool is_it(const struct key_entry *entry, char kind, struct slice key, uint64_t hash)
{
	return entry->hash == hash && entry->key_bytes == key.len && entry->kind == kind
	    && (key.len == 0 || memcmp(key_entry_key(entry).ptr, key.ptr, key.len) == 0);
}

struct key_entry *key_table_find(const struct key_table *table, char kind, struct slice key, uint64_t hash)
{
	if (table->room == 0) {
		for (struct key_entry *entry = table->first; entry; entry = entry->next)
			if (is_it(entry, kind, key, hash))
				return entry;
		return NULL;
	}
	for (size_t at = hash & (table->room - 1); table->slots[at].entry; at = (at + 1) & (table->room - 1))
		if (table->slots[at].hash == hash && is_it(table->slots[at].entry, kind, key, hash))
			return table->slots[at].entry;
	return NULL;
}

static void put(struct key_slot *slots, size_t room, struct key_entry *entry)
{
	size_t at = entry->hash & (room - 1);

	while (slots[at].entry)
		at = (at + 1) & (room - 1);
	slots[at] = (struct key_slot){ entry->hash, entry };
}

/* Makes sure of a free slot for one more; two thirds are in use at most. */
static bool reserve(struct key_table *table, struct pool *pool)
{
	if (table->count < (table->room ? table->room / 3 * 2 : LIST_MAX))
		return true;
	size_t room = table->room ? 2 * table->room : ROOM_MIN;
	struct key_slot *slots = pool_zalloc(pool, room * sizeof *slots);
	if (!slots)
		return false;
	for (struct key_entry *entry = table->first; entry; entry = entry->next)
		put(slots, room, entry);
	pool_free(pool, table->slots, table->room * sizeof *slots);
	table->slots = slots;
	table->room = room;
	return true;
}

bool key_table_take(struct key_table *table, struct pool *pool, struct key_entry *entry)
{
	if (!reserve(table, pool))
		return false;
	entry->next = table->first;
	table->first = entry;
	table->count++;
	if (table->room > 0)
		put(table->slots, table->room, entry);
	return true;
}

struct key_entry *key_table_add(struct key_table *table, struct pool *pool, char kind, struct slice key, uint64_t hash,
                                size_t payload_words)
{
	assert(key.len <= UINT32_MAX && payload_words <= UINT16_MAX);
	struct key_entry *entry = pool_zalloc(pool, sizeof *entry + payload_words * sizeof *entry->payload + key.len);
	if (!entry)
		return NULL;
	entry->hash = hash;
	entry->key_bytes = (uint32_t)key.len;
	entry->payload_words = (uint16_t)payload_words;
	entry->kind = kind;
	if (key.len > 0)
		memcpy(&entry->payload[payload_words], key.ptr, key.len);
	return key_table_take(table, pool, entry) ? entry : NULL;
}

void key_table_drop_slots(struct key_table *table, struct pool *pool)
{
	pool_free(pool, table->slots, table->room * sizeof *table->slots);
	table->slots = NULL;
	table->room = 0;
}

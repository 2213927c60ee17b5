/* query/key_table.h: texts, each once, with some bytes beside each: what groups and distinct values are kept in.
 *
 * Few entries, as a group's distinct values often are, are a list without any table. Entries are of a pool and never move, so a table
 * takes the entries of another one over without copying them, once its pool has taken in that one's pool. The caller computes the
 * hash: of hostile keys it has to be seeded, and tables that are to be merged have one seed. */
#ifndef SPOOR_QUERY_KEY_TABLE_H
#define SPOOR_QUERY_KEY_TABLE_H

#include "query/pool.h"

struct key_entry {
	struct key_entry *next;                 /* newest entry first */
	uint64_t          hash;
	uint32_t          key_bytes;
	uint16_t          payload_words;        /* of 8 bytes */
	char              kind;                 /* part of the key */
	uint64_t          payload[];            /* and then the key */
};

struct key_slot {
	uint64_t          hash;
	struct key_entry *entry;
};

struct key_table {                              /* zeroed is empty */
	struct key_entry *first;
	struct key_slot  *slots;
	size_t            count, room;          /* of slots, a power of two; 0: the list is all there is */
};

static inline struct slice key_entry_key(const struct key_entry *entry)
{
	return (struct slice){ (const char *)&entry->payload[entry->payload_words], entry->key_bytes };
}

/* NULL if there is none. */
struct key_entry *key_table_find(const struct key_table *table, char kind, struct slice key, uint64_t hash);

/* Adds a copy of a key that is not in it, with a zeroed payload. NULL: the budget is used up. */
struct key_entry *key_table_add(struct key_table *table, struct pool *pool, char kind, struct slice key, uint64_t hash,
                                size_t payload_words);

/* Adds an entry of another table, whose key is not in this one. The pool has taken in the other one's. False: the budget is used up. */
bool key_table_take(struct key_table *table, struct pool *pool, struct key_entry *entry);

/* Gives the slots back and keeps the list, for who is done with finding. */
void key_table_drop_slots(struct key_table *table, struct pool *pool);

#endif

/* query/value_numbers.c: a table of values with their numbers. */
#include "query/value_numbers.h"

#include "query/insights_key.h"

#define NUMBERS_MAX (UINT32_MAX - 1)            /* in a set, each is 1 more, and none is 0 */

bool value_numbers_find_or_add(struct value_numbers *numbers, struct pool *pool, uint64_t seed, struct arena *scratch,
                               const struct value *value, uint32_t *number)
{
	struct insights_key key;

	insights_key_of(value, scratch, &key);
	uint64_t hash = hash64_seeded(key.bytes, seed + (unsigned char)key.kind);
	struct key_entry *entry = key_table_find(&numbers->table, key.kind, key.bytes, hash);
	if (!entry) {
		uint64_t next = numbers->table.count;
		entry = next < NUMBERS_MAX ? key_table_add(&numbers->table, pool, key.kind, key.bytes, hash, 1) : NULL;
		if (!entry)
			return false;
		entry->payload[0] = next;
	}
	*number = (uint32_t)entry->payload[0];
	return true;
}

bool value_numbers_merge(struct value_numbers *into, struct value_numbers *from, struct pool *pool, struct number_names *renamed)
{
	struct key_table less = from->table;

	*from = (struct value_numbers){0};
	*renamed = (struct number_names){ pool_zalloc(pool, less.count * sizeof *renamed->names), less.count };
	for (struct key_entry *entry = less.first, *next; renamed->names && entry; entry = next) {
		struct key_entry *known = key_table_find(&into->table, entry->kind, key_entry_key(entry), entry->hash);
		uint64_t number = known ? known->payload[0] : into->table.count;
		next = entry->next;
		renamed->names[entry->payload[0]] = (uint32_t)number;
		entry->payload[0] = number;
		if (!known && (number >= NUMBERS_MAX || !key_table_take(&into->table, pool, entry)))
			return false;
	}
	key_table_drop_slots(&less, pool);
	return renamed->names != NULL;
}

void value_numbers_forget(struct number_names *renamed, struct pool *pool)
{
	pool_free(pool, renamed->names, renamed->count * sizeof *renamed->names);
	*renamed = (struct number_names){0};
}

/* query/insights_state_distinct.c: count_distinct and values: each value of a group once, all of them and no estimate. */
#include "query/insights_state.h"

#include "base/limits.h"
#include "query/insights_key.h"

_Static_assert(INSIGHTS_TEXT_BYTES_MAX == 4 << 20, "as values() says when it is refused");

static bool takes_part(const struct value *value)
{
	return value->kind != VALUE_NONE && value->kind != VALUE_JSON;
}

/* ---- count_distinct ---- */

STATE_ADD(count_distinct_add)
{
	uint32_t number;

	return !takes_part(fact->arg)
	    || (value_numbers_find_or_add(keeper->numbers, &keeper->pool, keeper->seed, &keeper->scratch, fact->arg, &number)
	        && number_set_add(state, &keeper->pool, number));
}

STATE_MERGE(count_distinct_merge)
{
	return number_set_merge(into, from, &keeper->pool, keeper->renamed);
}

STATE_RESULT(count_distinct_result)
{
	const struct number_set *set = state;

	(void)arena;
	return value_number((double)set->count);
}

/* ---- values ---- */

struct distinct {
	struct key_table   table;
	const struct json *list;                /* once sealed */
};

struct first {                                  /* payload: the first row that has the value, and as what */
	struct insights_order order;
	uint64_t              kind;
};

enum { FIRST_WORDS = sizeof(struct first) / sizeof(uint64_t) };

static struct first *first_of(struct key_entry *entry)
{
	return (struct first *)(void *)entry->payload;
}

static void note_first(struct first *first, const struct insights_order *order, uint64_t kind, bool is_new)
{
	if (is_new || insights_order_is_before(order, &first->order))
		*first = (struct first){ *order, kind };
}

STATE_ADD(values_add)
{
	struct distinct *distinct = state;
	struct insights_key key;

	if (!takes_part(fact->arg))
		return true;
	insights_key_of(fact->arg, &keeper->scratch, &key);
	uint64_t hash = hash64_seeded(key.bytes, keeper->seed + (unsigned char)key.kind);
	struct key_entry *entry = key_table_find(&distinct->table, key.kind, key.bytes, hash);
	bool is_new = !entry;
	if (is_new)
		entry = key_table_add(&distinct->table, &keeper->pool, key.kind, key.bytes, hash, FIRST_WORDS);
	if (!entry)
		return false;
	note_first(first_of(entry), fact->order, fact->arg->kind, is_new);
	return true;
}

/* The entries of the smaller one are put into the larger one. */
STATE_MERGE(values_merge)
{
	struct distinct *distinct = into, *other = from;
	struct key_table less = other->table;

	if (less.count > distinct->table.count) {
		less = distinct->table;
		distinct->table = other->table;
	}
	other->table = (struct key_table){0};
	for (struct key_entry *entry = less.first, *next; entry; entry = next) {
		struct key_entry *known = key_table_find(&distinct->table, entry->kind, key_entry_key(entry), entry->hash);
		next = entry->next;
		if (known)
			note_first(first_of(known), &first_of(entry)->order, first_of(entry)->kind, false);
		else if (!key_table_take(&distinct->table, &keeper->pool, entry))
			return false;
	}
	key_table_drop_slots(&less, &keeper->pool);
	return true;
}

/* Texts are those of the entry, where they are what the value looks like. */
static bool element_text(struct insights_keeper *keeper, const struct value *value, struct slice *text)
{
	*text = value_to_text(value, &keeper->scratch);
	if (text->ptr == value->text.ptr)
		return true;
	char *copy = pool_zalloc(&keeper->pool, text->len);
	if (!copy)
		return false;
	memcpy(copy, text->ptr, text->len);
	text->ptr = copy;
	arena_reset(&keeper->scratch, 64 << 10);
	return true;
}

/* A list of them, in the order of their first rows. */
static struct json *list_of(struct insights_keeper *keeper, const struct insights_place *places, size_t count)
{
	struct json *list = pool_zalloc(&keeper->pool, sizeof *list);
	struct json *elements = pool_zalloc(&keeper->pool, count * sizeof *elements);

	if (!list || !elements)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct key_entry *entry = (struct key_entry *)(void *)((char *)(uintptr_t)places[i].order - offsetof(struct key_entry, payload));
		struct value value = insights_key_value((enum value_kind)first_of(entry)->kind, key_entry_key(entry));
		elements[i].kind = value.kind == VALUE_NUMBER ? JSON_NUMBER : JSON_STRING;
		elements[i].next = i + 1 < count ? &elements[i + 1] : NULL;
		if (!element_text(keeper, &value, &elements[i].text))
			return NULL;
	}
	*list = (struct json){ .kind = JSON_ARRAY, .count = (uint32_t)count, .first = count ? elements : NULL };
	return list;
}

/* A cell whose text does not fit into INSIGHTS_TEXT_BYTES_MAX would be shown as absent. */
static bool can_be_shown(struct insights_keeper *keeper, const struct json *list)
{
	struct value value = value_of_json(list);
	size_t bytes_max = 2;

	for (const struct json *element = list->first; element; element = element->next)
		bytes_max += 6 * element->text.len + 3;         /* of a control character: \u001f */
	if (bytes_max > INSIGHTS_TEXT_BYTES_MAX && !value_to_text(&value, &keeper->scratch).ptr)
		keeper->over = "values() gives a list of more than 4 MiB; ask for a shorter time, filter more before, or count_distinct()";
	arena_reset(&keeper->scratch, 64 << 10);
	return !keeper->over;
}

STATE_SEAL(values_seal)
{
	struct distinct *distinct = state;
	size_t count = distinct->table.count, bytes = (count + count / 2) * sizeof(struct insights_place), at = 0;

	(void)call;
	key_table_drop_slots(&distinct->table, &keeper->pool);
	struct insights_place *places = pool_zalloc(&keeper->pool, bytes);
	if (!places)
		return false;
	for (struct key_entry *entry = distinct->table.first; entry; entry = entry->next)
		places[at++] = (struct insights_place){ first_of(entry)->order.time_ms, &first_of(entry)->order };
	insights_order_sort(places, places + count, count);
	distinct->list = list_of(keeper, places, count);
	pool_free(&keeper->pool, places, bytes);
	return distinct->list != NULL && can_be_shown(keeper, distinct->list);
}

STATE_RESULT(values_result)
{
	const struct distinct *distinct = state;

	(void)arena;
	return value_of_json(distinct->list);
}

const struct insights_state_kind
	insights_state_count_distinct = { sizeof(struct number_set), true, count_distinct_add, count_distinct_merge, NULL, count_distinct_result },
	insights_state_values         = { sizeof(struct distinct), false, values_add, values_merge, values_seal, values_result };

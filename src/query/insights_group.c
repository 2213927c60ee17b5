/* query/insights_group.c: a table of groups, each with its states one after the other behind its key's kinds.
 *
 * A single key is found as it stands in the row; several are written one after the other, each with its length, and found as one.
 * Most rows are of a group that is there already, so finding that one is what has to be fast. */
#include "query/insights_group.h"

#include "query/insights_eval.h"
#include "query/insights_key.h"
#include "query/insights_state.h"
#include "query/key_table.h"

enum { SCRATCH_KEEP_BYTES = 64 << 10, GROUPS_BETWEEN_LOOKS = 4096, NUMBERED_WORDS_MAX = 4 };

struct group {                                  /* the payload of an entry; states follow behind the kinds */
	struct insights_order first;            /* its first row, whose key cells the group shows */
	unsigned char         kinds[];          /* enum value_kind of each key in that row */
};

struct aggregate {
	const struct insights_state_kind *kind;
	const struct insights_expr       *arg, *time;   /* NULL where there is none */
	size_t                            word;         /* where its state is in the payload */
	struct value_numbers              numbers;      /* of its argument's values, if it needs them */
};

struct insights_groups {
	const struct insights_command *stats;
	struct insights_keeper         keeper;
	struct key_table               table;
	struct aggregate              *aggregates;
	size_t                         payload_words;
	struct insights_place         *places;          /* once sorted */
	const atomic_bool             *is_cancelled;

	/* of the row that is being added */
	const struct value **values;                    /* of the keys, then of the arguments */
	struct value        *computed;                  /* those that are no cell of the row */
	struct value        *results;                   /* of the aggregates, for insights_groups_row() */
	char                *joined;                    /* heap: several keys as one */
	size_t               joined_room;
};

/* ---- from here to the states ---- */

static struct group *group_of(struct key_entry *entry)
{
	return (struct group *)(void *)entry->payload;
}

static size_t words(size_t bytes)
{
	return (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

static void lay_out(struct insights_groups *groups)
{
	const struct insights_command *stats = groups->stats;

	groups->payload_words = words(sizeof(struct group) + stats->keys.count);
	for (size_t i = 0; i < stats->aggregate_count; i++) {
		const struct insights_expr *call = stats->aggregates[i];
		struct aggregate *aggregate = &groups->aggregates[i];
		size_t first = call->function->traits & USES_TIME ? 1 : 0;
		aggregate->kind = insights_state_kind(call->function->aggregate);
		aggregate->arg = call->arg_count > first ? call->args[first] : NULL;
		aggregate->time = first ? call->args[0] : NULL;
		aggregate->word = groups->payload_words;
		groups->payload_words += words(aggregate->kind->bytes);
	}
}

struct insights_groups *insights_groups_new(const struct insights_command *stats, struct budget *budget, uint64_t seed)
{
	struct insights_groups *groups = xcalloc(1, sizeof *groups);
	size_t count = stats->keys.count + stats->aggregate_count;

	groups->stats = stats;
	groups->keeper.seed = seed;
	pool_init(&groups->keeper.pool, budget);
	arena_init(&groups->keeper.scratch, SIZE_MAX / ARENA_HARD_FACTOR);
	groups->aggregates = xcalloc(stats->aggregate_count + 1, sizeof *groups->aggregates);
	groups->values = xcalloc(count + 1, sizeof *groups->values);
	groups->computed = xcalloc(count + 1, sizeof *groups->computed);
	groups->results = xcalloc(stats->aggregate_count + 1, sizeof *groups->results);
	lay_out(groups);
	return groups;
}

void insights_groups_free(struct insights_groups *groups)
{
	if (!groups)
		return;
	pool_fini(&groups->keeper.pool);
	arena_fini(&groups->keeper.scratch);
	free(groups->aggregates);
	free(groups->values);
	free(groups->computed);
	free(groups->results);
	free(groups->joined);
	free(groups);
}

static bool refuse(const struct insights_groups *groups, struct error *err)
{
	if (groups->keeper.over)
		return fail(err, ERR_LIMIT, "%s", groups->keeper.over);
	return budget_refuse(groups->keeper.pool.budget, "the groups of stats", err);
}

/* ---- a row ---- */

static void join(struct insights_groups *groups, size_t *length, const struct insights_key *key)
{
	uint64_t bytes = key->bytes.len;
	size_t needed = *length + 1 + sizeof bytes + key->bytes.len;

	if (needed > groups->joined_room) {
		groups->joined_room = 2 * needed;
		groups->joined = xrealloc(groups->joined, groups->joined_room);
	}
	groups->joined[*length] = key->kind;
	memcpy(&groups->joined[*length + 1], &bytes, sizeof bytes);
	if (bytes > 0)
		memcpy(&groups->joined[*length + 1 + sizeof bytes], key->bytes.ptr, key->bytes.len);
	*length = needed;
}

/* All keys of the row as one. */
static void key_of_row(struct insights_groups *groups, struct insights_key *key)
{
	size_t length = 0;

	if (groups->stats->keys.count == 1) {
		insights_key_of(groups->values[0], &groups->keeper.scratch, key);
		return;
	}
	for (size_t i = 0; i < groups->stats->keys.count; i++) {
		insights_key_of(groups->values[i], &groups->keeper.scratch, key);
		join(groups, &length, key);
	}
	key->kind = 'j';
	key->bytes = length ? (struct slice){ groups->joined, length } : S("");
}

static void show_first(const struct insights_groups *groups, struct group *group, const struct insights_order *order)
{
	group->first = *order;
	for (size_t i = 0; i < groups->stats->keys.count; i++)
		group->kinds[i] = (unsigned char)groups->values[i]->kind;
}

static bool add_row(struct insights_groups *groups, const struct value *time, const struct insights_order *order, struct error *err)
{
	struct insights_keeper *keeper = &groups->keeper;
	struct insights_key key;

	assert(!groups->places);
	key_of_row(groups, &key);
	uint64_t hash = hash64_seeded(key.bytes, keeper->seed + (unsigned char)key.kind);
	struct key_entry *entry = key_table_find(&groups->table, key.kind, key.bytes, hash);
	bool is_new = !entry;
	if (is_new)
		entry = key.bytes.len > UINT32_MAX ? NULL
		      : key_table_add(&groups->table, &keeper->pool, key.kind, key.bytes, hash, groups->payload_words);
	if (!entry)
		return refuse(groups, err);
	struct group *group = group_of(entry);
	if (is_new || insights_order_is_before(order, &group->first))
		show_first(groups, group, order);
	for (size_t i = 0; i < groups->stats->aggregate_count; i++) {
		const struct aggregate *aggregate = &groups->aggregates[i];
		struct insights_fact fact = { aggregate->arg ? groups->values[groups->stats->keys.count + i] : NULL, time, order };
		keeper->numbers = &groups->aggregates[i].numbers;
		if (!aggregate->kind->add(keeper, &entry->payload[aggregate->word], &fact))
			return refuse(groups, err);
	}
	if (keeper->scratch.used_bytes > 0)
		arena_reset(&keeper->scratch, SCRATCH_KEEP_BYTES);
	return true;
}

/* The cell itself where the expression is no more than its name. */
static const struct value *value_in(struct insights_context *context, const struct insights_expr *expr, const struct value *row,
                                    struct value *computed)
{
	bool is_cell = expr->slot != INSIGHTS_NO_SLOT && (expr->kind != EXPR_FIELD || expr->step_first == expr->step_count);

	if (is_cell)
		return &row[expr->slot];
	*computed = insights_eval(context, expr, row, NULL);
	return computed;
}

bool insights_groups_add(struct insights_groups *groups, struct insights_context *context, const struct value *row,
                         const struct insights_order *order, struct error *err)
{
	const struct insights_command *stats = groups->stats;
	const struct value *time = NULL;
	struct value computed_time;
	size_t at = 0;

	for (size_t i = 0; i < stats->keys.count; i++, at++)
		groups->values[at] = value_in(context, stats->keys.items[i].expr, row, &groups->computed[at]);
	for (size_t i = 0; i < stats->aggregate_count; i++, at++) {
		const struct aggregate *aggregate = &groups->aggregates[i];
		if (aggregate->arg)
			groups->values[at] = value_in(context, aggregate->arg, row, &groups->computed[at]);
		if (aggregate->time && !time)
			time = value_in(context, aggregate->time, row, &computed_time);
	}
	return add_row(groups, time, order, err);
}

bool insights_groups_add_values(struct insights_groups *groups, const struct value *keys, const struct value *args,
                                const struct value *time, const struct insights_order *order, struct error *err)
{
	const struct insights_command *stats = groups->stats;

	for (size_t i = 0; i < stats->keys.count; i++)
		groups->values[i] = &keys[i];
	for (size_t i = 0; i < stats->aggregate_count; i++)
		groups->values[stats->keys.count + i] = groups->aggregates[i].arg ? &args[i] : NULL;
	return add_row(groups, time, order, err);
}

/* ---- merging ---- */

void insights_groups_watch(struct insights_groups *groups, const atomic_bool *is_cancelled)
{
	groups->is_cancelled = is_cancelled;
}

/* True once in a while, and then only if nobody wants the answer any more. */
static bool is_cancelled(const struct insights_groups *groups, size_t *groups_done)
{
	return ++*groups_done % GROUPS_BETWEEN_LOOKS == 0 && groups->is_cancelled
	    && atomic_load_explicit(groups->is_cancelled, memory_order_relaxed);
}

/* The states of a group of the other table: taken in by those of this one; or the group is this one's now, and keeps them. */
static bool merge_states(struct insights_groups *groups, struct key_entry *into, struct key_entry *from, const struct number_names *renamed)
{
	for (size_t i = 0; i < groups->stats->aggregate_count; i++) {
		const struct insights_state_kind *kind = groups->aggregates[i].kind;
		uint64_t *state = &into->payload[groups->aggregates[i].word], *other = &from->payload[groups->aggregates[i].word];
		uint64_t moved[NUMBERED_WORDS_MAX];
		if (into == from) {
			if (!kind->is_numbered)
				continue;
			assert(kind->bytes <= sizeof moved);
			other = memcpy(moved, state, kind->bytes);
			memset(state, 0, kind->bytes);
		}
		groups->keeper.renamed = &renamed[i];
		if (!kind->merge(&groups->keeper, state, other))
			return false;
	}
	return true;
}

static bool merge_group(struct insights_groups *groups, struct key_entry *from, const struct number_names *renamed)
{
	struct key_entry *known = key_table_find(&groups->table, from->kind, key_entry_key(from), from->hash);

	if (!known)
		return key_table_take(&groups->table, &groups->keeper.pool, from) && merge_states(groups, from, from, renamed);
	if (insights_order_is_before(&group_of(from)->first, &group_of(known)->first)) {
		group_of(known)->first = group_of(from)->first;
		memcpy(group_of(known)->kinds, group_of(from)->kinds, groups->stats->keys.count);
	}
	return merge_states(groups, known, from, renamed);
}

static bool merge_table(struct insights_groups *into, struct key_table *less, const struct number_names *renamed, struct error *err)
{
	size_t done = 0;

	for (struct key_entry *entry = less->first, *next; entry; entry = next) {
		next = entry->next;
		if (!merge_group(into, entry, renamed))
			return refuse(into, err);
		if (is_cancelled(into, &done))
			return fail(err, ERR_BUSY, "cancelled");
	}
	key_table_drop_slots(less, &into->keeper.pool);
	return true;
}

static void swap_contents(struct insights_groups *a, struct insights_groups *b)
{
	struct key_table table = a->table;

	a->table = b->table;
	b->table = table;
	for (size_t i = 0; i < a->stats->aggregate_count; i++) {
		struct value_numbers numbers = a->aggregates[i].numbers;
		a->aggregates[i].numbers = b->aggregates[i].numbers;
		b->aggregates[i].numbers = numbers;
	}
}

/* The groups of the smaller table are put into the larger one. */
bool insights_groups_merge(struct insights_groups *into, struct insights_groups *from, struct error *err)
{
	struct pool *pool = &into->keeper.pool;
	size_t count = into->stats->aggregate_count;
	struct number_names *renamed = xcalloc(count + 1, sizeof *renamed);
	bool ok = true;

	assert(into->stats == from->stats && into->keeper.seed == from->keeper.seed && !into->places && !from->places);
	if (from->table.count > into->table.count)
		swap_contents(into, from);
	struct key_table less = from->table;
	from->table = (struct key_table){0};
	pool_adopt(pool, &from->keeper.pool);
	for (size_t i = 0; ok && i < count; i++)
		ok = value_numbers_merge(&into->aggregates[i].numbers, &from->aggregates[i].numbers, pool, &renamed[i]) || refuse(into, err);
	ok = ok && merge_table(into, &less, renamed, err);
	for (size_t i = 0; i < count; i++)
		value_numbers_forget(&renamed[i], pool);
	free(renamed);
	return ok;
}

/* ---- the answer ---- */

size_t insights_groups_count(const struct insights_groups *groups)
{
	return groups->table.count;
}

static bool seal_group(struct insights_groups *groups, struct key_entry *entry)
{
	for (size_t i = 0; i < groups->stats->aggregate_count; i++) {
		const struct aggregate *aggregate = &groups->aggregates[i];
		if (aggregate->kind->seal
		    && !aggregate->kind->seal(&groups->keeper, &entry->payload[aggregate->word], groups->stats->aggregates[i]))
			return false;
	}
	return true;
}

bool insights_groups_sort(struct insights_groups *groups, struct error *err)
{
	struct pool *pool = &groups->keeper.pool;
	size_t count = groups->table.count, room_bytes = (count / 2 + 1) * sizeof *groups->places, at = count, done = 0;

	key_table_drop_slots(&groups->table, pool);
	for (size_t i = 0; i < groups->stats->aggregate_count; i++)
		key_table_drop_slots(&groups->aggregates[i].numbers.table, pool);
	groups->places = pool_zalloc(pool, (count + 1) * sizeof *groups->places);
	struct insights_place *room = pool_zalloc(pool, room_bytes);
	if (!groups->places || !room)
		return refuse(groups, err);
	for (struct key_entry *entry = groups->table.first; entry; entry = entry->next) {
		if (!seal_group(groups, entry))
			return refuse(groups, err);
		if (is_cancelled(groups, &done))
			return fail(err, ERR_BUSY, "cancelled");
		groups->places[--at] = (struct insights_place){ group_of(entry)->first.time_ms, &group_of(entry)->first };
	}
	insights_order_sort(groups->places, room, count);
	pool_free(pool, room, room_bytes);
	return true;
}

/* Takes the next key out of several that were joined. */
static struct slice next_key(struct slice *joined)
{
	uint64_t bytes;

	memcpy(&bytes, joined->ptr + 1, sizeof bytes);
	struct slice key = { joined->ptr + 1 + sizeof bytes, bytes };
	*joined = (struct slice){ key.ptr + key.len, joined->len - 1 - sizeof bytes - key.len };
	return key;
}

void insights_groups_row(struct insights_groups *groups, size_t index, struct insights_context *context, struct value *row,
                         struct insights_order *order)
{
	const struct insights_command *stats = groups->stats;

	assert(groups->places && index < groups->table.count);
	const char *payload = (const char *)groups->places[index].order;
	struct key_entry *entry = (struct key_entry *)(uintptr_t)(payload - offsetof(struct key_entry, payload));
	const struct group *group = group_of(entry);
	struct slice joined = key_entry_key(entry);
	*order = group->first;
	for (size_t i = 0; i < stats->keys.count; i++) {
		struct slice key = stats->keys.count == 1 ? joined : next_key(&joined);
		row[stats->keys.items[i].slot] = insights_key_value((enum value_kind)group->kinds[i], key);
	}
	for (size_t i = 0; i < stats->aggregate_count; i++)
		groups->results[i] = groups->aggregates[i].kind->result(&entry->payload[groups->aggregates[i].word], context->arena);
	for (size_t i = 0; i < stats->items.count; i++)
		row[stats->items.items[i].slot] = insights_eval(context, stats->items.items[i].expr, row, groups->results);
}

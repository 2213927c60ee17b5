/* query/insights_oracle.c: command after command over all rows. */
#include "query/insights_oracle.h"

#include "base/limits.h"
#include "base/map.h"
#include "query/insights_aggregate.h"
#include "query/insights_eval.h"

struct run {
	const struct insights_plan *plan;
	struct insights_context    *context;
	struct insights_rows        rows;
	bool                        has_too_many;       /* rows, from unnest */
};

enum { ROWS_MAX = 1000000 };

/* ---- order ---- */

struct sortable {
	struct value *row;
	struct value *keys;
};

typedef int compare_rows(const void *user, const struct sortable *a, const struct sortable *b);

/* Merging halves keeps equal rows in their order. */
static void merge_sort(struct sortable *rows, struct sortable *room, size_t count, compare_rows *compare, const void *user)
{
	size_t half = count / 2, left = 0, right = half;

	if (count < 2)
		return;
	merge_sort(rows, room, half, compare, user);
	merge_sort(rows + half, room, count - half, compare, user);
	for (size_t i = 0; i < count; i++) {
		bool takes_right = left == half || (right < count && compare(user, &rows[right], &rows[left]) < 0);
		room[i] = takes_right ? rows[right++] : rows[left++];
	}
	memcpy(rows, room, count * sizeof *rows);
}

static int compare_keys(const void *user, const struct sortable *a, const struct sortable *b)
{
	const struct insights_command *sort = user;

	for (size_t i = 0; i < sort->items.count; i++) {
		int order = value_sort_order(&a->keys[i], &b->keys[i]);
		if (order != 0)
			return sort->items.items[i].is_descending ? -order : order;
	}
	return 0;
}

static void sort_rows(struct run *run, const struct insights_command *sort)
{
	struct arena *arena = run->context->arena;
	struct sortable *rows = arena_array(arena, run->rows.count + 1, sizeof *rows);
	struct sortable *room = arena_array(arena, run->rows.count + 1, sizeof *room);

	for (size_t i = 0; i < run->rows.count; i++) {
		rows[i].row = run->rows.rows[i];
		rows[i].keys = arena_array(arena, sort->items.count, sizeof *rows[i].keys);
		for (size_t key = 0; key < sort->items.count; key++)
			rows[i].keys[key] = insights_eval(run->context, sort->items.items[key].expr, rows[i].row, NULL);
	}
	merge_sort(rows, room, run->rows.count, compare_keys, sort);
	for (size_t i = 0; i < run->rows.count; i++)
		run->rows.rows[i] = rows[i].row;
}

/* ---- rows one by one ---- */

static void compute_items(struct run *run, const struct insights_items *items)
{
	for (size_t i = 0; i < run->rows.count; i++)
		for (size_t item = 0; item < items->count; item++) {
			struct value value = insights_eval(run->context, items->items[item].expr, run->rows.rows[i], NULL);
			run->rows.rows[i][items->items[item].slot] = value;
		}
}

static void filter_rows(struct run *run, const struct insights_expr *expr)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->rows.count; i++) {
		struct value value = insights_eval(run->context, expr, run->rows.rows[i], NULL);
		if (value_is_true(&value))
			run->rows.rows[kept++] = run->rows.rows[i];
	}
	run->rows.count = kept;
}

static void parse_rows(struct run *run, const struct insights_command *command)
{
	struct value *found = arena_array(run->context->arena, command->items.count, sizeof *found);

	for (size_t i = 0; i < run->rows.count; i++) {
		struct value value = insights_eval(run->context, command->expr, run->rows.rows[i], NULL);
		insights_eval_parse(run->context, command, &value, found);
		for (size_t item = 0; item < command->items.count; item++)
			run->rows.rows[i][command->items.items[item].slot] = found[item];
	}
}

/* A row an element; what is no list is one element, and what is absent leaves its row as it is. */
static void unnest_rows(struct run *run, const struct insights_command *command)
{
	struct arena *arena = run->context->arena;
	struct insights_rows before = run->rows;
	size_t slot = command->items.items[0].slot, total = 0;
	struct value *lists = arena_array(arena, before.count + 1, sizeof *lists);

	for (size_t i = 0; i < before.count; i++) {
		lists[i] = insights_eval(run->context, command->expr, before.rows[i], NULL);
		bool is_list = lists[i].kind == VALUE_JSON && lists[i].json->kind == JSON_ARRAY;
		total += is_list ? lists[i].json->count : 1;
	}
	if (total > ROWS_MAX) {
		run->has_too_many = true;
		return;
	}
	run->rows = (struct insights_rows){ .rows = arena_array(arena, total + 1, sizeof *run->rows.rows) };
	for (size_t i = 0; i < before.count && !arena_is_over(arena); i++) {
		bool is_list = lists[i].kind == VALUE_JSON && lists[i].json->kind == JSON_ARRAY;
		const struct json *element = is_list ? lists[i].json->first : NULL;
		for (uint32_t number = 0; number < (is_list ? lists[i].json->count : 1); number++) {
			struct value *row = arena_array(arena, run->plan->slot_count + 1, sizeof *row);
			memcpy(row, before.rows[i], run->plan->slot_count * sizeof *row);
			row[slot] = is_list ? value_of_json(element) : lists[i];
			run->rows.rows[run->rows.count++] = row;
			element = element ? element->next : NULL;
		}
	}
}

static void limit_rows(struct run *run, int64_t limit)
{
	if (run->rows.count > (size_t)limit)
		run->rows.count = (size_t)limit;
}

/* ---- groups ---- */

/* The items' values as one text. *has_absent: one is. */
static struct slice row_key(struct run *run, const struct insights_items *items, const struct value *row, bool *has_absent)
{
	struct buffer key;

	*has_absent = false;
	buffer_init(&key, run->context->arena, SIZE_MAX / 2);
	for (size_t i = 0; i < items->count && !arena_is_over(run->context->arena); i++) {
		struct value value = insights_eval(run->context, items->items[i].expr, row, NULL);
		*has_absent = *has_absent || value.kind == VALUE_NONE || value.kind == VALUE_JSON;
		value_add_key(&value, &key);
	}
	return key.len ? buffer_slice(&key) : S("");
}

static void dedup_rows(struct run *run, const struct insights_items *items)
{
	struct map seen;
	size_t kept = 0;

	map_init(&seen, 0);
	for (size_t i = 0; i < run->rows.count; i++) {
		bool has_absent;
		struct slice key = row_key(run, items, run->rows.rows[i], &has_absent);
		if (!has_absent && map_find(&seen, key))
			continue;
		if (!has_absent)
			map_put(&seen, key, run);
		run->rows.rows[kept++] = run->rows.rows[i];
	}
	run->rows.count = kept;
	map_fini(&seen);
}

struct group {
	struct insights_rows members;
};

/* Rows by the values of the keys, in the order of their first. */
static struct group *group_rows(struct run *run, const struct insights_items *keys, size_t *count)
{
	struct arena *arena = run->context->arena;
	struct group *groups = arena_array(arena, run->rows.count + 1, sizeof *groups);
	struct map by_key;

	*count = 0;
	map_init(&by_key, 0);
	for (size_t i = 0; i < run->rows.count; i++) {
		bool has_absent;
		struct slice key = row_key(run, keys, run->rows.rows[i], &has_absent);
		struct group *group = map_find(&by_key, key);
		if (!group) {
			group = &groups[(*count)++];
			map_put(&by_key, key, group);
		}
		struct insights_rows *members = &group->members;
		if ((members->count & (members->count - 1)) == 0) {
			struct value **rows = arena_array(arena, members->count ? 2 * members->count : 1, sizeof *rows);
			if (members->count > 0)
				memcpy(rows, members->rows, members->count * sizeof *rows);
			members->rows = rows;
		}
		members->rows[members->count++] = run->rows.rows[i];
	}
	map_fini(&by_key);
	return groups;
}

static struct value aggregate(struct run *run, const struct insights_expr *call, const struct insights_rows *members)
{
	struct arena *arena = run->context->arena;
	size_t arg = call->function->traits & USES_TIME ? 1 : 0;
	struct value *values = arena_array(arena, members->count, sizeof *values);
	struct value *times = arena_array(arena, members->count, sizeof *times);

	for (size_t i = 0; i < members->count; i++) {
		values[i] = call->arg_count > arg ? insights_eval(run->context, call->args[arg], members->rows[i], NULL) : value_number(1);
		if (arg > 0)
			times[i] = insights_eval(run->context, call->args[0], members->rows[i], NULL);
	}
	return insights_aggregate_all(arena, call, values, times, members->count);
}

static void stats_rows(struct run *run, const struct insights_command *stats)
{
	struct arena *arena = run->context->arena;
	size_t count;
	struct group *groups = group_rows(run, &stats->keys, &count);

	run->rows.count = 0;
	for (size_t i = 0; i < count && !arena_is_over(arena); i++) {
		const struct insights_rows *members = &groups[i].members;
		struct value *aggregates = arena_array(arena, stats->aggregate_count, sizeof *aggregates);
		struct value *row = arena_array(arena, run->plan->slot_count, sizeof *row);
		for (size_t a = 0; a < stats->aggregate_count; a++)
			aggregates[a] = aggregate(run, stats->aggregates[a], members);
		for (size_t key = 0; key < stats->keys.count; key++) {
			struct value value = insights_eval(run->context, stats->keys.items[key].expr, members->rows[0], NULL);
			/* the group may be of several objects, and of rows with none */
			row[stats->keys.items[key].slot] = value.kind == VALUE_JSON ? value_none() : value;
		}
		for (size_t item = 0; item < stats->items.count; item++)
			row[stats->items.items[item].slot] = insights_eval(run->context, stats->items.items[item].expr, row, aggregates);
		run->rows.rows[run->rows.count++] = row;
	}
}

/* ---- the whole ---- */

static void run_command(struct run *run, const struct insights_command *command)
{
	switch (command->kind) {
	case COMMAND_FIELDS:
	case COMMAND_DISPLAY:
		compute_items(run, &command->items);
		return;
	case COMMAND_FILTER:
		filter_rows(run, command->expr);
		return;
	case COMMAND_STATS:
		stats_rows(run, command);
		return;
	case COMMAND_SORT:
		sort_rows(run, command);
		return;
	case COMMAND_LIMIT:
		limit_rows(run, command->limit);
		return;
	case COMMAND_DEDUP:
		dedup_rows(run, &command->items);
		return;
	case COMMAND_PARSE:
		parse_rows(run, command);
		return;
	case COMMAND_UNNEST:
		unnest_rows(run, command);
		return;
	case COMMAND_UNMASK:
		return;
	}
}

struct numbered {
	const struct insights_event *event;
	size_t                       number;
};

static int newest_first(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	if (x->event->time_ms != y->event->time_ms)
		return x->event->time_ms > y->event->time_ms ? -1 : 1;
	return x->number > y->number ? -1 : x->number < y->number;
}

static void read_rows(struct run *run, const struct insights_event *events, size_t count)
{
	struct arena *arena = run->context->arena;
	struct numbered *order = arena_array(arena, count + 1, sizeof *order);
	struct field *found = arena_array(arena, fields_count(run->plan->fields) + 1, sizeof *found);
	struct json_index index = { .room = 0 };

	for (size_t i = 0; i < count; i++)
		order[i] = (struct numbered){ &events[i], i };
	qsort(order, count, sizeof *order, newest_first);
	run->rows.rows = arena_array(arena, count + 1, sizeof *run->rows.rows);
	for (size_t i = 0; i < count; i++) {
		struct value *row = arena_array(arena, run->plan->slot_count + 1, sizeof *row);
		json_index_build(&index, order[i].event->message, json_index_fastest());
		insights_row_read(run->plan, order[i].event, &index, found, arena, row);
		run->rows.rows[run->rows.count++] = row;
	}
	json_index_fini(&index);
}

bool insights_oracle_run(const struct insights_plan *plan, struct insights_context *context, const struct insights_event *events,
                         size_t count, int64_t limit, struct insights_rows *rows, struct error *err)
{
	struct run run = { .plan = plan, .context = context };

	read_rows(&run, events, count);
	for (const struct insights_command *command = plan->query->first; command; command = command->next) {
		run_command(&run, command);
		if (run.has_too_many)
			return fail(err, ERR_LIMIT, "unnest gives more than %d rows", ROWS_MAX);
		if (context->exceeded)
			return fail(err, ERR_LIMIT, "an event needs more %s", context->exceeded);
		if (!arena_check(context->arena, err))
			return false;
	}
	if (limit > 0)
		limit_rows(&run, limit);
	if (!plan->has_limit)
		limit_rows(&run, INSIGHTS_ROWS_DEFAULT);
	*rows = run.rows;
	return true;
}

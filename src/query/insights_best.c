/* query/insights_best.c: a heap with the last of the rows at its top, each row one piece of memory with all that it points to. */
#include "query/insights_best.h"

#include "base/map.h"
#include "query/value_copy.h"

/* A row also has places in tables that double, and malloc's own words. */
enum { BUDGET_PIECE_BYTES = 64 << 10, HEAP_OVERHEAD_BYTES = 48, MAP_OVERHEAD_BYTES = 192 };

struct kept {
	struct insights_order order;
	size_t                heap_at, bytes;
	struct slice          distinct;
	struct value_rank    *ranks;
	struct value         *values;
};

struct insights_best {
	const struct insights_best_shape *shape;
	struct budget                    *budget;
	size_t                            taken_bytes, used_bytes;      /* of the budget */
	struct kept                     **heap;
	size_t                            count, room;
	struct map                        by_distinct;
	bool                              is_cut;
};

struct insights_best *insights_best_new(const struct insights_best_shape *shape, struct budget *budget, uint64_t seed)
{
	struct insights_best *best = xcalloc(1, sizeof *best);

	best->shape = shape;
	best->budget = budget;
	map_init(&best->by_distinct, seed);
	return best;
}

void insights_best_free(struct insights_best *best)
{
	if (!best)
		return;
	for (size_t i = 0; i < best->count; i++)
		free(best->heap[i]);
	free(best->heap);
	map_fini(&best->by_distinct);
	budget_give_back(best->budget, best->taken_bytes);
	free(best);
}

/* ---- order ---- */

static bool is_before(const struct insights_best_shape *shape, const struct value_rank *ranks_a, const struct insights_order *a,
                      const struct value_rank *ranks_b, const struct insights_order *b)
{
	for (size_t i = 0; i < shape->key_count; i++) {
		int order = value_rank_order(&ranks_a[i], &ranks_b[i]);
		if (order != 0)
			return shape->is_descending[i] ? order > 0 : order < 0;
	}
	return insights_order_is_before(a, b);
}

static bool kept_is_before(const struct insights_best *best, const struct kept *a, const struct kept *b)
{
	return is_before(best->shape, a->ranks, &a->order, b->ranks, &b->order);
}

static void put(struct insights_best *best, size_t at, struct kept *row)
{
	best->heap[at] = row;
	row->heap_at = at;
}

static void move_up(struct insights_best *best, size_t at)
{
	struct kept *row = best->heap[at];

	for (; at > 0 && kept_is_before(best, best->heap[(at - 1) / 2], row); at = (at - 1) / 2)
		put(best, at, best->heap[(at - 1) / 2]);
	put(best, at, row);
}

static void move_down(struct insights_best *best, size_t at)
{
	struct kept *row = best->heap[at];

	for (size_t child; (child = 2 * at + 1) < best->count; at = child) {
		child += child + 1 < best->count && kept_is_before(best, best->heap[child], best->heap[child + 1]);
		if (!kept_is_before(best, row, best->heap[child]))
			break;
		put(best, at, best->heap[child]);
	}
	put(best, at, row);
}

/* ---- rows ---- */

/* With room: all of the row. Without: how much that is. */
static struct kept *copy_row(const struct insights_best_shape *shape, struct value_copy *copy, const struct value *row,
                             const struct value_rank *ranks, struct slice distinct)
{
	struct kept *kept = value_copy_place(copy, sizeof *kept);
	struct value *values = value_copy_place(copy, shape->slot_count * sizeof *values), value;
	struct value_rank *kept_ranks = value_copy_place(copy, shape->key_count * sizeof *kept_ranks), rank;
	struct slice key = value_copy_text(copy, distinct);

	if (shape->base != SIZE_MAX && row[shape->base].kind == VALUE_TEXT) {
		struct slice to = value_copy_text(copy, row[shape->base].text);
		copy->from = row[shape->base].text;
		copy->to = to;
	}
	for (size_t i = 0; i < shape->slot_count; i++) {
		value = value_copy_value(copy, &row[shape->slots[i]]);
		if (values)
			values[i] = value;
	}
	for (size_t i = 0; i < shape->key_count; i++) {
		rank = ranks[i];
		rank.text = value_copy_text(copy, ranks[i].text);
		if (kept_ranks)
			kept_ranks[i] = rank;
	}
	if (kept)
		*kept = (struct kept){ .distinct = key, .ranks = kept_ranks, .values = values };
	return kept;
}

static bool take_memory(struct insights_best *best, size_t bytes, struct error *err)
{
	size_t piece = bytes > BUDGET_PIECE_BYTES ? bytes : BUDGET_PIECE_BYTES;

	if (best->used_bytes + bytes > best->taken_bytes) {
		if (!budget_take(best->budget, piece))
			return budget_refuse(best->budget, "the rows that are kept", err);
		best->taken_bytes += piece;
	}
	best->used_bytes += bytes;
	return true;
}

static void drop(struct insights_best *best, struct kept *row)
{
	best->used_bytes -= row->bytes;
	if (row->distinct.ptr)
		map_remove(&best->by_distinct, row->distinct);
	free(row);
}

static bool is_full(const struct insights_best *best)
{
	return best->count == best->shape->rows_max;
}

bool insights_best_wants(struct insights_best *best, const struct value_rank *ranks, const struct insights_order *order,
                         struct slice distinct)
{
	const struct kept *same = distinct.ptr ? map_find(&best->by_distinct, distinct) : NULL, *last = same;

	if (!same && !is_full(best))
		return true;
	best->is_cut = best->is_cut || !same;
	if (!same)
		last = best->count > 0 ? best->heap[0] : NULL;
	return last && is_before(best->shape, ranks, order, last->ranks, &last->order);
}

/* insights_best_wants() it. */
static void put_row(struct insights_best *best, struct kept *row)
{
	struct kept *same = row->distinct.ptr ? map_find(&best->by_distinct, row->distinct) : NULL;
	struct kept *replaced = same ? same : is_full(best) ? best->heap[0] : NULL;

	if (replaced) {
		size_t at = replaced->heap_at;
		drop(best, replaced);
		put(best, at, row);
		move_down(best, at);            /* it comes before the one that it replaces */
	} else {
		if (best->count == best->room) {
			best->room = best->room ? 2 * best->room : 64;
			best->heap = xrealloc(best->heap, best->room * sizeof *best->heap);
		}
		best->heap[best->count++] = row;
		move_up(best, best->count - 1);
	}
	if (row->distinct.ptr)
		map_put(&best->by_distinct, row->distinct, row);
}

bool insights_best_add(struct insights_best *best, const struct value *row, const struct value_rank *ranks,
                       const struct insights_order *order, struct slice distinct, struct error *err)
{
	struct value_copy copy = { .room = NULL };

	copy_row(best->shape, &copy, row, ranks, distinct);
	size_t bytes = copy.bytes + HEAP_OVERHEAD_BYTES + (distinct.ptr ? MAP_OVERHEAD_BYTES : 0);
	if (!take_memory(best, bytes, err))
		return false;
	copy = (struct value_copy){ .room = xmalloc(copy.bytes) };
	struct kept *kept = copy_row(best->shape, &copy, row, ranks, distinct);
	kept->order = *order;
	kept->bytes = bytes;
	put_row(best, kept);
	return true;
}

void insights_best_merge(struct insights_best *into, struct insights_best *from)
{
	into->taken_bytes += from->taken_bytes;
	into->used_bytes += from->used_bytes;
	into->is_cut = into->is_cut || from->is_cut;
	for (size_t i = 0; i < from->count; i++) {
		struct kept *row = from->heap[i];
		if (insights_best_wants(into, row->ranks, &row->order, row->distinct)) {
			put_row(into, row);
		} else {
			into->used_bytes -= row->bytes;
			free(row);
		}
	}
	from->count = from->taken_bytes = from->used_bytes = 0;
	map_fini(&from->by_distinct);
}

bool insights_best_is_cut(const struct insights_best *best)
{
	return best->is_cut;
}

size_t insights_best_count(const struct insights_best *best)
{
	return best->count;
}

static int compare_kept(const void *a, const void *b, void *user)
{
	const struct kept *const *x = a, *const *y = b;

	return *x == *y ? 0 : kept_is_before(user, *x, *y) ? -1 : 1;
}

/* What is sorted the other way round is no heap any more, but nothing is added then. */
void insights_best_sort(struct insights_best *best)
{
	if (best->count > 0)
		qsort_r(best->heap, best->count, sizeof(struct kept *), compare_kept, best);
}

void insights_best_row(const struct insights_best *best, size_t index, struct value *row)
{
	const struct kept *kept = best->heap[index];

	for (size_t i = 0; i < best->shape->slot_count; i++)
		row[best->shape->slots[i]] = kept->values[i];
}

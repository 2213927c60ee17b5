/* query/insights_best_test.c: the first rows are kept, whoever had them, each once where that is asked for, and within the budget. */
#include "query/insights_best.h"

#include "base/random.h"
#include "tests/test.h"

enum { ROWS = 2000, CREW = 3, KEPT = 50 };

struct given {
	struct value          row[2];           /* a number to sort by, a text */
	struct insights_order order;
	struct slice          distinct;
};

static const size_t slots[] = { 0, 1 };
static const bool   is_descending[] = { true };

static struct given *make_rows(struct test *t, uint64_t seed)
{
	struct given *rows = arena_array(&t->arena, ROWS, sizeof *rows);
	struct random random;

	random_init_seeded(&random, seed);
	for (size_t i = 0; i < ROWS; i++) {
		uint64_t key = random_u64(&random) % 300;
		rows[i].row[0] = value_number((double)(random_u64(&random) % 20));
		rows[i].row[1] = value_text(arena_format(&t->arena, "row %zu", i));
		rows[i].order = (struct insights_order){ .time_ms = (int64_t)(random_u64(&random) % 10), .file = i / 7, .position = i };
		rows[i].distinct = key == 0 ? SLICE_NONE : arena_format(&t->arena, "%d", (int)key);
	}
	return rows;
}

static bool is_before(const struct given *a, const struct given *b)
{
	if (a->row[0].number != b->row[0].number)
		return a->row[0].number > b->row[0].number;
	return insights_order_is_before(&a->order, &b->order);
}

static int compare_given(const void *a, const void *b)
{
	return a == b ? 0 : is_before(a, b) ? -1 : is_before(b, a);
}

static void give(struct test *t, struct insights_best *best, const struct given *given, bool is_distinct)
{
	struct value_rank rank = value_rank(&given->row[0]);
	struct slice key = is_distinct ? given->distinct : SLICE_NONE;

	if (insights_best_wants(best, &rank, &given->order, key))
		CHECK(t, insights_best_add(best, given->row, &rank, &given->order, key, &t->err));
}

/* All rows in order, and of each key the first: by looking at all before it. */
static size_t expect(struct given *rows, bool is_distinct, const struct given **want)
{
	size_t count = 0;

	qsort(rows, ROWS, sizeof *rows, compare_given);
	for (size_t i = 0; i < ROWS && count < KEPT; i++) {
		bool is_again = false;
		for (size_t j = 0; j < i && is_distinct && rows[i].distinct.ptr; j++)
			is_again = is_again || slice_equal(rows[j].distinct, rows[i].distinct);
		if (!is_again)
			want[count++] = &rows[i];
	}
	return count;
}

static void check(struct test *t, uint64_t seed, bool is_distinct)
{
	struct insights_best_shape shape = { .slots = slots, .slot_count = 2, .base = SIZE_MAX, .is_descending = is_descending, .key_count = 1,
	                                     .rows_max = KEPT };
	struct given *rows = make_rows(t, seed);
	const struct given *want[KEPT];
	struct insights_best *best[CREW];
	struct budget budget;

	budget_init(&budget, 64 << 20);
	for (size_t i = 0; i < CREW; i++)
		best[i] = insights_best_new(&shape, &budget, seed);
	for (size_t i = 0; i < ROWS; i++)
		give(t, best[i * seed % CREW], &rows[i], is_distinct);
	for (size_t i = 1; i < CREW; i++)
		insights_best_merge(best[0], best[i]);
	insights_best_sort(best[0]);
	size_t count = expect(rows, is_distinct, want);
	CHECK_NUMBER(t, insights_best_count(best[0]), count);
	CHECK(t, insights_best_is_cut(best[0]));
	for (size_t i = 0; i < count; i++) {
		struct value row[2];
		insights_best_row(best[0], i, row);
		CHECK_TEXT(t, row[1].text, want[i]->row[1].text);
	}
	for (size_t i = 0; i < CREW; i++)
		insights_best_free(best[i]);
	CHECK_NUMBER(t, budget.used_bytes, 0);
}

TEST(insights_best_keeps_the_first_rows_of_all)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		check(t, seed, false);
}

TEST(insights_best_keeps_the_first_row_of_each_key)
{
	for (uint64_t seed = 1; seed <= 5; seed++)
		check(t, seed, true);
}

TEST(insights_best_is_cut_only_where_there_was_more)
{
	struct insights_best_shape shape = { .slots = slots, .slot_count = 2, .base = SIZE_MAX, .is_descending = is_descending, .key_count = 1,
	                                     .rows_max = 2 };
	struct given *rows = make_rows(t, 1);
	struct budget budget;

	budget_init(&budget, 64 << 20);
	struct insights_best *best = insights_best_new(&shape, &budget, 1);
	rows[0].distinct = rows[1].distinct = S("a");
	rows[2].distinct = S("b");
	rows[3].distinct = S("c");
	for (size_t i = 0; i < 3; i++)
		give(t, best, &rows[i], true);
	CHECK_NUMBER(t, insights_best_count(best), 2);
	CHECK(t, !insights_best_is_cut(best));
	give(t, best, &rows[3], true);
	CHECK_NUMBER(t, insights_best_count(best), 2);
	CHECK(t, insights_best_is_cut(best));
	insights_best_free(best);
}

TEST(insights_best_takes_no_more_than_its_budget)
{
	struct insights_best_shape shape = { .slots = slots, .slot_count = 2, .base = SIZE_MAX, .rows_max = SIZE_MAX };
	struct given *rows = make_rows(t, 1);
	struct budget budget;
	size_t count = 0;

	budget_init(&budget, 3 << 20);
	struct insights_best *best = insights_best_new(&shape, &budget, 1);
	rows[0].row[1] = value_text((struct slice){ arena_zalloc(&t->arena, 10000), 10000 });
	while (count < 1000 && insights_best_add(best, rows[0].row, NULL, &rows[0].order, SLICE_NONE, &t->err))
		count++;
	CHECK(t, count > 250 && count < 320);
	CHECK(t, t->err.kind == ERR_LIMIT);
	CHECK(t, budget.used_bytes <= budget.bound_bytes);
	insights_best_free(best);
}

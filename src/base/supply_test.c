/* base/supply_test.c: every item is taken once, both sides wait, and closing ends both. */
#include "base/supply.h"
#include "base/thread.h"
#include "tests/test.h"

enum { ITEMS = 2000, TAKERS = 3 };

struct taker {
	struct thread  thread;
	struct supply *supply;
	uint64_t       sum, count, last;
	bool           is_ordered;
};

static void take_all(void *argument)
{
	struct taker *taker = argument;
	uint64_t *item;

	taker->is_ordered = true;
	while ((item = supply_take(taker->supply))) {
		taker->is_ordered = taker->is_ordered && *item > taker->last;
		taker->last = *item;
		taker->sum += *item;
		taker->count++;
		free(item);
	}
}

TEST(supply_gives_each_item_to_one_taker_in_order)
{
	struct supply *supply = supply_new(4, TAKERS);
	struct taker takers[TAKERS] = {0};
	uint64_t sum = 0, count = 0;

	for (size_t i = 0; i < TAKERS; i++) {
		takers[i].supply = supply;
		REQUIRE(t, thread_start(&takers[i].thread, "taker", take_all, &takers[i], &t->err));
	}
	for (uint64_t i = 1; i <= ITEMS; i++) {
		uint64_t *item = xmalloc(sizeof *item);
		*item = i;
		CHECK(t, supply_put(supply, item));
	}
	supply_finish(supply);
	for (size_t i = 0; i < TAKERS; i++) {
		thread_join(&takers[i].thread);
		sum += takers[i].sum;
		count += takers[i].count;
		CHECK(t, takers[i].is_ordered);
	}
	CHECK_NUMBER(t, count, ITEMS);
	CHECK_NUMBER(t, sum, (uint64_t)ITEMS * (ITEMS + 1) / 2);
	supply_free(supply, free);
}

TEST(supply_closed_wakes_a_giver_that_waits_and_keeps_what_nobody_took)
{
	struct supply *supply = supply_new(1, 1);
	struct taker taker = { .supply = supply };
	void *item = xmalloc(8);

	CHECK(t, supply_put(supply, item));
	supply_close(supply);
	CHECK(t, !supply_put(supply, item));             /* full, but it does not wait */
	REQUIRE(t, thread_start(&taker.thread, "taker", take_all, &taker, &t->err));
	thread_join(&taker.thread);
	CHECK_NUMBER(t, taker.count, 0);
	supply_free(supply, free);
}

struct sharer {
	struct thread    thread;
	struct supply   *supply;
	uint64_t         taken;
	_Atomic uint64_t *offered;
};

/* Each item is a heap of work, half of which it offers as long as somebody waits. */
static void share_all(void *argument)
{
	struct sharer *sharer = argument;
	uint64_t *item;

	while ((item = supply_take(sharer->supply))) {
		while (*item > 1) {
			uint64_t *half = xmalloc(sizeof *half);
			*half = *item / 2;
			if (supply_has_waiting(sharer->supply) && supply_offer(sharer->supply, half)) {
				*item -= *item / 2;
				atomic_fetch_add(sharer->offered, 1);
				continue;
			}
			free(half);
			(*item)--;
			sharer->taken++;
		}
		sharer->taken += *item;
		free(item);
	}
}

TEST(supply_lets_takers_share_until_all_of_them_wait)
{
	enum { HEAP = 300000 };
	struct supply *supply = supply_new(1, TAKERS);
	struct sharer sharers[TAKERS] = {0};
	_Atomic uint64_t offered = 0;
	uint64_t *heap = xmalloc(sizeof *heap), sum = 0;

	*heap = HEAP;
	for (size_t i = 0; i < TAKERS; i++) {
		sharers[i] = (struct sharer){ .supply = supply, .offered = &offered };
		REQUIRE(t, thread_start(&sharers[i].thread, "sharer", share_all, &sharers[i], &t->err));
	}
	CHECK(t, supply_put(supply, heap));
	supply_finish(supply);
	for (size_t i = 0; i < TAKERS; i++) {
		thread_join(&sharers[i].thread);
		sum += sharers[i].taken;
	}
	CHECK_NUMBER(t, sum, HEAP);
	CHECK(t, !supply_has_waiting(supply));
	supply_free(supply, free);
}

TEST(supply_offers_nothing_where_nobody_waits)
{
	struct supply *supply = supply_new(1, 2);
	uint64_t item = 1;

	CHECK(t, !supply_has_waiting(supply) && !supply_offer(supply, &item));
	supply_close(supply);
	CHECK(t, !supply_offer(supply, &item) && !supply_take(supply));
	supply_free(supply, free);
}

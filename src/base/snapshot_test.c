/* base/snapshot_test.c: a value lives as long as somebody holds it. */
#include "base/snapshot.h"
#include "base/thread.h"
#include "tests/test.h"

struct price {
	struct snapshot snapshot;
	int             amount, amount_again;
	atomic_int     *freed;
};

static void free_price(struct snapshot *snapshot)
{
	struct price *price = (struct price *)snapshot;

	atomic_fetch_add(price->freed, 1);
	free(price);
}

static struct snapshot *new_price(int amount, atomic_int *freed)
{
	struct price *price = xcalloc(1, sizeof *price);

	*price = (struct price){ { 1, free_price }, amount, amount, freed };
	return &price->snapshot;
}

TEST(snapshot_is_freed_by_the_last_who_releases_it)
{
	atomic_int freed = 0;
	struct snapshot_slot *slot = snapshot_slot_new();

	CHECK(t, snapshot_take(slot) == NULL);
	snapshot_publish(slot, new_price(1, &freed));
	struct snapshot *held = snapshot_take(slot);
	snapshot_publish(slot, new_price(2, &freed));
	CHECK_NUMBER(t, atomic_load(&freed), 0);
	CHECK_NUMBER(t, ((struct price *)held)->amount, 1);
	snapshot_release(held);
	CHECK_NUMBER(t, atomic_load(&freed), 1);
	snapshot_slot_free(slot);
	CHECK_NUMBER(t, atomic_load(&freed), 2);
	snapshot_release(NULL);
}

struct reader {
	struct thread         thread;
	struct snapshot_slot *slot;
	int                   torn;
};

static void read_prices(void *argument)
{
	struct reader *reader = argument;

	for (int i = 0; i < 2000; i++) {
		struct price *price = (struct price *)snapshot_take(reader->slot);
		reader->torn += price->amount != price->amount_again;
		snapshot_release(&price->snapshot);
	}
}

TEST(snapshot_is_whole_for_every_thread)
{
	atomic_int freed = 0;
	struct snapshot_slot *slot = snapshot_slot_new();
	struct reader readers[2];

	snapshot_publish(slot, new_price(0, &freed));
	for (size_t i = 0; i < COUNT(readers); i++) {
		readers[i] = (struct reader){ .slot = slot };
		REQUIRE(t, thread_start(&readers[i].thread, "reader", read_prices, &readers[i], &t->err));
	}
	for (int i = 1; i <= 1000; i++)
		snapshot_publish(slot, new_price(i, &freed));
	for (size_t i = 0; i < COUNT(readers); i++) {
		thread_join(&readers[i].thread);
		CHECK_NUMBER(t, readers[i].torn, 0);
	}
	snapshot_slot_free(slot);
	CHECK_NUMBER(t, atomic_load(&freed), 1001);
}

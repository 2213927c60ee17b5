/* base/queue_test.c: what is put is taken once and in order, and a full queue says so. */
#include "base/queue.h"
#include "base/thread.h"
#include "tests/test.h"

struct parcel {
	struct queue_link link;
	int               number, sender;
};

TEST(queue_gives_the_oldest_first_and_refuses_when_full)
{
	struct queue *queue = queue_new(3);
	struct parcel parcels[4] = { { .number = 0 }, { .number = 1 }, { .number = 2 }, { .number = 3 } };

	for (int i = 0; i < 3; i++)
		CHECK(t, queue_put(queue, &parcels[i].link));
	CHECK(t, !queue_put(queue, &parcels[3].link));
	CHECK_NUMBER(t, queue_count(queue), 3);

	struct queue_link *taken = queue_take(queue, 2, 0);
	REQUIRE(t, taken && taken->next);
	CHECK_NUMBER(t, ((struct parcel *)taken)->number, 0);
	CHECK_NUMBER(t, ((struct parcel *)taken->next)->number, 1);
	CHECK(t, taken->next->next == NULL);
	CHECK(t, queue_put(queue, &parcels[3].link));
	taken = queue_take(queue, 10, -1);
	REQUIRE(t, taken && taken->next);
	CHECK_NUMBER(t, ((struct parcel *)taken->next)->number, 3);
	CHECK(t, queue_take(queue, 10, 0) == NULL);
	CHECK(t, queue_take(queue, 10, 1) == NULL);
	queue_free(queue);
}

TEST(queue_closed_accepts_nothing_and_still_gives_what_it_has)
{
	struct queue *queue = queue_new(3);
	struct parcel a = {0}, b = {0};

	CHECK(t, queue_put(queue, &a.link));
	queue_close(queue);
	CHECK(t, queue_is_closed(queue));
	CHECK(t, !queue_put(queue, &b.link));
	CHECK(t, queue_take(queue, 10, -1) == &a.link);
	CHECK(t, queue_take(queue, 10, -1) == NULL);
	queue_reopen(queue);
	CHECK(t, queue_put(queue, &b.link));
	queue_wake(queue);
	CHECK(t, queue_take(queue, 10, -1) == &b.link);
	queue_wake(queue);
	CHECK(t, queue_take(queue, 10, -1) == NULL);
	queue_free(queue);
}

enum { SENDERS = 3, PARCELS_EACH = 2000 };

struct sender {
	struct thread  thread;
	struct queue  *queue;
	struct parcel *parcels;
};

static void send_all(void *argument)
{
	struct sender *sender = argument;

	for (int i = 0; i < PARCELS_EACH; )
		i += queue_put(sender->queue, &sender->parcels[i].link);        /* full: again */
}

TEST(queue_loses_and_doubles_nothing_between_threads)
{
	struct queue *queue = queue_new(64);
	struct sender senders[SENDERS];
	int next[SENDERS] = {0}, left = SENDERS * PARCELS_EACH;

	for (int s = 0; s < SENDERS; s++) {
		senders[s].queue = queue;
		senders[s].parcels = arena_array(&t->arena, PARCELS_EACH, sizeof(struct parcel));
		for (int i = 0; i < PARCELS_EACH; i++)
			senders[s].parcels[i] = (struct parcel){ .number = i, .sender = s };
		REQUIRE(t, thread_start(&senders[s].thread, "sender", send_all, &senders[s], &t->err));
	}
	while (left > 0) {
		for (struct queue_link *link = queue_take(queue, 16, -1); link; link = link->next, left--) {
			struct parcel *parcel = (struct parcel *)link;
			CHECK(t, next[parcel->sender]++ == parcel->number);
		}
	}
	for (int s = 0; s < SENDERS; s++)
		thread_join(&senders[s].thread);
	CHECK_NUMBER(t, queue_count(queue), 0);
	queue_free(queue);
}

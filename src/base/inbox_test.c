/* base/inbox_test.c: what threads hand over arrives once, in each thread's order, and wakes a sleeper. */
#include "base/inbox.h"
#include "base/thread.h"
#include "base/waker.h"
#include "tests/test.h"

#include <poll.h>

enum { SENDERS = 4, SENT_EACH = 5000 };

struct letter {
	struct inbox_node node;
	int               sender, number;
};

struct sender {
	struct thread  thread;
	struct inbox  *inbox;
	struct waker  *waker;
	struct letter *letters;
};

static void send_all(void *argument)
{
	struct sender *sender = argument;

	for (int i = 0; i < SENT_EACH; i++) {
		inbox_put(sender->inbox, &sender->letters[i].node);
		waker_wake(sender->waker);
	}
}

TEST(inbox_delivers_everything_once_in_each_senders_order_and_wakes)
{
	struct inbox inbox = { NULL };
	struct waker waker;
	struct sender senders[SENDERS];
	int next[SENDERS] = { 0 }, got = 0;

	REQUIRE(t, waker_init(&waker, &t->err));
	for (int s = 0; s < SENDERS; s++) {
		senders[s] = (struct sender){ .inbox = &inbox, .waker = &waker };
		senders[s].letters = arena_array(&t->arena, SENT_EACH, sizeof *senders[s].letters);
		for (int i = 0; i < SENT_EACH; i++)
			senders[s].letters[i] = (struct letter){ .sender = s, .number = i };
		REQUIRE(t, thread_start(&senders[s].thread, "sender", send_all, &senders[s], &t->err));
	}
	while (got < SENDERS * SENT_EACH) {
		struct pollfd wait = { .fd = waker.fd, .events = POLLIN };
		uint64_t count;

		waker_sleeps(&waker);
		if (inbox_is_empty(&inbox)) {
			REQUIRE(t, poll(&wait, 1, 60000) == 1);      /* a lost wake-up would end here */
			CHECK(t, read(waker.fd, &count, sizeof count) == sizeof count);
		}
		waker_is_awake(&waker);
		for (struct inbox_node *node = inbox_take(&inbox); node; node = node->next) {
			const struct letter *letter = (const struct letter *)node;

			CHECK_NUMBER(t, letter->number, next[letter->sender]);
			next[letter->sender]++;
			got++;
		}
	}
	for (int s = 0; s < SENDERS; s++)
		thread_join(&senders[s].thread);
	CHECK(t, inbox_take(&inbox) == NULL);
	waker_fini(&waker);
}

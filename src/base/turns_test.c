/* base/turns_test.c: whatever thread is how fast, the output is in order, whole, and little of it waits in memory. */
#include "base/turns.h"

#include "base/buffer.h"
#include "base/thread.h"
#include "tests/test.h"

struct output {
	struct buffer text;
	size_t        bytes_max;         /* more cannot be written */
	uint64_t      number;
	bool          is_ordered;
};

static bool write_text(void *user, uint64_t number, struct slice bytes)
{
	struct output *output = user;

	output->is_ordered = output->is_ordered && number >= output->number;
	output->number = number;
	buffer_add(&output->text, bytes);
	return output->text.len <= output->bytes_max;
}

static struct turns *begin(struct test *t, struct output *output, size_t held_bytes_max)
{
	*output = (struct output){ .bytes_max = SIZE_MAX, .is_ordered = true };
	buffer_init(&output->text, &t->arena, 64 << 20);
	return turns_new(held_bytes_max, write_text, output);
}

TEST(turns_writes_at_once_for_whoever_is_next)
{
	struct output output;
	struct turns *turns = begin(t, &output, 1000);

	turns_open(turns, 0);
	turns_open(turns, 10);
	CHECK(t, turns_put(turns, 0, S("a")) && turns_put(turns, 0, S("b")));
	CHECK_TEXT(t, buffer_slice(&output.text), S("ab"));
	CHECK(t, turns_put(turns, 10, S("e")) && turns_put(turns, 10, S("f")));         /* 0 may go on */
	turns_open(turns, 1);                                                           /* and open more of its kind */
	turns_open(turns, 2);
	CHECK(t, turns_close(turns, 2));                                                /* nothing came, so it may come again */
	turns_open(turns, 2);
	CHECK(t, turns_put(turns, 2, S("d")) && turns_close(turns, 2));
	CHECK_TEXT(t, buffer_slice(&output.text), S("ab"));
	CHECK(t, turns_close(turns, 0));
	CHECK(t, turns_put(turns, 1, S("c")));
	CHECK_TEXT(t, buffer_slice(&output.text), S("abc"));
	CHECK(t, turns_close(turns, 1));
	CHECK_TEXT(t, buffer_slice(&output.text), S("abcdef"));
	CHECK(t, turns_put(turns, 10, S("g")) && turns_put(turns, 10, S("")) && turns_close(turns, 10));
	turns_open(turns, 5);                                                           /* nothing larger is open */
	CHECK(t, turns_close(turns, 5));
	turns_open(turns, 5);
	CHECK(t, turns_put(turns, 5, S("h")) && turns_close(turns, 5));
	CHECK_TEXT(t, buffer_slice(&output.text), S("abcdefgh"));
	turns_free(turns);
}

TEST(turns_ends_for_everybody_when_the_output_does)
{
	struct output output;
	struct turns *turns = begin(t, &output, 0);

	output.bytes_max = 1;
	turns_open(turns, 0);
	turns_open(turns, 1);
	CHECK(t, turns_put(turns, 0, S("a")) && !turns_put(turns, 0, S("b")));
	CHECK(t, !turns_put(turns, 1, S("c")) && !turns_close(turns, 0) && !turns_close(turns, 1));
	CHECK_TEXT(t, buffer_slice(&output.text), S("ab"));
	turns_free(turns);
}

struct worker {
	struct thread    thread;
	struct turns    *turns;
	_Atomic uint64_t *next;
};

/* Takes numbers as they come; every third says nothing, the others themselves in two parts. */
static void work(void *argument)
{
	struct worker *worker = argument;
	char text[16];

	for (uint64_t number; (number = atomic_fetch_add(worker->next, 1)) < 20000; ) {
		int len = snprintf(text, sizeof text, "%" PRIu64, number);
		bool speaks = number % 3 != 0;
		turns_put(worker->turns, number, (struct slice){ text, speaks ? (size_t)len : 0 });
		turns_put(worker->turns, number, speaks ? S("\n") : S(""));
		turns_close(worker->turns, number);
	}
}

TEST(turns_gives_the_same_output_for_many_threads)
{
	struct output output;
	struct worker workers[4] = {0};
	_Atomic uint64_t next = 0;
	struct turns *turns = begin(t, &output, 64);
	struct buffer want;

	for (uint64_t number = 0; number < 20000; number++)
		turns_open(turns, number);
	for (size_t i = 0; i < COUNT(workers); i++) {
		workers[i] = (struct worker){ .turns = turns, .next = &next };
		REQUIRE(t, thread_start(&workers[i].thread, "worker", work, &workers[i], &t->err));
	}
	for (size_t i = 0; i < COUNT(workers); i++)
		thread_join(&workers[i].thread);
	buffer_init(&want, &t->arena, 64 << 20);
	for (uint64_t number = 0; number < 20000; number++)
		if (number % 3 != 0)
			buffer_printf(&want, "%" PRIu64 "\n", number);
	CHECK(t, slice_equal(buffer_slice(&output.text), buffer_slice(&want)) && output.is_ordered);
	turns_free(turns);
}

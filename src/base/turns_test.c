/* base/turns_test.c: whatever thread is how fast, the output is in order, whole, and little of it waits in memory. */
#include "base/turns.h"

#include "base/buffer.h"
#include "base/thread.h"
#include "tests/test.h"

struct output {
	struct buffer text;
	size_t        bytes_max;         /* more cannot be written */
};

static bool write_text(void *user, struct slice bytes)
{
	struct output *output = user;

	buffer_add(&output->text, bytes);
	return output->text.len <= output->bytes_max;
}

static struct turns *begin(struct test *t, struct output *output, size_t threads, size_t held_bytes_max)
{
	buffer_init(&output->text, &t->arena, 64 << 20);
	output->bytes_max = SIZE_MAX;
	return turns_new(threads, held_bytes_max, write_text, output);
}

TEST(turns_writes_at_once_for_whoever_is_next)
{
	struct output output;
	struct turns *turns = begin(t, &output, 2, 1000);

	CHECK(t, turns_put(turns, 0, 0, S("a")) && turns_put(turns, 0, 0, S("b")));
	CHECK_TEXT(t, buffer_slice(&output.text), S("ab"));
	CHECK(t, turns_put(turns, 1, 1, S("c")));                    /* 0 may go on */
	CHECK_TEXT(t, buffer_slice(&output.text), S("ab"));
	CHECK(t, turns_put(turns, 0, 2, S("e")));                    /* it did not; 1 may */
	CHECK_TEXT(t, buffer_slice(&output.text), S("abc"));
	CHECK(t, turns_put(turns, 1, 1, S("d")));
	CHECK_TEXT(t, buffer_slice(&output.text), S("abcd"));
	CHECK(t, turns_put(turns, 1, 5, S("")));                     /* moved on with nothing to say */
	CHECK_TEXT(t, buffer_slice(&output.text), S("abcde"));
	CHECK(t, turns_put(turns, 1, 5, S("g")) && turns_put(turns, 0, 4, S("f")) && turns_end(turns, 0));
	CHECK_TEXT(t, buffer_slice(&output.text), S("abcdefg"));
	turns_free(turns);
}

TEST(turns_ends_for_everybody_when_the_output_does)
{
	struct output output;
	struct turns *turns = begin(t, &output, 2, 0);

	output.bytes_max = 1;
	CHECK(t, turns_put(turns, 0, 0, S("a")) && !turns_put(turns, 0, 0, S("b")));
	CHECK(t, !turns_put(turns, 1, 1, S("c")) && !turns_put(turns, 1, 2, S("")) && !turns_end(turns, 0));
	CHECK_TEXT(t, buffer_slice(&output.text), S("ab"));
	turns_free(turns);
}

struct worker {
	struct thread    thread;
	struct turns    *turns;
	size_t           number;
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
		turns_put(worker->turns, worker->number, number, (struct slice){ text, speaks ? (size_t)len : 0 });
		turns_put(worker->turns, worker->number, number, speaks ? S("\n") : S(""));
	}
	turns_end(worker->turns, worker->number);
}

TEST(turns_gives_the_same_output_for_many_threads)
{
	struct output output;
	struct worker workers[4] = {0};
	_Atomic uint64_t next = 0;
	struct turns *turns = begin(t, &output, COUNT(workers), 64);
	struct buffer want;

	for (size_t i = 0; i < COUNT(workers); i++) {
		workers[i] = (struct worker){ .turns = turns, .number = i, .next = &next };
		REQUIRE(t, thread_start(&workers[i].thread, "worker", work, &workers[i], &t->err));
	}
	for (size_t i = 0; i < COUNT(workers); i++)
		thread_join(&workers[i].thread);
	buffer_init(&want, &t->arena, 64 << 20);
	for (uint64_t number = 0; number < 20000; number++)
		if (number % 3 != 0)
			buffer_printf(&want, "%" PRIu64 "\n", number);
	CHECK(t, slice_equal(buffer_slice(&output.text), buffer_slice(&want)));
	turns_free(turns);
}

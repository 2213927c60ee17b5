/* base/workers_test.c: every accepted job runs once, with its thread's own state. */
#include "base/waiter.h"
#include "base/workers.h"
#include "tests/test.h"

struct sum {
	struct work    work;
	int            number;
	atomic_int    *total;
	struct waiter *may_run;
};

static void *begin_thread(void *user)
{
	atomic_fetch_add((atomic_int *)user, 1);
	return xcalloc(1, sizeof(int));
}

static void end_thread(void *state)
{
	free(state);
}

static void add(struct work *work, void *state)
{
	struct sum *sum = (struct sum *)work;

	if (sum->may_run)
		waiter_wait(sum->may_run);
	++*(int *)state;                        /* TSan sees it if a state were shared */
	atomic_fetch_add(sum->total, sum->number);
}

TEST(workers_run_every_accepted_job_before_they_stop)
{
	atomic_int begun = 0, total = 0;
	struct sum sums[100];
	struct workers *workers = workers_start(&(struct workers_options){
		.thread_count = 3, .queue_max = COUNT(sums), .thread_begin = begin_thread, .thread_end = end_thread, .user = &begun });

	for (size_t i = 0; i < COUNT(sums); i++) {
		sums[i] = (struct sum){ .work.run = add, .number = (int)i, .total = &total };
		CHECK(t, workers_submit(workers, &sums[i].work));
	}
	workers_stop(workers);
	CHECK_NUMBER(t, atomic_load(&total), 4950);
	CHECK_NUMBER(t, atomic_load(&begun), 3);
}

TEST(workers_wait_until_nothing_runs_any_more)
{
	atomic_int begun = 0, total = 0;
	struct sum sums[100];
	struct workers *workers = workers_start(&(struct workers_options){
		.thread_count = 3, .queue_max = COUNT(sums), .thread_begin = begin_thread, .thread_end = end_thread, .user = &begun });

	workers_wait(workers);
	for (int round = 1; round <= 3; round++) {
		for (size_t i = 0; i < COUNT(sums); i++) {
			sums[i] = (struct sum){ .work.run = add, .number = 1, .total = &total };
			CHECK(t, workers_submit(workers, &sums[i].work));
		}
		workers_wait(workers);
		CHECK_NUMBER(t, atomic_load(&total), round * (int)COUNT(sums));
	}
	workers_stop(workers);
}

TEST(workers_refuse_what_is_more_than_their_queue)
{
	atomic_int begun = 0, total = 0;
	struct waiter *gate = waiter_new();
	struct sum sums[4];
	struct workers *workers = workers_start(&(struct workers_options){
		.thread_count = 1, .queue_max = 2, .thread_begin = begin_thread, .thread_end = end_thread, .user = &begun });
	int accepted = 0;

	for (size_t i = 0; i < COUNT(sums); i++) {
		sums[i] = (struct sum){ .work.run = add, .number = 1, .total = &total, .may_run = gate };
		accepted += workers_submit(workers, &sums[i].work);
	}
	CHECK(t, accepted == 2 || accepted == 3);       /* the thread may have taken one already */
	waiter_wake(gate);
	workers_stop(workers);
	CHECK_NUMBER(t, atomic_load(&total), accepted);
	waiter_free(gate);
}

/* trail/recorder_test.c: what was answered is there, what was refused is not, and readers see it at once. */
#include "base/file.h"
#include "base/thread.h"
#include "base/waiter.h"
#include "base/workers.h"
#include "tests/user_jobs.h"

#include <sched.h>

TEST(recorder_answers_when_event_and_change_are_there)
{
	struct user_jobs bench = user_jobs_new(t);

	REQUIRE(t, user_jobs_open(&bench));
	struct user_job *ann = user_jobs_do(&bench, S("ann"), true, ERR_NONE);
	CHECK_NUMBER(t, ann->result, JOB_DONE);
	CHECK_NUMBER(t, ann->job.error.kind, ERR_NONE);
	CHECK_NUMBER(t, ann->job.seq, 1);
	CHECK_NUMBER(t, user_jobs_users(&bench), 1);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("\"ann\"")), 1);

	struct user_job *read = user_jobs_do(&bench, S("bob"), false, ERR_NONE);
	CHECK_NUMBER(t, read->result, JOB_DONE);
	CHECK_NUMBER(t, read->job.seq, 3);              /* 2 is the change frame */
	CHECK_NUMBER(t, user_jobs_users(&bench), 1);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("\"bob\"")), 1);
	user_jobs_close(&bench);
}

static bool describe_user_elsewhere(struct job *job, struct event_frame *frame)
{
	user_jobs_describe(job, frame);
	frame->account = 999999999999;
	return true;
}

TEST(recorder_keeps_an_event_and_its_copy_in_one_commit)
{
	struct user_jobs bench = user_jobs_new(t);

	REQUIRE(t, user_jobs_open(&bench));
	struct user_job both = {
		.job = { .perform = user_jobs_create, .describe = user_jobs_describe, .describe_copy = describe_user_elsewhere, .finish = user_jobs_finish },
		.name = S("ann"), .done = waiter_new(),
	};
	REQUIRE(t, recorder_submit(bench.recorder, &both.job));
	user_jobs_wait(&both);
	CHECK_NUMBER(t, both.job.seq, 1);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("\"ann\"")), 2);
	struct user_job *next = user_jobs_do(&bench, S("bob"), false, ERR_NONE);
	CHECK_NUMBER(t, next->job.seq, 4);              /* 2 is the copy, 3 the change frame */
	user_jobs_close(&bench);
}

TEST(recorder_records_what_failed_and_undoes_it)
{
	struct user_jobs bench = user_jobs_new(t);

	REQUIRE(t, user_jobs_open(&bench));
	uint64_t epoch = recorder_authority_epoch(bench.recorder);
	struct user_job *ann = user_jobs_do(&bench, S("ann"), true, ERR_DENIED);
	CHECK_NUMBER(t, ann->result, JOB_DONE);
	CHECK_NUMBER(t, ann->job.error.kind, ERR_DENIED);
	CHECK_NUMBER(t, user_jobs_users(&bench), 0);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("\"failed\":true")), 1);
	CHECK_NUMBER(t, recorder_authority_epoch(bench.recorder), epoch);

	CHECK_NUMBER(t, user_jobs_do(&bench, S("ann"), true, ERR_NONE)->job.error.kind, ERR_NONE);
	CHECK(t, recorder_authority_epoch(bench.recorder) > epoch);
	CHECK_NUMBER(t, user_jobs_do(&bench, S("ann"), true, ERR_NONE)->job.error.kind, ERR_CONFLICT);
	CHECK_NUMBER(t, user_jobs_users(&bench), 1);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("\"ann\"")), 3);
	user_jobs_close(&bench);
}

/* While it is stuck, nothing is written to the files that have this in their path. */
struct stuck_disk {
	struct disk disk;                       /* first */
	const char *part;
	int         error;
	atomic_bool is_stuck;
	atomic_int  refusals;
};

static int refuse(struct disk *disk, struct disk_operation *operation)
{
	struct stuck_disk *stuck = (struct stuck_disk *)disk;
	char link[32], path[PATH_MAX];

	if (operation->kind != DISK_WRITE || !atomic_load(&stuck->is_stuck))
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", operation->fd);
	ssize_t length = readlink(link, path, sizeof path);
	if (slice_find((struct slice){ path, length > 0 ? (size_t)length : 0 }, slice_of(stuck->part)) == SLICE_NPOS)
		return 0;
	atomic_fetch_add(&stuck->refusals, 1);
	return stuck->error;
}

/* Journal writes go through, those of the catalog's log do not: COMMIT fails behind the fdatasync that decides. */
TEST(recorder_lets_go_of_what_only_the_catalog_lacks)
{
	struct user_jobs bench = user_jobs_new(t);
	struct stuck_disk full = { .disk = { .before = refuse }, .part = "/catalog.db-wal", .error = ENOSPC };

	bench.disk = &full.disk;
	bench.options.retry_ms = 3600000;
	REQUIRE(t, user_jobs_open(&bench));
	user_jobs_do(&bench, S("ann"), true, ERR_NONE);
	atomic_store(&full.is_stuck, true);
	struct user_job *bob = user_jobs_submit(&bench, S("bob"), true, ERR_NONE);
	struct recorder_status status;
	do {
		recorder_status(bench.recorder, &status);
		sched_yield();
	} while (status.state == RECORDER_RECORDING);
	recorder_let_go(bench.recorder);
	user_jobs_wait(bob);                                         /* would not come before the hour is over */
	CHECK_NUMBER(t, bob->result, JOB_DONE);
	CHECK_NUMBER(t, user_jobs_do(&bench, S("eve"), true, ERR_NONE)->result, JOB_UNAVAILABLE);
	user_jobs_close(&bench);
	atomic_store(&full.is_stuck, false);
	REQUIRE(t, user_jobs_open(&bench));
	CHECK_NUMBER(t, user_jobs_users(&bench), 2);
	user_jobs_close(&bench);
}

TEST(recorder_finds_everything_again_after_a_restart)
{
	struct user_jobs bench = user_jobs_new(t);

	REQUIRE(t, user_jobs_open(&bench));
	for (int i = 0; i < 200; i++)           /* over several journal files */
		CHECK_NUMBER(t, user_jobs_wait(user_jobs_submit(&bench, arena_format(&t->arena, "user-%d", i), i % 2 == 0, ERR_NONE))->result, JOB_DONE);
	user_jobs_close(&bench);
	bench.options.journal_file_bytes = 64 << 10;
	REQUIRE(t, user_jobs_open(&bench));
	CHECK_NUMBER(t, user_jobs_users(&bench), 100);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("user-")), 200);
	CHECK_NUMBER(t, user_jobs_do(&bench, S("after"), true, ERR_NONE)->result, JOB_DONE);
	CHECK_NUMBER(t, user_jobs_users(&bench), 101);
	user_jobs_close(&bench);
}

TEST(recorder_rebuilds_a_lost_catalog_from_the_journal)
{
	struct user_jobs bench = user_jobs_new(t);

	REQUIRE(t, user_jobs_open(&bench));
	for (int i = 0; i < 20; i++)
		user_jobs_do(&bench, arena_format(&t->arena, "user-%d", i), true, ERR_NONE);
	user_jobs_close(&bench);
	CHECK(t, unlink(arena_printf(&t->arena, "%s/catalog.db", bench.path)) == 0);
	REQUIRE(t, user_jobs_open(&bench));
	CHECK_NUMBER(t, user_jobs_users(&bench), 20);
	user_jobs_close(&bench);
}

TEST(recorder_refuses_a_catalog_that_is_ahead_of_the_journal)
{
	struct user_jobs bench = user_jobs_new(t);

	REQUIRE(t, user_jobs_open(&bench));
	user_jobs_do(&bench, S("ann"), true, ERR_NONE);
	user_jobs_close(&bench);
	REQUIRE(t, unlink(arena_printf(&t->arena, "%s/journal/00000000000000000001.journal", bench.path)) == 0);
	CHECK(t, !user_jobs_open(&bench));
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	directory_close(&bench.directory);
}

TEST(recorder_fails_the_batch_closed_and_resumes_by_itself)
{
	struct user_jobs bench = user_jobs_new(t);
	struct recorder_status status;

	bench.options.retry_ms = 1;
	REQUIRE(t, user_jobs_open(&bench));
	CHECK_NUMBER(t, user_jobs_do(&bench, S("ann"), true, ERR_IO)->result, JOB_UNAVAILABLE);
	do {
		recorder_status(bench.recorder, &status);
		CHECK(t, status.state == RECORDER_RECORDING || slice_equal(slice_of(status.reason), S("as the test wanted")));
	} while (status.state != RECORDER_RECORDING);
	CHECK_NUMBER(t, user_jobs_do(&bench, S("bob"), true, ERR_NONE)->result, JOB_DONE);
	CHECK_NUMBER(t, user_jobs_users(&bench), 1);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("\"ann\"")), 0);
	user_jobs_close(&bench);
}

TEST(recorder_catches_up_before_it_records_again_however_often_it_had_to_try)
{
	struct stuck_disk stuck = { .disk = { .before = refuse }, .part = "/catalog.db", .error = EIO };
	struct user_jobs bench = user_jobs_new(t);
	struct recorder_status status;
	int refusals;

	bench.disk = &stuck.disk;
	bench.options.retry_ms = 1;
	REQUIRE(t, user_jobs_open(&bench));
	CHECK_NUMBER(t, user_jobs_do(&bench, S("ann"), true, ERR_NONE)->result, JOB_DONE);
	atomic_store(&stuck.is_stuck, true);
	struct user_job *bob = user_jobs_submit(&bench, S("bob"), true, ERR_NONE);
	do {                                    /* the COMMIT is refused, then three tries to open the catalog again */
		sched_yield();
		refusals = atomic_load(&stuck.refusals);        /* before the state, which could be of before them */
		recorder_status(bench.recorder, &status);
	} while (refusals < 4 && (refusals < 2 || status.state != RECORDER_RECORDING));
	CHECK(t, status.state != RECORDER_RECORDING);
	atomic_store(&stuck.is_stuck, false);
	CHECK_NUMBER(t, user_jobs_wait(bob)->result, JOB_DONE);
	CHECK_NUMBER(t, user_jobs_users(&bench), 2);
	CHECK_NUMBER(t, user_jobs_events(&bench, S("\"bob\"")), 1);
	user_jobs_close(&bench);
}

TEST(recorder_lends_no_more_journal_than_there_is)
{
	struct user_jobs bench = user_jobs_new(t);
	struct recorder_status status;

	REQUIRE(t, user_jobs_open(&bench));
	recorder_status(bench.recorder, &status);
	CHECK(t, status.room_bytes > 200 << 10 && status.room_bytes < 256 << 10);
	CHECK(t, recorder_reserve(bench.recorder, 150 << 10));
	CHECK(t, !recorder_reserve(bench.recorder, 150 << 10));
	while (!recorder_reserve(bench.recorder, 150 << 10))    /* the next file is being prepared */
		;
	recorder_release(bench.recorder, 300 << 10);
	recorder_status(bench.recorder, &status);
	CHECK_NUMBER(t, status.state, RECORDER_RECORDING);
	CHECK(t, status.room_bytes > 400 << 10);
	user_jobs_close(&bench);
}

/* ---- reset ---- */

struct user_reset {
	struct recorder_reset reset;            /* first */
	struct waiter        *done;
	bool                  is_ok;
};

static bool fill_user(struct recorder_reset *reset, struct catalog *catalog, struct error *err)
{
	(void)reset;
	return catalog_run(catalog, err, "INSERT INTO users VALUES (?, ?)", "tt", S("123456789012"), S("admin"));
}

static void reset_done(struct recorder_reset *reset, bool is_ok, const struct error *err)
{
	(void)err;
	((struct user_reset *)reset)->is_ok = is_ok;
	waiter_wake(((struct user_reset *)reset)->done);
}

TEST(recorder_reset_forgets_everything_and_keeps_going)
{
	struct user_jobs bench = user_jobs_new(t);

	bench.options.workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 8 });
	REQUIRE(t, user_jobs_open(&bench));
	for (int round = 0; round < 3; round++) {
		struct user_reset reset = { .reset = { .done = reset_done, .fill = fill_user }, .done = waiter_new() };
		struct journal_view *before = recorder_journal_view(bench.recorder);
		for (int i = 0; i < 5; i++)
			CHECK_NUMBER(t, user_jobs_do(&bench, arena_format(&t->arena, "user-%d", i), true, ERR_NONE)->result, JOB_DONE);
		CHECK_NUMBER(t, user_jobs_users(&bench), round ? 6 : 5);
		REQUIRE(t, recorder_submit_reset(bench.recorder, &reset.reset));
		struct user_job *next = user_jobs_submit(&bench, S("next"), true, ERR_NONE);
		waiter_wait(reset.done);
		waiter_free(reset.done);
		CHECK(t, reset.is_ok);
		CHECK_NUMBER(t, user_jobs_wait(next)->result, JOB_DONE);
		CHECK_NUMBER(t, user_jobs_users(&bench), 2);
		CHECK_NUMBER(t, user_jobs_events(&bench, S("user")), 1);
		CHECK_NUMBER(t, user_jobs_do(&bench, S("user-9"), false, ERR_NONE)->result, JOB_DONE);
		struct user_reset again = { .reset = { .done = reset_done, .fill = fill_user }, .done = waiter_new() };
		REQUIRE(t, recorder_submit_reset(bench.recorder, &again.reset));
		waiter_wait(again.done);
		waiter_free(again.done);
		journal_view_release(before);           /* of files that are gone by now */
	}
	user_jobs_close(&bench);
	REQUIRE(t, user_jobs_open(&bench));
	CHECK_NUMBER(t, user_jobs_users(&bench), 1);
	CHECK_NUMBER(t, atomic_load(recorder_generation(bench.recorder)), 7);
	user_jobs_close(&bench);
	workers_stop(bench.options.workers);
}

/* ---- many threads ---- */

enum { SUBMITTERS = 3, JOBS_EACH = 300, IN_FLIGHT = 20 };

struct submitter {
	struct thread thread;
	struct user_jobs *bench;
	int           number, refused, failed;
};

static void submit_many(void *argument)
{
	struct submitter *submitter = argument;
	struct arena arena = { .cap_bytes = 64 << 20 };

	for (int i = 0; i < JOBS_EACH; i += IN_FLIGHT) {
		struct user_job *jobs = arena_array(&arena, IN_FLIGHT, sizeof *jobs);
		atomic_int left = IN_FLIGHT;
		struct waiter *done = waiter_new();
		for (int k = 0; k < IN_FLIGHT; k++) {
			jobs[k] = (struct user_job){
				.job = { .perform = k % 2 ? user_jobs_create : NULL, .describe = user_jobs_describe, .finish = user_jobs_finish },
				.name = arena_format(&arena, "u-%d-%d", submitter->number, i + k), .done = done, .left = &left,
			};
			if (!recorder_reserve(submitter->bench->recorder, 4096))
				submitter->refused++;
			if (!recorder_submit(submitter->bench->recorder, &jobs[k].job))
				submitter->failed++;
		}
		waiter_wait(done);
		waiter_free(done);
		for (int k = 0; k < IN_FLIGHT; k++)
			submitter->failed += jobs[k].result != JOB_DONE || jobs[k].job.seq == 0;
	}
	arena_fini(&arena);
}

TEST(recorder_takes_jobs_of_many_threads_while_others_read)
{
	struct user_jobs bench = user_jobs_new(t);
	struct submitter submitters[SUBMITTERS];

	bench.options.workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 8 });
	bench.options.journal_file_bytes = 8 << 20;
	REQUIRE(t, user_jobs_open(&bench));
	for (int i = 0; i < SUBMITTERS; i++) {
		submitters[i] = (struct submitter){ .bench = &bench, .number = i };
		REQUIRE(t, thread_start(&submitters[i].thread, "submitter", submit_many, &submitters[i], &t->err));
	}
	for (int i = 0; i < 20; i++) {
		int64_t users = user_jobs_users(&bench);
		CHECK(t, users >= 0 && user_jobs_events(&bench, S("u-")) >= users);
	}
	for (int i = 0; i < SUBMITTERS; i++) {
		thread_join(&submitters[i].thread);
		CHECK_NUMBER(t, submitters[i].failed, 0);
		CHECK_NUMBER(t, submitters[i].refused, 0);
	}
	CHECK_NUMBER(t, user_jobs_events(&bench, S("u-")), SUBMITTERS * JOBS_EACH);
	CHECK_NUMBER(t, user_jobs_users(&bench), SUBMITTERS * JOBS_EACH / 2);
	recorder_release(bench.recorder, (size_t)SUBMITTERS * JOBS_EACH * 4096);
	user_jobs_close(&bench);
	workers_stop(bench.options.workers);
}

/* trail/recorder_test.c: what was answered is there, what was refused is not, and readers see it at once. */
#include "trail/recorder.h"

#include "base/file.h"
#include "base/thread.h"
#include "base/waiter.h"
#include "base/workers.h"
#include "store/directory.h"
#include "tests/test.h"

#include <sched.h>

static const struct migration users_schema[] = {
	{ 1, "CREATE TABLE users (account TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID" },
};

struct user_job {
	struct job      job;                    /* first */
	struct slice    name;
	char            json[96];
	enum job_result result;
	struct waiter  *done;
	enum error_kind fails_with;
	atomic_int     *left;                   /* of many jobs: the last one wakes */
};

static bool create_user(struct job *job, struct catalog *catalog, struct error *err)
{
	struct user_job *user = (struct user_job *)job;

	if (!catalog_run(catalog, err, "INSERT INTO users VALUES (?, ?)", "tt", S("123456789012"), user->name))
		return false;
	return user->fails_with == ERR_NONE || fail(err, user->fails_with, "as the test wanted");
}

static bool describe_user(struct job *job, struct event_frame *frame)
{
	struct user_job *user = (struct user_job *)job;

	int length = snprintf(user->json, sizeof user->json, "{\"user\":\"%.*s\",\"failed\":%s}", SLICE_ARG(user->name),
	                      job->error.kind ? "true" : "false");
	*frame = (struct event_frame){
		.time_ms = 1700000000000, .account = 123456789012, .flags = FRAME_MANAGEMENT, .region = S("us-east-1"),
		.attributes = { { FRAME_USERNAME, user->name } }, .attribute_count = 1, .json = { user->json, (size_t)length },
	};
	return true;
}

static void finish_user(struct job *job, enum job_result result)
{
	struct user_job *user = (struct user_job *)job;

	user->result = result;
	if (!user->left || atomic_fetch_sub(user->left, 1) == 1)
		waiter_wake(user->done);
}

struct bench {                                  /* an open recorder with its directory */
	struct test            *t;
	struct disk            *disk;           /* NULL: the real one */
	struct directory        directory;
	struct recorder_options options;
	struct recorder        *recorder;
	struct catalog         *reader;
	const char             *path;
};

static bool bench_open(struct bench *bench)
{
	struct test *t = bench->t;

	if (!directory_open(&bench->directory, bench->disk, bench->path, DIRECTORY_CREATE, &t->err))
		return false;
	bench->options.directory = &bench->directory;
	bench->options.migrations = users_schema;
	bench->options.migration_count = COUNT(users_schema);
	bench->options.reserve_file_bytes = 4096;
	if (!bench->options.journal_file_bytes)
		bench->options.journal_file_bytes = 256 << 10;
	bench->recorder = recorder_open(&bench->options, &t->err);
	if (!bench->recorder)
		return false;
	bench->reader = catalog_open_reader(recorder_catalog_path(bench->recorder), &t->err);
	catalog_follow(bench->reader, recorder_generation(bench->recorder));
	return true;
}

static struct bench bench_new(struct test *t)
{
	return (struct bench){ .t = t, .path = arena_printf(&t->arena, "%s/data", test_dir(t, "recorder")) };
}

static void bench_close(struct bench *bench)
{
	catalog_close(bench->reader);
	recorder_close(bench->recorder);
	directory_close(&bench->directory);
}

static struct user_job *submit(struct bench *bench, struct slice name, bool changes, enum error_kind fails_with)
{
	struct user_job *user = arena_new(&bench->t->arena, struct user_job);

	*user = (struct user_job){
		.job = { .perform = changes ? create_user : NULL, .describe = describe_user, .finish = finish_user,
		         .changes_authority = changes },
		.name = name, .done = waiter_new(), .fails_with = fails_with,
	};
	if (!recorder_submit(bench->recorder, &user->job)) {
		user->result = JOB_UNAVAILABLE;
		waiter_wake(user->done);
	}
	return user;
}

static struct user_job *wait_for(struct user_job *user)
{
	waiter_wait(user->done);
	waiter_free(user->done);
	return user;
}

static int64_t count_users(struct bench *bench)
{
	struct rows rows = catalog_query(bench->reader, &bench->t->err, "SELECT count(*) FROM users", "");
	int64_t count = rows_next(&rows) ? rows_i64(&rows, 0) : -1;

	return rows_close(&rows) ? count : -1;
}

/* Events in the journal whose text holds `needle`; checks that sequences have no gap and the chain is right. */
static int count_events(struct bench *bench, struct slice needle)
{
	struct test *t = bench->t;
	struct journal_view *view = recorder_journal_view(bench->recorder);
	unsigned char chain[JOURNAL_CHAIN_BYTES] = {0};
	uint64_t next_seq = 1;
	int count = 0;

	for (size_t i = 0; i < journal_view_count(view); i++) {
		struct journal_scan scan;
		struct journal_batch batch;
		struct error damage = { .kind = ERR_NONE };
		CHECK(t, journal_scan_open(&scan, view, i, &t->err));
		while (journal_scan_next(&scan, &batch, &damage)) {
			struct journal_frame frame;
			struct event_frame event;
			uint32_t offset = 0;
			CHECK(t, journal_batch_is_genuine(&batch));
			CHECK(t, memcmp(batch.previous_chain, chain, sizeof chain) == 0);
			memcpy(chain, batch.chain, sizeof chain);
			while (journal_batch_next(&batch, &offset, &frame, &damage)) {
				CHECK_NUMBER(t, frame.seq, next_seq++);
				CHECK(t, journal_frame_is_intact(&frame));
				if (frame.kind == JOURNAL_EVENT && event_frame_read(frame.body, &event, &damage))
					count += slice_find(event.json, needle) != SLICE_NPOS;
			}
		}
		CHECK_TEXT(t, slice_of(damage.kind ? damage.message : ""), S(""));
	}
	CHECK_NUMBER(t, journal_view_next_seq(view), next_seq);
	journal_view_release(view);
	return count;
}

TEST(recorder_answers_when_event_and_change_are_there)
{
	struct bench bench = bench_new(t);

	REQUIRE(t, bench_open(&bench));
	struct user_job *ann = wait_for(submit(&bench, S("ann"), true, ERR_NONE));
	CHECK_NUMBER(t, ann->result, JOB_DONE);
	CHECK_NUMBER(t, ann->job.error.kind, ERR_NONE);
	CHECK_NUMBER(t, ann->job.seq, 1);
	CHECK_NUMBER(t, count_users(&bench), 1);
	CHECK_NUMBER(t, count_events(&bench, S("\"ann\"")), 1);

	struct user_job *read = wait_for(submit(&bench, S("bob"), false, ERR_NONE));
	CHECK_NUMBER(t, read->result, JOB_DONE);
	CHECK_NUMBER(t, read->job.seq, 3);              /* 2 is the change frame */
	CHECK_NUMBER(t, count_users(&bench), 1);
	CHECK_NUMBER(t, count_events(&bench, S("\"bob\"")), 1);
	bench_close(&bench);
}

static bool describe_user_elsewhere(struct job *job, struct event_frame *frame)
{
	describe_user(job, frame);
	frame->account = 999999999999;
	return true;
}

TEST(recorder_keeps_an_event_and_its_copy_in_one_commit)
{
	struct bench bench = bench_new(t);

	REQUIRE(t, bench_open(&bench));
	struct user_job both = {
		.job = { .perform = create_user, .describe = describe_user, .describe_copy = describe_user_elsewhere, .finish = finish_user },
		.name = S("ann"), .done = waiter_new(),
	};
	REQUIRE(t, recorder_submit(bench.recorder, &both.job));
	wait_for(&both);
	CHECK_NUMBER(t, both.job.seq, 1);
	CHECK_NUMBER(t, count_events(&bench, S("\"ann\"")), 2);
	struct user_job *next = wait_for(submit(&bench, S("bob"), false, ERR_NONE));
	CHECK_NUMBER(t, next->job.seq, 4);              /* 2 is the copy, 3 the change frame */
	bench_close(&bench);
}

TEST(recorder_records_what_failed_and_undoes_it)
{
	struct bench bench = bench_new(t);

	REQUIRE(t, bench_open(&bench));
	uint64_t epoch = recorder_authority_epoch(bench.recorder);
	struct user_job *ann = wait_for(submit(&bench, S("ann"), true, ERR_DENIED));
	CHECK_NUMBER(t, ann->result, JOB_DONE);
	CHECK_NUMBER(t, ann->job.error.kind, ERR_DENIED);
	CHECK_NUMBER(t, count_users(&bench), 0);
	CHECK_NUMBER(t, count_events(&bench, S("\"failed\":true")), 1);
	CHECK_NUMBER(t, recorder_authority_epoch(bench.recorder), epoch);

	CHECK_NUMBER(t, wait_for(submit(&bench, S("ann"), true, ERR_NONE))->job.error.kind, ERR_NONE);
	CHECK(t, recorder_authority_epoch(bench.recorder) > epoch);
	CHECK_NUMBER(t, wait_for(submit(&bench, S("ann"), true, ERR_NONE))->job.error.kind, ERR_CONFLICT);
	CHECK_NUMBER(t, count_users(&bench), 1);
	CHECK_NUMBER(t, count_events(&bench, S("\"ann\"")), 3);
	bench_close(&bench);
}

struct full_disk {
	struct disk disk;                       /* first */
	atomic_bool is_log_full;
};

/* Journal writes go through, those of the catalog's log do not: COMMIT fails behind the fdatasync that decides. */
static int refuse_the_log(struct disk *disk, struct disk_operation *operation)
{
	char link[64], name[512];

	if (operation->kind != DISK_WRITE || !atomic_load(&((struct full_disk *)disk)->is_log_full))
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", operation->fd);
	ssize_t bytes = readlink(link, name, sizeof name);
	return bytes > 4 && memcmp(name + bytes - 4, "-wal", 4) == 0 ? ENOSPC : 0;
}

TEST(recorder_lets_go_of_what_only_the_catalog_lacks)
{
	struct bench bench = bench_new(t);
	struct full_disk full = { .disk = { .before = refuse_the_log } };

	bench.disk = &full.disk;
	bench.options.retry_ms = 3600000;
	REQUIRE(t, bench_open(&bench));
	wait_for(submit(&bench, S("ann"), true, ERR_NONE));
	atomic_store(&full.is_log_full, true);
	struct user_job *bob = submit(&bench, S("bob"), true, ERR_NONE);
	struct recorder_status status;
	do {
		recorder_status(bench.recorder, &status);
		sched_yield();
	} while (status.state == RECORDER_RECORDING);
	recorder_let_go(bench.recorder);
	wait_for(bob);                                         /* would not come before the hour is over */
	CHECK_NUMBER(t, bob->result, JOB_DONE);
	CHECK_NUMBER(t, wait_for(submit(&bench, S("eve"), true, ERR_NONE))->result, JOB_UNAVAILABLE);
	bench_close(&bench);
	atomic_store(&full.is_log_full, false);
	REQUIRE(t, bench_open(&bench));
	CHECK_NUMBER(t, count_users(&bench), 2);
	bench_close(&bench);
}

TEST(recorder_finds_everything_again_after_a_restart)
{
	struct bench bench = bench_new(t);

	REQUIRE(t, bench_open(&bench));
	for (int i = 0; i < 200; i++)           /* over several journal files */
		CHECK_NUMBER(t, wait_for(submit(&bench, arena_format(&t->arena, "user-%d", i), i % 2 == 0, ERR_NONE))->result, JOB_DONE);
	bench_close(&bench);
	bench.options.journal_file_bytes = 64 << 10;
	REQUIRE(t, bench_open(&bench));
	CHECK_NUMBER(t, count_users(&bench), 100);
	CHECK_NUMBER(t, count_events(&bench, S("user-")), 200);
	CHECK_NUMBER(t, wait_for(submit(&bench, S("after"), true, ERR_NONE))->result, JOB_DONE);
	CHECK_NUMBER(t, count_users(&bench), 101);
	bench_close(&bench);
}

TEST(recorder_rebuilds_a_lost_catalog_from_the_journal)
{
	struct bench bench = bench_new(t);

	REQUIRE(t, bench_open(&bench));
	for (int i = 0; i < 20; i++)
		wait_for(submit(&bench, arena_format(&t->arena, "user-%d", i), true, ERR_NONE));
	bench_close(&bench);
	CHECK(t, unlink(arena_printf(&t->arena, "%s/catalog.db", bench.path)) == 0);
	REQUIRE(t, bench_open(&bench));
	CHECK_NUMBER(t, count_users(&bench), 20);
	bench_close(&bench);
}

TEST(recorder_refuses_a_catalog_that_is_ahead_of_the_journal)
{
	struct bench bench = bench_new(t);

	REQUIRE(t, bench_open(&bench));
	wait_for(submit(&bench, S("ann"), true, ERR_NONE));
	bench_close(&bench);
	REQUIRE(t, unlink(arena_printf(&t->arena, "%s/journal/00000000000000000001.journal", bench.path)) == 0);
	CHECK(t, !bench_open(&bench));
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	directory_close(&bench.directory);
}

TEST(recorder_fails_the_batch_closed_and_resumes_by_itself)
{
	struct bench bench = bench_new(t);
	struct recorder_status status;

	bench.options.retry_ms = 1;
	REQUIRE(t, bench_open(&bench));
	CHECK_NUMBER(t, wait_for(submit(&bench, S("ann"), true, ERR_IO))->result, JOB_UNAVAILABLE);
	do {
		recorder_status(bench.recorder, &status);
		CHECK(t, status.state == RECORDER_RECORDING || slice_equal(slice_of(status.reason), S("as the test wanted")));
	} while (status.state != RECORDER_RECORDING);
	CHECK_NUMBER(t, wait_for(submit(&bench, S("bob"), true, ERR_NONE))->result, JOB_DONE);
	CHECK_NUMBER(t, count_users(&bench), 1);
	CHECK_NUMBER(t, count_events(&bench, S("\"ann\"")), 0);
	bench_close(&bench);
}

struct stuck_disk {                             /* while it is stuck, nothing is written to the catalog's files */
	struct disk disk;                       /* first */
	atomic_bool is_stuck;
	atomic_int  refusals;
};

static int refuse_catalog(struct disk *disk, struct disk_operation *operation)
{
	struct stuck_disk *stuck = (struct stuck_disk *)disk;
	char link[32], path[PATH_MAX];

	if (operation->kind != DISK_WRITE || !atomic_load(&stuck->is_stuck))
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", operation->fd);
	ssize_t length = readlink(link, path, sizeof path);
	if (slice_find((struct slice){ path, length > 0 ? (size_t)length : 0 }, S("/catalog.db")) == SLICE_NPOS)
		return 0;
	atomic_fetch_add(&stuck->refusals, 1);
	return EIO;
}

TEST(recorder_catches_up_before_it_records_again_however_often_it_had_to_try)
{
	struct stuck_disk stuck = { .disk = { .before = refuse_catalog } };
	struct bench bench = bench_new(t);
	struct recorder_status status;

	bench.disk = &stuck.disk;
	bench.options.retry_ms = 1;
	REQUIRE(t, bench_open(&bench));
	CHECK_NUMBER(t, wait_for(submit(&bench, S("ann"), true, ERR_NONE))->result, JOB_DONE);
	atomic_store(&stuck.is_stuck, true);
	struct user_job *bob = submit(&bench, S("bob"), true, ERR_NONE);
	do {                                    /* the COMMIT is refused, then three tries to open the catalog again */
		sched_yield();
		recorder_status(bench.recorder, &status);
	} while (atomic_load(&stuck.refusals) < 4 && (atomic_load(&stuck.refusals) < 2 || status.state != RECORDER_RECORDING));
	CHECK(t, status.state != RECORDER_RECORDING);
	atomic_store(&stuck.is_stuck, false);
	CHECK_NUMBER(t, wait_for(bob)->result, JOB_DONE);
	CHECK_NUMBER(t, count_users(&bench), 2);
	CHECK_NUMBER(t, count_events(&bench, S("\"bob\"")), 1);
	bench_close(&bench);
}

TEST(recorder_lends_no_more_journal_than_there_is)
{
	struct bench bench = bench_new(t);
	struct recorder_status status;

	REQUIRE(t, bench_open(&bench));
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
	bench_close(&bench);
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
	struct bench bench = bench_new(t);

	bench.options.workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 8 });
	REQUIRE(t, bench_open(&bench));
	for (int round = 0; round < 3; round++) {
		struct user_reset reset = { .reset = { .done = reset_done, .fill = fill_user }, .done = waiter_new() };
		struct journal_view *before = recorder_journal_view(bench.recorder);
		for (int i = 0; i < 5; i++)
			CHECK_NUMBER(t, wait_for(submit(&bench, arena_format(&t->arena, "user-%d", i), true, ERR_NONE))->result, JOB_DONE);
		CHECK_NUMBER(t, count_users(&bench), round ? 6 : 5);
		REQUIRE(t, recorder_submit_reset(bench.recorder, &reset.reset));
		struct user_job *next = submit(&bench, S("next"), true, ERR_NONE);
		waiter_wait(reset.done);
		waiter_free(reset.done);
		CHECK(t, reset.is_ok);
		CHECK_NUMBER(t, wait_for(next)->result, JOB_DONE);
		CHECK_NUMBER(t, count_users(&bench), 2);
		CHECK_NUMBER(t, count_events(&bench, S("user")), 1);
		CHECK_NUMBER(t, wait_for(submit(&bench, S("user-9"), false, ERR_NONE))->result, JOB_DONE);
		struct user_reset again = { .reset = { .done = reset_done, .fill = fill_user }, .done = waiter_new() };
		REQUIRE(t, recorder_submit_reset(bench.recorder, &again.reset));
		waiter_wait(again.done);
		waiter_free(again.done);
		journal_view_release(before);           /* of files that are gone by now */
	}
	bench_close(&bench);
	REQUIRE(t, bench_open(&bench));
	CHECK_NUMBER(t, count_users(&bench), 1);
	CHECK_NUMBER(t, atomic_load(recorder_generation(bench.recorder)), 7);
	bench_close(&bench);
	workers_stop(bench.options.workers);
}

/* ---- many threads ---- */

enum { SUBMITTERS = 3, JOBS_EACH = 300, IN_FLIGHT = 20 };

struct submitter {
	struct thread thread;
	struct bench *bench;
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
				.job = { .perform = k % 2 ? create_user : NULL, .describe = describe_user, .finish = finish_user },
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
	struct bench bench = bench_new(t);
	struct submitter submitters[SUBMITTERS];

	bench.options.workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 8 });
	bench.options.journal_file_bytes = 8 << 20;
	REQUIRE(t, bench_open(&bench));
	for (int i = 0; i < SUBMITTERS; i++) {
		submitters[i] = (struct submitter){ .bench = &bench, .number = i };
		REQUIRE(t, thread_start(&submitters[i].thread, "submitter", submit_many, &submitters[i], &t->err));
	}
	for (int i = 0; i < 20; i++) {
		int64_t users = count_users(&bench);
		CHECK(t, users >= 0 && count_events(&bench, S("u-")) >= users);
	}
	for (int i = 0; i < SUBMITTERS; i++) {
		thread_join(&submitters[i].thread);
		CHECK_NUMBER(t, submitters[i].failed, 0);
		CHECK_NUMBER(t, submitters[i].refused, 0);
	}
	CHECK_NUMBER(t, count_events(&bench, S("u-")), SUBMITTERS * JOBS_EACH);
	CHECK_NUMBER(t, count_users(&bench), SUBMITTERS * JOBS_EACH / 2);
	recorder_release(bench.recorder, (size_t)SUBMITTERS * JOBS_EACH * 4096);
	bench_close(&bench);
	workers_stop(bench.options.workers);
}

/* trail/recorder_opened_test.c: what is derived from the catalog, such as a stamper, is as the catalog is after every failure. */
#include "base/waiter.h"
#include "event/record.h"
#include "store/directory.h"
#include "tests/test.h"
#include "trail/recorder.h"
#include "trail/schema.h"
#include "trail/selectors.h"
#include "trail/stamper.h"
#include "trail/stamps.h"
#include "trail/trails.h"

#define ACCOUNT S("111122223333")

struct bench {                                  /* `stamper` and what is below belong to the recorder's thread */
	struct test     *t;
	struct directory directory;
	struct recorder *recorder;
	struct stamper  *stamper;
	int              opened, fail_at;       /* 0: never */
};

static bool opened(void *user, struct catalog *catalog, struct error *err)
{
	struct bench *bench = user;

	if (++bench->opened == bench->fail_at)
		return fail(err, ERR_CORRUPT, "as the test wanted");
	return stamper_load(bench->stamper, catalog, err);
}

static bool begin(struct test *t, struct bench *bench, int fail_at)
{
	*bench = (struct bench){ .t = t, .stamper = stamper_new(), .fail_at = fail_at };
	if (!directory_open(&bench->directory, NULL, arena_printf(&t->arena, "%s/data", test_dir(t, "opened")), DIRECTORY_CREATE,
	                    &t->err))
		return false;
	bench->recorder = recorder_open(&(struct recorder_options){
		.directory = &bench->directory, .migrations = schema_trail_migrations, .migration_count = schema_trail_migration_count,
		.reserve_file_bytes = 4096, .journal_file_bytes = 256 << 10, .retry_ms = 1, .opened = opened, .user = bench,
	}, &t->err);
	return bench->recorder != NULL;
}

static void end(struct bench *bench)
{
	recorder_close(bench->recorder);
	stamper_free(bench->stamper);
	directory_close(&bench->directory);
}

struct trail_job {
	struct job      job;                    /* first */
	struct bench   *bench;
	uint64_t        trail_id;
	enum error_kind fails_with;             /* when the stamper has been loaded for it */
	enum job_result result;
	size_t          stamps;                 /* of an event right behind it */
	struct waiter  *done;
};

static bool insert_trail(struct job *job, struct catalog *catalog, struct error *err)
{
	struct trail_job *own = (struct trail_job *)job;
	struct trail trail = {
		.trail_id = own->trail_id, .account = ACCOUNT, .region = S("us-east-1"),
		.name = arena_format(&own->bench->t->arena, "trail-%d", (int)own->trail_id), .bucket = S("b"), .target = 1,
		.selectors = slice_of(SELECTORS_DEFAULT), .is_logging = true,
	};

	return trails_insert(catalog, &trail, err) && stamper_load(own->bench->stamper, catalog, err)
	    && (own->fails_with == ERR_NONE || fail(err, own->fails_with, "as the test wanted"));
}

static bool count_stamps(struct job *job, struct event_frame *frame)
{
	struct trail_job *own = (struct trail_job *)job;
	const struct record record = {
		.category = RECORD_MANAGEMENT, .event_source = S("ec2.amazonaws.com"), .event_name = S("RunInstances"),
		.region = S("us-east-1"), .recipient_account_id = ACCOUNT,
	};

	(void)frame;
	own->stamps = stamps_count(stamper_stamp(own->bench->stamper, &record, &own->bench->t->arena));
	return false;
}

static void finish(struct job *job, enum job_result result)
{
	struct trail_job *own = (struct trail_job *)job;

	own->result = result;
	waiter_wake(own->done);
}

static struct trail_job run(struct bench *bench, uint64_t trail_id, enum error_kind fails_with)
{
	struct trail_job own = {
		.job = { .perform = trail_id ? insert_trail : NULL, .describe = count_stamps, .finish = finish },
		.bench = bench, .trail_id = trail_id, .fails_with = fails_with, .done = waiter_new(),
	};

	while (!recorder_submit(bench->recorder, &own.job))
		;
	waiter_wait(own.done);
	waiter_free(own.done);
	return own;
}

TEST(recorder_whose_batch_failed_has_a_stamper_as_the_catalog_is)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench, 0));
	CHECK_NUMBER(t, run(&bench, 1, ERR_NONE).stamps, 1);
	CHECK_NUMBER(t, run(&bench, 2, ERR_IO).result, JOB_UNAVAILABLE);
	struct trail_job after = run(&bench, 0, ERR_NONE);
	CHECK_NUMBER(t, after.result, JOB_DONE);
	CHECK_NUMBER(t, after.stamps, 1);
	CHECK_NUMBER(t, bench.opened, 2);
	CHECK_NUMBER(t, run(&bench, 2, ERR_NONE).stamps, 2);
	end(&bench);
}

TEST(recorder_does_not_go_on_with_a_catalog_that_could_not_be_opened_wholly)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench, 2));
	CHECK_NUMBER(t, run(&bench, 1, ERR_IO).result, JOB_UNAVAILABLE);
	struct trail_job after = run(&bench, 0, ERR_NONE);
	CHECK_NUMBER(t, after.result, JOB_DONE);
	CHECK_NUMBER(t, after.stamps, 0);
	CHECK_NUMBER(t, bench.opened, 3);
	end(&bench);
}

TEST(recorder_does_not_start_when_what_is_derived_cannot_be)
{
	struct bench bench;

	CHECK(t, !begin(t, &bench, 1));
	CHECK_TEXT(t, slice_of(t->err.message), S("as the test wanted"));
	end(&bench);
}

struct trail_reset {
	struct recorder_reset reset;            /* first */
	struct waiter        *done;
	bool                  is_ok;
};

static void reset_done(struct recorder_reset *reset, bool is_ok, const struct error *err)
{
	(void)err;
	((struct trail_reset *)reset)->is_ok = is_ok;
	waiter_wake(((struct trail_reset *)reset)->done);
}

TEST(recorder_reset_leaves_no_trail_in_the_stamper)
{
	struct bench bench;
	struct trail_reset reset = { .reset = { .done = reset_done }, .done = waiter_new() };

	REQUIRE(t, begin(t, &bench, 0));
	CHECK_NUMBER(t, run(&bench, 1, ERR_NONE).stamps, 1);
	REQUIRE(t, recorder_submit_reset(bench.recorder, &reset.reset));
	waiter_wait(reset.done);
	waiter_free(reset.done);
	CHECK(t, reset.is_ok);
	CHECK_NUMBER(t, run(&bench, 0, ERR_NONE).stamps, 0);
	end(&bench);
}

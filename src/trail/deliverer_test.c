/* trail/deliverer_test.c: what is due when, by a clock that the test moves, and that nobody waits for somebody else.
 *
 * The thread is waited for by looking at what it publishes; a test that hangs says so after WAIT_MS. */
#include "trail/deliverer.h"

#include "base/clock.h"
#include "tests/trail_place.h"
#include "trail/trail_status.h"
#include "trail/trail_targets.h"

#include <sched.h>

enum { A = 7, B = 8, WAIT_MS = 20000 };

struct bench {
	struct test        *t;
	struct trail_place  place;
	struct deliverer   *deliverer;
};

static bool begin(struct test *t, struct bench *bench)
{
	*bench = (struct bench){ .t = t, .place = { .arena = &t->arena, .path = test_dir(t, "place") } };
	return trail_place_open(&bench->place) && trail_place_bucket(&bench->place, "logs", true)
	    && trail_place_trail(&bench->place, A, 1, "logs", NULL);
}

static void start(struct bench *bench)
{
	struct delivery_options options = trail_place_options(&bench->place);

	bench->deliverer = deliverer_start(&options, &bench->t->err);
	CHECK(bench->t, bench->deliverer != NULL);
}

static void stop(struct bench *bench)
{
	deliverer_stop(bench->deliverer);
	deliverer_free(bench->deliverer);
	bench->deliverer = NULL;
}

static void end(struct bench *bench)
{
	stop(bench);
	trail_place_close(&bench->place);
}

/* Until the next one. */
static struct deliverer_status status_of(struct bench *bench)
{
	struct arena *arena = &bench->place.context.scratch;
	struct deliverer_status status;

	arena_reset(arena, 4096);
	deliverer_status(bench->deliverer, arena, &status);
	return status;
}

static uint64_t pending_of(const struct deliverer_status *status, uint64_t trail_id)
{
	for (size_t i = 0; i < status->trail_count; i++)
		if (status->trails[i].trail_id == trail_id)
			return status->trails[i].pending_records;
	return UINT64_MAX;
}

/* Until trail A has so many records pending, and so many were delivered in all. */
static void wait_for(struct bench *bench, uint64_t pending, uint64_t delivered)
{
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_MS;
	struct deliverer_status status;

	do {
		sched_yield();
		status = status_of(bench);
	} while ((pending_of(&status, A) != pending || status.delivered_records != delivered) && clock_monotonic_ms() < deadline_ms);
	CHECK_NUMBER(bench->t, pending_of(&status, A), pending);
	CHECK_NUMBER(bench->t, status.delivered_records, delivered);
}

/* Its row is gone. */
static void wait_for_end(struct bench *bench)
{
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_MS;
	bool is_there = true;

	while (is_there && clock_monotonic_ms() < deadline_ms) {
		struct rows rows = catalog_query(bench->place.context.reader, &bench->t->err, "SELECT 1 FROM trail_streams", "");
		sched_yield();
		is_there = rows_next(&rows);
		rows_close(&rows);
	}
	CHECK(bench->t, !is_there);
}

static void wait_for_failures(struct bench *bench, uint64_t failures)
{
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_MS;

	while (status_of(bench).failures < failures && clock_monotonic_ms() < deadline_ms)
		sched_yield();
	CHECK_NUMBER(bench->t, status_of(bench).failures, failures);
}

static void add(struct bench *bench, int number, uint64_t trail_id)
{
	CHECK(bench->t, trail_place_event(&bench->place, number, "us-east-1", trail_id, 1));
	deliverer_note_events(bench->deliverer);
}

static void advance(struct bench *bench, int64_t ms)
{
	bench->place.now_ms += ms;
	deliverer_wake(bench->deliverer);
}

TEST(deliverer_delivers_an_interval_after_the_first_pending_record)
{
	struct bench bench;
	struct trail_place_objects objects;

	REQUIRE(t, begin(t, &bench));
	start(&bench);
	add(&bench, 1, A);
	wait_for(&bench, 1, 0);
	advance(&bench, 200000);
	add(&bench, 2, A);
	wait_for(&bench, 2, 0);
	advance(&bench, 99999);
	add(&bench, 3, A);
	wait_for(&bench, 3, 0);
	advance(&bench, 1);
	wait_for(&bench, 0, 3);
	CHECK_NUMBER(t, status_of(&bench).delivered_files, 1);
	add(&bench, 4, A);                                      /* its own interval */
	wait_for(&bench, 1, 3);
	advance(&bench, 300000);
	wait_for(&bench, 0, 4);
	CHECK(t, trail_place_read(&bench.place, &objects) && objects.count == 2);
	end(&bench);
}

TEST(deliverer_goes_on_where_the_one_before_it_was_stopped)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench));
	start(&bench);
	add(&bench, 1, A);
	add(&bench, 2, A);
	wait_for(&bench, 2, 0);
	stop(&bench);
	trail_place_close(&bench.place);
	bench.place.now_ms += 86400000;
	REQUIRE(t, trail_place_open(&bench.place));
	start(&bench);
	wait_for(&bench, 0, 2);
	end(&bench);
}

TEST(deliverer_tries_a_lost_bucket_again_and_delays_no_other_trail)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench) && trail_place_trail(&bench.place, B, 1, "lost", NULL));
	start(&bench);
	add(&bench, 1, B);
	add(&bench, 2, A);
	wait_for(&bench, 1, 0);
	advance(&bench, 300000);
	wait_for(&bench, 0, 1);
	wait_for_failures(&bench, 1);
	add(&bench, 3, A);
	wait_for(&bench, 1, 1);
	CHECK_NUMBER(t, status_of(&bench).failures, 1);         /* not before its time */
	advance(&bench, 60000);
	wait_for_failures(&bench, 2);
	REQUIRE(t, trail_place_bucket(&bench.place, "lost", true));
	advance(&bench, 120000);
	wait_for(&bench, 1, 2);
	struct deliverer_status status = status_of(&bench);
	CHECK_NUMBER(t, pending_of(&status, B), 0);
	CHECK_NUMBER(t, status.failures, 2);
	end(&bench);
}

static void add_in(struct bench *bench, int number, const char *region)
{
	CHECK(bench->t, trail_place_event(&bench->place, number, region, A, 1));
	deliverer_note_events(bench->deliverer);
}

/* What is told of the trail is of all its regions; the refused one is tried again at its own time. */
TEST(deliverer_goes_on_with_a_trails_other_regions_when_one_is_refused)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench) && trail_place_deny(&bench.place, "logs", "eu-north-1"));
	start(&bench);
	add_in(&bench, 1, "eu-north-1");
	wait_for(&bench, 1, 0);
	advance(&bench, 300000);
	wait_for_failures(&bench, 1);
	add_in(&bench, 2, "us-east-1");
	add_in(&bench, 3, "eu-north-1");
	wait_for(&bench, 3, 0);
	advance(&bench, 60000);
	wait_for_failures(&bench, 2);
	advance(&bench, 240000 - 1);                            /* 120 s after its second failure it is tried a third time */
	wait_for_failures(&bench, 3);
	advance(&bench, 1);
	wait_for(&bench, 2, 1);
	struct deliverer_status status = status_of(&bench);
	CHECK_NUMBER(t, status.trail_count, 1);
	CHECK_NUMBER(t, status.trails[0].retry_count, 3);
	CHECK_NUMBER(t, status.trails[0].oldest_pending_ms, TRAIL_PLACE_NOW_MS);
	REQUIRE(t, trail_place_deny(&bench.place, "logs", "none"));
	advance(&bench, 240000);
	wait_for(&bench, 0, 3);
	add_in(&bench, 4, "eu-north-1");
	add_in(&bench, 5, "us-east-1");
	wait_for(&bench, 2, 3);
	stop(&bench);
	bench.place.now_ms += 300000;
	start(&bench);                                          /* counts them anew, by both streams */
	wait_for(&bench, 0, 2);
	end(&bench);
}

static bool end_stream(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return trail_streams_end(catalog, TRAIL_PLACE_ACCOUNT, A, err);
}

TEST(deliverer_delivers_the_end_of_a_deleted_trail_at_once_and_forgets_it)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench));
	start(&bench);
	add(&bench, 1, A);
	wait_for(&bench, 1, 0);
	REQUIRE(t, trail_place_change(&bench.place, end_stream, NULL));
	deliverer_wake(bench.deliverer);
	wait_for_end(&bench);
	CHECK(t, !trail_targets_find(bench.place.context.reader, &t->arena, TRAIL_PLACE_ACCOUNT, A, 1, &t->err));
	stop(&bench);
	struct trail_place_objects objects;
	REQUIRE(t, trail_place_read(&bench.place, &objects) && objects.count == 1);
	CHECK_TEXT(t, objects.items[0].text, S("{\"Records\":[{\"n\":1}]}"));
	trail_place_close(&bench.place);
}

/* 30 days of tries: the bucket of a deleted trail is not coming back. */
static bool fail_often(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return catalog_run(catalog, err, "UPDATE region_streams SET retry_count = 725, retry_at_ms = 5 WHERE account = ?", "t",
	                   TRAIL_PLACE_ACCOUNT)
	    && trail_streams_end(catalog, TRAIL_PLACE_ACCOUNT, A, err);
}

TEST(deliverer_gives_a_deleted_trail_up_after_thirty_days_of_failures)
{
	struct bench bench;
	struct delivery_report report;

	REQUIRE(t, begin(t, &bench));
	CHECK(t, trail_place_event(&bench.place, 1, "us-east-1", A, 1) && trail_place_drop_bucket(&bench.place, "logs"));
	CHECK_NUMBER(t, trail_place_deliver(&bench.place, A, NULL, &report), DELIVERY_DONE);
	CHECK(t, trail_place_change(&bench.place, fail_often, NULL));
	start(&bench);
	wait_for_end(&bench);
	end(&bench);
}

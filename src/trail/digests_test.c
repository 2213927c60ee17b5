/* trail/digests_test.c: every transition of a chain by a stepped clock; whatever happens, all that was signed holds together. */
#include "trail/digests.h"

#include "tests/digest_place.h"
#include "trail/digest_chains.h"
#include "trail/trail_status.h"
#include "trail/trail_streams.h"
#include "trail/trail_targets.h"

enum { TRAIL = DIGEST_PLACE_TRAIL, MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS };

#define NOW  TRAIL_PLACE_NOW_MS
#define ZERO (TRAIL_PLACE_NOW_MS / 1000 * 1000)         /* what digests count from */
#define HERE S("us-east-1")

static bool begin(struct test *t, struct trail_place *place)
{
	*place = (struct trail_place){ .arena = &t->arena, .path = test_dir_in_memory(t, "place") };
	return trail_place_open(place) && digest_place_make(place);
}

static bool begin_started(struct test *t, struct trail_place *place)
{
	return begin(t, place) && digest_place_start(place) && digest_place_round(place) == 1;
}

static void end(struct test *t, struct trail_place *place)
{
	const char *wrong = digest_place_check(place);

	CHECK_TEXT(t, wrong ? slice_of(wrong) : S("fine"), S("fine"));
	trail_place_close(place);
}

#define SHOWN(t, place, want) CHECK_TEXT(t, digest_place_shown(&(place)), S(want))

#define ROUND_AFTER(t, place, ms, want) \
	do { \
		(place).now_ms += (ms); \
		CHECK_NUMBER(t, digest_place_round(&(place)), want); \
	} while (0)

static int64_t next(struct trail_place *place)
{
	uint64_t written = 0;

	return digests_round(&place->context, &written);
}

static struct trail_status status_of(struct test *t, struct trail_place *place)
{
	const struct trail_status_key key = { TRAIL_PLACE_ACCOUNT, TRAIL, HERE };
	struct trail_status status = {0};

	CHECK(t, trail_status_find(place->context.reader, &t->arena, &key, &status, &t->err));
	return status;
}

static bool has_chain(struct test *t, struct trail_place *place)
{
	bool is_any = false;

	CHECK(t, digest_chains_any(place->context.reader, TRAIL_PLACE_ACCOUNT, TRAIL, &is_any, &t->err));
	return is_any;
}

TEST(digests_begin_with_the_hour_before_logging_and_go_on_every_hour)
{
	struct trail_place place;

	REQUIRE(t, begin(t, &place));
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK(t, digest_place_start(&place));
	CHECK_NUMBER(t, digest_place_round(&place), 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,");
	CHECK_NUMBER(t, next(&place), ZERO + HOUR_MS);           /* not by the clock's hours: logging began at 10:01:07 */
	place.now_ms = ZERO + HOUR_MS - 1;
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	place.now_ms = ZERO + HOUR_MS;
	CHECK_NUMBER(t, digest_place_round(&place), 1);
	ROUND_AFTER(t, place, HOUR_MS + 7777, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=0 <- 0,us-east-1 3600..7200 files=0 <- 3600,");
	CHECK_NUMBER(t, status_of(t, &place).digested_ms, ZERO + 2 * HOUR_MS + 7777);
	CHECK(t, !status_of(t, &place).digest_error.ptr);
	end(t, &place);
}

TEST(digests_list_what_was_delivered_in_their_window_and_nothing_twice)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms = ZERO + HOUR_MS - 1;
	CHECK(t, digest_place_deliver(&place, 1, "us-east-1"));
	place.now_ms = ZERO + HOUR_MS;                           /* the end is not in the window */
	CHECK(t, digest_place_deliver(&place, 2, "us-east-1"));
	CHECK_NUMBER(t, digest_place_round(&place), 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=1 <- 0,");
	place.now_ms += 10;
	CHECK(t, digest_place_deliver(&place, 3, "us-east-1"));
	ROUND_AFTER(t, place, HOUR_MS, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=1 <- 0,us-east-1 3600..7200 files=2 <- 3600,");
	end(t, &place);
}

TEST(digests_that_were_missed_are_written_one_by_one)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms += 90 * MINUTE_MS;
	CHECK(t, digest_place_deliver(&place, 1, "us-east-1"));
	trail_place_close(&place);
	place.now_ms += 3 * HOUR_MS;
	REQUIRE(t, trail_place_open(&place));
	CHECK(t, digest_place_deliver(&place, 2, "us-east-1"));  /* in the window that is still open */
	CHECK_NUMBER(t, digest_place_round(&place), 4);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=0 <- 0,us-east-1 3600..7200 files=1 <- 3600,"
	                "us-east-1 7200..10800 files=0 <- 7200,us-east-1 10800..14400 files=0 <- 10800,");
	CHECK_NUMBER(t, next(&place), ZERO + 5 * HOUR_MS);
	end(t, &place);
}

TEST(digests_end_early_with_one_that_waits_for_what_was_admitted)
{
	struct trail_place place;
	struct delivery_report report;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms += 10 * MINUTE_MS;
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));   /* the record of StopLogging */
	CHECK(t, digest_place_stop(&place));
	ROUND_AFTER(t, place, MINUTE_MS, 0);
	CHECK(t, trail_place_deliver(&place, TRAIL, NULL, &report) == DELIVERY_DONE);
	CHECK_NUMBER(t, digest_place_round(&place), 0);          /* its second is not over */
	ROUND_AFTER(t, place, 1000, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..661 files=1 <- 0,");
	CHECK(t, !has_chain(t, &place));
	ROUND_AFTER(t, place, 5 * HOUR_MS, 0);
	end(t, &place);
}

TEST(digests_that_were_missed_come_before_the_last_one)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms += HOUR_MS + 10 * MINUTE_MS;
	CHECK(t, digest_place_deliver(&place, 1, "us-east-1") && digest_place_stop(&place));
	ROUND_AFTER(t, place, 9 * HOUR_MS, 2);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=0 <- 0,us-east-1 3600..4201 files=1 <- 3600,");
	end(t, &place);
}

TEST(digests_do_not_wait_for_what_is_admitted_after_the_end)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms += MINUTE_MS;
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && digest_place_stop(&place));
	ROUND_AFTER(t, place, MINUTE_MS, 0);          /* sees the end, and what is pending before it */
	CHECK(t, digest_place_deliver(&place, 2, "us-east-1"));  /* both in one file, as validation went off and logging goes on */
	CHECK(t, trail_place_event(&place, 3, "us-east-1", TRAIL, 1));
	ROUND_AFTER(t, place, 1000, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..121 files=1 <- 0,");
	end(t, &place);
}

TEST(digests_end_while_a_trail_logs_on_and_delivers_in_every_second)
{
	struct trail_place place;
	int number = 0;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms += MINUTE_MS;
	CHECK(t, digest_place_deliver(&place, ++number, "us-east-1") && digest_place_stop(&place));      /* validation is off */
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	for (int i = 0; i < 3; i++) {
		place.now_ms += 300;
		CHECK(t, digest_place_deliver(&place, ++number, "us-east-1"));
		digest_place_round(&place);
	}
	CHECK(t, !has_chain(t, &place));
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..61 files=3 <- 0,");
	CHECK(t, digest_place_start(&place));
	ROUND_AFTER(t, place, 1000, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..61 files=3 <- 0,us-east-1 -3538..62 files=0,");
	trail_place_close(&place);
}

TEST(digests_begin_a_new_chain_after_a_restart)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place) && digest_place_stop(&place));
	ROUND_AFTER(t, place, 900, 1);
	CHECK(t, digest_place_start(&place));                    /* in the second in which the last one ended */
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	ROUND_AFTER(t, place, 1000, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..1 files=0 <- 0,us-east-1 -3598..2 files=0,");
	ROUND_AFTER(t, place, HOUR_MS, 1);
	end(t, &place);
}

TEST(digests_go_on_if_logging_starts_again_before_the_last_one)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms += MINUTE_MS;
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && digest_place_stop(&place));
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK(t, digest_place_start(&place) && digest_place_deliver(&place, 2, "us-east-1"));
	ROUND_AFTER(t, place, HOUR_MS, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=1 <- 0,");
	CHECK(t, has_chain(t, &place));
	end(t, &place);
}

TEST(digests_follow_their_trail_into_another_bucket_and_prefix)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place) && trail_place_bucket(&place, "vault", true));
	CHECK(t, digest_place_deliver(&place, 1, "us-east-1"));
	CHECK(t, trail_place_trail(&place, TRAIL, 2, "vault", NULL));
	ROUND_AFTER(t, place, HOUR_MS, 1);
	CHECK(t, trail_place_trail(&place, TRAIL, 3, "vault", "audit/x"));
	ROUND_AFTER(t, place, HOUR_MS, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=1 <- 0 in logs,us-east-1 3600..7200 files=0 <- 3600,");
	end(t, &place);
}

TEST(digests_of_a_region_begin_with_its_first_file)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	place.now_ms += MINUTE_MS;
	CHECK(t, digest_place_deliver(&place, 1, "eu-north-1"));
	CHECK_NUMBER(t, digest_place_round(&place), 1);
	ROUND_AFTER(t, place, HOUR_MS, 2);
	SHOWN(t, place, "eu-north-1 -3540..60 files=0,eu-north-1 60..3660 files=1 <- 60,"
	                "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=0 <- 0,");
	CHECK(t, digest_place_stop(&place));
	ROUND_AFTER(t, place, MINUTE_MS, 2);
	CHECK(t, !has_chain(t, &place));
	end(t, &place);
}

static bool rename_old(void *user, struct catalog *catalog, struct error *err)
{
	const struct trail_target target = {
		.account = TRAIL_PLACE_ACCOUNT, .trail_id = 8, .number = 1, .bucket = S("logs"), .prefix = SLICE_NONE,
	};
	const struct trail_stream stream = { .account = TRAIL_PLACE_ACCOUNT, .trail_id = 8, .region = HERE, .name = S("audit") };
	const struct trail_place *place = user;

	return trail_targets_insert(catalog, &target, err) && trail_streams_begin(catalog, &stream, err)
	    && digest_chains_begin(catalog, TRAIL_PLACE_ACCOUNT, 8, HERE, place->now_ms, err);
}

static bool forbid(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return catalog_run(catalog, err, "UPDATE buckets SET has_policy = 0 WHERE name = 'logs'", "");
}

static bool allow(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return catalog_run(catalog, err, "UPDATE buckets SET has_policy = 1 WHERE name = 'logs'", "");
}

TEST(digests_of_a_deleted_trail_end_before_those_of_its_namesake_begin)
{
	struct trail_place place;
	struct delivery_report report;

	REQUIRE(t, begin_started(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));   /* the record of DeleteTrail */
	CHECK(t, digest_place_delete(&place) && trail_place_change(&place, rename_old, &place));
	place.now_ms = ZERO + 5000;
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK(t, trail_place_deliver(&place, TRAIL, NULL, &report) == DELIVERY_DONE);
	ROUND_AFTER(t, place, 1000, 1);          /* the last one at 6 s */
	CHECK(t, !has_chain(t, &place));
	ROUND_AFTER(t, place, 1000, 1);          /* the other's first, a second later */
	ROUND_AFTER(t, place, HOUR_MS, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..6 files=1 <- 0,us-east-1 -3593..7 files=0,us-east-1 7..3607 files=0 <- 7,");
	end(t, &place);
}

TEST(digests_of_a_namesake_do_not_wait_for_a_bucket_that_refuses_the_last_one)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place) && digest_place_delete(&place));
	CHECK(t, trail_place_change(&place, forbid, NULL) && trail_place_change(&place, rename_old, &place));
	place.now_ms = ZERO + 5000;
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK(t, trail_place_change(&place, allow, NULL));
	CHECK_NUMBER(t, digest_place_round(&place), 1);          /* at 0 s the key was taken */
	ROUND_AFTER(t, place, 2 * MINUTE_MS, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 -3600..1 files=0,us-east-1 0..2 files=0 <- 0,");
	end(t, &place);
}

TEST(digests_wait_for_a_clock_that_went_back)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	ROUND_AFTER(t, place, HOUR_MS, 1);
	place.now_ms -= 30 * MINUTE_MS;
	CHECK(t, digest_place_deliver(&place, 1, "us-east-1") && digest_place_stop(&place));
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK(t, has_chain(t, &place));
	ROUND_AFTER(t, place, 30 * MINUTE_MS + 1000, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,us-east-1 0..3600 files=0 <- 0,us-east-1 3600..3601 files=1 <- 3600,");
	place.now_ms -= 10 * MINUTE_MS;
	CHECK(t, digest_place_start(&place));
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	ROUND_AFTER(t, place, 10 * MINUTE_MS + 1000, 1);
	end(t, &place);
}

TEST(digests_that_a_bucket_refuses_are_tried_again_and_nothing_is_left_out)
{
	struct trail_place place;

	REQUIRE(t, begin_started(t, &place));
	CHECK(t, digest_place_deliver(&place, 1, "us-east-1") && trail_place_change(&place, forbid, NULL));
	place.now_ms = ZERO + HOUR_MS;
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK_TEXT(t, status_of(t, &place).digest_error, S("AccessDenied"));
	CHECK_NUMBER(t, status_of(t, &place).digested_ms, NOW);
	CHECK_NUMBER(t, next(&place), ZERO + HOUR_MS + MINUTE_MS);
	ROUND_AFTER(t, place, MINUTE_MS, 0);
	CHECK_NUMBER(t, next(&place), ZERO + HOUR_MS + 3 * MINUTE_MS);
	CHECK(t, trail_place_change(&place, allow, NULL));
	ROUND_AFTER(t, place, MINUTE_MS, 0);
	place.now_ms += 7 * 24 * (int64_t)HOUR_MS;               /* a week */
	CHECK_NUMBER(t, digest_place_round(&place), 7 * 24 + 1);
	CHECK(t, !status_of(t, &place).digest_error.ptr);
	CHECK_NUMBER(t, status_of(t, &place).digested_ms, place.now_ms);
	CHECK(t, slice_has_prefix(digest_place_shown(&place), S("us-east-1 -3600..0 files=0,us-east-1 0..3600 files=1 <- 0,"
	                                                        "us-east-1 3600..7200 files=0 <- 3600,")));
	end(t, &place);
}

TEST(digests_whose_bucket_is_gone_go_where_the_trail_goes_next)
{
	struct trail_place place;

	REQUIRE(t, begin(t, &place) && digest_place_start(&place) && trail_place_drop_bucket(&place, "logs"));
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK_TEXT(t, status_of(t, &place).digest_error, S("NoSuchBucket"));
	CHECK(t, trail_place_bucket(&place, "vault", true) && trail_place_trail(&place, TRAIL, 2, "vault", NULL));
	ROUND_AFTER(t, place, MINUTE_MS, 1);
	SHOWN(t, place, "us-east-1 -3600..0 files=0,");
	end(t, &place);
}

TEST(digests_of_a_deleted_trail_are_given_up_after_a_month)
{
	struct trail_place place;
	int64_t tries = 0;

	REQUIRE(t, begin_started(t, &place) && digest_place_delete(&place) && trail_place_change(&place, forbid, NULL));
	for (; has_chain(t, &place) && tries < 1000; tries++) {
		digest_place_round(&place);
		place.now_ms += HOUR_MS;
	}
	CHECK_NUMBER(t, tries, 30 * 24 + 2);                     /* the first at once, before its second is over */
	end(t, &place);
}

/* Nothing random goes into a digest but its key. */
TEST(digests_are_the_same_bytes_whenever_they_are_written)
{
	struct trail_place_objects objects[2];

	for (int i = 0; i < 2; i++) {
		struct trail_place place;
		REQUIRE(t, begin(t, &place) && digest_place_start(&place));
		if (i == 1) {                                    /* as the second try of a bucket that refused the first */
			CHECK(t, trail_place_change(&place, forbid, NULL));
			CHECK_NUMBER(t, digest_place_round(&place), 0);
			CHECK(t, trail_place_change(&place, allow, NULL));
		}
		ROUND_AFTER(t, place, HOUR_MS, 2);
		CHECK(t, trail_place_read(&place, &objects[i]));
		REQUIRE(t, objects[i].count == 2);
		end(t, &place);
	}
	for (int i = 0; i < 2; i++) {
		CHECK_TEXT(t, objects[1].items[i].key, objects[0].items[i].key);
		CHECK_TEXT(t, objects[1].items[i].text, objects[0].items[i].text);
		CHECK_TEXT(t, objects[1].items[i].headers, objects[0].items[i].headers);
	}
}

TEST(digests_are_signed_by_keys_that_follow_each_other)
{
	struct trail_place place;
	struct rows rows;

	REQUIRE(t, begin_started(t, &place));
	for (int day = 0; day < 70; day++) {
		place.context.options.digest_interval_ms = 24 * HOUR_MS;
		ROUND_AFTER(t, place, 24 * HOUR_MS, 1);
	}
	trail_place_close(&place);
	place.now_ms += INT64_C(400) * 24 * HOUR_MS;             /* a jump, or a long time without spoor */
	REQUIRE(t, trail_place_open(&place));
	place.context.options.digest_interval_ms = INT64_C(20) * 24 * HOUR_MS;
	CHECK_NUMBER(t, digest_place_round(&place), 20);
	rows = catalog_query(place.context.reader, &t->err, "SELECT count(*) FROM signing_keys", "");
	CHECK(t, rows_next(&rows) && rows_i64(&rows, 0) == 4);   /* the first, after 30 and 60 days, and one for all that was missed */
	CHECK(t, rows_close(&rows));
	end(t, &place);
}

TEST(digests_make_the_first_key_before_anybody_wants_it)
{
	struct trail_place place = { .arena = &t->arena, .path = test_dir_in_memory(t, "place") };
	struct rows rows;

	REQUIRE(t, trail_place_open(&place));
	CHECK_NUMBER(t, digest_place_round(&place), 0);
	CHECK_NUMBER(t, next(&place), ZERO + INT64_C(30) * 24 * HOUR_MS);
	rows = catalog_query(place.context.reader, &t->err, "SELECT start_ms, end_ms FROM signing_keys", "");
	CHECK(t, rows_next(&rows));
	CHECK_NUMBER(t, rows_i64(&rows, 0), ZERO);
	CHECK_NUMBER(t, rows_i64(&rows, 1), ZERO + INT64_C(31) * 24 * HOUR_MS);
	CHECK(t, !rows_next(&rows) && rows_close(&rows));
	trail_place_close(&place);
}

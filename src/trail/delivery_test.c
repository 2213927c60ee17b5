/* trail/delivery_test.c: each record once, at its place; a bucket's failure is told and made good; what changed meanwhile wins. */
#include "trail/delivery.h"

#include "base/file.h"
#include "codec/digest.h"
#include "store/objects.h"
#include "tests/trail_place.h"
#include "trail/digest_chains.h"
#include "trail/object_keys.h"
#include "trail/trail_files.h"
#include "trail/trail_status.h"
#include "trail/trail_targets.h"

enum { TRAIL = 7 };

#define NOW TRAIL_PLACE_NOW_MS

static bool begin(struct test *t, struct trail_place *place)
{
	*place = (struct trail_place){ .arena = &t->arena, .path = test_dir(t, "place") };
	return trail_place_open(place) && trail_place_bucket(place, "logs", true)
	    && trail_place_trail(place, TRAIL, 1, "logs", NULL);
}

/* The texts of all files, by bucket and key, whose unique parts are random: sorted by region only where those differ. */
static struct slice delivered(struct test *t, struct trail_place *place)
{
	struct trail_place_objects objects;
	struct slice all = S("");

	CHECK(t, trail_place_read(place, &objects));
	for (size_t i = 0; i < objects.count; i++)
		all = arena_format(&t->arena, "%.*s%.*s %.*s,", SLICE_ARG(all), SLICE_ARG(objects.items[i].bucket),
		                   SLICE_ARG(objects.items[i].text));
	return all;
}

static struct trail_status status_of(struct test *t, struct trail_place *place, const char *region)
{
	const struct trail_status_key key = { TRAIL_PLACE_ACCOUNT, TRAIL, slice_of(region) };
	struct trail_status status = {0};

	CHECK(t, trail_status_find(place->context.reader, &t->arena, &key, &status, &t->err));
	return status;
}

TEST(delivery_puts_each_region_into_a_file_of_its_own_as_aws_lays_them_out)
{
	struct trail_place place;
	struct trail_place_objects objects;
	struct delivery_report report;
	struct object_key key;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && trail_place_event(&place, 2, "eu-north-1", TRAIL, 1)
	         && trail_place_event(&place, 3, "us-east-1", TRAIL, 1) && trail_place_event(&place, 4, "us-east-1", 99, 1));
	place.now_ms = NOW + 300000;
	REQUIRE(t, trail_place_deliver(&place, TRAIL, NULL, &report) == DELIVERY_DONE);
	CHECK_NUMBER(t, report.files, 2);
	CHECK_NUMBER(t, report.records, 3);
	CHECK(t, !report.is_full);
	REQUIRE(t, trail_place_read(&place, &objects) && objects.count == 2);
	CHECK_TEXT(t, objects.items[0].text, S("{\"Records\":[{\"n\":2}]}"));
	CHECK_TEXT(t, objects.items[1].text, S("{\"Records\":[{\"n\":1},{\"n\":3}]}"));
	CHECK_TEXT(t, objects.items[1].headers, S("content-type: application/json\ncontent-encoding: gzip\n"));
	CHECK_NUMBER(t, objects.items[1].modified_ms, NOW + 300000);
	CHECK(t, slice_has_prefix(objects.items[1].key, S("AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/15/"
	                                                  "111122223333_CloudTrail_us-east-1_20260115T1006Z_")));
	object_keys_parse(objects.items[0].key, &key);
	CHECK_NUMBER(t, key.kind, OBJECT_KEY_LOG);
	CHECK_TEXT(t, key.region, S("eu-north-1"));
	CHECK_NUMBER(t, trail_place_stream(&place, TRAIL).cursor_seq, report.to_seq);
	CHECK_NUMBER(t, status_of(t, &place, "eu-north-1").delivered_ms, NOW + 300000);
	CHECK(t, !status_of(t, &place, "us-east-1").delivery_error.ptr);
	trail_place_close(&place);
}

/* The folder is that of the delivery, not of the event. */
TEST(delivery_after_midnight_lies_in_the_next_days_folder)
{
	struct trail_place place;
	struct trail_place_objects objects;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place));
	place.now_ms = NOW + INT64_C(50280) * 1000;                       /* 23:59:07 */
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));
	place.now_ms += 300000;
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	REQUIRE(t, trail_place_read(&place, &objects) && objects.count == 1);
	CHECK(t, slice_has_prefix(objects.items[0].key, S("AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/16/"
	                                                  "111122223333_CloudTrail_us-east-1_20260116T0004Z_")));
	trail_place_close(&place);
}

TEST(delivery_keeps_the_prefix_of_its_target_and_delivers_nothing_twice)
{
	struct trail_place place;
	struct trail_place_objects objects;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_trail(&place, TRAIL, 2, "logs", "some/where"));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 2));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	CHECK(t, trail_place_event(&place, 2, "us-east-1", 99, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	CHECK_NUMBER(t, report.files, 0);
	CHECK_NUMBER(t, trail_place_stream(&place, TRAIL).cursor_seq, report.to_seq);   /* past what is not for it */
	REQUIRE(t, trail_place_read(&place, &objects) && objects.count == 1);
	CHECK(t, slice_has_prefix(objects.items[0].key, S("some/where/AWSLogs/111122223333/CloudTrail/us-east-1/")));
	trail_place_close(&place);
}

TEST(delivery_goes_on_where_a_full_one_ended)
{
	const struct delivery_limits limits = { .file_records = 2, .file_bytes = 1000, .bytes = 1000, .files = 8 };
	struct trail_place place;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place));
	for (int i = 1; i <= 5; i++)
		CHECK(t, trail_place_event(&place, i, "us-east-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, &limits, &report), DELIVERY_DONE);
	CHECK(t, report.is_full && report.records == 2);
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, &limits, &report), DELIVERY_DONE);
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, &limits, &report), DELIVERY_DONE);
	CHECK(t, !report.is_full && report.records == 1);
	struct slice all = delivered(t, &place);
	CHECK(t, slice_find(all, S("[{\"n\":1},{\"n\":2}]")) != SLICE_NPOS && slice_find(all, S("[{\"n\":3},{\"n\":4}]")) != SLICE_NPOS
	         && slice_find(all, S("[{\"n\":5}]")) != SLICE_NPOS);
	trail_place_close(&place);
}

/* ---- buckets that fail ---- */

/* The bucket refuses what us-east-1 has: the first time it is parted from the trail's own stream, which goes on. */
static void check_failure(struct test *t, struct trail_place *place, const char *code, int64_t wait_ms, int64_t count)
{
	struct trail_stream stream = trail_place_region_stream(place, TRAIL, "us-east-1");
	struct delivery_report report;

	CHECK_NUMBER(t, stream.retry_count, count - 1);
	if (count == 1) {
		CHECK_NUMBER(t, trail_place_deliver(place, TRAIL, NULL, &report), DELIVERY_DONE);
		CHECK_NUMBER(t, report.refused, 1);
		CHECK_NUMBER(t, report.files, 0);
		CHECK_TEXT(t, trail_place_stream(place, TRAIL).apart, S("us-east-1"));
	} else {
		CHECK_NUMBER(t, trail_place_deliver_stream(place, &stream, NULL, &report), DELIVERY_FAILED);
		CHECK_TEXT(t, slice_of(place->err.name), slice_of(code));
	}
	struct trail_status status = status_of(t, place, "us-east-1");
	CHECK_TEXT(t, status.delivery_error, slice_of(code));
	CHECK_NUMBER(t, status.attempted_ms, place->now_ms);
	CHECK_NUMBER(t, trail_place_region_stream(place, TRAIL, "us-east-1").retry_at_ms, place->now_ms + wait_ms);
	CHECK_NUMBER(t, trail_place_region_stream(place, TRAIL, "us-east-1").retry_count, count);
}

static void deliver_region(struct test *t, struct trail_place *place, const char *region, uint64_t records)
{
	struct trail_stream stream = trail_place_region_stream(place, TRAIL, region);
	struct delivery_report report;

	CHECK_NUMBER(t, trail_place_deliver_stream(place, &stream, NULL, &report), DELIVERY_DONE);
	CHECK_NUMBER(t, report.records, records);
	CHECK_NUMBER(t, trail_place_region_stream(place, TRAIL, region).retry_count, 0);
}

TEST(delivery_to_a_lost_bucket_is_told_and_made_good_when_it_is_back)
{
	struct trail_place place;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && trail_place_drop_bucket(&place, "logs"));
	check_failure(t, &place, "NoSuchBucket", 60000, 1);
	CHECK(t, trail_place_event(&place, 2, "us-east-1", TRAIL, 1));
	place.now_ms += 60000;
	check_failure(t, &place, "NoSuchBucket", 120000, 2);
	CHECK_NUMBER(t, status_of(t, &place, "us-east-1").delivered_ms, 0);
	CHECK(t, trail_place_bucket(&place, "logs", true));
	place.now_ms += 120000;
	deliver_region(t, &place, "us-east-1", 2);
	CHECK_TEXT(t, delivered(t, &place), S("logs {\"Records\":[{\"n\":1},{\"n\":2}]},"));
	struct trail_status status = status_of(t, &place, "us-east-1");
	CHECK(t, !status.delivery_error.ptr);
	CHECK_NUMBER(t, status.delivered_ms, NOW + 180000);
	trail_place_close(&place);
}

TEST(delivery_needs_a_bucket_policy_that_allows_it)
{
	struct trail_place place;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && trail_place_drop_bucket(&place, "logs")
	         && trail_place_bucket(&place, "logs", false));
	check_failure(t, &place, "AccessDenied", 60000, 1);
	CHECK_TEXT(t, delivered(t, &place), S(""));
	trail_place_close(&place);
}

TEST(delivery_that_a_bucket_refuses_of_one_region_holds_up_no_other)
{
	struct trail_place place;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place) && trail_place_deny(&place, "logs", "eu-north-1"));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && trail_place_event(&place, 2, "eu-north-1", TRAIL, 1)
	         && trail_place_event(&place, 3, "us-east-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	CHECK_NUMBER(t, report.refused, 1);
	CHECK_NUMBER(t, report.records, 2);
	CHECK_TEXT(t, status_of(t, &place, "eu-north-1").delivery_error, S("AccessDenied"));
	CHECK(t, !status_of(t, &place, "us-east-1").delivery_error.ptr);
	CHECK_NUMBER(t, trail_place_region_stream(&place, TRAIL, "eu-north-1").retry_at_ms, NOW + 60000);

	CHECK(t, trail_place_event(&place, 4, "eu-north-1", TRAIL, 1) && trail_place_event(&place, 5, "us-east-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	CHECK_NUMBER(t, report.refused, 0);
	CHECK_NUMBER(t, report.records, 1);
	CHECK(t, trail_place_deny(&place, "logs", "none"));
	deliver_region(t, &place, "eu-north-1", 2);

	struct slice all = delivered(t, &place);
	CHECK(t, slice_find(all, S("[{\"n\":1},{\"n\":3}]")) != SLICE_NPOS && slice_find(all, S("[{\"n\":5}]")) != SLICE_NPOS
	         && slice_find(all, S("[{\"n\":2},{\"n\":4}]")) != SLICE_NPOS);
	CHECK_NUMBER(t, all.len, sizeof "logs {\"Records\":[{\"n\":1},{\"n\":3}]},logs {\"Records\":[{\"n\":2},{\"n\":4}]},"
	                                "logs {\"Records\":[{\"n\":5}]}," - 1);
	trail_place_close(&place);
}

/* Its other regions are not given up with it, and what comes of it later would be the trail's own again. */
TEST(delivery_forgets_one_region_by_itself)
{
	struct trail_place place;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place) && trail_place_deny(&place, "logs", "eu-north-1"));
	CHECK(t, trail_place_event(&place, 1, "eu-north-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	struct trail_stream stream = trail_place_region_stream(&place, TRAIL, "eu-north-1");
	CHECK_NUMBER(t, delivery_forget(&place.context, &stream, &t->err), DELIVERY_COMMITTED);
	CHECK(t, trail_place_region_stream(&place, TRAIL, "eu-north-1").trail_id == 0);
	CHECK(t, trail_place_deny(&place, "logs", "none") && trail_place_event(&place, 2, "eu-north-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	CHECK_TEXT(t, delivered(t, &place), S("logs {\"Records\":[{\"n\":2}]},"));
	trail_place_close(&place);
}

static bool count_name(void *user, const char *name, struct error *err)
{
	(void)name, (void)err;
	++*(int *)user;
	return true;
}

static int files_in(struct test *t, struct trail_place *place)
{
	int count = 0;

	for (int i = 0; i < 256; i++) {
		const char *path = arena_printf(&t->arena, "objects/%02x", i);
		int fd = file_exists(place->directory.fd, path) ? file_open_dir(place->directory.fd, path, &t->err) : -1;
		CHECK(t, fd < 0 || file_list(fd, count_name, &count, &t->err));
		file_close(fd);
	}
	return count;
}

TEST(delivery_that_the_commit_refuses_leaves_no_file)
{
	struct trail_place place;
	struct delivery_report report;
	struct trail_stream stale;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));
	stale = trail_place_stream(&place, TRAIL);
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	CHECK_NUMBER(t, files_in(t, &place), 1);

	/* somebody else has delivered meanwhile */
	struct journal_view *view = recorder_journal_view(place.recorder);
	CHECK_NUMBER(t, delivery_make(&place.context, &t->arena, &stale, view, &DELIVERY_LIMITS, &report, &place.err),
	             DELIVERY_BROKEN_OFF);
	CHECK_NUMBER(t, place.err.kind, ERR_CONFLICT);
	journal_view_release(view);
	CHECK_NUMBER(t, files_in(t, &place), 1);
	CHECK_TEXT(t, delivered(t, &place), S("logs {\"Records\":[{\"n\":1}]},"));

	/* the bucket goes between the look at it and the commit */
	CHECK(t, trail_place_trail(&place, TRAIL, 2, "empty", NULL) && trail_place_bucket(&place, "empty", true));
	CHECK(t, trail_place_event(&place, 2, "us-east-1", TRAIL, 2));
	REQUIRE(t, catalog_begin(place.context.reader, &t->err) && trail_place_stream(&place, TRAIL).trail_id == TRAIL);
	CHECK(t, trail_place_drop_bucket(&place, "empty"));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_FAILED);
	catalog_rollback(place.context.reader);
	CHECK_TEXT(t, status_of(t, &place, "us-east-1").delivery_error, S("NoSuchBucket"));
	CHECK_NUMBER(t, files_in(t, &place), 1);
	trail_place_close(&place);
}

/* ---- where to ---- */

TEST(delivery_goes_where_the_trail_delivered_when_it_admitted_the_event)
{
	struct trail_place place;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_bucket(&place, "other", true) && trail_place_trail(&place, TRAIL, 2, "other", NULL));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && trail_place_event(&place, 2, "us-east-1", TRAIL, 2));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	CHECK_TEXT(t, delivered(t, &place), S("logs {\"Records\":[{\"n\":1}]},other {\"Records\":[{\"n\":2}]},"));
	trail_place_close(&place);
}

TEST(delivery_to_a_place_that_is_lost_goes_where_the_trail_moved_to)
{
	struct trail_place place;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1) && trail_place_drop_bucket(&place, "logs"));
	check_failure(t, &place, "NoSuchBucket", 60000, 1);
	CHECK(t, trail_place_bucket(&place, "other", true) && trail_place_trail(&place, TRAIL, 2, "other", NULL));
	CHECK(t, trail_place_event(&place, 2, "us-east-1", TRAIL, 2));
	deliver_region(t, &place, "us-east-1", 2);
	struct slice all = delivered(t, &place);
	CHECK(t, slice_find(all, S("other {\"Records\":[{\"n\":1}]}")) != SLICE_NPOS
	         && slice_find(all, S("other {\"Records\":[{\"n\":2}]}")) != SLICE_NPOS);
	trail_place_close(&place);
}

/* ---- digests ---- */

static bool begin_chain(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return digest_chains_begin(catalog, TRAIL_PLACE_ACCOUNT, TRAIL, S("us-east-1"), NOW, err);
}

TEST(delivery_leaves_its_files_to_digests_where_the_trail_signs_them)
{
	struct trail_place place;
	struct trail_place_objects objects;
	struct delivery_report report;
	struct trail_file_list files;
	char hash[SHA256_HEX_BYTES];

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	REQUIRE(t, trail_files_list(place.context.reader, &t->arena, TRAIL_PLACE_ACCOUNT, TRAIL, S("us-east-1"), INT64_MAX, &files,
	                            &t->err));
	CHECK_NUMBER(t, files.count, 0);
	CHECK(t, trail_place_change(&place, begin_chain, NULL));
	CHECK(t, trail_place_event(&place, 2, "us-east-1", TRAIL, 1) && trail_place_event(&place, 3, "eu-north-1", TRAIL, 1));
	place.now_ms += 5000;
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	REQUIRE(t, trail_files_list(place.context.reader, &t->arena, TRAIL_PLACE_ACCOUNT, TRAIL, S("eu-north-1"), INT64_MAX, &files,
	                            &t->err) && files.count == 1);
	REQUIRE(t, trail_place_read(&place, &objects) && objects.count == 3);
	CHECK_TEXT(t, files.items[0].key, objects.items[0].key);
	CHECK_TEXT(t, files.items[0].bucket, S("logs"));
	CHECK_TEXT(t, files.items[0].hash, digest_sha256_hex(objects.items[0].text, hash));
	CHECK_NUMBER(t, files.items[0].delivered_ms, NOW + 5000);
	CHECK_NUMBER(t, files.items[0].oldest_ms, NOW);
	trail_place_close(&place);
}

static bool end_a_window(void *user, struct catalog *catalog, struct error *err)
{
	struct test *t = user;
	struct digest_chain_list chains;
	const struct digest_head head = { .bucket = S("logs"), .key = S("k"), .hash = S("00"), .signature = S("11"),
	                                  .end_ms = NOW + 9000 };

	return digest_chains_list(catalog, &t->arena, &chains, err) && chains.count == 1
	    && digest_chains_advance(catalog, &chains.items[0], &head, false, err);
}

/* The clock went back: what is delivered now must not fall into a window whose digest is written. */
TEST(delivery_is_never_before_the_end_of_a_digest)
{
	struct trail_place place;
	struct trail_place_objects objects;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_change(&place, begin_chain, NULL) && trail_place_change(&place, end_a_window, t));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	REQUIRE(t, trail_place_read(&place, &objects) && objects.count == 1);
	CHECK_NUMBER(t, objects.items[0].modified_ms, NOW + 9000);
	trail_place_close(&place);
}

/* ---- the end ---- */

TEST(delivery_makes_no_events)
{
	struct trail_place place;
	struct delivery_report report;
	struct recorder_status before, after;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));
	recorder_status(place.recorder, &before);
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	recorder_status(place.recorder, &after);
	CHECK_NUMBER(t, after.events, before.events);
	CHECK_NUMBER(t, after.changes, before.changes + 1);
	trail_place_close(&place);
}

TEST(delivery_forgets_a_stream_with_its_places_and_status)
{
	struct trail_place place;
	struct delivery_report report;
	struct trail_stream stream;

	REQUIRE(t, begin(t, &place));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", TRAIL, 1));
	CHECK_NUMBER(t, trail_place_deliver(&place, TRAIL, NULL, &report), DELIVERY_DONE);
	stream = trail_place_stream(&place, TRAIL);
	CHECK_NUMBER(t, delivery_forget(&place.context, &stream, &t->err), DELIVERY_COMMITTED);
	CHECK(t, trail_place_stream(&place, TRAIL).trail_id == 0);
	CHECK(t, !trail_targets_find(place.context.reader, &t->arena, TRAIL_PLACE_ACCOUNT, TRAIL, 1, &t->err));
	CHECK_NUMBER(t, status_of(t, &place, "us-east-1").delivered_ms, 0);
	trail_place_close(&place);
}

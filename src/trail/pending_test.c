/* trail/pending_test.c: counts are those of the journal behind each cursor, whenever they are made. */
#include "trail/pending.h"

#include "store/journal.h"
#include "tests/trail_place.h"

enum { A = 7, B = 8 };

static bool begin(struct test *t, struct trail_place *place)
{
	*place = (struct trail_place){ .arena = &t->arena, .path = test_dir(t, "place") };
	return trail_place_open(place) && trail_place_trail(place, A, 1, "logs", NULL) && trail_place_trail(place, B, 1, "logs", NULL);
}

static void count(struct test *t, struct trail_place *place, struct pending *pending)
{
	struct journal_view *view = recorder_journal_view(place->recorder);
	struct trail_stream_list list;

	CHECK(t, trail_streams_list(place->context.reader, &t->arena, &list, &t->err));
	pending_follow(pending, &list);
	CHECK(t, pending_count(pending, view, &t->err));
	journal_view_release(view);
}

/* "records oldest" of both trails. */
static struct slice counted(struct test *t, struct trail_place *place, struct pending *pending)
{
	count(t, place, pending);
	const struct pending_trail *a = pending_find(pending, TRAIL_PLACE_ACCOUNT, A);
	const struct pending_trail *b = pending_find(pending, TRAIL_PLACE_ACCOUNT, B);
	if (!a || !b)
		return S("none");
	return arena_format(&t->arena, "%d %d, %d %d", (int)a->records, (int)(a->oldest_ms ? a->oldest_ms - TRAIL_PLACE_NOW_MS : -1),
	                    (int)b->records, (int)(b->oldest_ms ? b->oldest_ms - TRAIL_PLACE_NOW_MS : -1));
}

TEST(pending_counts_what_each_trail_admitted)
{
	struct trail_place place;
	struct pending pending, fresh;

	REQUIRE(t, begin(t, &place));
	pending_init(&pending);
	pending_init(&fresh);
	CHECK_TEXT(t, counted(t, &place, &pending), S("0 -1, 0 -1"));
	CHECK(t, trail_place_event(&place, 1, "us-east-1", A, 1));
	place.now_ms += 1000;
	CHECK(t, trail_place_event(&place, 2, "us-east-1", B, 1) && trail_place_event(&place, 3, "us-east-1", A, 1));
	CHECK_TEXT(t, counted(t, &place, &pending), S("2 0, 1 1000"));
	CHECK_TEXT(t, counted(t, &place, &pending), S("2 0, 1 1000"));          /* nothing new */
	CHECK(t, trail_place_event(&place, 4, "us-east-1", B, 1) && trail_place_event(&place, 5, "us-east-1", 99, 1));
	CHECK_TEXT(t, counted(t, &place, &pending), S("2 0, 2 1000"));
	CHECK_TEXT(t, counted(t, &place, &fresh), S("2 0, 2 1000"));            /* another process finds the same */
	CHECK(t, !pending_find(&pending, S("999999999999"), A));
	pending_fini(&pending);
	pending_fini(&fresh);
	trail_place_close(&place);
}

TEST(pending_goes_on_over_journal_files)
{
	struct trail_place place;
	struct pending pending, fresh;

	place = (struct trail_place){ .arena = &t->arena, .path = test_dir(t, "place"), .journal_file_bytes = 16 << 10 };
	REQUIRE(t, trail_place_open(&place) && trail_place_trail(&place, A, 1, "logs", NULL)
	           && trail_place_trail(&place, B, 1, "logs", NULL));
	pending_init(&pending);
	pending_init(&fresh);
	for (int i = 1; i <= 150; i++) {
		CHECK(t, trail_place_event(&place, i, "us-east-1", A, 1));
		if (i % 7 == 0)
			count(t, &place, &pending);
	}
	struct journal_view *view = recorder_journal_view(place.recorder);
	CHECK(t, journal_view_count(view) > 2);
	journal_view_release(view);
	CHECK_TEXT(t, counted(t, &place, &pending), S("150 0, 0 -1"));
	CHECK_TEXT(t, counted(t, &place, &fresh), S("150 0, 0 -1"));
	pending_fini(&pending);
	pending_fini(&fresh);
	trail_place_close(&place);
}

TEST(pending_is_less_by_what_was_delivered)
{
	const struct delivery_limits limits = { .file_records = 2, .file_bytes = 1000, .bytes = 1000, .files = 8 };
	struct trail_place place;
	struct pending pending;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place) && trail_place_bucket(&place, "logs", true));
	pending_init(&pending);
	for (int i = 1; i <= 3; i++)
		CHECK(t, trail_place_event(&place, i, "us-east-1", A, 1));
	CHECK_TEXT(t, counted(t, &place, &pending), S("3 0, 0 -1"));
	CHECK_NUMBER(t, trail_place_deliver(&place, A, &limits, &report), DELIVERY_DONE);
	pending_note_delivery(pending_find(&pending, TRAIL_PLACE_ACCOUNT, A), report.to_seq, report.records, report.bytes);
	CHECK_TEXT(t, counted(t, &place, &pending), S("1 0, 0 -1"));
	CHECK_NUMBER(t, trail_place_deliver(&place, A, &limits, &report), DELIVERY_DONE);
	pending_note_delivery(pending_find(&pending, TRAIL_PLACE_ACCOUNT, A), report.to_seq, report.records, report.bytes);
	CHECK_TEXT(t, counted(t, &place, &pending), S("0 -1, 0 -1"));
	pending_fini(&pending);
	trail_place_close(&place);
}

/* As if another process had delivered: what was counted is counted again, from where the row says. */
TEST(pending_believes_the_row_when_the_cursor_is_elsewhere)
{
	const struct delivery_limits limits = { .file_records = 2, .file_bytes = 1000, .bytes = 1000, .files = 8 };
	struct trail_place place;
	struct pending pending;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place) && trail_place_bucket(&place, "logs", true));
	pending_init(&pending);
	for (int i = 1; i <= 3; i++)
		CHECK(t, trail_place_event(&place, i, "us-east-1", A, 1));
	CHECK_TEXT(t, counted(t, &place, &pending), S("3 0, 0 -1"));
	CHECK_NUMBER(t, trail_place_deliver(&place, A, &limits, &report), DELIVERY_DONE);
	CHECK_TEXT(t, counted(t, &place, &pending), S("1 0, 0 -1"));
	pending_fini(&pending);
	trail_place_close(&place);
}

/* The region that parts takes what of it was counted before, and everybody counts anew from there. */
TEST(pending_counts_a_region_that_parted_by_itself)
{
	struct trail_place place;
	struct pending pending, fresh;
	struct delivery_report report;

	REQUIRE(t, begin(t, &place) && trail_place_bucket(&place, "logs", true) && trail_place_deny(&place, "logs", "eu-north-1"));
	pending_init(&pending);
	pending_init(&fresh);
	CHECK(t, trail_place_event(&place, 1, "us-east-1", A, 1) && trail_place_event(&place, 2, "eu-north-1", A, 1));
	CHECK_TEXT(t, counted(t, &place, &pending), S("2 0, 0 -1"));
	pending_find(&pending, TRAIL_PLACE_ACCOUNT, A)->is_urgent = true;
	CHECK_NUMBER(t, trail_place_deliver(&place, A, NULL, &report), DELIVERY_DONE);
	pending_note_delivery(pending_find(&pending, TRAIL_PLACE_ACCOUNT, A), report.to_seq, report.records, report.bytes);
	CHECK(t, !pending_is_none(&pending, TRAIL_PLACE_ACCOUNT, A));
	CHECK(t, trail_place_event(&place, 3, "eu-north-1", A, 1) && trail_place_event(&place, 4, "us-east-1", A, 1));
	CHECK_TEXT(t, counted(t, &place, &pending), S("1 0, 0 -1"));
	CHECK_TEXT(t, counted(t, &place, &fresh), S("1 0, 0 -1"));
	REQUIRE(t, pending.count == 3);
	const struct pending_trail *region = pending_find(&pending, TRAIL_PLACE_ACCOUNT, A) + 1;
	CHECK_TEXT(t, region->stream.only_region, S("eu-north-1"));
	CHECK_NUMBER(t, region->records, 2);
	CHECK(t, region->is_urgent);
	CHECK(t, !pending_is_none(&pending, TRAIL_PLACE_ACCOUNT, A) && pending_is_none(&pending, TRAIL_PLACE_ACCOUNT, B));
	pending_fini(&pending);
	pending_fini(&fresh);
	trail_place_close(&place);
}

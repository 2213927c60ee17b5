/* trail/pending_test.c: counts are those of the journal behind each cursor, whenever they are made. */
#include "trail/pending.h"

#include "store/journal.h"
#include "tests/trail_place.h"

enum { A = 7, B = 8 };

struct bench {
	struct test        *t;
	struct trail_place  place;
	struct pending      pending, fresh;          /* `fresh` counts once, at the end, as another process does */
};

static bool begin(struct test *t, struct bench *bench, size_t journal_file_bytes)
{
	*bench = (struct bench){ .t = t };
	bench->place = (struct trail_place){ .arena = &t->arena, .path = test_dir(t, "place"), .journal_file_bytes = journal_file_bytes };
	pending_init(&bench->pending);
	pending_init(&bench->fresh);
	return trail_place_open(&bench->place) && trail_place_trail(&bench->place, A, 1, "logs", NULL)
	    && trail_place_trail(&bench->place, B, 1, "logs", NULL) && trail_place_bucket(&bench->place, "logs", true);
}

static void end(struct bench *bench)
{
	pending_fini(&bench->pending);
	pending_fini(&bench->fresh);
	trail_place_close(&bench->place);
}

static void admit(struct bench *bench, int number, uint64_t trail)
{
	CHECK(bench->t, trail_place_event(&bench->place, number, "us-east-1", trail, 1));
}

/* Two records of A's, at most. */
static struct delivery_report deliver(struct bench *bench)
{
	const struct delivery_limits limits = { .file_records = 2, .file_bytes = 1000, .bytes = 1000, .files = 8 };
	struct delivery_report report = { 0 };

	CHECK_NUMBER(bench->t, trail_place_deliver(&bench->place, A, &limits, &report), DELIVERY_DONE);
	return report;
}

static void count(struct bench *bench, struct pending *pending)
{
	struct test *t = bench->t;
	struct journal_view *view = recorder_journal_view(bench->place.recorder);
	struct trail_stream_list list;

	CHECK(t, trail_streams_list(bench->place.context.reader, &t->arena, &list, &t->err));
	pending_follow(pending, &list);
	CHECK(t, pending_count(pending, view, &t->err));
	journal_view_release(view);
}

static int age(const struct pending_trail *trail)
{
	return (int)(trail->oldest_ms ? trail->oldest_ms - TRAIL_PLACE_NOW_MS : -1);
}

/* "records oldest" of both trails. */
static struct slice counted(struct bench *bench, struct pending *pending)
{
	count(bench, pending);
	const struct pending_trail *a = pending_find(pending, TRAIL_PLACE_ACCOUNT, A);
	const struct pending_trail *b = pending_find(pending, TRAIL_PLACE_ACCOUNT, B);
	return a && b ? arena_format(&bench->t->arena, "%d %d, %d %d", (int)a->records, age(a), (int)b->records, age(b)) : S("none");
}

static void check_counts(struct bench *bench, const char *want)
{
	CHECK_TEXT(bench->t, counted(bench, &bench->pending), slice_of(want));
}

TEST(pending_counts_what_each_trail_admitted)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench, 0));
	check_counts(&bench, "0 -1, 0 -1");
	admit(&bench, 1, A);
	bench.place.now_ms += 1000;
	admit(&bench, 2, B);
	admit(&bench, 3, A);
	check_counts(&bench, "2 0, 1 1000");
	check_counts(&bench, "2 0, 1 1000");                    /* nothing new */
	admit(&bench, 4, B);
	admit(&bench, 5, 99);
	check_counts(&bench, "2 0, 2 1000");
	CHECK_TEXT(t, counted(&bench, &bench.fresh), S("2 0, 2 1000"));
	CHECK(t, !pending_find(&bench.pending, S("999999999999"), A));
	end(&bench);
}

TEST(pending_goes_on_over_journal_files)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench, 16 << 10));
	for (int i = 1; i <= 150; i++) {
		admit(&bench, i, A);
		if (i % 7 == 0)
			count(&bench, &bench.pending);
	}
	struct journal_view *view = recorder_journal_view(bench.place.recorder);
	CHECK(t, journal_view_count(view) > 2);
	journal_view_release(view);
	check_counts(&bench, "150 0, 0 -1");
	CHECK_TEXT(t, counted(&bench, &bench.fresh), S("150 0, 0 -1"));
	end(&bench);
}

TEST(pending_is_less_by_what_was_delivered)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench, 0));
	for (int i = 1; i <= 3; i++)
		admit(&bench, i, A);
	check_counts(&bench, "3 0, 0 -1");
	for (int i = 0; i < 2; i++) {
		struct delivery_report report = deliver(&bench);

		pending_note_delivery(pending_find(&bench.pending, TRAIL_PLACE_ACCOUNT, A), report.to_seq, report.records, report.bytes);
		check_counts(&bench, i == 0 ? "1 0, 0 -1" : "0 -1, 0 -1");
	}
	end(&bench);
}

/* As if another process had delivered: what was counted is counted again, from where the row says. */
TEST(pending_believes_the_row_when_the_cursor_is_elsewhere)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench, 0));
	for (int i = 1; i <= 3; i++)
		admit(&bench, i, A);
	check_counts(&bench, "3 0, 0 -1");
	deliver(&bench);
	check_counts(&bench, "1 0, 0 -1");
	end(&bench);
}

/* The region that parts takes what of it was counted before, and everybody counts anew from there. */
TEST(pending_counts_a_region_that_parted_by_itself)
{
	struct bench bench;
	struct pending *pending = &bench.pending;
	struct delivery_report report;

	REQUIRE(t, begin(t, &bench, 0) && trail_place_deny(&bench.place, "logs", "eu-north-1"));
	admit(&bench, 1, A);
	CHECK(t, trail_place_event(&bench.place, 2, "eu-north-1", A, 1));
	check_counts(&bench, "2 0, 0 -1");
	pending_find(pending, TRAIL_PLACE_ACCOUNT, A)->is_urgent = true;
	CHECK_NUMBER(t, trail_place_deliver(&bench.place, A, NULL, &report), DELIVERY_DONE);
	pending_note_delivery(pending_find(pending, TRAIL_PLACE_ACCOUNT, A), report.to_seq, report.records, report.bytes);
	CHECK(t, !pending_is_none(pending, TRAIL_PLACE_ACCOUNT, A));
	CHECK(t, trail_place_event(&bench.place, 3, "eu-north-1", A, 1));
	admit(&bench, 4, A);
	check_counts(&bench, "1 0, 0 -1");
	CHECK_TEXT(t, counted(&bench, &bench.fresh), S("1 0, 0 -1"));
	REQUIRE(t, pending->count == 3);
	const struct pending_trail *region = pending_find(pending, TRAIL_PLACE_ACCOUNT, A) + 1;
	CHECK_TEXT(t, region->stream.only_region, S("eu-north-1"));
	CHECK_NUMBER(t, region->records, 2);
	CHECK(t, region->is_urgent);
	CHECK(t, !pending_is_none(pending, TRAIL_PLACE_ACCOUNT, A) && pending_is_none(pending, TRAIL_PLACE_ACCOUNT, B));
	end(&bench);
}

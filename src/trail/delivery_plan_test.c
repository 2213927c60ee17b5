/* trail/delivery_plan_test.c: every event of a trail in exactly one file, by target and region, and no plan beyond its limits. */
#include "trail/delivery_plan.h"

#include "base/file.h"
#include "store/event_frame.h"
#include "store/journal.h"
#include "tests/test.h"
#include "trail/stamps.h"

enum { FILE_BYTES = 64 << 10, TRAIL = 7 };

struct bench {
	struct test         *t;
	struct journal      *journal;
	struct journal_view *view;
	struct arena        *arena;
	int                  dir_fd;
	struct trail_stream  stream;
};

static bool begin(struct test *t, struct bench *bench)
{
	*bench = (struct bench){ .t = t, .arena = &t->arena, .stream = { .trail_id = TRAIL } };
	bench->dir_fd = file_open_dir(AT_FDCWD, test_dir(t, "journal"), &t->err);
	bench->journal = journal_open(&(struct journal_options){ .file_bytes = FILE_BYTES }, bench->dir_fd, 1, &t->err);
	return bench->journal != NULL;
}

static void end(struct bench *bench)
{
	journal_view_release(bench->view);
	journal_close(bench->journal);
	file_close(bench->dir_fd);
}

/* An event with text `json` for the trail at that target; 0: only for another trail. */
static struct event_frame frame(struct bench *bench, const char *json, uint32_t target, const char *region, int64_t time_ms)
{
	const struct stamp stamps[] = { { 3, 1 }, { TRAIL, target } };
	char *bytes = arena_alloc(bench->arena, sizeof stamps);
	size_t count = target ? 2 : 1;

	stamps_write(stamps, count, bytes);
	return (struct event_frame){
		.time_ms = time_ms, .account = 111122223333, .region = slice_of(region), .stamps = { bytes, count * STAMP_BYTES },
		.json = slice_of(json),
	};
}

static void add(struct bench *bench, const char *json, uint32_t target, const char *region, int64_t time_ms)
{
	struct event_frame event = frame(bench, json, target, region, time_ms);

	journal_begin(bench->journal);
	journal_add_event(bench->journal, &event);
	CHECK(bench->t, journal_commit(bench->journal, &bench->t->err));
	journal_publish(bench->journal);
}

/* "TARGET REGION {bytes of the file} ...", then where the cursor goes. */
static struct slice planned(struct bench *bench, uint64_t from_seq, struct delivery_limits limits)
{
	struct test *t = bench->t;
	struct delivery_plan plan;
	struct slice all = S("");

	journal_view_release(bench->view);
	bench->view = journal_view_take(bench->journal);
	bench->stream.cursor_seq = from_seq;
	CHECK(t, delivery_plan_make(&plan, bench->arena, bench->view, &bench->stream, &limits, &t->err));
	for (size_t i = 0; i < plan.file_count; i++) {
		struct slice text = delivery_plan_write(bench->arena, &plan.files[i]);
		all = arena_format(bench->arena, "%.*s%u %.*s %.*s ", SLICE_ARG(all), plan.files[i].target,
		                   SLICE_ARG(plan.files[i].region), SLICE_ARG(text));
	}
	return arena_format(bench->arena, "%.*s%s%d", SLICE_ARG(all), plan.is_full ? "full " : "", (int)plan.to_seq);
}

TEST(delivery_plan_sorts_what_a_trail_admitted_by_target_and_region)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench));
	CHECK_TEXT(t, planned(&bench, 0, DELIVERY_LIMITS), S("0"));
	add(&bench, "{\"a\":1}", 1, "us-east-1", 5000);
	add(&bench, "{\"other\":1}", 0, "us-east-1", 5000);
	add(&bench, "{\"b\":1}", 1, "eu-north-1", 6000);
	add(&bench, "{\"c\":1}", 2, "us-east-1", 7000);
	add(&bench, "{\"d\":1}", 1, "us-east-1", 4000);
	add(&bench, "{\"other\":2}", 0, "us-east-1", 5000);
	CHECK_TEXT(t, planned(&bench, 0, DELIVERY_LIMITS),
	           S("1 us-east-1 {\"Records\":[{\"a\":1},{\"d\":1}]} 1 eu-north-1 {\"Records\":[{\"b\":1}]} 2 us-east-1"
	             " {\"Records\":[{\"c\":1}]} 6"));
	CHECK_TEXT(t, planned(&bench, 3, DELIVERY_LIMITS),
	           S("2 us-east-1 {\"Records\":[{\"c\":1}]} 1 us-east-1 {\"Records\":[{\"d\":1}]} 6"));
	CHECK_TEXT(t, planned(&bench, 6, DELIVERY_LIMITS), S("6"));
	end(&bench);
}

TEST(delivery_plan_has_the_regions_that_its_stream_takes)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench));
	add(&bench, "{1}", 1, "us-east-1", 1);
	add(&bench, "{2}", 1, "eu-north-1", 1);
	add(&bench, "{3}", 1, "eu-north-11", 1);
	add(&bench, "{4}", 1, "us-east-1", 1);
	bench.stream.apart = S("eu-north-1");
	CHECK_TEXT(t, planned(&bench, 0, DELIVERY_LIMITS),
	           S("1 us-east-1 {\"Records\":[{1},{4}]} 1 eu-north-11 {\"Records\":[{3}]} 4"));
	bench.stream.apart = S("eu-north-1,us-east-1");
	CHECK_TEXT(t, planned(&bench, 0, DELIVERY_LIMITS), S("1 eu-north-11 {\"Records\":[{3}]} 4"));
	bench.stream.apart = SLICE_NONE;
	bench.stream.only_region = S("eu-north-1");
	CHECK_TEXT(t, planned(&bench, 0, DELIVERY_LIMITS), S("1 eu-north-1 {\"Records\":[{2}]} 4"));
	end(&bench);
}

TEST(delivery_plan_knows_the_oldest_and_the_newest_event_of_a_file)
{
	struct bench bench;
	struct delivery_plan plan;

	REQUIRE(t, begin(t, &bench));
	add(&bench, "{}", 1, "us-east-1", 5000);
	add(&bench, "{}", 1, "us-east-1", 9000);
	add(&bench, "{}", 1, "us-east-1", 4000);
	bench.view = journal_view_take(bench.journal);
	REQUIRE(t, delivery_plan_make(&plan, &t->arena, bench.view, &bench.stream, &DELIVERY_LIMITS, &t->err));
	REQUIRE(t, plan.file_count == 1);
	CHECK_NUMBER(t, plan.files[0].oldest_ms, 4000);
	CHECK_NUMBER(t, plan.files[0].newest_ms, 9000);
	CHECK_NUMBER(t, plan.files[0].record_count, 3);
	end(&bench);
}

/* Each limit by itself; the cursor stays before what did not fit, and the next plan begins with it. */
TEST(delivery_plan_ends_before_what_does_not_fit)
{
	static const struct { struct delivery_limits limits; const char *first, *second; } rows[] = {
		{ { 2, 1000, 1000, 8 }, "1 r {\"Records\":[{1},{2}]} full 2", "1 r {\"Records\":[{3}]} 2 r {\"Records\":[{4}]} 4" },
		{ { 9, 7, 1000, 8 }, "1 r {\"Records\":[{1},{2}]} full 2", "1 r {\"Records\":[{3}]} 2 r {\"Records\":[{4}]} 4" },
		{ { 9, 1000, 9, 8 }, "1 r {\"Records\":[{1},{2},{3}]} full 3", "2 r {\"Records\":[{4}]} 4" },
		{ { 9, 1000, 1000, 1 }, "1 r {\"Records\":[{1},{2},{3}]} full 3", "2 r {\"Records\":[{4}]} 4" },
	};
	struct bench bench;

	REQUIRE(t, begin(t, &bench));
	add(&bench, "{1}", 1, "r", 1);
	add(&bench, "{2}", 1, "r", 1);
	add(&bench, "{3}", 1, "r", 1);
	add(&bench, "{4}", 2, "r", 1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice first = planned(&bench, 0, rows[i].limits);
		CHECK_TEXT(t, first, slice_of(rows[i].first));
		CHECK_TEXT(t, planned(&bench, (uint64_t)(first.ptr[first.len - 1] - '0'), rows[i].limits), slice_of(rows[i].second));
	}
	end(&bench);
}

TEST(delivery_plan_takes_the_first_event_however_large)
{
	struct bench bench;

	REQUIRE(t, begin(t, &bench));
	add(&bench, "{\"large\":1}", 1, "r", 1);
	add(&bench, "{2}", 1, "r", 1);
	CHECK_TEXT(t, planned(&bench, 0, (struct delivery_limits){ 1, 2, 2, 1 }), S("1 r {\"Records\":[{\"large\":1}]} full 1"));
	end(&bench);
}

TEST(delivery_plan_reads_over_journal_files_and_begins_in_the_right_one)
{
	struct bench bench;
	char *text = arena_alloc(&t->arena, 20001);
	struct slice from_start, from_middle;

	REQUIRE(t, begin(t, &bench));
	memset(text, 'x', 20000);
	text[20000] = '\0';
	for (int i = 0; i < 10; i++)
		add(&bench, text, 1, "r", 1);
	from_start = planned(&bench, 0, DELIVERY_LIMITS);
	CHECK(t, journal_view_count(bench.view) > 2);
	CHECK_NUMBER(t, from_start.len, 10 * 20001 - 1 + sizeof "1 r {\"Records\":[]} 10" - 1);
	from_middle = planned(&bench, 8, DELIVERY_LIMITS);
	CHECK_NUMBER(t, from_middle.len, 2 * 20001 - 1 + sizeof "1 r {\"Records\":[]} 10" - 1);
	end(&bench);
}

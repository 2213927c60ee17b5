/* trail/history_index_test.c: blocks cover a file exactly once, and filters never deny a value that is there. */
#include "trail/history_index.h"

#include "tests/test.h"

enum { EVENTS = 3000 };

static struct slice event_id(struct test *t, int i)
{
	return arena_format(&t->arena, "event-%d", i);
}

static void add_events(struct test *t, struct journal *journal, int from, int to)
{
	static const char json[1000];

	for (int i = from; i < to; ) {
		CHECK(t, journal_ensure_room(journal, 1 << 20, &t->err));
		journal_begin(journal);
		for (int k = 0; k < 10 && i < to; k++, i++) {
			struct event_frame frame = { .time_ms = i * 1000, .account = 1, .region = S("us-east-1"),
				.flags = i % 2 ? FRAME_MANAGEMENT : 0, .json = { json, sizeof json }, .attribute_count = 1,
				.attributes = { { FRAME_EVENT_ID, event_id(t, i) } } };
			journal_add_event(journal, &frame);
		}
		CHECK(t, journal_commit(journal, &t->err));
		journal_publish(journal);
	}
}

static struct history_index *built(struct test *t, struct journal *journal, bool is_finished, const struct history_index *before,
                                   atomic_size_t *bytes, struct journal_scan *scan, struct journal_view **view)
{
	*view = journal_view_take(journal);
	CHECK(t, journal_view_count(*view) == 1 && journal_scan_open(scan, *view, 0, &t->err));
	return history_index_build(scan, is_finished, before, bytes, &t->err);
}

static void check_blocks(struct test *t, const struct history_index *index, uint64_t first_seq)
{
	uint64_t next_seq = first_seq, next_offset = index->blocks[0]->offset;

	for (size_t i = 0; i < index->block_count; i++) {
		const struct history_block *block = index->blocks[i];
		CHECK_NUMBER(t, block->first_seq, next_seq);
		CHECK_NUMBER(t, block->offset, next_offset);
		CHECK(t, block->second_min <= block->second_max && block->second_max <= index->second_max);
		next_seq = block->last_seq + 1;
		next_offset = block->end_offset;
	}
	CHECK_NUMBER(t, index->end_offset, next_offset);
	CHECK_NUMBER(t, index->last_seq, next_seq - 1);
}

TEST(history_index_grows_by_whole_blocks_and_shares_the_old_ones)
{
	struct journal_options options = {0};
	struct journal *journal = journal_open(&options, empty_dir(t, "journal"), 1, &t->err);
	struct journal_view *view, *later;
	struct journal_scan scan;
	atomic_size_t bytes = 0;

	REQUIRE(t, journal != NULL);
	add_events(t, journal, 0, 1000);
	struct history_index *index = built(t, journal, false, NULL, &bytes, &scan, &view);
	REQUIRE(t, index && index->block_count > 2);
	uint64_t first_seq = index->blocks[0]->first_seq;
	check_blocks(t, index, first_seq);
	uint64_t rest = journal_view_file(view, 0).bytes - index->end_offset;
	CHECK(t, rest > 0 && rest < HISTORY_BLOCK_BYTES);

	add_events(t, journal, 1000, EVENTS);
	struct history_index *grown = built(t, journal, true, index, &bytes, &scan, &later);
	REQUIRE(t, grown && grown->block_count > index->block_count);
	check_blocks(t, grown, first_seq);
	for (size_t i = 0; i < index->block_count; i++)
		CHECK(t, grown->blocks[i] == index->blocks[i]);
	CHECK_NUMBER(t, grown->end_offset, journal_view_file(later, 0).bytes);
	CHECK_NUMBER(t, grown->last_seq, journal_view_next_seq(later) - 1);
	history_index_release(index);
	check_blocks(t, grown, first_seq);               /* still there */
	history_index_release(grown);
	journal_view_release(view);
	journal_view_release(later);
	journal_close(journal);
}

TEST(history_index_filters_deny_only_what_is_not_there)
{
	struct journal_options options = {0};
	struct journal *journal = journal_open(&options, empty_dir(t, "journal"), 1, &t->err);
	struct journal_view *view;
	struct journal_scan scan;
	atomic_size_t bytes = 0;
	int found_elsewhere = 0, probes = 0;

	REQUIRE(t, journal != NULL);
	add_events(t, journal, 0, EVENTS);
	struct history_index *index = built(t, journal, true, NULL, &bytes, &scan, &view);
	REQUIRE(t, index != NULL);
	for (size_t i = 0; i < index->block_count; i++) {
		CHECK(t, history_index_may_have(index->blocks[i], 12345));              /* unknown yet: maybe */
		CHECK(t, history_index_filter(index->blocks[i], &scan, SIZE_MAX, &t->err));
		CHECK(t, history_index_may_have(index->blocks[i], history_index_place(1, S("us-east-1"))));
		CHECK(t, !history_index_may_have(index->blocks[i], history_index_place(2, S("us-east-1"))));
	}
	for (int event = 0; event < EVENTS; event++) {
		uint32_t hash = event_frame_hash(FRAME_EVENT_ID, event_id(t, event));
		bool is_found = false;
		for (size_t i = 0; i < index->block_count; i++) {
			bool is_inside = event >= index->blocks[i]->second_min && event <= index->blocks[i]->second_max;
			bool may_have = history_index_may_have(index->blocks[i], hash);
			is_found |= is_inside && may_have;
			probes += !is_inside;
			found_elsewhere += !is_inside && may_have;
		}
		CHECK(t, is_found || event % 2 == 0);    /* data events are not looked up, so not in filters */
	}
	CHECK(t, probes > 10000 && found_elsewhere < probes / 50);
	CHECK(t, atomic_load(&bytes) > 0 && atomic_load(&bytes) < 64 * EVENTS);
	history_index_release(index);
	CHECK_NUMBER(t, atomic_load(&bytes), 0);
	journal_view_release(view);
	journal_close(journal);
}

TEST(history_index_makes_no_filter_over_budget)
{
	struct journal_options options = {0};
	struct journal *journal = journal_open(&options, empty_dir(t, "journal"), 1, &t->err);
	struct journal_view *view;
	struct journal_scan scan;
	atomic_size_t bytes = 0;

	REQUIRE(t, journal != NULL);
	add_events(t, journal, 0, EVENTS);
	struct history_index *index = built(t, journal, true, NULL, &bytes, &scan, &view);
	REQUIRE(t, index != NULL);
	for (size_t i = 0; i < index->block_count; i++)
		CHECK(t, history_index_filter(index->blocks[i], &scan, 1, &t->err));
	CHECK(t, atomic_load(&index->blocks[0]->filter) && !atomic_load(&index->blocks[1]->filter));
	CHECK(t, history_index_may_have(index->blocks[1], 1));
	history_index_release(index);
	journal_view_release(view);
	journal_close(journal);
}

TEST(history_index_seconds_round_down)
{
	static const struct { int64_t ms, second; } rows[] = {
		{ 0, 0 }, { 999, 0 }, { 1000, 1 }, { -1, -1 }, { -1000, -1 }, { -1001, -2 },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_NUMBER(t, history_index_second(rows[i].ms), rows[i].second);
}

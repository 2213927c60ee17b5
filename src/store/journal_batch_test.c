/* store/journal_batch_test.c: what was sealed reads back; whatever is changed or cut off is seen. */
#include "store/journal_batch.h"

#include "tests/test.h"

enum { ROOM = 4096 };

static size_t add(char *bytes, size_t used, enum journal_kind kind, uint64_t seq, struct slice body)
{
	memcpy(bytes + used + JOURNAL_FRAME_HEADER_BYTES, body.ptr, body.len);
	journal_batch_seal_frame(bytes + used, kind, 7, seq, body.len);
	return used + journal_batch_frame_bytes(body.len);
}

/* Two events and a change, in the arena. */
static struct slice sample(struct test *t)
{
	char *bytes = arena_zalloc(&t->arena, ROOM);
	struct journal_batch batch = {
		.generation = 3, .first_seq = 41, .frame_count = 3, .event_count = 2, .time_min_ms = -5, .time_max_ms = 1700000000000,
	};
	size_t used = add(bytes, JOURNAL_BATCH_HEADER_BYTES, JOURNAL_EVENT, 41, S("first"));

	used = add(bytes, used, JOURNAL_EVENT, 42, S("the second event"));
	batch.change_offset = (uint32_t)used;
	used = add(bytes, used, JOURNAL_CHANGE, 43, S("change"));
	memset(batch.previous_chain, 0xAB, sizeof batch.previous_chain);
	return (struct slice){ bytes, journal_batch_seal(bytes, used, &batch) };
}

TEST(journal_batch_reads_back_what_was_sealed)
{
	struct slice bytes = sample(t);
	struct journal_batch batch;
	struct journal_frame frame;
	uint32_t offset = 0;
	unsigned char previous[JOURNAL_CHAIN_BYTES];

	memset(previous, 0xAB, sizeof previous);
	CHECK_NUMBER(t, bytes.len, JOURNAL_ALIGN_BYTES);
	REQUIRE(t, journal_batch_read(bytes, &batch, &t->err));
	CHECK(t, journal_batch_is_genuine(&batch));
	CHECK_NUMBER(t, batch.generation, 3);
	CHECK_NUMBER(t, batch.first_seq, 41);
	CHECK_NUMBER(t, journal_batch_last_seq(&batch), 43);
	CHECK_NUMBER(t, batch.event_count, 2);
	CHECK_NUMBER(t, batch.time_min_ms, -5);
	CHECK_NUMBER(t, batch.time_max_ms, 1700000000000);
	CHECK(t, memcmp(batch.previous_chain, previous, sizeof previous) == 0);
	REQUIRE(t, journal_batch_next(&batch, &offset, &frame, &t->err));
	CHECK_TEXT(t, frame.body, S("first"));
	CHECK_NUMBER(t, frame.flags, 7);
	REQUIRE(t, journal_batch_next(&batch, &offset, &frame, &t->err));
	CHECK_TEXT(t, frame.body, S("the second event"));
	CHECK(t, journal_frame_is_intact(&frame));
	CHECK_NUMBER(t, offset, batch.change_offset);
	REQUIRE(t, journal_batch_next(&batch, &offset, &frame, &t->err));
	CHECK_NUMBER(t, frame.kind, JOURNAL_CHANGE);
	CHECK_NUMBER(t, frame.seq, 43);
	CHECK(t, !journal_batch_next(&batch, &offset, &frame, &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_NONE);
	REQUIRE(t, journal_batch_frame_at(&batch, batch.change_offset, &frame, &t->err));
	CHECK_TEXT(t, frame.body, S("change"));
}

TEST(journal_batch_shows_each_changed_byte)
{
	struct slice bytes = sample(t);
	char *copy = arena_alloc(&t->arena, bytes.len);
	struct journal_batch batch;

	for (size_t i = 0; i < bytes.len; i++) {
		memcpy(copy, bytes.ptr, bytes.len);
		copy[i] = (char)(copy[i] ^ 0x20);
		bool is_seen = !journal_batch_read((struct slice){ copy, bytes.len }, &batch, &t->err) || !journal_batch_is_genuine(&batch);
		if (!is_seen)
			test_failed(t, __FILE__, __LINE__, "nobody sees that byte %zu was changed", i);
	}
}

TEST(journal_batch_is_none_when_cut_off)
{
	struct slice bytes = sample(t);
	struct journal_batch batch;

	for (size_t i = 0; i < bytes.len; i++) {
		t->err.kind = ERR_NONE;
		if (journal_batch_read(slice_sub(bytes, 0, i), &batch, &t->err) || t->err.kind != ERR_CORRUPT)
			test_failed(t, __FILE__, __LINE__, "%zu bytes of it are taken for a batch", i);
	}
}

TEST(journal_batch_frame_has_a_checksum_of_its_own)
{
	struct slice bytes = sample(t);
	char *text = (char *)(uintptr_t)bytes.ptr;
	struct journal_batch batch;
	struct journal_frame frame;
	uint32_t offset = 0;

	REQUIRE(t, journal_batch_read(bytes, &batch, &t->err));
	REQUIRE(t, journal_batch_next(&batch, &offset, &frame, &t->err));
	CHECK(t, journal_frame_is_intact(&frame));
	text[JOURNAL_BATCH_HEADER_BYTES + JOURNAL_FRAME_HEADER_BYTES] = 'F';
	CHECK(t, !journal_frame_is_intact(&frame));
	REQUIRE(t, journal_batch_next(&batch, &offset, &frame, &t->err));
	CHECK(t, journal_frame_is_intact(&frame));
}

TEST(journal_batch_frames_begin_only_where_they_can)
{
	struct slice bytes = sample(t);
	struct journal_batch batch;
	struct journal_frame frame;

	REQUIRE(t, journal_batch_read(bytes, &batch, &t->err));
	const uint32_t wrong[] = { 0, JOURNAL_BATCH_HEADER_BYTES - 8, JOURNAL_BATCH_HEADER_BYTES + 4, (uint32_t)bytes.len - 8,
	                           (uint32_t)bytes.len, UINT32_MAX };
	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK(t, !journal_batch_frame_at(&batch, wrong[i], &frame, &t->err));
}

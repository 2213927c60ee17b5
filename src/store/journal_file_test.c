/* store/journal_file_test.c: headers, names, and where a file ends: torn, damaged, cut by the file behind it. */
#include "store/journal_file.h"

#include "base/file.h"
#include "tests/test.h"

enum { FILE_BYTES = 64 << 10, HEADER_BYTES = 88, CHECKSUM_AT = 80 };

/* Batches of one frame each, into `bytes` at *end. */
static void append(char *bytes, struct journal_tail *tail, uint64_t generation, size_t body_bytes)
{
	struct journal_batch batch = { .generation = generation, .first_seq = tail->next_seq, .frame_count = 1, .event_count = 1 };

	memcpy(batch.previous_chain, tail->chain, sizeof tail->chain);
	memset(bytes + tail->end + JOURNAL_BATCH_HEADER_BYTES + JOURNAL_FRAME_HEADER_BYTES, 'x', body_bytes);
	journal_batch_seal_frame(bytes + tail->end + JOURNAL_BATCH_HEADER_BYTES, JOURNAL_EVENT, 0, tail->next_seq, body_bytes);
	tail->last_offset = tail->end;
	tail->end += journal_batch_seal(bytes + tail->end, JOURNAL_BATCH_HEADER_BYTES + journal_batch_frame_bytes(body_bytes), &batch);
	tail->next_seq++;
	memcpy(tail->chain, batch.chain, sizeof tail->chain);
}

/* A file of `count` batches in memory. */
static char *sample(struct test *t, const struct journal_file *file, int count, struct journal_tail tails[])
{
	char *bytes = arena_zalloc(&t->arena, FILE_BYTES);

	tails[0] = (struct journal_tail){ .end = JOURNAL_FILE_HEADER_BYTES, .next_seq = file->first_seq };
	for (int i = 0; i < count; i++) {
		tails[i + 1] = tails[i];
		append(bytes, &tails[i + 1], file->generation, 700);
	}
	return bytes;
}

static struct journal_file *first_file(void)
{
	struct journal_file *file = journal_file_new();

	file->generation = 2;
	file->first_seq = 1;
	return file;
}

TEST(journal_file_ends_behind_its_last_whole_batch)
{
	struct journal_file *file = first_file();
	struct journal_tail tails[4], tail;
	char *bytes = sample(t, file, 3, tails);
	struct slice whole = { bytes, FILE_BYTES };

	REQUIRE(t, journal_file_find_tail(file, whole, &tail, &t->err));
	CHECK_NUMBER(t, tail.end, tails[3].end);
	CHECK_NUMBER(t, tail.next_seq, 4);
	CHECK_NUMBER(t, tail.last_offset, tails[3].last_offset);
	CHECK(t, memcmp(tail.chain, tails[3].chain, sizeof tail.chain) == 0);

	/* Any sector of the last one that did not arrive. */
	for (uint64_t at = tails[3].last_offset; at < tails[3].end; at += JOURNAL_ALIGN_BYTES) {
		char saved[JOURNAL_ALIGN_BYTES];
		memcpy(saved, bytes + at, sizeof saved);
		memset(bytes + at, 0, sizeof saved);
		CHECK(t, journal_file_find_tail(file, whole, &tail, &t->err));
		CHECK_NUMBER(t, tail.end, tails[2].end);
		CHECK_NUMBER(t, tail.next_seq, 3);
		CHECK(t, memcmp(tail.chain, tails[2].chain, sizeof tail.chain) == 0);
		memcpy(bytes + at, saved, sizeof saved);
	}
	snapshot_release(&file->snapshot);
}

TEST(journal_file_says_where_a_batch_before_the_last_is_damaged)
{
	struct journal_file *file = first_file();
	struct journal_tail tails[4], tail;
	char *bytes = sample(t, file, 3, tails);

	bytes[tails[1].end] = 0;                        /* the magic of the second */
	CHECK(t, !journal_file_find_tail(file, (struct slice){ bytes, FILE_BYTES }, &tail, &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	CHECK(t, slice_find(slice_of(t->err.message), S("00000000000000000001.journal")) != SLICE_NPOS);
	CHECK(t, slice_find(slice_of(t->err.message), arena_format(&t->arena, "offset %d", (int)tails[1].end)) != SLICE_NPOS);
	snapshot_release(&file->snapshot);
}

/* What an earlier generation left in the same sectors is no batch of this one. */
TEST(journal_file_takes_no_batch_of_another_generation)
{
	struct journal_file *file = first_file();
	struct journal_tail tails[3], tail;
	char *bytes = sample(t, file, 2, tails);
	struct journal_tail foreign = tails[2];

	append(bytes, &foreign, 1, 700);
	REQUIRE(t, journal_file_find_tail(file, (struct slice){ bytes, FILE_BYTES }, &tail, &t->err));
	CHECK_NUMBER(t, tail.end, tails[2].end);
	snapshot_release(&file->snapshot);
}

/* ---- on disk ---- */

static bool make_file(struct test *t, int dir_fd, const struct journal_file *facts)
{
	int fd = journal_file_prepare(NULL, dir_fd, FILE_BYTES, facts->first_seq % 2 == 0, &t->err);
	bool ok = fd >= 0 && journal_file_adopt(NULL, dir_fd, fd, facts, &t->err);

	file_close(fd);
	return ok;
}

TEST(journal_file_prepared_is_zeros_and_no_journal_file_yet)
{
	int dir_fd = empty_dir(t, "journal");

	for (int is_quick = 0; is_quick < 2; is_quick++) {
		struct journal_tail tail;
		int fd = journal_file_prepare(NULL, dir_fd, FILE_BYTES, is_quick, &t->err);
		char *bytes = arena_alloc(&t->arena, FILE_BYTES + 1);
		size_t got = 0;
		REQUIRE(t, fd >= 0 && file_read(NULL, fd, bytes, FILE_BYTES + 1, 0, &got, "it", &t->err));
		CHECK_NUMBER(t, got, FILE_BYTES);
		for (size_t i = 0; i < got; i++)
			if (bytes[i]) {
				test_failed(t, __FILE__, __LINE__, "byte %zu is not zero", i);
				break;
			}
		file_close(fd);
		struct journal_file_list *list = journal_file_list_load(NULL, dir_fd, &tail, &t->err);
		REQUIRE(t, list != NULL);
		CHECK_NUMBER(t, list->count, 0);
		snapshot_release(&list->snapshot);
	}
}

TEST(journal_file_headers_are_read_back_in_order)
{
	int dir_fd = empty_dir(t, "journal");
	struct journal_tail tail;
	struct journal_file files[] = {
		{ .generation = 2, .first_seq = 100, .previous_first_seq = 1, .previous_end = 8192, .anchor = { 1, 2, 3 } },
		{ .generation = 2, .first_seq = 1 },
	};

	for (size_t i = 0; i < COUNT(files); i++)
		REQUIRE(t, make_file(t, dir_fd, &files[i]));
	struct journal_file_list *list = journal_file_list_load(NULL, dir_fd, &tail, &t->err);
	REQUIRE(t, list != NULL);
	REQUIRE(t, list->count == 2);
	uint64_t frames;
	CHECK_NUMBER(t, list->items[0]->first_seq, 1);
	CHECK_NUMBER(t, journal_file_published_end(list->items[0], &frames), 8192);     /* as the one behind it says */
	CHECK_NUMBER(t, frames, 99);
	CHECK_NUMBER(t, list->items[1]->generation, 2);
	CHECK_NUMBER(t, list->items[1]->bytes, FILE_BYTES);
	CHECK(t, memcmp(list->items[1]->anchor, files[0].anchor, sizeof files[0].anchor) == 0);
	CHECK_NUMBER(t, tail.end, JOURNAL_FILE_HEADER_BYTES);
	CHECK_NUMBER(t, tail.next_seq, 100);
	CHECK(t, memcmp(tail.chain, files[0].anchor, sizeof tail.chain) == 0);
	snapshot_release(&list->snapshot);
}

static void check_refused(struct test *t, int dir_fd, enum error_kind kind, struct slice words)
{
	struct journal_tail tail;

	CHECK(t, !journal_file_list_load(NULL, dir_fd, &tail, &t->err));
	CHECK_NUMBER(t, t->err.kind, kind);
	if (slice_find(slice_of(t->err.message), words) == SLICE_NPOS)
		test_failed(t, __FILE__, __LINE__, "not refused because '%.*s': %s", SLICE_ARG(words), t->err.message);
}

TEST(journal_file_damaged_missing_or_foreign_is_refused)
{
	static const struct journal_file first = { .generation = 1, .first_seq = 1 };
	static const struct { struct journal_file second; const char *words; } rows[] = {
		{ { .generation = 2, .first_seq = 9, .previous_first_seq = 1, .previous_end = 8192 }, "another generation" },
		{ { .generation = 1, .first_seq = 9, .previous_first_seq = 5, .previous_end = 8192 }, "the file before it is missing" },
		{ { .generation = 1, .first_seq = 9, .previous_first_seq = 1, .previous_end = FILE_BYTES + 512 }, "shorter" },
		{ { .generation = 1, .first_seq = 9, .previous_first_seq = 1, .previous_end = 512 }, "shorter" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int dir_fd = empty_dir(t, "journal");
		REQUIRE(t, make_file(t, dir_fd, &first) && make_file(t, dir_fd, &rows[i].second));
		check_refused(t, dir_fd, ERR_CORRUPT, slice_of(rows[i].words));
	}
}

TEST(journal_file_header_is_refused_for_each_changed_byte_and_for_a_newer_format)
{
	int dir_fd = empty_dir(t, "journal");
	const char *name = "00000000000000000001.journal";
	char header[HEADER_BYTES];
	size_t got;

	REQUIRE(t, make_file(t, dir_fd, &(struct journal_file){ .generation = 1, .first_seq = 1 }));
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
	REQUIRE(t, file_read(NULL, fd, header, sizeof header, 0, &got, name, &t->err));
	file_close(fd);
	for (size_t i = 0; i < sizeof header; i += 5) {
		header[i] = (char)(header[i] ^ 1);
		overwrite(t, dir_fd, name, 0, (struct slice){ header, sizeof header });
		check_refused(t, dir_fd, ERR_CORRUPT, S("the header is damaged"));
		header[i] = (char)(header[i] ^ 1);
	}
	header[8] = 2;                                  /* the format, under a right checksum */
	uint64_t checksum = hash64((struct slice){ header, CHECKSUM_AT });
	memcpy(header + CHECKSUM_AT, &checksum, sizeof checksum);
	overwrite(t, dir_fd, name, 0, (struct slice){ header, sizeof header });
	check_refused(t, dir_fd, ERR_INVALID, S("newer spoor"));
}

TEST(journal_file_list_replaces_a_file_of_the_same_name)
{
	int dir_fd = empty_dir(t, "journal");
	struct journal_tail tail;
	struct journal_file_list *empty = journal_file_list_load(NULL, dir_fd, &tail, &t->err);
	struct journal_file *again = first_file();

	REQUIRE(t, empty != NULL);
	struct journal_file_list *one = journal_file_list_with(empty, first_file()), *same = journal_file_list_with(one, again);
	CHECK_NUMBER(t, one->count, 1);
	REQUIRE(t, same->count == 1);
	CHECK(t, same->items[0] == again);
	CHECK(t, one->items[0] != again);
	snapshot_release(&empty->snapshot);
	snapshot_release(&one->snapshot);
	snapshot_release(&same->snapshot);
}

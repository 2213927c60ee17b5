/* store/journal_test.c: batches in order over files and restarts, views that stay as they are, and writes that fail. */
#include "store/journal.h"

#include "base/file.h"
#include "base/workers.h"
#include "store/event_frame.h"
#include "store/journal_file.h"
#include "tests/test.h"

enum { FILE_BYTES = 64 << 10, TEXT_BYTES = 16 };

static struct journal *open_journal(struct test *t, int dir_fd, struct disk *disk)
{
	return journal_open(&(struct journal_options){ .disk = disk, .file_bytes = FILE_BYTES }, dir_fd, 7, &t->err);
}

/* A batch, not published, of one event with `bytes` of text that begins with `name`, and perhaps a change. */
static bool commit_only(struct test *t, struct journal *journal, const char *name, size_t bytes, bool has_change)
{
	char *text = arena_zalloc(&t->arena, bytes < TEXT_BYTES ? TEXT_BYTES : bytes);

	snprintf(text, TEXT_BYTES, "%s", name);
	journal_begin(journal);
	journal_add_event(journal, &(struct event_frame){ .time_ms = 1000, .account = 1, .json = { text, bytes } });
	if (has_change)
		journal_add_change(journal, slice_of(name));
	return journal_commit(journal, &t->err);
}

static bool commit(struct test *t, struct journal *journal, const char *name, size_t bytes, bool has_change)
{
	bool ok = commit_only(t, journal, name, bytes, has_change);

	journal_publish(journal);
	return ok;
}

/* The names of all events that a view sees, in order, each with a comma; checks sequence and chain. */
static struct slice names(struct test *t, struct journal_view *view)
{
	struct slice all = S("");
	unsigned char chain[JOURNAL_CHAIN_BYTES] = {0};
	uint64_t next_seq = 1;

	for (size_t i = 0; i < journal_view_count(view); i++) {
		struct journal_scan scan;
		struct journal_batch batch;
		CHECK(t, journal_scan_open(&scan, view, i, &t->err));
		while (journal_scan_next(&scan, &batch, &t->err)) {
			struct journal_frame frame;
			struct event_frame event;
			uint32_t offset = 0;
			CHECK(t, journal_batch_is_genuine(&batch) && memcmp(batch.previous_chain, chain, sizeof chain) == 0);
			memcpy(chain, batch.chain, sizeof chain);
			while (journal_batch_next(&batch, &offset, &frame, &t->err)) {
				CHECK_NUMBER(t, frame.seq, next_seq++);
				if (frame.kind == JOURNAL_EVENT && event_frame_read(frame.body, &event, &t->err))
					all = arena_format(&t->arena, "%.*s%s,", SLICE_ARG(all), event.json.ptr);
			}
		}
	}
	CHECK_NUMBER(t, journal_view_next_seq(view), next_seq);
	CHECK_NUMBER(t, t->err.kind, ERR_NONE);
	return all;
}

static void check_names(struct test *t, struct journal *journal, struct slice wanted)
{
	struct journal_view *view = journal_view_take(journal);

	CHECK_TEXT(t, names(t, view), wanted);
	journal_view_release(view);
}

TEST(journal_shows_what_was_committed_once_it_is_published)
{
	int dir_fd = empty_dir(t, "journal");
	struct journal *journal = open_journal(t, dir_fd, NULL);

	REQUIRE(t, journal != NULL);
	CHECK_NUMBER(t, journal_generation(journal), 7);
	CHECK(t, commit_only(t, journal, "one", 100, false));
	check_names(t, journal, S(""));
	struct journal_view *before = journal_view_take(journal);
	journal_publish(journal);
	CHECK(t, commit_only(t, journal, "two", 100, true));
	check_names(t, journal, S("one,"));
	journal_publish(journal);
	check_names(t, journal, S("one,two,"));
	CHECK_NUMBER(t, journal_next_seq(journal), 4);
	CHECK_TEXT(t, names(t, before), S(""));
	journal_close(journal);
	CHECK_TEXT(t, names(t, before), S(""));         /* a view outlives its journal */
	journal_view_release(before);
}

TEST(journal_goes_on_in_the_next_file_and_after_a_restart)
{
	int dir_fd = empty_dir(t, "journal");
	struct journal *journal = open_journal(t, dir_fd, NULL);

	REQUIRE(t, journal != NULL);
	CHECK(t, commit(t, journal, "a", 30000, true));
	CHECK(t, commit(t, journal, "b", 20000, false));
	CHECK(t, commit(t, journal, "c", 20000, true));         /* the second file */
	CHECK(t, commit(t, journal, "d", 90000, false));        /* one of its own size */
	check_names(t, journal, S("a,b,c,d,"));
	struct journal_mark end = journal_end(journal);
	journal_close(journal);

	journal = open_journal(t, dir_fd, NULL);
	REQUIRE(t, journal != NULL);
	CHECK_NUMBER(t, journal_end(journal).file_offset, end.file_offset);
	CHECK(t, memcmp(journal_end(journal).chain, end.chain, sizeof end.chain) == 0);
	CHECK(t, commit(t, journal, "e", 10, false));
	check_names(t, journal, S("a,b,c,d,e,"));
	journal_close(journal);

	struct journal_view *view = journal_view_open(dir_fd, &t->err);         /* of a stopped one */
	REQUIRE(t, view != NULL);
	CHECK_NUMBER(t, journal_view_count(view), 4);
	CHECK_NUMBER(t, journal_view_file(view, 1).generation, 7);
	CHECK_TEXT(t, names(t, view), S("a,b,c,d,e,"));
	journal_view_release(view);
}

TEST(journal_forgets_a_batch_that_was_not_committed)
{
	int dir_fd = empty_dir(t, "journal");
	struct journal *journal = open_journal(t, dir_fd, NULL);

	REQUIRE(t, journal != NULL);
	journal_begin(journal);
	CHECK_NUMBER(t, journal_add_event(journal, &(struct event_frame){ .json = S("never") }), 1);
	CHECK_NUMBER(t, journal_batch_frames(journal), 1);
	CHECK(t, commit(t, journal, "one", 10, false));
	check_names(t, journal, S("one,"));
	CHECK_NUMBER(t, journal_next_seq(journal), 2);
	journal_close(journal);
}

/* ---- replay ---- */

static bool note_change(void *user, const struct journal_batch *batch, struct error *err)
{
	struct journal_frame frame;
	char *all = user;

	if (!journal_batch_frame_at(batch, batch->change_offset, &frame, err))
		return false;
	size_t length = strlen(all);
	snprintf(all + length, 64 - length, "%.*s,", SLICE_ARG(frame.body));
	return true;
}

TEST(journal_replays_the_changes_behind_a_mark)
{
	int dir_fd = empty_dir(t, "journal");
	struct journal *journal = open_journal(t, dir_fd, NULL);
	struct journal_mark marks[5] = { { 0 } };
	char all[64];

	REQUIRE(t, journal != NULL);
	CHECK(t, commit(t, journal, "a", 30000, true));
	marks[1] = journal_end(journal);
	CHECK(t, commit(t, journal, "b", 20000, false));
	marks[2] = journal_end(journal);
	CHECK(t, commit(t, journal, "c", 20000, true));
	marks[3] = journal_end(journal);
	CHECK(t, commit(t, journal, "d", 20000, true));
	marks[4] = journal_end(journal);
	static const char *const wanted[] = { "a,c,d,", "c,d,", "c,d,", "d,", "" };
	for (size_t i = 0; i < COUNT(marks); i++) {
		all[0] = '\0';
		CHECK(t, journal_replay(journal, &marks[i], note_change, all, &t->err));
		CHECK_TEXT(t, slice_of(all), slice_of(wanted[i]));
	}

	struct journal_mark strange[] = { marks[4], marks[4], marks[4], marks[4] };
	strange[0].generation = 8;
	strange[1].file_first_seq = 99;
	strange[2].file_offset += JOURNAL_ALIGN_BYTES;
	strange[3] = marks[3];
	strange[3].chain[0] ^= 1;
	for (size_t i = 0; i < COUNT(strange); i++) {
		t->err.kind = ERR_NONE;
		CHECK(t, !journal_replay(journal, &strange[i], note_change, all, &t->err));
		CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	}
	journal_close(journal);
}

/* ---- failures ---- */

struct failing_disk {
	struct disk    disk;                    /* first */
	enum disk_kind kind;                    /* fails, `times` more times */
	int            times;
};

static int fail_kind(struct disk *disk, struct disk_operation *operation)
{
	struct failing_disk *failing = (struct failing_disk *)disk;

	return operation->kind == failing->kind && failing->times > 0 && failing->times-- > 0 ? EIO : 0;
}

TEST(journal_never_appends_to_a_file_whose_write_failed)
{
	static const enum disk_kind kinds[] = { DISK_WRITE, DISK_SYNC };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		int dir_fd = empty_dir(t, "journal");
		struct failing_disk failing = { .disk.before = fail_kind, .kind = kinds[i] };
		struct journal *journal = open_journal(t, dir_fd, &failing.disk);
		REQUIRE(t, journal != NULL);
		CHECK(t, commit(t, journal, "one", 10, false));
		failing.times = 1;
		CHECK(t, !commit(t, journal, "lost", 10, false));
		CHECK_NUMBER(t, t->err.kind, ERR_IO);
		t->err.kind = ERR_NONE;
		CHECK_NUMBER(t, journal_room_bytes(journal), 0);
		CHECK(t, commit(t, journal, "two", 10, false));
		journal_publish(journal);
		check_names(t, journal, S("one,two,"));
		journal_close(journal);

		journal = open_journal(t, dir_fd, NULL);        /* where the lost batch may be found in the first file */
		REQUIRE(t, journal != NULL);
		check_names(t, journal, S("one,two,"));
		CHECK_NUMBER(t, journal_end(journal).file_first_seq, 2);
		journal_close(journal);
	}
}

TEST(journal_that_fails_in_its_first_batch_begins_the_file_again)
{
	int dir_fd = empty_dir(t, "journal");
	struct failing_disk failing = { .disk.before = fail_kind, .kind = DISK_SYNC };
	struct journal *journal = open_journal(t, dir_fd, &failing.disk);

	REQUIRE(t, journal != NULL);
	failing.times = 1;
	CHECK(t, !commit(t, journal, "lost", 10, false));
	t->err.kind = ERR_NONE;
	CHECK(t, commit(t, journal, "one", 10, false));
	journal_close(journal);
	journal = open_journal(t, dir_fd, NULL);
	REQUIRE(t, journal != NULL);
	check_names(t, journal, S("one,"));
	journal_close(journal);
}

/* ---- room ---- */

TEST(journal_prepares_the_next_file_before_it_is_needed)
{
	int dir_fd = empty_dir(t, "journal");
	struct failing_disk failing = { .disk.before = fail_kind, .kind = DISK_CREATE };
	struct journal *journal = open_journal(t, dir_fd, &failing.disk);

	REQUIRE(t, journal != NULL);
	CHECK_NUMBER(t, journal_room_bytes(journal), FILE_BYTES - JOURNAL_FILE_HEADER_BYTES);
	CHECK(t, commit(t, journal, "small", 1000, false));
	CHECK(t, journal_room_bytes(journal) < FILE_BYTES);
	CHECK(t, commit_only(t, journal, "half", 30000, false));
	failing.times = 1;
	journal_publish(journal);                       /* it fails: that shows when somebody asks for the room */
	CHECK(t, journal_room_bytes(journal) < FILE_BYTES);
	CHECK(t, !journal_prepare_next(journal, &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_IO);
	CHECK(t, journal_prepare_next(journal, &t->err));
	CHECK(t, journal_room_bytes(journal) > FILE_BYTES);
	t->err.kind = ERR_NONE;
	failing.times = 1;                              /* no more files are made for this: */
	CHECK(t, commit_only(t, journal, "next", 40000, false));
	CHECK_NUMBER(t, failing.times, 1);
	failing.times = 0;
	journal_publish(journal);
	check_names(t, journal, S("small,half,next,"));
	journal_close(journal);
}

TEST(journal_is_read_by_threads_that_never_wait_for_it)
{
	struct workers *workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 4 });
	int dir_fd = empty_dir(t, "journal");
	struct journal *journal = journal_open(&(struct journal_options){ .workers = workers, .file_bytes = FILE_BYTES }, dir_fd, 1,
	                                       &t->err);

	REQUIRE(t, journal != NULL);
	for (int i = 0; i < 100; i++)                   /* files are prepared beside this */
		CHECK(t, commit(t, journal, "x", 5000, i % 2));
	struct journal_view *view = journal_view_take(journal);
	CHECK(t, journal_view_count(view) > 5);
	CHECK_NUMBER(t, names(t, view).len, 200);
	journal_view_release(view);
	journal_close(journal);
	workers_stop(workers);
}

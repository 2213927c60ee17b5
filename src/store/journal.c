/* store/journal.c: the writer: batches into the current file, and the next file in time.
 *
 * The next file is prepared by a worker when the current one is half full, because filling it with zeros takes longer
 * than a call may wait. If a write fails, what is in the file behind the last batch is unknown for ever (a failed
 * fdatasync may have dropped pages that still read well), so a new file begins there and says so in its header. */
#include "store/journal.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/waiter.h"
#include "base/workers.h"
#include "store/event_frame.h"
#include "store/journal_view.h"

enum { BATCH_ROOM_FIRST = 256 << 10, BATCH_ROOM_KEPT = 8 << 20 };

enum spare_state { SPARE_NONE, SPARE_PREPARING, SPARE_READY, SPARE_FAILED };

struct spare {                                  /* the next file, while nothing else uses its fields */
	struct work         work;               /* first */
	struct disk        *disk;
	int                 dir_fd;
	uint64_t            bytes;
	bool                is_quick;
	int                 fd;
	struct error        error;
	struct waiter      *done;               /* of the preparation under way */
	_Atomic enum spare_state state;
};

struct journal {
	struct journal_options    options;
	int                       dir_fd;
	struct snapshot_slot     *slot;         /* what readers take */
	struct journal_file_list *list;         /* the same, our reference */

	/* the current file and the end of what is committed */
	int                  fd;
	struct journal_file *file;              /* the last of the list */
	uint64_t             end, next_seq, last_offset;
	unsigned char        chain[JOURNAL_CHAIN_BYTES];
	bool                 is_poisoned;

	/* the batch being made */
	char                *bytes;
	size_t               used, room;
	struct journal_batch batch;

	struct spare spare;
};

/* ---- the next file ---- */

static void run_prepare(struct work *work, void *thread_state)
{
	struct spare *spare = (struct spare *)work;

	(void)thread_state;
	spare->fd = journal_file_prepare(spare->disk, spare->dir_fd, spare->bytes, spare->is_quick, &spare->error);
	atomic_store(&spare->state, spare->fd >= 0 ? SPARE_READY : SPARE_FAILED);
	waiter_wake(spare->done);
}

/* Waits for the preparation under way, if any. */
static enum spare_state finish_spare(struct spare *spare)
{
	if (spare->done) {
		waiter_wait(spare->done);
		waiter_free(spare->done);
		spare->done = NULL;
	}
	return atomic_load(&spare->state);
}

static void prepare_spare(struct journal *journal, uint64_t bytes, bool in_background)
{
	struct spare *spare = &journal->spare;

	finish_spare(spare);
	spare->work.run = run_prepare;
	spare->disk = journal->options.disk;
	spare->dir_fd = journal->dir_fd;
	spare->bytes = bytes;
	spare->is_quick = !journal->file && journal->options.is_begun_quickly;
	spare->done = waiter_new();
	atomic_store(&spare->state, SPARE_PREPARING);
	if (!in_background || !journal->options.workers || !workers_submit(journal->options.workers, &spare->work))
		run_prepare(&spare->work, NULL);
}

static uint64_t file_bytes(const struct journal *journal)
{
	return journal->options.file_bytes ? journal->options.file_bytes : JOURNAL_FILE_BYTES;
}

/* Begins a new file behind the last committed batch, with room for a batch of `bytes`. */
static bool start_file(struct journal *journal, uint64_t bytes, uint64_t generation, struct error *err)
{
	struct spare *spare = &journal->spare;
	uint64_t needed = JOURNAL_FILE_HEADER_BYTES + bytes, frames;

	/* Else a reader would see the new file behind a gap. */
	assert(!journal->file || journal_file_published_end(journal->file, &frames) == journal->end);
	if (finish_spare(spare) == SPARE_READY && spare->bytes < needed) {
		file_close(spare->fd);
		atomic_store(&spare->state, SPARE_NONE);
	}
	if (atomic_load(&spare->state) != SPARE_READY)
		prepare_spare(journal, needed > file_bytes(journal) ? needed : file_bytes(journal), false);
	bool is_ready = finish_spare(spare) == SPARE_READY;
	atomic_store(&spare->state, SPARE_NONE);        /* used, or of no use */
	if (!is_ready)
		return fail(err, spare->error.kind, "%s", spare->error.message);

	/* A file that failed before it had a batch is replaced by one of the same name. */
	struct journal_file *file = journal_file_new(), *before = journal->file;
	bool replaces = before && before->first_seq == journal->next_seq;
	file->generation = generation;
	file->first_seq = journal->next_seq;
	file->bytes = spare->bytes;
	file->previous_first_seq = replaces ? before->previous_first_seq : before ? before->first_seq : 0;
	file->previous_end = replaces ? before->previous_end : before ? journal->end : 0;
	memcpy(file->anchor, journal->chain, sizeof file->anchor);
	/* From here on the new file may exist after a crash, and says that nothing follows in the one before it. */
	journal->is_poisoned = true;
	if (!journal_file_adopt(journal->options.disk, journal->dir_fd, spare->fd, file, err)) {
		file_close(spare->fd);
		snapshot_release(&file->snapshot);
		return false;
	}

	struct journal_file_list *list = journal_file_list_with(journal->list, file);
	atomic_fetch_add(&list->snapshot.references, 1);
	snapshot_publish(journal->slot, &list->snapshot);
	snapshot_release(&journal->list->snapshot);
	journal->list = list;
	file_close(journal->fd);
	journal->fd = spare->fd;
	journal->file = file;
	journal->end = JOURNAL_FILE_HEADER_BYTES;
	journal->is_poisoned = false;
	return true;
}

bool journal_ensure_room(struct journal *journal, uint64_t bytes, struct error *err)
{
	return (!journal->is_poisoned && journal->end + bytes <= journal->file->bytes)
	    || start_file(journal, bytes, journal->file->generation, err);
}

bool journal_prepare_next(struct journal *journal, struct error *err)
{
	struct spare *spare = &journal->spare;
	enum spare_state state = atomic_load(&spare->state);

	if (state == SPARE_FAILED) {
		finish_spare(spare);
		atomic_store(&spare->state, SPARE_NONE);
		return fail(err, spare->error.kind, "%s", spare->error.message);
	}
	if (state == SPARE_NONE)
		prepare_spare(journal, file_bytes(journal), true);
	return true;
}

uint64_t journal_room_bytes(const struct journal *journal)
{
	uint64_t room = journal->is_poisoned ? 0 : journal->file->bytes - journal->end;

	if (atomic_load(&journal->spare.state) == SPARE_READY)
		room += journal->spare.bytes - JOURNAL_FILE_HEADER_BYTES;
	return room;
}

/* ---- opening ---- */

/* What the process before wrote may be in the page cache only, and after a failed fdatasync even marked as clean: the
 * last batch is written once more, so that the sync that follows carries it. */
static bool settle_tail(struct journal *journal, struct error *err)
{
	size_t bytes = (size_t)(journal->end - journal->last_offset), got = 0;
	char name[JOURNAL_FILE_NAME_BYTES];
	bool ok = true;

	journal_file_name(journal->file->first_seq, name);
	if (journal->last_offset) {
		char *copy = xmalloc(bytes);
		ok = file_read(journal->options.disk, journal->fd, copy, bytes, journal->last_offset, &got, name, err)
		  && file_write(journal->options.disk, journal->fd, (struct slice){ copy, got }, journal->last_offset, name, err);
		free(copy);
	}
	return ok && file_sync(journal->options.disk, journal->fd, "journal: tail at start", err);
}

static bool open_last(struct journal *journal, const struct journal_tail *tail, struct error *err)
{
	char name[JOURNAL_FILE_NAME_BYTES];

	journal->file = journal->list->items[journal->list->count - 1];
	journal->end = tail->end;
	journal->next_seq = tail->next_seq;
	journal->last_offset = tail->last_offset;
	memcpy(journal->chain, tail->chain, sizeof journal->chain);
	journal_file_name(journal->file->first_seq, name);
	journal->fd = file_open(journal->options.disk, journal->dir_fd, name, O_RDWR, NULL, err);
	return journal->fd >= 0 && settle_tail(journal, err);
}

struct journal *journal_open(const struct journal_options *options, int journal_dir_fd, uint64_t generation,
                             struct error *err)
{
	struct journal *journal = xcalloc(1, sizeof *journal);
	struct journal_tail tail;

	journal->options = *options;
	journal->fd = -1;
	journal->next_seq = 1;
	journal->dir_fd = fcntl(journal_dir_fd, F_DUPFD_CLOEXEC, 0);
	journal->slot = options->published ? options->published : snapshot_slot_new();
	journal->bytes = xmalloc(BATCH_ROOM_FIRST);
	journal->room = BATCH_ROOM_FIRST;
	if (journal->dir_fd < 0)
		fail_errno(err, "journal directory");
	else
		journal->list = journal_file_list_load(options->disk, journal->dir_fd, &tail, err);

	/* The names in the directory may be known to this machine's memory only, after a kill. */
	bool ok = journal->list && file_sync_dir(options->disk, journal->dir_fd, "journal: names at start", err)
	       && (journal->list->count ? open_last(journal, &tail, err) : start_file(journal, 0, generation, err));
	if (!ok) {
		journal_close(journal);
		return NULL;
	}
	file_unlink(options->disk, journal->dir_fd, JOURNAL_FILE_PREPARED, NULL);       /* of the process before */
	atomic_fetch_add(&journal->list->snapshot.references, 1);
	snapshot_publish(journal->slot, &journal->list->snapshot);
	return journal;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	if (finish_spare(&journal->spare) == SPARE_READY)
		file_close(journal->spare.fd);
	file_close(journal->fd);
	if (journal->list)
		snapshot_release(&journal->list->snapshot);
	if (!journal->options.published)
		snapshot_slot_free(journal->slot);
	file_close(journal->dir_fd);
	free(journal->bytes);
	free(journal);
}

uint64_t journal_generation(const struct journal *journal)
{
	return journal->file->generation;
}

uint64_t journal_next_seq(const struct journal *journal)
{
	return journal->next_seq;
}

struct journal_mark journal_end(const struct journal *journal)
{
	struct journal_mark mark = {
		.generation = journal->file->generation, .last_seq = journal->next_seq - 1,
		.file_first_seq = journal->file->first_seq, .file_offset = journal->end,
	};

	memcpy(mark.chain, journal->chain, sizeof mark.chain);
	return mark;
}

struct journal_view *journal_view_take(struct journal *journal)
{
	return journal_view_from(journal->slot);
}

bool journal_replay(struct journal *journal, const struct journal_mark *mark, journal_each *each, void *user,
                    struct error *err)
{
	struct journal_view *view;

	if (mark->last_seq != 0 && mark->generation != journal->file->generation)
		return fail(err, ERR_CORRUPT, "the catalog is of generation %" PRIu64 " and the journal of %" PRIu64, mark->generation,
		            journal->file->generation);
	journal_publish(journal);               /* committed is what counts; the caller is about to apply it */
	view = journal_view_take(journal);
	bool ok = journal_view_replay(view, mark, each, user, err);
	journal_view_release(view);
	return ok;
}

/* ---- batches ---- */

void journal_begin(struct journal *journal)
{
	if (journal->room > BATCH_ROOM_KEPT) {
		free(journal->bytes);
		journal->bytes = xmalloc(BATCH_ROOM_FIRST);
		journal->room = BATCH_ROOM_FIRST;
	}
	journal->used = JOURNAL_BATCH_HEADER_BYTES;
	journal->batch = (struct journal_batch){ .generation = journal->file->generation, .first_seq = journal->next_seq };
	memcpy(journal->batch.previous_chain, journal->chain, sizeof journal->chain);
}

/* Room for a frame with such a body; its body is to be written at the result. */
static char *add_frame(struct journal *journal, size_t body_bytes)
{
	size_t needed = journal->used + journal_batch_frame_bytes(body_bytes) + JOURNAL_ALIGN_BYTES;

	if (needed > journal->room) {
		journal->room = needed > 2 * journal->room ? needed : 2 * journal->room;
		journal->bytes = xrealloc(journal->bytes, journal->room);
	}
	return journal->bytes + journal->used + JOURNAL_FRAME_HEADER_BYTES;
}

static uint64_t seal_frame(struct journal *journal, enum journal_kind kind, size_t body_bytes)
{
	uint64_t seq = journal->next_seq + journal->batch.frame_count++;

	journal_batch_seal_frame(journal->bytes + journal->used, kind, 0, seq, body_bytes);
	journal->used += journal_batch_frame_bytes(body_bytes);
	return seq;
}

uint64_t journal_add_event(struct journal *journal, const struct event_frame *frame)
{
	struct journal_batch *batch = &journal->batch;
	size_t bytes = event_frame_bytes(frame);

	event_frame_write(frame, add_frame(journal, bytes));
	if (batch->event_count == 0 || frame->time_ms < batch->time_min_ms)
		batch->time_min_ms = frame->time_ms;
	if (batch->event_count == 0 || frame->time_ms > batch->time_max_ms)
		batch->time_max_ms = frame->time_ms;
	batch->event_count++;
	return seal_frame(journal, JOURNAL_EVENT, bytes);
}

uint64_t journal_add_change(struct journal *journal, struct slice changeset)
{
	assert(journal->batch.change_offset == 0);
	memcpy(add_frame(journal, changeset.len), changeset.ptr, changeset.len);
	journal->batch.change_offset = (uint32_t)journal->used;
	return seal_frame(journal, JOURNAL_CHANGE, changeset.len);
}

size_t journal_batch_bytes(const struct journal *journal)
{
	return journal->used;
}

size_t journal_batch_frames(const struct journal *journal)
{
	return journal->batch.frame_count;
}

bool journal_commit(struct journal *journal, struct error *err)
{
	if (journal->used > JOURNAL_BATCH_BYTES_MAX)
		return fail(err, ERR_LIMIT, "a batch of %zu bytes is more than %d", journal->used, JOURNAL_BATCH_BYTES_MAX);
	size_t bytes = journal_batch_seal(journal->bytes, journal->used, &journal->batch);
	if (!journal_ensure_room(journal, bytes, err))
		return false;
	if (!file_write(journal->options.disk, journal->fd, journal->batch.bytes, journal->end, "write the journal", err)
	    || !file_sync(journal->options.disk, journal->fd, "journal: batch", err)) {
		journal->is_poisoned = true;
		return false;
	}
	journal->end += bytes;
	journal->next_seq += journal->batch.frame_count;
	memcpy(journal->chain, journal->batch.chain, sizeof journal->chain);
	return true;
}

void journal_publish(struct journal *journal)
{
	journal_file_publish(journal->file, journal->end, journal->next_seq - journal->file->first_seq);
	if (!journal->is_poisoned && atomic_load(&journal->spare.state) == SPARE_NONE && journal->end > journal->file->bytes / 2)
		prepare_spare(journal, file_bytes(journal), true);      /* a failure shows when the room is needed */
}

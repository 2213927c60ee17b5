/* store/journal.h: the append-only files that are the truth; the batch is the commit. Format: docs/journal.md.
 *
 * One thread (the recorder's) appends; any thread reads what has been published, through a view: the files of a moment,
 * each up to its committed end, mapped into memory. Bytes of a frame stay valid until the view is released. */
#ifndef SPOOR_STORE_JOURNAL_H
#define SPOOR_STORE_JOURNAL_H

#include "store/journal_batch.h"

struct disk;
struct event_frame;
struct journal;
struct journal_view;
struct snapshot_slot;
struct workers;

/* ---- reading, any thread ---- */

/* The published files and positions, for one thread. */
struct journal_view *journal_view_take(struct journal *journal);

/* Of a stopped directory's DIR/journal, read-only: cuts a torn tail in memory only. Errors: ERR_IO, ERR_CORRUPT. */
struct journal_view *journal_view_open(int journal_dir_fd, struct error *err);

void journal_view_release(struct journal_view *view);   /* accepts NULL */

struct journal_file_facts {
	uint64_t generation;
	uint64_t first_seq;                     /* of the file, also its name */
	uint64_t bytes;                         /* committed and published */
};

size_t journal_view_count(const struct journal_view *view);             /* files, oldest first */
struct journal_file_facts journal_view_file(const struct journal_view *view, size_t index);
uint64_t journal_view_next_seq(const struct journal_view *view);        /* behind the newest published frame */

/* Walks the batches of one file, oldest first. */
struct journal_scan {
	struct journal_view *view;
	size_t               file_index;
	struct slice         bytes;             /* the file up to its committed end */
	uint64_t             offset;            /* of the next batch */
};

/* At the first batch of the file. Errors: ERR_IO (it cannot be mapped). */
bool journal_scan_open(struct journal_scan *scan, struct journal_view *view, size_t file_index, struct error *err);

/* False at the end, with `err` untouched, or at damage (ERR_CORRUPT). Checks the header and lengths, not the hash. */
bool journal_scan_next(struct journal_scan *scan, struct journal_batch *batch, struct error *err);

/* ---- the writer ---- */
struct journal_options {
	struct disk    *disk;                   /* NULL: the real one */
	struct workers *workers;                /* prepares the next file; NULL: the writer does */
	uint64_t        file_bytes;             /* preallocated a file; 0: JOURNAL_FILE_BYTES */
	bool            is_begun_quickly;       /* the first file is reserved, not filled: 1 ms and not 85, for a reset */
	struct snapshot_slot *published;        /* where readers take from, if it outlives the journal; NULL: its own */
};

/* The batch that a caller knows to be in the journal, to begin reading behind it; zeroed: at the first file. */
struct journal_mark {
	uint64_t      generation, last_seq;
	unsigned char chain[JOURNAL_CHAIN_BYTES];
	uint64_t      file_first_seq, file_offset;
};

/* Opens DIR/journal, or begins it with `generation` if it is empty, and finds its end: a torn tail is cut, damage
 * before a valid batch is ERR_CORRUPT and names file and offset. Everything valid is on disk when it returns, also
 * what the process before wrote and did not sync. */
struct journal *journal_open(const struct journal_options *options, int journal_dir_fd, uint64_t generation,
                             struct error *err);
void journal_close(struct journal *journal);            /* accepts NULL; views stay valid */

typedef bool journal_each(void *user, const struct journal_batch *batch, struct error *err);

/* Calls `each` with every committed batch behind `mark` that has a change frame, oldest first, its hash checked; published
 * or not. ERR_CORRUPT also when the mark is not of this journal. */
bool journal_replay(struct journal *journal, const struct journal_mark *mark, journal_each *each, void *user,
                    struct error *err);

uint64_t journal_generation(const struct journal *journal);
uint64_t journal_next_seq(const struct journal *journal);       /* of the next frame to be committed */
struct journal_mark journal_end(const struct journal *journal); /* the last committed batch */

/* One batch: begin (which forgets one that was not committed), add, commit, publish. */
void     journal_begin(struct journal *journal);
uint64_t journal_add_event(struct journal *journal, const struct event_frame *frame);  /* its sequence number */
uint64_t journal_add_change(struct journal *journal, struct slice changeset);          /* at most once, last */
size_t   journal_batch_bytes(const struct journal *journal);
size_t   journal_batch_frames(const struct journal *journal);

/* One write, one fdatasync; true: no crash can undo it. After a failure the file is never appended to again: the
 * batch does not exist, and the next commit begins a new file. Errors: ERR_IO, ERR_LIMIT. */
bool journal_commit(struct journal *journal, struct error *err);

/* Shows the committed batch to readers: after the catalog's COMMIT, before the next batch is committed. Starts to prepare the next file when this one is
 * half full. */
void journal_publish(struct journal *journal);

/* Makes sure that `bytes` can be appended, with a new file if the current one failed or is full. Errors: ERR_IO. */
bool journal_ensure_room(struct journal *journal, uint64_t bytes, struct error *err);

/* Begins to prepare the next file if nobody did. False, once, when the last try failed; the next call tries again. */
bool journal_prepare_next(struct journal *journal, struct error *err);

/* Bytes that can be appended without asking the file system for space: the rest of this file, and the prepared next one. */
uint64_t journal_room_bytes(const struct journal *journal);

#endif

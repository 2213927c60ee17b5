/* trail/recorder.h: the one writer: numbers, chains and appends every event, and performs every change, in one commit.
 *
 * Jobs are queued by any thread and committed in batches: one write, one fdatasync, then the catalog's COMMIT, then
 * the answers. What a job changed and the event that says so are both there after a crash, or neither. When the disk
 * fails or is full, the recorder refuses everything, says why, and tries again by itself until it can record. */
#ifndef SPOOR_TRAIL_RECORDER_H
#define SPOOR_TRAIL_RECORDER_H

#include "base/queue.h"
#include "store/catalog.h"
#include "store/event_frame.h"
#include "store/journal.h"

struct directory;
struct recorder;
struct workers;

enum job_result {
	JOB_DONE,               /* durable and committed; job->error tells whether perform said no */
	JOB_UNAVAILABLE,        /* not recorded: answer 503. The change did not happen, unless the process ends right now:
	                         * then change and event may both be found at the next start */
};

/* Embedded in the owner's struct, which must live until `finish`. All functions run on the recorder's thread. */
struct job {
	struct queue_link link;

	/* What changes, inside a savepoint: short SQL, no other I/O. False: undone, the error is kept and the job goes on.
	 * ERR_IO and ERR_CORRUPT fail the whole batch. NULL: nothing changes, and no SQLite is touched. */
	bool (*perform)(struct job *job, struct catalog *catalog, struct error *err);

	/* After perform, also when that failed (job->error): fills the zeroed frame, whose slices live until finish. False:
	 * no event. NULL: never an event (consumers). */
	bool (*describe)(struct job *job, struct event_frame *frame);

	/* After `describe` said true: the same event for another account, in the same commit. NULL or false: there is none. */
	bool (*describe_copy)(struct job *job, struct event_frame *frame);

	/* Only hands over: the owner's thread is woken once a batch, by recorder_options.after_batch. */
	void (*finish)(struct job *job, enum job_result result);

	bool         changes_authority;         /* what decides about an existing principal changed: the epoch moves on */
	struct error error;                     /* of perform */
	uint64_t     seq;                       /* of the event, when JOB_DONE; 0: none */
};

struct recorder_options {
	struct directory       *directory;      /* open and locked; outlives the recorder */
	const struct migration *migrations;
	size_t                  migration_count;
	struct workers         *workers;        /* prepare journal files and delete what a reset left; outlive the recorder.
	                                         * NULL: the recorder's thread prepares, and nothing is deleted */
	uint64_t                journal_file_bytes;     /* 0: JOURNAL_FILE_BYTES */
	uint64_t                reserve_file_bytes;     /* given back when COMMIT meets a full disk; 0: RECORDER_RESERVE_BYTES */
	size_t                  queue_max;      /* 0: RECORDER_QUEUE_MAX */
	size_t                  batch_max;      /* jobs; 0: RECORDER_BATCH_MAX */
	size_t                  wal_pages;      /* of the catalog's log between checkpoints; 0: RECORDER_WAL_PAGES */
	int64_t                 retry_ms;       /* between tries to record again; 0: RECORDER_RETRY_MS */

	/* The catalog was opened, at the start, after a failure, for a reset: what was derived from it is read again, before
	 * anything else happens. On the recorder's thread, or that of recorder_open. False: it cannot be used. May be NULL. */
	bool                  (*opened)(void *user, struct catalog *catalog, struct error *err);

	/* After the finish functions of a batch, on the recorder's thread: wakes the fronts. May be NULL. */
	void                  (*after_batch)(void *user);
	void                   *user;
};

/* Recovers (cuts a torn tail, applies changes that the catalog has not seen), migrates, starts the thread.
 * Errors: ERR_IO; ERR_CORRUPT names file and offset; ERR_INVALID a catalog from a newer program. */
struct recorder *recorder_open(const struct recorder_options *options, struct error *err);

/* Before the end: who waits for a change that is in the journal and cannot get into the catalog is answered now, since the
 * next start brings it there; otherwise they would wait for as long as the disk is full. Any thread; accepts NULL. */
void recorder_let_go(struct recorder *recorder);

/* Commits what is queued, ends the thread, leaves a checkpointed catalog. Accepts NULL. */
void recorder_close(struct recorder *recorder);

/* ---- any thread ---- */

/* False: refusing or full, nothing was taken, answer 503; true: finish will be called. */
bool recorder_submit(struct recorder *recorder, struct job *job);

/* Journal space for a call, taken before it starts and given back after its finish, so that no call is performed that
 * cannot be recorded. `bytes`: what its frame and its change may need at most. False: refusing or no space, answer 503. */
bool recorder_reserve(struct recorder *recorder, size_t bytes);
void recorder_release(struct recorder *recorder, size_t bytes);

uint64_t recorder_authority_epoch(const struct recorder *recorder);
const _Atomic uint64_t *recorder_generation(const struct recorder *recorder);   /* changes with a reset; catalog_follow */
bool recorder_is_resetting(const struct recorder *recorder);                    /* files are being moved: a reader may not find its own */

/* What has been committed, for readers; NULL only while a reset is swapping. Release with journal_view_release. */
struct journal_view *recorder_journal_view(struct recorder *recorder);

/* DIR/catalog.db, for catalog_open_reader. */
const char *recorder_catalog_path(const struct recorder *recorder);

enum recorder_state { RECORDER_RECORDING, RECORDER_REFUSING, RECORDER_STOPPED };

struct recorder_status {
	enum recorder_state state;
	char                reason[256];        /* why it refuses */
	int64_t             since_monotonic_ms; /* when this state began */
	uint64_t            generation;
	uint64_t            next_seq;           /* behind the newest published frame */
	uint64_t            room_bytes;         /* journal space known to be there, not reserved */
	uint64_t            batches, events, changes;   /* since start */
};
void recorder_status(struct recorder *recorder, struct recorder_status *status);

/* Lab: everything is forgotten and a new generation begins, in a few milliseconds. `done` runs on the recorder's thread
 * with the outcome; jobs queued before it belong to the old generation, later ones to the new. */
struct recorder_reset {
	struct job   job;                       /* first; filled by recorder_submit_reset */
	void       (*done)(struct recorder_reset *reset, bool is_ok, const struct error *err);
	/* First changes of the new generation, such as the lab's users, before anything else happens. May be NULL. */
	bool       (*fill)(struct recorder_reset *reset, struct catalog *catalog, struct error *err);
};
bool recorder_submit_reset(struct recorder *recorder, struct recorder_reset *reset);

#endif

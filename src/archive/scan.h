/* archive/scan.h: every record of an archive, on all cores.
 *
 * Workers take files, one each at a time, and hand their records over in batches. Where some have nothing to do, whoever reads
 * a file gives them batches of it: it goes on inflating and finding where records begin, and they look into them. Workers share nothing, so
 * what a query keeps is one state a worker, and merged at the end. Which worker gets which batch is chance, and a worker may get
 * one of an earlier file after one of a later; every record carries its file's number and its position in it, and
 * whatever has an order must take it from these, or from `turn`: then one worker and many give the same answer.
 *
 *     struct scan_options options = { .paths = paths, .path_count = n, .scope = ARCHIVE_SCOPE_ALL, .state_begin = ..., .batch = ... };
 *     bool ok = scan_run(&options, &report, &err);     ... merge the states, write the report ... scan_report_fini(&report); */
#ifndef SPOOR_ARCHIVE_SCAN_H
#define SPOOR_ARCHIVE_SCAN_H

#include "archive/archive_layout.h"
#include "archive/archive_records.h"
#include "archive/archive_source.h"

struct scan_batch {
	const struct json_index     *index;     /* for fields_read() */
	const struct archive_record *records;   /* of one file, in its order */
	size_t                       count;
	uint64_t                     file;      /* number of the file, in the order of its path */
	uint64_t                     turn;      /* grows with file and position; those of a file are from scan_turn_of(file) on */
	const char                  *path;
	struct scan_report          *report;    /* of this worker: see scan_refuse() */
};

/* A file's batches have its number in the upper bits of their turn, and below it which part of the file they are in. */
enum { SCAN_TURN_PART_BITS = 24 };
static inline uint64_t scan_turn_of(uint64_t file) { return file << SCAN_TURN_PART_BITS; }
static inline uint64_t scan_turn_file(uint64_t turn) { return turn >> SCAN_TURN_PART_BITS; }

struct scan_progress {
	uint64_t files, records, bytes_read, bytes_text;
};

struct scan_options {
	const char *const   *paths;             /* files, folders, "-", s3://bucket/prefix */
	size_t               path_count;
	struct archive_source *source;          /* of paths that begin with s3://; NULL: there are none */
	struct archive_scope scope;             /* only leaves out by names: whoever asks for a time still looks at each event's */
	const struct literals *literals;        /* only records that may hold one of them come; NULL: all */
	bool                 is_strict;         /* the first fault ends the scan, as ERR_CORRUPT */
	size_t               thread_count;      /* 0: one a core; with a source, which is waited for, at least SCAN_REMOTE_THREADS */
	const atomic_bool   *is_cancelled;      /* may be NULL; looked at every millisecond or so */

	/* One state a worker, made and used on its thread; a worker's number is below scan_thread_count(). Any of them may be NULL. */
	void *user;
	void *(*state_begin)(void *user, size_t worker);
	void  (*state_end)(void *user, size_t worker, void *state);

	/* For whoever writes what batches give in their order (base/turns.h): a turn is opened before a larger one, or while the next smaller
	 * one is open, and closed behind its last batch; whoever has the smallest is waited for by nobody. Any thread; may be NULL. */
	void (*turn_open)(void *user, uint64_t turn);
	void (*turn_close)(void *user, uint64_t turn);

	/* Slices of the batch are valid within the call. False ends the scan with that error. */
	bool (*batch)(void *state, const struct scan_batch *batch, struct error *err);

	void (*progress)(void *user, const struct scan_progress *progress);    /* on any worker, one at a time; about 10 a second */
};

/* How many workers scan_run() will have. */
size_t scan_thread_count(const struct scan_options *options);

/* Reads everything, counting into *report, which is to be zeroed, and freed by scan_report_fini() in any case. False: `batch` said
 * so; a fault, where is_strict; ERR_IO if no thread can be had; ERR_BUSY: cancelled. Holds ARCHIVE_WINDOWS_BYTES and a quarter of
 * windows and input, and about 4 MiB a worker, besides what it was given of another's file. */
bool scan_run(const struct scan_options *options, struct scan_report *report, struct error *err);

/* From `batch`: fields_read() refused the record, so it is none. Takes it out of the count and names it. */
void scan_refuse(const struct scan_batch *batch, const struct archive_record *record);

#endif

/* trail/verify_run.h: what the parts of a verification share. For trail/verify*.c only. */
#ifndef SPOOR_TRAIL_VERIFY_RUN_H
#define SPOOR_TRAIL_VERIFY_RUN_H

#include "base/map.h"
#include "codec/digest.h"
#include "trail/digest_document.h"
#include "trail/object_keys.h"
#include "trail/verify.h"
#include "trail/verify_source.h"

enum { VERIFY_OK = -1 };

struct verify_digest {
	struct verify_object   object;
	struct slice           key;             /* of the object */
	struct object_key      name;
	struct digest_document document;        /* when is_read */
	char                   hash[SHA256_HEX_BYTES];
	struct slice           to_sign;
	struct slice           signature;       /* of the source, or of the digest after it, or as expected */
	bool                   is_read, is_valid, is_start;     /* begins a chain */
	int                    finding;         /* enum verify_finding, or VERIFY_OK */
	struct slice           detail;
};

struct verify_log {
	struct verify_object object;
	struct slice      key;                  /* of the object */
	struct object_key name;
	struct slice      expected_hash;        /* SLICE_NONE: no digest lists it */
	bool              is_proven;            /* by a digest whose signature is good */
	bool              may_change_trail;     /* has the name of an operation that begins or ends digests */
	int               finding;
	struct slice      detail;
	uint64_t          records, bytes, inflated_bytes;
};

struct verify_run {
	const struct verify_options *options;
	struct verify_report        *report;
	struct arena                 arena;
	struct verify_digest        *digests;   /* chain after chain, each oldest first */
	size_t                       digest_count, digest_room;
	struct verify_log           *logs;      /* by account, region, time */
	size_t                       log_count, log_room;
	struct map                   digests_by_key, logs_by_key;
	int64_t                      newest_ms; /* of any key */
	bool                         has_restart;       /* a chain begins anew: what the log files say of the trail matters */

	/* for the progress line */
	_Atomic uint64_t             records_done, bytes_done, inflated_done;
};

struct verify_thread {                          /* what each thread has */
	struct verify_run  *run;
	struct gzip_reader *gzip;
	struct arena        arena;              /* lives as long as the run */
};

/* Ready for the parts; and frees all but the report. */
void verify_run_init(struct verify_run *run, const struct verify_options *options, struct verify_report *report);
void verify_run_fini(struct verify_run *run);

/* Calls `work` for 0 to count-1, on all threads; `what` they are, for the progress line. `threads` are made by verify_threads_new(). */
struct verify_threads;
struct verify_threads *verify_threads_new(struct verify_run *run);
void verify_threads_free(struct verify_threads *threads);
bool verify_threads_run(struct verify_threads *threads, const char *what, size_t count,
                        void (*work)(struct verify_thread *, size_t index), struct error *err);

/* A stored key as it is called here: a folder may begin at AWSLogs where the bucket has a prefix. In that bucket, where
 * both are known. */
struct verify_digest *verify_find_digest(struct verify_run *run, struct slice bucket, struct slice stored_key);
struct verify_log    *verify_find_log(struct verify_run *run, struct slice bucket, struct slice stored_key);

void verify_add_problem(struct verify_run *run, enum verify_finding finding, struct slice key, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* ---- the parts, in order ---- */
bool verify_collect(struct verify_run *run, struct error *err);
void verify_read_digest(struct verify_thread *thread, size_t index);
void verify_check_chains(struct verify_run *run);       /* and notes in the logs what is expected of them */
void verify_read_log(struct verify_thread *thread, size_t index);
void verify_check_gaps(struct verify_run *run, struct verify_thread *thread);
void verify_check_logs(struct verify_run *run);

#endif

/* trail/verify.h: are the log files what the digests say, are the digests whole, and is nothing missing?
 *
 * Everything that `aws cloudtrail validate-logs` finds, and what it does not: digests deleted at the new end of a chain
 * (with the expected head), several deleted in a row, gaps that no recorded change of the trail explains, log files that
 * no digest lists, regions without digests. Source: CloudTrail User Guide, "Validating CloudTrail log file integrity". */
#ifndef SPOOR_TRAIL_VERIFY_H
#define SPOOR_TRAIL_VERIFY_H

#include "base/arena.h"

struct verify_keys;
struct verify_source;

enum verify_finding {                           /* what is shown as; never renumber, only add */
	VERIFY_DIGEST_FORMAT,                   /* no gzip, no JSON, members missing */
	VERIFY_DIGEST_MOVED,                    /* says that it lies elsewhere */
	VERIFY_DIGEST_MISSING,                  /* the one after it names it */
	VERIFY_DIGEST_KEY,                      /* its public key is not among those given */
	VERIFY_DIGEST_SIGNATURE,                /* not what was signed */
	VERIFY_DIGEST_PREVIOUS,                 /* the hash it has of the one before is another */
	VERIFY_DIGEST_GAP,                      /* a time without digests that nothing explains */
	VERIFY_DIGEST_ABSENT,                   /* log files, and not one digest for them, where others have some */
	VERIFY_HEAD,                            /* the newest digest is not the expected one */
	VERIFY_LOG_MISSING,
	VERIFY_LOG_HASH,                        /* not the bytes that the digest lists */
	VERIFY_LOG_FORMAT,                      /* no gzip */
	VERIFY_LOG_UNLISTED,                    /* in no digest, though its time is over */
	/* what could not be told */
	VERIFY_UNREADABLE,                      /* the object could not be read */
	VERIFY_HEAD_UNSIGNED,                   /* the newest digest's signature is not here */
	VERIFY_NO_DIGESTS,                      /* nothing to verify with */
	/* of a data directory */
	VERIFY_JOURNAL,                         /* a batch is not what was committed */
	VERIFY_JOURNAL_CUT,                     /* its begin or its end is not there */
	VERIFY_CATALOG,                         /* SQLite calls it damaged, or it is missing */
	VERIFY_CATALOG_ROWS,                    /* not the rows that the journal's changes make */
	VERIFY_OBJECT,                          /* not the bytes that were stored */
	VERIFY_OBJECT_MISSING,
	VERIFY_FINDING_COUNT
};

struct verify_problem {
	enum verify_finding finding;
	struct slice        key;                /* SLICE_NONE: of no one object */
	struct slice        detail;
};

struct verify_mark {                            /* a batch of the journal, by the last sequence number in it */
	uint64_t      seq;
	unsigned char chain[32];
};

struct verify_report {
	struct arena           arena;           /* of the problems */
	struct verify_problem *problems;
	size_t                 problem_count, problem_room;
	uint64_t               digests, digests_valid, logs, logs_valid;
	uint64_t               logs_pending;    /* too new for a digest */
	uint64_t               logs_before;     /* older than the first digest of their trails */
	uint64_t               gaps_explained;
	uint64_t               records, bytes, inflated_bytes;  /* of the log files read */
	uint64_t               others;          /* objects that are neither */
	int64_t                start_ms, end_ms; /* what the digests span; 0: nothing */

	/* of a data directory; records and bytes are then of the journal */
	bool                   is_data;
	uint64_t               journal_files, journal_batches, journal_frames;
	struct verify_mark     journal_end;
	uint64_t               tables;          /* of the catalog that were made again from the journal; 0: it was not tried */
	uint64_t               objects, objects_valid, object_bytes;
};

struct verify_head {                            /* the newest digest of a chain, known from elsewhere */
	struct slice bucket;                    /* SLICE_NONE: not known */
	struct slice key, signature;            /* lower-case hex */
};

struct verify_delivered {                       /* of a trail and region: when the newest digest was put, by the trail's status */
	struct slice account, region, trail, home_region;
	int64_t      time_ms;
};

struct verify_progress {
	const char *what;                       /* is being read: "digests", "log files" */
	uint64_t    done, of;
	uint64_t    records, bytes, inflated_bytes;     /* of log files, so far */
};

struct verify_options {
	struct verify_source     *source;
	const struct verify_keys *keys;
	const struct verify_head *heads;
	size_t                    head_count;
	const struct verify_delivered *delivered;
	size_t                    delivered_count;
	int64_t                   now_ms;               /* 0: as new as the newest object */
	const struct verify_mark *journal_head;         /* of a data directory: must be in the journal; NULL: not known */
	int64_t                   start_ms;             /* digests that ended before are not expected; 0: all are */
	size_t                    threads;              /* 0: one a core */
	/* Called for each region that digests are of or at home in, before a signature is checked, to add to `keys`; NULL: they
	 * are all there. False: it could not be told. */
	bool                    (*want_keys)(void *keys_user, struct slice region, int64_t start_ms, int64_t end_ms, struct error *err);
	void                     *keys_user;

	void                    (*progress)(void *user, const struct verify_progress *progress);       /* may be NULL; this thread */
	void                     *user;
};

/* "digest signature": how a finding is called in reports. */
const char *verify_finding_name(enum verify_finding finding);
bool verify_finding_is_doubt(enum verify_finding finding);      /* could not be told */

/* Fills the report, which verify_report_free() frees, also after false. Errors: the source cannot be listed. */
bool verify_run(const struct verify_options *options, struct verify_report *report, struct error *err);
void verify_report_free(struct verify_report *report);

/* 0 sound, 1 not, 3 could not tell. */
int verify_exit_code(const struct verify_report *report);

#endif

/* server/match_run.h: filter patterns over an archive: which records match, in the order of the files. */
#ifndef SPOOR_SERVER_MATCH_RUN_H
#define SPOOR_SERVER_MATCH_RUN_H

#include "detect/pattern_set.h"
#include "archive/scan.h"
#include "server/match_print.h"

enum match_output { MATCH_RECORDS, MATCH_COUNTS, MATCH_PATHS };

struct match_options {
	const struct pattern_set *set;          /* a record matches if one of its patterns does, ... */
	bool                      is_inverted;  /* ... or if none does */
	enum match_output         output;
	bool                      names_counts; /* counts by file, with its path before it; else one number for all */
	struct scan_options       scan;         /* paths, scope, is_strict, thread_count, is_cancelled */
	FILE                     *out;
	const struct match_printer *printer;    /* of events */

	void (*progress)(void *user, const struct scan_progress *progress);    /* as in scan_options; may be NULL */
	void  *user;
};

struct match_totals {
	uint64_t records, files;                /* that matched; with at least one of these */
	bool     is_closed;                     /* whoever read the output reads no more */
};

/* `report` as in scan_run(). False: what scan_run()
 * says, or ERR_IO if `out` takes no more. */
bool match_run(const struct match_options *options, struct match_totals *totals, struct scan_report *report, struct error *err);

#endif

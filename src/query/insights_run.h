/* query/insights_run.h: an Insights query over an archive, on all cores.
 *
 * Rows come in one order whatever the number of workers: newest first; of one time, those of a later file first, and within a file
 * those further back; groups in the order of their newest row; sort is stable over that. A record is an event so:
 *
 *     @timestamp      its eventTime; absent where that is none: such an event is older than all others, and within no range of time
 *     @message        the record as it stands in the file
 *     @logStream      the path of the file
 *     @ptr            the path, a '#', and the position in the file from 0
 *     @ingestionTime, @log    absent: a file does not say
 *
 *     struct insights_run_options options = { .scan = { .paths = paths, .path_count = n, .scope = ARCHIVE_SCOPE_ALL },
 *                                             .start_ms = INT64_MIN, .end_ms = INT64_MAX, .now_ms = clock_wall_ms() };
 *     bool ok = insights_run(plan, &options, &result, &report, err);
 *     ... result.rows[i][plan->columns[c].slot] ...
 *     insights_result_fini(&result); scan_report_fini(&report); */
#ifndef SPOOR_QUERY_INSIGHTS_RUN_H
#define SPOOR_QUERY_INSIGHTS_RUN_H

#include "query/insights_bind.h"
#include "archive/scan.h"

struct insights_run_options {
	/* paths, is_strict, thread_count, is_cancelled, user, progress; scope's regions and accounts. What is left out by its name
	 * for its time follows from the range below. */
	struct scan_options scan;
	int64_t  start_ms, end_ms;              /* events of [start, end); INT64_MIN and INT64_MAX: no bound on that side */
	int64_t  limit;                         /* as StartQuery's, beside the query's own; 0: none */
	size_t   memory_bytes;                  /* of rows and groups, over all workers; 0: INSIGHTS_MEMORY_BYTES */
	int64_t  now_ms;                        /* when the query began, for now() */
};

struct insights_worker;

struct insights_result {
	const struct insights_plan *plan;       /* its columns are to be shown */
	struct value **rows;                    /* of each a value for each slot of the plan; those of no column may be absent */
	size_t         count;
	bool           is_cut;                  /* there were more, and no `limit` said so: INSIGHTS_ROWS_DEFAULT did */
	uint64_t       rows_scanned;            /* events within the range of time, ... */
	bool           is_scanned_open;         /* ... or of any: those without a text that the filter asks for were passed over */
	uint64_t       rows_matched;            /* rows left by what comes before the first stats, limit or dedup */
	struct arena            arena;          /* rows, and ... */
	struct insights_worker *owner;          /* ... what they point to */
};

/* `plan` was bound with leaves_max 0 or more, as the asker likes (0 is faster). `report` as in scan_run(): zeroed, freed by scan_report_fini() in
 * any case; so is `result` by insights_result_fini(). False: what scan_run() says (ERR_BUSY: cancelled); ERR_LIMIT: more memory is
 * needed than memory_bytes, or unnest gives too many rows. */
bool insights_run(const struct insights_plan *plan, const struct insights_run_options *options, struct insights_result *result,
                  struct scan_report *report, struct error *err);

void insights_result_fini(struct insights_result *result);

#endif

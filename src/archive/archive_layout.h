/* archive/archive_layout.h: what AWS's folders and file names say about the events inside, before anything is opened.
 *
 *   ...AWSLogs/[ORGANISATION/]ACCOUNT/CloudTrail/REGION/2026/01/15/ACCOUNT_CloudTrail_REGION_20260115T1005Z_UNIQUE.json.gz
 *
 * The date is that of the delivery, which is later than the events: by minutes as a rule, by hours when something failed. So a
 * file is left out only if it was delivered before the time asked for (by more than ARCHIVE_SKEW_MS, as clocks may differ) or later than
 * ARCHIVE_LATE_MS after it. An event that AWS delivered later than that is not found by a query over its time. Any other path
 * says nothing and is read. Source: CloudTrail User Guide, "CloudTrail log file name format". */
#ifndef SPOOR_ARCHIVE_ARCHIVE_LAYOUT_H
#define SPOOR_ARCHIVE_ARCHIVE_LAYOUT_H

#include "archive/scan_report.h"

struct archive_scope {                          /* zeroed but for the times: everything */
	int64_t             start_ms, end_ms;   /* both included; INT64_MIN, INT64_MAX: no bound */
	const struct slice *regions, *accounts; /* none: all */
	size_t              region_count, account_count;
};

extern const struct archive_scope ARCHIVE_SCOPE_ALL;

/* `path` as it is walked, from what the user named down. SCAN_READ: look into it; or SCAN_OUTSIDE_TIME, SCAN_OUTSIDE_PLACE,
 * SCAN_DIGEST, SCAN_INSIGHT. */
enum scan_reason archive_layout_judge(const struct archive_scope *scope, struct slice path, bool is_folder);

#endif

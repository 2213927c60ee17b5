/* archive/archive_records.h: the records in one file's text, in batches, out of whatever envelope they came in.
 *
 *   {"Records": [RECORD, ...]}                         what CloudTrail delivers
 *   RECORD RECORD ...                                  one object, JSON lines, or files joined end to end
 *   [RECORD, ...]                                      what tools make of them
 *   {"Events": [{"CloudTrailEvent": "RECORD"}, ...]}   LookupEvents' output; also its elements as JSON lines
 *   {"detail-type": ..., "detail": RECORD}             EventBridge
 *   {"logEvents": [{"message": "RECORD"}, ...]}        CloudWatch Logs: a subscription; the same under "events": GetLogEvents
 *   2026-01-15T10:05:00.000Z RECORD                    CloudWatch Logs: lines of an export to S3, of `aws logs tail`
 *   ["RECORD", ...], "RECORD"                          texts that --query or jq took out of one of these
 *
 * Digests and Insights files are recognised by what is in them too. A line that is broken costs itself only, as long as values
 * stand one behind the other; within a list nothing behind a fault can be trusted, and the file ends there. What a record's
 * inside looks like is only known to who reads it: fields_read() may still refuse one. */
#ifndef SPOOR_ARCHIVE_ARCHIVE_RECORDS_H
#define SPOOR_ARCHIVE_ARCHIVE_RECORDS_H

#include "codec/json_index.h"
#include "archive/archive_text.h"
#include "archive/literals.h"

struct archive_records;                         /* one a thread, used file after file */

struct archive_record {
	struct slice text;                      /* an object, from brace to brace, in index->text */
	int64_t      position;                  /* in its file, from 0; those that were left out count */
};

enum { ARCHIVE_BATCH_MAX = 256 };

struct archive_batch {
	const struct json_index     *index;     /* of the text that the records stand in */
	const struct archive_record *records;
	size_t                       count;
};

struct archive_records *archive_records_new(void);
void                    archive_records_free(struct archive_records *records);     /* accepts NULL */

/* Begins with the text of a file just opened. What is left out is counted in `report` under `file` and `path`, as are the file itself
 * and its bytes at the end; all of them must outlive the reading. `is_named`: a file that is no JSON is then a fault, whatever
 * it is called. */
void archive_records_begin(struct archive_records *records, struct archive_text *text, struct scan_report *report, uint64_t file,
                           const char *path, bool is_named);

/* From the next file on only records that may hold one of the texts come out; the others count as read all the same. NULL, as at
 * first: all. It outlives the reading. What is passed over was not looked into: whether it is JSON inside nobody knows. */
void archive_records_want(struct archive_records *records, const struct literals *literals);

/* The next records, valid until the next call. False: that was all of this file. */
bool archive_records_next(struct archive_records *records, struct archive_batch *batch);

#endif

/* archive/scan_report.h: what was read and what was not, and why: an answer is only as good as what it was made from.
 *
 * Everything is counted. The first SCAN_NAMES_MAX of each reason are also named, in the order of the files, so one worker and
 * many give the same report. */
#ifndef SPOOR_ARCHIVE_SCAN_REPORT_H
#define SPOOR_ARCHIVE_SCAN_REPORT_H

#include "base/buffer.h"

enum scan_reason {
	SCAN_READ,                      /* nothing is wrong */

	/* left out rightly */
	SCAN_OUTSIDE_TIME,              /* by its name or folder: delivered before the time asked for, or long after it */
	SCAN_OUTSIDE_PLACE,             /* by its name or folder: of another region or account */
	SCAN_DIGEST,
	SCAN_INSIGHT,                   /* CloudTrail Insights events: no record of a call */
	SCAN_CONTROL,                   /* a message by which CloudWatch Logs tries a subscription */
	SCAN_FOREIGN,                   /* neither gzip nor JSON, and not called so */
	SCAN_EMPTY,
	SCAN_LINK,                      /* a link to a folder, found in a folder: not followed, it may lead back */
	SCAN_NO_FILE,                   /* a socket or device, found in a folder */

	/* not read, or not to its end: the answer may lack something */
	SCAN_UNREADABLE,                /* it could not be opened or read */
	SCAN_NOTHING_THERE,             /* no key of the bucket begins so */
	SCAN_VANISHED,                  /* it was listed, and was gone when it was asked for */
	SCAN_DENIED,                    /* the server does not give it to us */
	SCAN_TOO_DEEP,                  /* a folder below too many others */
	SCAN_NOT_JSON,                  /* called .json, .jsonl or .gz, or asked for by name, and is no such thing */
	SCAN_CUT,                       /* the file, or the gzip data in it, ends too early */
	SCAN_DAMAGED,                   /* gzip data that is broken, or does not have its checksum */
	SCAN_FOLLOWED,                  /* bytes behind the gzip data */
	SCAN_BOMB,                      /* far more comes out than any log would give */
	SCAN_TOO_LARGE,                 /* something in it is larger than any record; what follows it was not read */
	SCAN_RECORD_NOT_JSON,
	SCAN_RECORD_NOT_UTF8,
	SCAN_RECORD_NO_OBJECT,          /* a number or a text where a record should be */

	/* read all the same */
	SCAN_NAME_NOT_UTF8,

	SCAN_REASON_COUNT
};

enum { SCAN_NAMES_MAX = 20, SCAN_WHOLE_FILE = -1 };

struct scan_name {
	char    *text;                  /* printable: bytes that are no UTF-8, and control characters, as \xHH */
	uint64_t file;
	int64_t  position;              /* of a record in its file, from 0, or SCAN_WHOLE_FILE */
};

struct scan_cause {
	uint64_t         files, folders, records;
	struct scan_name names[SCAN_NAMES_MAX];
	size_t           name_count;
};

struct scan_report {                    /* zeroed is empty */
	uint64_t files;                 /* opened, and at least in part read */
	uint64_t records;               /* given out */
	uint64_t bytes_read;            /* from disk, or from the server */
	uint64_t bytes_text;            /* of JSON: what came out of the gzip data */
	struct scan_cause causes[SCAN_REASON_COUNT];
};

enum scan_unit { SCAN_FILE, SCAN_FOLDER, SCAN_RECORD };

/* Counts one, and names it if there is room. `position` is looked at for a record. Copies `path`. */
void scan_report_add(struct scan_report *report, enum scan_reason reason, enum scan_unit unit, uint64_t file, int64_t position,
                     struct slice path);

/* The same, with what the server said of it behind its name; `why` may be empty. */
void scan_report_add_why(struct scan_report *report, enum scan_reason reason, enum scan_unit unit, uint64_t file, struct slice path,
                         struct slice why);

void scan_report_merge(struct scan_report *into, const struct scan_report *from);
void scan_report_fini(struct scan_report *report);

/* May the answer lack something? Then a program says so by its exit status. */
bool scan_report_has_faults(const struct scan_report *report);

/* One lower-case phrase, such as "ends too early". */
const char *scan_reason_text(enum scan_reason reason);
bool        scan_reason_is_fault(enum scan_reason reason);

/* Several lines for a person, without the numbers of zero; each ends in a newline. */
void scan_report_write(const struct scan_report *report, struct buffer *out);

#endif

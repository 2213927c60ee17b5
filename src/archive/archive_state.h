/* archive/archive_state.h: how far the reading of one file's records is; between its steps and what they stand on.
 *
 * A span is the part of the window that is indexed: small enough to stay in the cache until its records have been read, and
 * beginning where no string is open. A record that does not end in it is indexed again with what follows. After a broken line
 * spans begin small, so that many broken lines cost what they are long. */
#ifndef SPOOR_ARCHIVE_ARCHIVE_STATE_H
#define SPOOR_ARCHIVE_ARCHIVE_STATE_H

#include "base/arena.h"
#include "archive/archive_records.h"
#include "archive/fields.h"

enum { ARCHIVE_SPAN_BYTES = 256 << 10, ARCHIVE_SPAN_BYTES_AFTER_FAULT = 1 << 10 };

enum place {
	BETWEEN_VALUES,                         /* of the text */
	AT_ELEMENT,                             /* of a list */
	AFTER_ELEMENT,                          /* before a comma or the list's end */
	AFTER_LIST,                             /* that is a member: before a comma or the object's end */
	TO_NEXT_LINE,                           /* what is broken is on this one */
	AT_END
};

enum list_kind { LIST_OF_RECORDS, LIST_OF_LOOKUPS, LIST_OF_MESSAGES, LIST_OF_VALUES };

enum { ARCHIVE_ENVELOPE_FIELDS = 8 };

struct envelope {                               /* of an object that is not known to be a record */
	struct arena   arena;
	struct fields *fields;
	size_t         lookup, detail_type, detail, digest_start, digest_end, category, message, timestamp;
};

struct archive_records {
	struct archive_text *text;
	struct scan_report  *report;
	uint64_t             file;
	const char          *path;
	bool                 is_named;

	struct envelope      envelope;
	enum json_machine    machine;

	/* the span, and where we are in it */
	struct json_index    index;
	size_t               begin, at;         /* of the span in the unread text; in the span */
	size_t               span_bytes;        /* wanted */
	bool                 is_stamped;        /* a time at the begin of its line stands before the value at `at` */

	const struct literals *literals;        /* of which a wanted record may hold one; NULL: all are wanted */
	struct literals_cursor cursor;          /* in the span */
	uint64_t             passed;            /* records over, in this file, ... */
	uint64_t             told;              /* ... of which the report knows */

	enum place           place;
	enum list_kind       list;
	bool                 is_first;          /* no element yet */
	bool                 has_value;         /* something was JSON */
	bool                 is_closed;         /* and counted */
	bool                 is_lines;          /* one was broken, so each is on its own */
	bool                 is_all_here;       /* the span reaches to the end of the text */
	bool                 is_left_out;       /* a digest, an Insights file */

	/* the batch, and texts that had to be unescaped for it */
	struct archive_record records[ARCHIVE_BATCH_MAX];
	size_t               count;
	int64_t              position;
	char                *plain;
	size_t               plain_bytes;
	bool                 is_plain;          /* the batch consists of such */
	struct json_index    plain_index, one;
};

enum step { GO_ON, FLUSH };                     /* FLUSH: give out the batch first, then try again */

/* Counts and names the file, or the next record, which then is none. */
void archive_records_note_file(struct archive_records *r, enum scan_reason reason);
void archive_records_note(struct archive_records *r, enum scan_reason reason);

/* The file ends here for us. What its gzip data say goes before what its text says, being the cause of it. */
void archive_records_end(struct archive_records *r, enum scan_reason reason);

/* The span is `bytes` of the unread text from `begin` on. */
void archive_records_index(struct archive_records *r, size_t begin, size_t bytes);

/* A span that begins at r->at and is longer than what is left of this one. False: there is no more text. */
bool archive_records_grow(struct archive_records *r);

/* From r->at on there is too little. What it means if there is no more: `at_end`. */
enum step archive_records_want_more(struct archive_records *r, enum scan_reason at_end);

/* A record in the span; one that is the text of a string. */
enum step archive_records_put(struct archive_records *r, struct slice text);
enum step archive_records_put_escaped(struct archive_records *r, struct slice raw);

enum step archive_steps_take(struct archive_records *r);        /* one step, from r->place on */

static inline size_t archive_skip_space(struct slice text, size_t at)
{
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\n' || text.ptr[at] == '\r' || text.ptr[at] == '\t'))
		at++;
	return at;
}

#endif

/* archive/archive_text.h: one file of an archive as text, a window at a time, whatever it is packed in.
 *
 * What it is packed in is seen from its first bytes, not from its name. A small gzip file is opened as a whole, which is twice as
 * fast; a large one, and what is left of a damaged one, goes through the window in pieces. So memory is the window and an input
 * buffer, whatever the file. */
#ifndef SPOOR_ARCHIVE_ARCHIVE_TEXT_H
#define SPOOR_ARCHIVE_ARCHIVE_TEXT_H

#include "archive/archive_source.h"
#include "archive/scan_report.h"

struct archive_text;                            /* one a thread, used file after file */

/* `window_bytes` >= ARCHIVE_WINDOW_BYTES_MIN. `must_stop` (may be NULL) is asked while it waits for a pipe and between pieces: then
 * the text ends. */
struct archive_text *archive_text_new(size_t window_bytes, bool (*must_stop)(void *user), void *user);
void                 archive_text_free(struct archive_text *text);     /* accepts NULL */

/* Begins with a file; `path` "-" is standard input. `is_named`: by the user, so pipes and devices are read too. SCAN_READ, or
 * why not: SCAN_UNREADABLE, SCAN_NO_FILE, SCAN_EMPTY, and of a source SCAN_VANISHED and SCAN_DENIED. */
enum scan_reason archive_text_open(struct archive_text *text, const char *path, bool is_named);
enum scan_reason archive_text_open_source(struct archive_text *text, struct archive_source *source, const char *path);
enum scan_reason archive_text_open_memory(struct archive_text *text, struct slice bytes);
void             archive_text_close(struct archive_text *text);        /* also by opening the next */

/* What has been read and not dropped, in one piece. */
struct slice archive_text_unread(const struct archive_text *text);

/* Drops the first `used` bytes and reads on. False: nothing came, because the text has ended or the window is full. Slices of the
 * text are invalid after it. */
bool archive_text_more(struct archive_text *text, size_t used);

bool archive_text_must_stop(const struct archive_text *text);          /* as it was told: that it ended means nothing */

/* SCAN_READ: it ended well, or has not yet. SCAN_UNREADABLE, SCAN_VANISHED, SCAN_DENIED, SCAN_CUT, SCAN_DAMAGED, SCAN_FOLLOWED, SCAN_BOMB. */
enum scan_reason archive_text_fault(const struct archive_text *text);

/* What the source said of it; empty otherwise. Until the next is opened. */
struct slice archive_text_why(const struct archive_text *text);

uint64_t archive_text_bytes_read(const struct archive_text *text);     /* of this file: from disk; as text */
uint64_t archive_text_bytes(const struct archive_text *text);

#endif

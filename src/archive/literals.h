/* archive/literals.h: can a record hold one of a few texts at all? Looked at before anything of it is parsed.
 *
 * The texts are what a query or a pattern compares with: they stand in a string, a key or a number of every record that can match.
 * JSON has several spellings of a character: \u0041 for A, \/ for /. A record with such a spelling of a character that is in
 * one of the texts may hold it, and is looked into like one that has the text itself. So a record is never lost; some are
 * looked into in vain. */
#ifndef SPOOR_ARCHIVE_LITERALS_H
#define SPOOR_ARCHIVE_LITERALS_H

#include "codec/text_search.h"

enum { LITERALS_MAX = 8, LITERAL_BYTES_MIN = 3, LITERAL_BYTES_MAX = 256 };

struct literals {
	struct text_search search;              /* the texts, and behind them what begins another spelling */
	size_t             count;               /* of the texts */
	bool               is_escaped[128];     /* ASCII characters of the texts that a \u may stand for */
	bool               has_others;          /* some have characters that are not ASCII */
	enum text_machine  machine;
};

/* False: they cannot be searched for. There are none or too many, one is too short to tell anything or too long, or one has
 * characters that JSON always escapes. The texts are not copied. */
bool literals_init(struct literals *literals, const struct slice *texts, size_t count);

/* Where the search in one text is. Zeroed for each text. */
struct literals_cursor {
	size_t next, end;                       /* the next place that counts, and where it ends; SLICE_NPOS: there is none */
	bool   is_known;
};

/* May text[from, to) hold one? Within one text `from` only grows. */
bool literals_may_be_in(const struct literals *literals, struct slice text, size_t from, size_t to, struct literals_cursor *cursor);

#endif

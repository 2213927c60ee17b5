/* detect/pattern_reader.h: a filter pattern's text on its way into one of the three forms.
 *
 * What the forms have in common: a place in the text, one way to refuse it, and the literals: quoted text, bare words,
 * numbers and regular expressions. */
#ifndef SPOOR_DETECT_PATTERN_READER_H
#define SPOOR_DETECT_PATTERN_READER_H

#include "detect/pattern.h"
#include "detect/pattern_literal.h"

struct pattern_reader {
	struct arena         *arena;
	struct slice          text;          /* the arena's copy, without the blanks around it */
	size_t                skipped;       /* bytes of blanks that were before it */
	size_t                at;
	size_t                end;           /* reading stops here: before the closing bracket */
	size_t                regex_count, regex_positions;
	struct pattern_fault *fault;
	struct error         *err;
};

/* Both return false. The first is AWS's "Invalid filter pattern"; the second names the text from `from` to `to`. */
bool pattern_reader_refuse(struct pattern_reader *reader, size_t at, const char *reason);
bool pattern_reader_refuse_term(struct pattern_reader *reader, size_t from, size_t to, const char *reason);

/* Refuses what stands at `at`: a character that begins nothing is named, the end or a misplaced token is not. */
bool pattern_reader_unexpected(struct pattern_reader *reader, const char *reason);

int  pattern_reader_peek(const struct pattern_reader *reader);              /* -1 at the end */
void pattern_reader_blanks(struct pattern_reader *reader);                  /* steps over white space */
bool pattern_reader_take(struct pattern_reader *reader, struct slice token); /* steps over `token` if it stands here */
size_t pattern_reader_character(const struct pattern_reader *reader, size_t at);     /* where the character at `at` ends */

/* "quoted", with \" and \\; any other backslash is itself. At the opening quote. */
bool pattern_reader_quoted(struct pattern_reader *reader, struct slice *text);

/* %regex%, at the first percent sign. */
bool pattern_reader_regex(struct pattern_reader *reader, const struct pattern_regex **regex);

/* An operator and the literal after it: strings and regular expressions know only = and !=. */
bool pattern_reader_comparison(struct pattern_reader *reader, struct pattern_comparison *comparison);

static inline bool pattern_reader_is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool pattern_reader_is_alphanumeric(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

#endif

/* detect/pattern.h: filter patterns of CloudWatch Logs: does a message match, and with which values?
 *
 * One text, three languages, told apart by the first character that is no blank: `{` is a condition over the fields of
 * a JSON message, `[` names the columns of a line, anything else is terms that must, may or must not occur. A pattern
 * is compiled once, is immutable from then on and may be used by several threads. Many patterns over the same messages
 * are evaluated together by detect/pattern_set.h.
 *
 * `!=` on a field that is not there is false here and true in Insights queries, so the two share no comparison.
 * Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters, filter log
 * events, and Live Tail". */
#ifndef SPOOR_DETECT_PATTERN_H
#define SPOOR_DETECT_PATTERN_H

#include "base/arena.h"

enum pattern_form { PATTERN_TEXT, PATTERN_JSON, PATTERN_COLUMNS };

/* Where a refused pattern is wrong, for the person who wrote it; the error itself has AWS's words, which do not say. */
struct pattern_fault {
	size_t      at_byte;       /* of the text as given, from 0 */
	const char *reason;        /* a static sentence without a full stop */
};

struct pattern;

/* Copies what it keeps of `text` into `arena`. `fault` may be NULL.
 * Errors: ERR_INVALID "InvalidParameterException" with AWS's message. */
const struct pattern *pattern_compile(struct arena *arena, struct slice text, struct pattern_fault *fault,
                                      struct error *err);

enum pattern_form pattern_form(const struct pattern *pattern);
bool pattern_has_regex(const struct pattern *pattern);         /* AWS allows five filters with one in a log group */

/* A JSON pattern matches only a message that is one JSON object or array and nothing else. `scratch` takes what the message
 * is read into, usually a tenth of its size and thirty times it at worst; the caller resets it. A scratch arena that passed
 * its cap makes the pattern not match, so check it after. */
bool pattern_matches(const struct pattern *pattern, struct slice message, struct arena *scratch);

/* A value that a pattern took from a message: `$.eventType` of a JSON pattern, `$bytes` or `$7` of columns. */
struct pattern_value {
	struct slice name, text;
};

/* What TestMetricFilter calls extractedValues, in the order of the pattern's selectors or of the columns, each name
 * once. Text patterns extract nothing; neither does a message that does not match. Values and names live as long as
 * `arena` and the message. */
size_t pattern_extract(const struct pattern *pattern, struct slice message, struct arena *arena,
                       struct pattern_value **values);

/* What a metric's value or dimension refers to: `$.selector` beside a JSON pattern (used by the pattern or not), `$name` or
 * `$7` beside columns. `pattern` must outlive the reference. Errors: ERR_INVALID "InvalidParameterException". */
struct pattern_reference;
const struct pattern_reference *pattern_reference_compile(struct arena *arena, const struct pattern *pattern,
                                                          struct slice text, struct pattern_fault *fault, struct error *err);

/* The text of a column, or of the first string, number or boolean that the selector leads to; SLICE_NONE if there is none.
 * The message must be one that the pattern matches. */
struct slice pattern_reference_find(const struct pattern_reference *reference, struct slice message, struct arena *arena);

#endif

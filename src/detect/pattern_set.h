/* detect/pattern_set.h: many filter patterns over the same messages, for not much more than the price of one.
 *
 * A message is indexed once and walked once for the fields of all patterns. Which patterns can match at all is then looked
 * up: of each, compiling finds conditions one of which must hold if the pattern does (the rarest side of an `&&`, every side
 * of an `||`), and literals of one field share one table. Only those patterns are evaluated, with the same code that
 * evaluates one alone. Patterns of terms and columns have nothing to share but the message. */
#ifndef SPOOR_DETECT_PATTERN_SET_H
#define SPOOR_DETECT_PATTERN_SET_H

#include "detect/pattern_fields.h"
#include "detect/pattern.h"

struct pattern_set;

/* The patterns must outlive the set; it may be used by several threads. No limit of its own: 100 patterns of the longest
 * kind compile into some MiB. */
const struct pattern_set *pattern_set_compile(struct arena *arena, const struct pattern *const *patterns, size_t count);

size_t pattern_set_count(const struct pattern_set *set);

/* What one thread needs to evaluate a set; it keeps its memory from message to message. */
struct pattern_set_reader;
struct pattern_set_reader *pattern_set_reader_new(const struct pattern_set *set);
void pattern_set_reader_free(struct pattern_set_reader *reader);        /* accepts NULL */

/* Which patterns match: bit i % 64 of word i / 64 is pattern i's. Valid until the next message. */
struct pattern_set_result {
	const uint64_t *matched;
	size_t          count;             /* of bits that are set */
	bool            is_broken;         /* a record that was found not to be JSON; false if no pattern looked */
};

/* Errors: ERR_LIMIT (the message needs more memory than a reader has). */
bool pattern_set_match(struct pattern_set_reader *reader, struct slice message, struct pattern_set_result *result,
                       struct error *err);

/* The same for a record that is indexed already. */
bool pattern_set_match_record(struct pattern_set_reader *reader, const struct pattern_record *record,
                              struct pattern_set_result *result, struct error *err);

static inline bool pattern_set_has(const struct pattern_set_result *result, size_t pattern)
{
	return result->matched[pattern / 64] >> (pattern % 64) & 1;
}

#endif

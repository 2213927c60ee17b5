/* detect/pattern_literal.h: what stands to the right of an operator in a filter pattern, and how it compares.
 *
 * A `*` at either end of a string stands for any text, quoted or not; one inside is itself, and nothing escapes one at
 * an end. Equality is on the whole text, never on a part of it, and is case-sensitive. */
#ifndef SPOOR_DETECT_PATTERN_LITERAL_H
#define SPOOR_DETECT_PATTERN_LITERAL_H

#include "detect/pattern_regex.h"

enum pattern_operator {
	PATTERN_EQUAL, PATTERN_NOT_EQUAL, PATTERN_LESS, PATTERN_LESS_OR_EQUAL, PATTERN_GREATER, PATTERN_GREATER_OR_EQUAL,
};

enum pattern_literal_kind { LITERAL_TEXT, LITERAL_NUMBER, LITERAL_REGEX };

struct pattern_literal {
	enum pattern_literal_kind   kind;
	bool                        any_before, any_after;    /* text: a `*` at the start, at the end */
	struct slice                text;                     /* without those; a number or regex: as it was spelled */
	double                      number;
	const struct pattern_regex *regex;
};

struct pattern_comparison {
	enum pattern_operator  operator;
	struct pattern_literal literal;
};

struct pattern_literal pattern_literal_of_text(struct slice text);
struct pattern_literal pattern_literal_of_word(struct slice word);       /* a number if it reads as one, else text */

/* Is `text` the literal's text, in its pattern, found by its regex? A number compares as it was spelled. */
bool pattern_literal_equals(const struct pattern_literal *literal, struct slice text);

/* Numbers by value, as IEEE doubles. */
bool pattern_literal_compare(enum pattern_operator operator, double left, double right);

/* sign, digits, a fraction, an exponent: the whole text. Too large a number is infinite. */
bool pattern_literal_read_number(struct slice text, double *number);

#endif

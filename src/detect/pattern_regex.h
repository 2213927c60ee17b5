/* detect/pattern_regex.h: the regular expressions of filter patterns, a small language of AWS's own.
 *
 * Letters, digits, blank and : _ # = @ / ; , - stand for themselves. Operators: ^ $ ? [ ] { } | \ * + and dot. No
 * parentheses, not even escaped (\x28 is one); no other symbol, nothing beyond ASCII, no lazy quantifiers, no flags. An
 * expression matches if it is found anywhere in the text.
 *
 * Why not a library: the language is so much smaller that most of the work would be to refuse what AWS refuses, and
 * patterns come from users while messages come from whoever is being watched: the time must be linear in the message
 * whatever both say. Without groups an expression is branches, each a row of characters that may repeat or be left out.
 * So it becomes a row of bits, one for each character of the row (counted repetitions written out), and a search keeps
 * the set of bits reached: a shift, two masks and a fill for each character of the text (the extended Shift-And of
 * Navarro and Raffinot, "Flexible Pattern Matching in Strings", 2002). No backtracking, no cache, nothing allocated:
 * PATTERN_REGEX_POSITIONS_MAX bounds the work for one character. Text beyond ASCII is taken a character at a time: only
 * the dot and negated classes match one.
 *
 * Decided here, where AWS's documents are silent: the dot matches a line break, $ only the very end; ^ and $ take no quantifier;
 * an empty expression, an empty branch, and a [ inside of brackets are refused. */
#ifndef SPOOR_DETECT_PATTERN_REGEX_H
#define SPOOR_DETECT_PATTERN_REGEX_H

#include "base/arena.h"

struct pattern_regex;

struct pattern_regex_fault {
	size_t      from, to;          /* bytes of the body that are wrong; to == from: a whole that is no expression */
	const char *reason;
};

/* `body` is what stands between the percent signs. NULL with `fault` if it is none. */
const struct pattern_regex *pattern_regex_compile(struct arena *arena, struct slice body, struct pattern_regex_fault *fault);

size_t pattern_regex_positions(const struct pattern_regex *regex);       /* what it costs for each character of a text */
bool pattern_regex_finds(const struct pattern_regex *regex, struct slice text);

#endif

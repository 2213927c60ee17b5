/* regex/regex.h: regular expressions of Insights queries: RE2's language, in time proportional to the text.
 *
 * Expressions come from users and texts from whoever is watched, so nothing here backtracks: a search keeps the set of places in
 * the expression that it could be at, and takes the text a character at a time (Thompson's construction, with Pike's captures).
 * Of all ways to match, the one counts that a backtracking engine would find first, as in RE2 and Perl.
 *
 * Taken: characters, . [..] [[:alpha:]] \d \w \s \b \A \z ^ $, ( ) (?: ) (?<name> ), * + ? {n,m} and their lazy forms, |, \n and
 * the like, \x41 \x{1F600}, \Q..\E, the flags i m s U. Refused, as in RE2: references back, looking ahead and behind. Refused here
 * and not there: \p{..} and \C. (?i) knows the cases of all of Unicode's letters.
 * Why not a library: RE2 is C++; PCRE2 backtracks and takes what AWS refuses.
 * Source: CloudWatch Logs User Guide, "parse" and "filter"; RE2's syntax page. */
#ifndef SPOOR_REGEX_REGEX_H
#define SPOOR_REGEX_REGEX_H

#include "base/buffer.h"

struct regex;

struct regex_fault {
	size_t      from, to;                   /* bytes of the body that are wrong */
	const char *reason;                     /* a static sentence without a full stop */
};

/* All of it is in `arena`; immutable from then on. NULL with `fault` if `body` is no expression. */
const struct regex *regex_compile(struct arena *arena, struct slice body, struct regex_fault *fault);

/* Named groups, in the order of their opening parentheses. */
size_t       regex_group_count(const struct regex *regex);
struct slice regex_group_name(const struct regex *regex, size_t number);

/* Is it found anywhere in the text? First a text is looked for without which it cannot be, then the table of regex_dfa.h is asked. */
bool regex_finds(const struct regex *regex, struct slice text);

/* The first match at or behind `from`: *whole is all of it, groups[i] the named ones (SLICE_NONE where one took no part). `groups`
 * may be NULL. What is before `from` still counts for ^ and \b. */
bool regex_search(const struct regex *regex, struct slice text, size_t from, struct slice *whole, struct slice *groups);

/* Appends `text` with every match replaced. False, and what is in `out` is of no use, if that needs too much work: some expressions
 * look far ahead for each of many matches. */
bool regex_replace(const struct regex *regex, struct slice text, struct slice with, struct buffer *out);

#endif

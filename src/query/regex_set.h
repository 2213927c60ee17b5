/* query/regex_set.h: sets of characters in a regular expression: [a-z], \d, [[:alpha:]], the dot. */
#ifndef SPOOR_QUERY_REGEX_SET_H
#define SPOOR_QUERY_REGEX_SET_H

#include "query/regex_program.h"

void regex_set_add(struct regex_set *set, struct arena *arena, uint32_t from, uint32_t to);
void regex_set_invert(struct regex_set *set);

/* Puts the letters of ASCII that are there in one case there in both; false if there are characters beyond it, whose cases are not
 * known here. */
bool regex_set_fold(struct regex_set *set);

/* The class that \d \D \w \W \s \S names; false for any other letter. ASCII, as in RE2. */
bool regex_set_of_letter(struct arena *arena, int letter, struct regex_set *set);

/* alpha, digit and so on, as in [[:alpha:]]. */
bool regex_set_of_name(struct arena *arena, struct slice name, struct regex_set *set);

/* Adds all of `other`; false if it cannot be: a negated class with others beside it. */
bool regex_set_join(struct regex_set *set, struct arena *arena, const struct regex_set *other);

#endif

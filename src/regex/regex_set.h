/* regex/regex_set.h: sets of characters in a regular expression: [a-z], \d, [[:alpha:]], the dot. */
#ifndef SPOOR_REGEX_REGEX_SET_H
#define SPOOR_REGEX_REGEX_SET_H

#include "regex/regex_program.h"

void regex_set_add(struct regex_set *set, struct arena *arena, uint32_t from, uint32_t to);
void regex_set_invert(struct regex_set *set);

/* Adds what differs by case only from a letter that is there: K and the Kelvin sign to k. */
void regex_set_fold(struct regex_set *set, struct arena *arena);

/* Puts the ranges in order. Nothing is added afterwards. */
void regex_set_settle(struct regex_set *set);

/* The class that \d \D \w \W \s \S names; false for any other letter. ASCII, as in RE2. */
bool regex_set_of_letter(struct arena *arena, int letter, struct regex_set *set);

/* alpha, digit and so on, as in [[:alpha:]]. */
bool regex_set_of_name(struct arena *arena, struct slice name, struct regex_set *set);

/* Adds all of `other`; false if it cannot be: a negated class with others beside it. */
bool regex_set_join(struct regex_set *set, struct arena *arena, const struct regex_set *other);

#endif

/* regex/regex_dfa.h: a regular expression as a table, for searches that only ask whether it is found.
 *
 * The table is made when the expression is compiled and never changes, so all threads share it without a lock; there is none for
 * expressions whose table would have more than REGEX_DFA_STATES_MAX states, REGEX_DFA_CLASSES_MAX classes of characters, or would
 * take too long to make: those are searched by regex_run.c alone.
 *
 * A state is where the text so far can lead to in the program, before what ^ $ and \b ask of the next character, and what kind of
 * character was the last. Characters that no set of the program tells apart are one class, so a step is one look into the table. */
#ifndef SPOOR_REGEX_REGEX_DFA_H
#define SPOOR_REGEX_REGEX_DFA_H

#include "regex/regex_program.h"

/* In `arena`. NULL: it would be too large. */
const struct regex_dfa *regex_dfa_make(struct arena *arena, const struct regex *regex);

/* Is it found at or behind `from`? */
bool regex_dfa_finds(const struct regex_dfa *dfa, struct slice text, size_t from);

#endif

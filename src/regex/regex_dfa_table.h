/* regex/regex_dfa_table.h: the table of an expression, between who makes it and who searches by it. */
#ifndef SPOOR_REGEX_REGEX_DFA_TABLE_H
#define SPOOR_REGEX_REGEX_DFA_TABLE_H

#include "regex/regex_dfa.h"

/* What is before or behind a place in the text: its edge, or a character of some kind. */
enum regex_context { CONTEXT_EDGE, CONTEXT_LINE, CONTEXT_WORD, CONTEXT_OTHER, CONTEXT_COUNT };

#define REGEX_DFA_FOUND 0

struct regex_dfa_part {                         /* of the characters beyond ASCII: up to the next part */
	uint32_t from;
	uint8_t  class;
};

struct regex_dfa {
	const uint16_t              *next;      /* [state + class]; class_count is the end of the text. A state is its row's place */
	uint16_t                     starts[CONTEXT_COUNT];     /* by what is before */
	uint16_t                     dead;      /* nothing is found from here, like states below; the next is the first that may */
	uint16_t                     home;      /* where most texts are most of the time, */
	bool                         stays[256];        /* and the bytes of ASCII that lead back to it */
	size_t                       class_count;
	uint8_t                      ascii[128];
	const struct regex_dfa_part *parts;     /* the first begins at 128 */
	size_t                       part_count;
};

enum regex_context regex_dfa_context(uint32_t code_point);

#endif

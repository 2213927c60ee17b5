/* regex/regex_literal.h: a text without which an expression cannot match: the first thing to look for. */
#ifndef SPOOR_REGEX_REGEX_LITERAL_H
#define SPOOR_REGEX_REGEX_LITERAL_H

#include "regex/regex_parse.h"

struct regex_literal {
	struct slice text;                      /* empty: there is none */
	bool         is_first;                  /* every match begins with it */
	bool         is_all;                    /* and is nothing else */
};

/* The longest that stands in the tree whatever is chosen and repeated in it. */
struct regex_literal regex_literal_find(struct arena *arena, const struct regex_node *root);

#endif

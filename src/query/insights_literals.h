/* query/insights_literals.h: the texts of which every record that a query can match has one, for a search before parsing. */
#ifndef SPOOR_QUERY_INSIGHTS_LITERALS_H
#define SPOOR_QUERY_INSIGHTS_LITERALS_H

#include "query/insights_program.h"
#include "archive/literals.h"

struct insights_literals {
	struct slice texts[LITERALS_MAX];
	size_t       count;
};

/* By the filters of the first stage, all of which a row has to pass. False: there are no such texts. They live as long as the plan. */
bool insights_literals_find(const struct insights_program *program, struct insights_literals *literals);

#endif

/* tests/insights_generate.h: Insights queries, and events for them, made of choices that come from a fuzzer or from a seed.
 *
 * Few names, few values and few times, so that rows tie, groups meet, and fields are absent or of another kind. */
#ifndef SPOOR_TESTS_INSIGHTS_GENERATE_H
#define SPOOR_TESTS_INSIGHTS_GENERATE_H

#include "base/buffer.h"

struct choices {
	struct slice left;                      /* a byte a choice; 0 from its end on */
};

/* A query that may be refused, as by a sort before a stats. */
void insights_generate_query(struct choices *choices, struct buffer *out);

/* The JSON text of one event, with an eventTime or without one. */
void insights_generate_event(struct choices *choices, struct buffer *out);

#endif

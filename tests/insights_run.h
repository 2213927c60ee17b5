/* tests/insights_run.h: an Insights query over a few messages, as tests want it: one text a row. */
#ifndef SPOOR_TESTS_INSIGHTS_RUN_H
#define SPOOR_TESTS_INSIGHTS_RUN_H

#include "query/insights_oracle.h"
#include "tests/test.h"

struct insights_answer {
	const struct insights_plan *plan;       /* NULL: refused, see t->err and fault */
	struct insights_fault       fault;
	struct insights_context     context;
	struct insights_rows        rows;
};

/* Messages are one a second from 2024-05-01T10:00:00Z on. */
struct insights_answer insights_run_query(struct test *t, struct slice query, const char *const *messages, size_t count);
struct insights_answer insights_run_events(struct test *t, struct slice query, const struct insights_event *events, size_t count);

/* `name=text` of each cell that is there, with blanks between. */
struct slice insights_run_row(struct test *t, const struct insights_answer *answer, size_t row);

/* All rows, with " | " between them. */
struct slice insights_run_text(struct test *t, const struct insights_answer *answer);

#endif

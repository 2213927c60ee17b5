/* server/query_explain.h: what a query does, in the order in which it does it: for spoor query --explain. */
#ifndef SPOOR_SERVER_QUERY_EXPLAIN_H
#define SPOOR_SERVER_QUERY_EXPLAIN_H

#include "query/insights_run.h"

/* Errors: ERR_LIMIT. */
bool query_explain_write(const struct insights_plan *plan, const struct insights_run_options *options, struct buffer *out,
                         struct error *err);

#endif

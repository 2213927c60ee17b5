/* server/query_refusal.h: a query that is refused, shown to who wrote it: AWS's words, and a mark under what is wrong. */
#ifndef SPOOR_SERVER_QUERY_REFUSAL_H
#define SPOOR_SERVER_QUERY_REFUSAL_H

#include "base/buffer.h"
#include "query/insights_ast.h"

/* One line with the error; for a fault with a place, the line of the query that has it, cut to `width` columns, and the mark. */
void query_refusal_write(struct slice query, const struct insights_fault *fault, const struct error *err, size_t width,
                         struct buffer *out);

#endif

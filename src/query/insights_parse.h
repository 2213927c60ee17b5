/* query/insights_parse.h: the text of an Insights query to its syntax tree.
 *
 * What is not supported is refused, with its place; nothing is skipped. Whether names lead anywhere is settled by binding.
 * Source: CloudWatch Logs User Guide, "CloudWatch Logs Insights language query syntax". */
#ifndef SPOOR_QUERY_INSIGHTS_PARSE_H
#define SPOOR_QUERY_INSIGHTS_PARSE_H

#include "query/insights_token.h"

/* Copies the text into `arena`, where all of the tree is. `fault` may be NULL. NULL if it is refused.
 * Errors: ERR_INVALID "MalformedQueryException" with AWS's message. */
struct insights_query *insights_parse(struct arena *arena, struct slice text, struct insights_fault *fault, struct error *err);

#endif

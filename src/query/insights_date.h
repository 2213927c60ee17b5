/* query/insights_date.h: the formats and zones of parseDate() and formatDate(), checked where they are written. */
#ifndef SPOOR_QUERY_INSIGHTS_DATE_H
#define SPOOR_QUERY_INSIGHTS_DATE_H

#include "query/insights_token.h"

/* The text at hand is argument `number` of `function`, which is 2 for a format and 3 for a zone. False: refused, at the letters that
 * are wrong. */
bool insights_date_literal(struct insights_reader *reader, const struct insights_function *function, size_t number,
                           struct insights_expr *literal);

#endif

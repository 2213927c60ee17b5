/* query/insights_expr.h: the expressions of an Insights query, from tokens to tree. */
#ifndef SPOOR_QUERY_INSIGHTS_EXPR_H
#define SPOOR_QUERY_INSIGHTS_EXPR_H

#include "query/insights_token.h"

/* Each begins at the token at hand and leaves the one behind at hand. False: refused. */
bool insights_expr_parse(struct insights_reader *reader, struct insights_expr **expr);
bool insights_expr_parse_operand(struct insights_reader *reader, struct insights_expr **expr);   /* without any operator */
bool insights_expr_parse_field(struct insights_reader *reader, struct insights_expr **expr);     /* a name with its steps */

/* At the slash of a regular expression. */
bool insights_expr_parse_regex(struct insights_reader *reader, struct insights_expr **expr);

/* A reference to this name, as if it stood at `span`. */
struct insights_expr *insights_expr_field(struct arena *arena, struct slice name, struct insights_span span);

/* Do both say the same, whatever blanks and letter case they are written with? */
bool insights_expr_equal(const struct insights_expr *a, const struct insights_expr *b);

#endif

/* query/insights_eval.h: what an expression of an Insights query is, in one row. */
#ifndef SPOOR_QUERY_INSIGHTS_EVAL_H
#define SPOOR_QUERY_INSIGHTS_EVAL_H

#include "query/insights_ast.h"

/* `row`: a value for each slot of the plan. `aggregates`: the results by number, for the items of a stats; else NULL. */
struct value insights_eval(struct insights_context *context, const struct insights_expr *expr, const struct value *row,
                           const struct value *aggregates);

/* parse: takes `value` apart into command->items.count texts, `found`. False, and all absent, where it does not match. */
bool insights_eval_parse(struct insights_context *context, const struct insights_command *command, const struct value *value,
                         struct value *found);

#endif

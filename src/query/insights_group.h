/* query/insights_group.h: the groups of one stats: rows in, in any order and on any worker, and a row a group out.
 *
 * Each worker has groups of its own, and they are merged at the end. What comes out depends on the rows and their places only, not
 * on who read which, in which order, or how they were merged: sums are exact until they are rounded once, percentiles and distinct
 * values are of all values, and where a choice is open the row that comes first decides. What is kept comes out of a budget; when
 * it is used up, the query ends with ERR_LIMIT, and no answer.
 *
 *     groups[w] = insights_groups_new(stats, &budget, seed);                         one a worker, all with the same seed
 *     insights_groups_add(groups[w], context, row, &order, err);                      a row
 *     insights_groups_merge(groups[0], groups[1], err); ...                           in any order, on one thread
 *     insights_groups_sort(groups[0], err);
 *     for (i = 0; i < insights_groups_count(groups[0]); i++)
 *             insights_groups_row(groups[0], i, context, row, &order);
 *     insights_groups_free(groups[w]); ...                                            of all, merged ones too */
#ifndef SPOOR_QUERY_INSIGHTS_GROUP_H
#define SPOOR_QUERY_INSIGHTS_GROUP_H

#include "query/budget.h"
#include "query/insights_ast.h"
#include "query/insights_order.h"

struct insights_groups;

/* `stats` is a bound command, and outlives the groups like `budget`. `seed` is random, so that nobody who writes events knows which
 * keys collide. */
struct insights_groups *insights_groups_new(const struct insights_command *stats, struct budget *budget, uint64_t seed);
void insights_groups_free(struct insights_groups *groups);      /* accepts NULL */

/* Takes one row in. What the keys and arguments are is asked of insights_eval(), which may fill context->arena: the caller resets
 * that when it likes, since nothing of it, or of the row, is kept. Errors: ERR_LIMIT. */
bool insights_groups_add(struct insights_groups *groups, struct insights_context *context, const struct value *row,
                         const struct insights_order *order, struct error *err);

/* The same for who has the values already: `keys` of stats->keys, `args` of stats->aggregates (the one that is written; nothing is
 * read where there is none, as in count(*)), and `time` what @timestamp is in this row. */
bool insights_groups_add_values(struct insights_groups *groups, const struct value *keys, const struct value *args,
                                const struct value *time, const struct insights_order *order, struct error *err);

/* Merging and sorting millions of groups takes a while; from now on they look at this one meanwhile. May be NULL. */
void insights_groups_watch(struct insights_groups *groups, const atomic_bool *is_cancelled);

/* Moves all of `from` into `into`; `from` is empty from then on, even where it fails. Both of the same stats and seed.
 * Errors: ERR_LIMIT, ERR_BUSY (cancelled). */
bool insights_groups_merge(struct insights_groups *into, struct insights_groups *from, struct error *err);

size_t insights_groups_count(const struct insights_groups *groups);

/* Puts the groups in the order of their first rows, for insights_groups_row(). No rows are added any more. Errors: as
 * insights_groups_merge(). */
bool insights_groups_sort(struct insights_groups *groups, struct error *err);

/* Fills the slots of the keys and items of group number `index` in `row`, which has the plan's slots and may be used for one group
 * after the other; *order is the place of the group, for the commands that follow. Texts live in `groups`, or in context->arena
 * where they had to be made, as for values(). */
void insights_groups_row(struct insights_groups *groups, size_t index, struct insights_context *context, struct value *row,
                         struct insights_order *order);

#endif

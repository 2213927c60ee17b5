/* query/budget.h: the memory that one query may have, over all its workers.
 *
 * What grows with the data (groups, distinct values, rows to be sorted) takes its memory from here in large pieces, so that a query
 * ends with a sentence instead of with the machine's memory. */
#ifndef SPOOR_QUERY_BUDGET_H
#define SPOOR_QUERY_BUDGET_H

#include "base/base.h"

struct budget {
	size_t        bound_bytes;
	atomic_size_t used_bytes;
};

void budget_init(struct budget *budget, size_t bound_bytes);

/* On any thread. False, and nothing taken, where it would pass the bound. */
bool budget_take(struct budget *budget, size_t bytes);
void budget_give_back(struct budget *budget, size_t bytes);

/* ERR_LIMIT, in words for who asked: `what` needs more than the bound, and what can be done. Returns false. */
bool budget_refuse(const struct budget *budget, const char *what, struct error *err);

#endif

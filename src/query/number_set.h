/* query/number_set.h: sets of numbers that were given in turn, as value_numbers does. */
#ifndef SPOOR_QUERY_NUMBER_SET_H
#define SPOOR_QUERY_NUMBER_SET_H

#include "query/pool.h"

struct number_names {                           /* what the numbers of one are called in another */
	uint32_t *names;
	size_t    count;
};

struct number_set {                             /* zeroed is empty */
	uint32_t *places;                       /* a number and 1; 0 is free */
	uint32_t  count, room;
};

bool number_set_add(struct number_set *set, struct pool *pool, uint32_t number);

/* Adds all of `from`, each by what it is called in `renamed`, and empties it. */
bool number_set_merge(struct number_set *into, struct number_set *from, struct pool *pool, const struct number_names *renamed);

#endif

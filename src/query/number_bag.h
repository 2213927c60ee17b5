/* query/number_bag.h: numbers and how often each came, for percentiles of all of them and not of a sample.
 *
 * Sizes and durations of a log repeat, so a bag takes memory by its different numbers: some 30 bytes each. */
#ifndef SPOOR_QUERY_NUMBER_BAG_H
#define SPOOR_QUERY_NUMBER_BAG_H

#include "query/pool.h"

struct number_place {
	double   number;
	uint64_t count;                         /* 0: a free place */
};

struct number_bag {                             /* zeroed is empty */
	struct number_place *places;
	size_t               different, room;   /* a power of two, or 0 */
	uint64_t             count;             /* of all */
};

/* `seed` as for every table of foreign keys; one for all bags that are merged. False: the budget is used up. */
bool number_bag_add(struct number_bag *bag, struct pool *pool, uint64_t seed, double number, uint64_t count);

/* `from` is empty from then on. */
bool number_bag_merge(struct number_bag *into, struct number_bag *from, struct pool *pool, uint64_t seed);

/* The number that is in place `rank`, from 1, when all are sorted. Of a bag that is not empty. Nothing can be added any more. */
double number_bag_ranked(struct number_bag *bag, uint64_t rank);

#endif

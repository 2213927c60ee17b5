/* query/exact_sum.h: sums of doubles without rounding, so that they are the same in whatever order and parts they are added.
 *
 * A sum of doubles depends on their order, and with several workers that is chance. So every bit is kept: whole numbers in one
 * 64-bit integer as long as they fit, all else in 32-bit digits of a fixed point number, of which only those are there that are
 * used. What comes out is the exact result, rounded once. */
#ifndef SPOOR_QUERY_EXACT_SUM_H
#define SPOOR_QUERY_EXACT_SUM_H

#include "query/pool.h"

struct exact_digits;

struct exact_sum {                              /* zeroed is 0; the sum is whole + digits */
	int64_t              whole;
	struct exact_digits *digits;
};

/* Of finite numbers. False: the budget is used up. */
bool exact_sum_add(struct exact_sum *sum, struct pool *pool, double number);
bool exact_sum_add_square(struct exact_sum *sum, struct pool *pool, double number);
bool exact_sum_merge(struct exact_sum *into, const struct exact_sum *from, struct pool *pool);

/* Rounded to the nearest double, of two the even one; infinite where it is too large. `count` is not 0. */
double exact_sum_round(const struct exact_sum *sum);
double exact_sum_mean(const struct exact_sum *sum, uint64_t count);
double exact_sum_variance(const struct exact_sum *sum, const struct exact_sum *squares, uint64_t count);     /* of the whole group */

#endif

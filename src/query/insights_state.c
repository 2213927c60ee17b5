/* query/insights_state.c: counts, exact sums, and percentiles of all numbers. */
#include "query/insights_state.h"

#include "query/exact_sum.h"
#include "query/insights_aggregate.h"
#include "query/number_bag.h"

/* ---- count ---- */

STATE_ADD(count_add)
{
	uint64_t *count = state;

	(void)keeper;
	*count += !fact->arg || fact->arg->kind != VALUE_NONE;
	return true;
}

STATE_MERGE(count_merge)
{
	uint64_t *count = into, *more = from;

	(void)keeper;
	*count += *more;
	return true;
}

STATE_RESULT(count_result)
{
	const uint64_t *count = state;

	(void)arena;
	return value_number((double)*count);
}

/* ---- sum, avg, stddev, variance ---- */

struct sums {
	uint64_t         count;
	struct exact_sum sum, squares;          /* squares: of stddev and variance */
};

STATE_ADD(sum_add)
{
	struct sums *sums = state;
	double number;

	if (!value_to_number(fact->arg, &number))
		return true;
	sums->count++;
	return exact_sum_add(&sums->sum, &keeper->pool, number);
}

STATE_ADD(squares_add)
{
	struct sums *sums = state;
	double number;

	return !value_to_number(fact->arg, &number)
	    || (sum_add(keeper, state, fact) && exact_sum_add_square(&sums->squares, &keeper->pool, number));
}

STATE_MERGE(sums_merge)
{
	struct sums *sums = into, *more = from;

	sums->count += more->count;
	return exact_sum_merge(&sums->sum, &more->sum, &keeper->pool)
	    && exact_sum_merge(&sums->squares, &more->squares, &keeper->pool);
}

STATE_RESULT(sum_result)
{
	const struct sums *sums = state;

	(void)arena;
	return sums->count ? value_number(exact_sum_round(&sums->sum)) : value_none();
}

STATE_RESULT(avg_result)
{
	const struct sums *sums = state;

	(void)arena;
	return sums->count ? value_number(exact_sum_mean(&sums->sum, sums->count)) : value_none();
}

STATE_RESULT(variance_result)
{
	const struct sums *sums = state;

	(void)arena;
	return sums->count ? value_number(exact_sum_variance(&sums->sum, &sums->squares, sums->count)) : value_none();
}

STATE_RESULT(stddev_result)
{
	struct value variance = variance_result(state, arena);

	return variance.kind == VALUE_NUMBER ? value_number(sqrt(variance.number)) : variance;
}

/* ---- pct ---- */

struct percentile {
	struct number_bag bag;
	double            number;               /* once sealed */
};

STATE_ADD(percentile_add)
{
	struct percentile *percentile = state;
	double number;

	return !value_to_number(fact->arg, &number) || number_bag_add(&percentile->bag, &keeper->pool, keeper->seed, number, 1);
}

STATE_MERGE(percentile_merge)
{
	struct percentile *percentile = into, *more = from;

	return number_bag_merge(&percentile->bag, &more->bag, &keeper->pool, keeper->seed);
}

STATE_SEAL(percentile_seal)
{
	struct percentile *percentile = state;
	uint64_t count = percentile->bag.count;

	(void)keeper;
	if (count > 0)
		percentile->number = number_bag_ranked(&percentile->bag, insights_percentile_rank(call->args[1]->number, count));
	return true;
}

STATE_RESULT(percentile_result)
{
	const struct percentile *percentile = state;

	(void)arena;
	return percentile->bag.count ? value_number(percentile->number) : value_none();
}

/* ---- all ---- */

static const struct insights_state_kind counts   = { sizeof(uint64_t), false, count_add, count_merge, NULL, count_result };
static const struct insights_state_kind sum      = { sizeof(struct sums), false, sum_add, sums_merge, NULL, sum_result };
static const struct insights_state_kind avg      = { sizeof(struct sums), false, sum_add, sums_merge, NULL, avg_result };
static const struct insights_state_kind stddev   = { sizeof(struct sums), false, squares_add, sums_merge, NULL, stddev_result };
static const struct insights_state_kind variance = { sizeof(struct sums), false, squares_add, sums_merge, NULL, variance_result };
static const struct insights_state_kind pct      = { sizeof(struct percentile), false, percentile_add, percentile_merge, percentile_seal,
                                                     percentile_result };

const struct insights_state_kind *insights_state_kind(enum insights_aggregate aggregate)
{
	switch (aggregate) {
	case AGGREGATE_COUNT:          return &counts;
	case AGGREGATE_COUNT_DISTINCT: return &insights_state_count_distinct;
	case AGGREGATE_SUM:            return &sum;
	case AGGREGATE_AVG:            return &avg;
	case AGGREGATE_MIN:            return &insights_state_min;
	case AGGREGATE_MAX:            return &insights_state_max;
	case AGGREGATE_PCT:            return &pct;
	case AGGREGATE_STDDEV:         return &stddev;
	case AGGREGATE_VARIANCE:       return &variance;
	case AGGREGATE_EARLIEST:       return &insights_state_earliest;
	case AGGREGATE_LATEST:         return &insights_state_latest;
	case AGGREGATE_SORTS_FIRST:    return &insights_state_sorts_first;
	case AGGREGATE_SORTS_LAST:     return &insights_state_sorts_last;
	case AGGREGATE_VALUES:         return &insights_state_values;
	case AGGREGATE_NONE:           break;
	}
	return NULL;
}

/* query/insights_aggregate.c: aggregates by their definitions; absent values, and for sums what is no number, take no part. */
#include "query/insights_aggregate.h"

#include "base/map.h"
#include "query/exact_sum.h"

struct numbers {
	double *items;
	size_t  count;
};

static struct numbers numbers_of(struct arena *arena, const struct value *values, size_t count)
{
	struct numbers numbers = { .items = arena_array(arena, count + 1, sizeof *numbers.items) };

	for (size_t i = 0; i < count; i++)
		numbers.count += value_to_number(&values[i], &numbers.items[numbers.count]);
	return numbers;
}

enum sum { SUM, MEAN, VARIANCE };

/* Exact, and rounded once: what a sum is in doubles is a question of their order. The variance is that of the whole group, not
 * estimated from a sample. */
static double sum_of(struct numbers numbers, enum sum what)
{
	struct exact_sum sum = {0}, squares = {0};
	struct budget budget;
	struct pool pool;
	double result;

	budget_init(&budget, SIZE_MAX);
	pool_init(&pool, &budget);
	for (size_t i = 0; i < numbers.count; i++) {
		exact_sum_add(&sum, &pool, numbers.items[i]);
		exact_sum_add_square(&squares, &pool, numbers.items[i]);
	}
	switch (what) {
	case MEAN:
		result = exact_sum_mean(&sum, numbers.count);
		break;
	case VARIANCE:
		result = exact_sum_variance(&sum, &squares, numbers.count);
		break;
	default:
		result = exact_sum_round(&sum);
	}
	pool_fini(&pool);
	return result;
}

static int compare_doubles(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* ceil(percent / 100 * count) of the percentage as it is written: 99.9 of 1,000 is 999, while doubles make a bit more of it. */
uint64_t insights_percentile_rank(double percent, uint64_t count)
{
	const uint64_t parts = 1000000000, all = 100 * parts;
	unsigned __int128 rank = ((unsigned __int128)llround(percent * (double)parts) * count + all - 1) / all;

	return rank > 0 ? (uint64_t)rank : 1;
}

static double percentile_of(struct numbers numbers, double percent)
{
	qsort(numbers.items, numbers.count, sizeof *numbers.items, compare_doubles);
	return numbers.items[insights_percentile_rank(percent, numbers.count) - 1];
}

/* Among numbers if there are any, else among texts. `sign` is 1 for the largest. */
static struct value extreme_of(struct numbers numbers, const struct value *values, size_t count, int sign)
{
	const struct value *best = NULL;
	double best_number = numbers.count ? numbers.items[0] : 0;

	for (size_t i = 1; i < numbers.count; i++)
		if (sign * numbers.items[i] > sign * best_number)
			best_number = numbers.items[i];
	if (numbers.count > 0)
		return value_number(best_number);
	for (size_t i = 0; i < count; i++)
		if (values[i].kind == VALUE_TEXT && (!best || sign * slice_compare(values[i].text, best->text) > 0))
			best = &values[i];
	return best ? *best : value_none();
}

static struct value sorted_extreme(const struct value *values, size_t count, int sign)
{
	const struct value *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (values[i].kind != VALUE_NONE && values[i].kind != VALUE_JSON
		    && (!best || sign * value_sort_order(&values[i], best) > 0))
			best = &values[i];
	return best ? *best : value_none();
}

/* Rows come newest first, so of several with one time the first is the latest and the last the earliest. */
static struct value timed_extreme(const struct value *values, const struct value *times, size_t count, int sign)
{
	const struct value *best = NULL;
	double best_time = 0, time;

	for (size_t i = 0; i < count; i++) {
		if (values[i].kind == VALUE_NONE || !value_to_number(&times[i], &time))
			continue;
		bool is_better = !best || sign * time > sign * best_time || (sign < 0 && time == best_time);
		if (is_better) {
			best = &values[i];
			best_time = time;
		}
	}
	if (!best)
		return value_none();
	return best->kind == VALUE_TIME ? value_number((double)best->time_ms) : *best;
}

static struct slice key_of(struct arena *arena, const struct value *value)
{
	struct buffer key;

	buffer_init(&key, arena, SIZE_MAX / 2);
	value_add_key(value, &key);
	return buffer_slice(&key);
}

/* The distinct values in the order of their first, as a list if `list` is given. */
static size_t distinct(struct arena *arena, const struct value *values, size_t count, struct json *list)
{
	const struct json **last = list ? &list->first : NULL;
	struct map seen;

	map_init(&seen, 0);
	for (size_t i = 0; i < count; i++) {
		struct json *element;
		if (values[i].kind == VALUE_NONE || values[i].kind == VALUE_JSON
		    || map_put(&seen, key_of(arena, &values[i]), arena) != NULL)
			continue;
		if (!list)
			continue;
		element = arena_new(arena, struct json);
		element->kind = values[i].kind == VALUE_NUMBER ? JSON_NUMBER : JSON_STRING;
		element->text = value_to_text(&values[i], arena);
		*last = element;
		last = &element->next;
		list->count++;
	}
	size_t result = seen.count;
	map_fini(&seen);
	return result;
}

static struct value list_of(struct arena *arena, const struct value *values, size_t count)
{
	struct json *list = arena_new(arena, struct json);

	list->kind = JSON_ARRAY;
	distinct(arena, values, count, list);
	return value_of_json(list);
}

static size_t present(const struct value *values, size_t count)
{
	size_t result = 0;

	for (size_t i = 0; i < count; i++)
		result += values[i].kind != VALUE_NONE;
	return result;
}

struct value insights_aggregate_all(struct arena *arena, const struct insights_expr *call, const struct value *values,
                                    const struct value *times, size_t count)
{
	struct numbers numbers = numbers_of(arena, values, count);
	bool has_numbers = numbers.count > 0;

	switch (call->function->aggregate) {
	case AGGREGATE_COUNT:
		return value_number((double)present(values, count));
	case AGGREGATE_COUNT_DISTINCT:
		return value_number((double)distinct(arena, values, count, NULL));
	case AGGREGATE_SUM:
		return has_numbers ? value_number(sum_of(numbers, SUM)) : value_none();
	case AGGREGATE_AVG:
		return has_numbers ? value_number(sum_of(numbers, MEAN)) : value_none();
	case AGGREGATE_MIN:
		return extreme_of(numbers, values, count, -1);
	case AGGREGATE_MAX:
		return extreme_of(numbers, values, count, 1);
	case AGGREGATE_PCT:
		return has_numbers ? value_number(percentile_of(numbers, call->args[1]->number)) : value_none();
	case AGGREGATE_STDDEV:
		return has_numbers ? value_number(sqrt(sum_of(numbers, VARIANCE))) : value_none();
	case AGGREGATE_VARIANCE:
		return has_numbers ? value_number(sum_of(numbers, VARIANCE)) : value_none();
	case AGGREGATE_EARLIEST:
		return timed_extreme(values, times, count, -1);
	case AGGREGATE_LATEST:
		return timed_extreme(values, times, count, 1);
	case AGGREGATE_SORTS_FIRST:
		return sorted_extreme(values, count, -1);
	case AGGREGATE_SORTS_LAST:
		return sorted_extreme(values, count, 1);
	case AGGREGATE_VALUES:
		return list_of(arena, values, count);
	case AGGREGATE_NONE:
		break;
	}
	return value_none();
}

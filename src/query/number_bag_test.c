/* query/number_bag_test.c: the number of each rank is that of the sorted list. */
#include "query/number_bag.h"

#include "base/random.h"
#include "tests/test.h"

enum { NUMBERS = 400 };

static int compare_doubles(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

TEST(number_bag_ranks_as_a_sorted_list_does)
{
	struct random random;

	random_init_seeded(&random, 3);
	for (uint64_t different = 1; different < 2 * NUMBERS; different *= 2) {
		struct number_bag bags[2] = {0};
		double numbers[NUMBERS];
		struct budget budget;
		struct pool pool;
		budget_init(&budget, 1 << 20);
		pool_init(&pool, &budget);
		size_t count = 1 + (size_t)(random_u64(&random) % NUMBERS);
		for (size_t i = 0; i < count; i++) {
			numbers[i] = (double)(random_u64(&random) % different) / 8 - 4;
			REQUIRE(t, number_bag_add(&bags[random_u64(&random) % 3 == 0], &pool, 1, numbers[i], 1));
		}
		REQUIRE(t, number_bag_merge(&bags[0], &bags[1], &pool, 1));
		CHECK_NUMBER(t, bags[0].count, count);
		qsort(numbers, count, sizeof *numbers, compare_doubles);
		for (size_t rank = 1; rank <= count; rank++)
			CHECK(t, number_bag_ranked(&bags[0], rank) == numbers[rank - 1]);
		pool_fini(&pool);
	}
}

TEST(number_bag_takes_both_zeros_for_one)
{
	struct number_bag bag = {0};
	struct budget budget;
	struct pool pool;

	budget_init(&budget, 1 << 20);
	pool_init(&pool, &budget);
	CHECK(t, number_bag_add(&bag, &pool, 1, 0.0, 1) && number_bag_add(&bag, &pool, 1, -0.0, 2));
	CHECK_NUMBER(t, bag.different, 1);
	CHECK_NUMBER(t, bag.count, 3);
	CHECK(t, !signbit(number_bag_ranked(&bag, 2)));
	pool_fini(&pool);
}

/* query/value_numbers_test.c: equal values have one number, and sets of numbers are the same sets after two are made one. */
#include "query/value_numbers.h"

#include "tests/test.h"

static uint32_t number_of(struct test *t, struct value_numbers *numbers, struct pool *pool, double number)
{
	struct value value = value_number(number);
	uint32_t result = UINT32_MAX;

	CHECK(t, value_numbers_find_or_add(numbers, pool, 7, &t->arena, &value, &result));
	return result;
}

TEST(value_numbers_are_given_in_turn_and_once)
{
	struct value_numbers numbers = {0};
	struct budget budget;
	struct pool pool;
	struct value text = value_text(S("3"));
	uint32_t number;

	budget_init(&budget, 1 << 20);
	pool_init(&pool, &budget);
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 300; i++)
			CHECK_NUMBER(t, number_of(t, &numbers, &pool, i), i);
	CHECK(t, value_numbers_find_or_add(&numbers, &pool, 7, &t->arena, &text, &number));
	CHECK_NUMBER(t, number, 3);
	pool_fini(&pool);
}

TEST(value_numbers_are_renamed_where_two_become_one)
{
	struct value_numbers numbers[2] = {0};
	struct number_set sets[2] = {0};
	struct number_names renamed;
	struct budget budget;
	struct pool pools[2];

	budget_init(&budget, 4 << 20);
	for (size_t i = 0; i < 2; i++) {
		pool_init(&pools[i], &budget);
		for (size_t k = 0; k < 1000; k++)               /* multiples of 2 and of 3, below 2,000 and 3,000 */
			CHECK(t, number_set_add(&sets[i], &pools[i], number_of(t, &numbers[i], &pools[i], (double)(k * (i + 2)))));
		CHECK_NUMBER(t, sets[i].count, 1000);
	}
	pool_adopt(&pools[0], &pools[1]);
	REQUIRE(t, value_numbers_merge(&numbers[0], &numbers[1], &pools[0], &renamed));
	REQUIRE(t, number_set_merge(&sets[0], &sets[1], &pools[0], &renamed));
	value_numbers_forget(&renamed, &pools[0]);
	CHECK_NUMBER(t, sets[0].count, 1000 + 1000 - 334);       /* multiples of 6 below 2,000 are in both */
	CHECK_NUMBER(t, numbers[0].table.count, sets[0].count);
	uint32_t count = sets[0].count;
	for (size_t k = 0; k < 1000; k++)
		CHECK(t, number_set_add(&sets[0], &pools[0], number_of(t, &numbers[0], &pools[0], (double)(k * 3))));
	CHECK_NUMBER(t, sets[0].count, count);
	pool_fini(&pools[0]);
	pool_fini(&pools[1]);
	CHECK_NUMBER(t, budget.used_bytes, 0);
}

TEST(value_numbers_say_when_the_budget_is_used_up)
{
	struct value_numbers numbers = {0};
	struct number_set set = {0};
	struct budget budget;
	struct pool pool;
	uint32_t number, count = 0;

	budget_init(&budget, 100 << 10);
	pool_init(&pool, &budget);
	for (struct value value = value_number(0); value_numbers_find_or_add(&numbers, &pool, 7, &t->arena, &value, &number); count++)
		value = value_number(count);
	CHECK(t, count > 500 && count < 3000);
	for (number = 0; number < 100000 && number_set_add(&set, &pool, number); )
		number++;
	CHECK(t, number < 100000);
	pool_fini(&pool);
}

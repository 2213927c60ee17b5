/* query/exact_sum_test.c: sums, means and variances are what fractions give, whatever the order and the parts. */
#include "query/exact_sum.h"

#include "base/random.h"
#include "tests/test.h"

enum { NUMBERS_MAX = 64, PARTS = 5 };

struct summed {
	struct exact_sum sum, squares;
};

static size_t read_numbers(struct test *t, struct slice text, double *numbers)
{
	size_t count = 0;
	char *at = (char *)(uintptr_t)arena_cstr(&t->arena, text);

	while (*at && count < NUMBERS_MAX)
		numbers[count++] = strtod(at, &at);
	return count;
}

/* Each number into one of five parts by chance, and these together in an order by chance. */
static struct summed sum_up(struct test *t, struct pool *pool, struct random *random, const double *numbers, size_t count)
{
	struct summed parts[PARTS] = {0};
	size_t used = 1 + (size_t)(random_u64(random) % PARTS);

	for (size_t i = 0; i < count; i++) {
		struct summed *part = &parts[random_u64(random) % used];
		CHECK(t, exact_sum_add(&part->sum, pool, numbers[i]) && exact_sum_add_square(&part->squares, pool, numbers[i]));
	}
	for (size_t left = PARTS; left > 1; left--) {
		size_t from = 1 + (size_t)(random_u64(random) % (left - 1));
		CHECK(t, exact_sum_merge(&parts[0].sum, &parts[from].sum, pool)
		         && exact_sum_merge(&parts[0].squares, &parts[from].squares, pool));
		parts[from] = parts[left - 1];
	}
	return parts[0];
}

static void check_number(struct test *t, const char *what, double got, struct slice want)
{
	double number = strtod(arena_cstr(&t->arena, want), NULL);

	if (!(got == number))
		test_failed(t, __FILE__, __LINE__, "%s: want %a, got %a", what, number, got);
}

VECTORS(exact_sum_is_what_fractions_give, "exact-sums.jsonl")
{
	double numbers[NUMBERS_MAX];
	size_t count = read_numbers(t, field_text(t, "numbers"), numbers);
	struct random random;
	struct budget budget;
	struct pool pool;

	random_init_seeded(&random, 20);
	budget_init(&budget, 1 << 20);
	pool_init(&pool, &budget);
	for (size_t round = 0; round < 20; round++) {
		struct summed all = sum_up(t, &pool, &random, numbers, count);
		check_number(t, "sum", exact_sum_round(&all.sum), field_text(t, "sum"));
		check_number(t, "mean", exact_sum_mean(&all.sum, count), field_text(t, "mean"));
		check_number(t, "variance", exact_sum_variance(&all.sum, &all.squares, count), field_text(t, "variance"));
	}
	pool_fini(&pool);
}

/* Doubling a sum is adding it to itself: 2^40 of them are more than digits hold without carries. */
TEST(exact_sum_carries_before_digits_are_full)
{
	struct exact_sum sum = {0}, negative = {0};
	struct budget budget;
	struct pool pool;

	budget_init(&budget, 1 << 20);
	pool_init(&pool, &budget);
	REQUIRE(t, exact_sum_add(&sum, &pool, 0.1) && exact_sum_add(&negative, &pool, -1e-300));
	for (int i = 0; i < 40; i++) {
		struct exact_sum copy = {0}, negative_copy = {0};
		REQUIRE(t, exact_sum_merge(&copy, &sum, &pool) && exact_sum_merge(&sum, &copy, &pool));
		REQUIRE(t, exact_sum_merge(&negative_copy, &negative, &pool) && exact_sum_merge(&negative, &negative_copy, &pool));
	}
	CHECK(t, exact_sum_round(&sum) == ldexp(0.1, 40));
	CHECK(t, exact_sum_round(&negative) == -ldexp(1e-300, 40));
	CHECK(t, exact_sum_mean(&sum, UINT64_C(1) << 40) == 0.1);
	pool_fini(&pool);
}

TEST(exact_sum_says_when_the_budget_is_used_up)
{
	struct exact_sum sum = {0};
	struct budget budget;
	struct pool pool;

	budget_init(&budget, 100);
	pool_init(&pool, &budget);
	CHECK(t, exact_sum_add(&sum, &pool, 3));                /* takes no memory */
	CHECK(t, !exact_sum_add(&sum, &pool, 0.1));
	CHECK(t, exact_sum_round(&sum) == 3);
	pool_fini(&pool);
}

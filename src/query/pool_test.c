/* query/pool_test.c: a budget is not passed, what is given back can be taken again, and pools take each other in. */
#include "query/pool.h"

#include "tests/test.h"

TEST(budget_takes_up_to_its_bound_and_says_which_it_is)
{
	struct budget budget;

	budget_init(&budget, 5 << 20);
	CHECK(t, budget_take(&budget, 3 << 20) && !budget_take(&budget, (2 << 20) + 1) && budget_take(&budget, 2 << 20));
	CHECK(t, !budget_take(&budget, 1) && !budget_take(&budget, SIZE_MAX));
	budget_give_back(&budget, 1);
	CHECK(t, budget_take(&budget, 1));
	CHECK(t, !budget_refuse(&budget, "the groups of stats", &t->err) && t->err.kind == ERR_LIMIT);
	CHECK_TEXT(t, slice_of(t->err.message), S("the groups of stats need more than the 5 MiB of memory that a query may have; "
	                                          "ask for a shorter time, or filter more before"));
}

TEST(pool_gives_zeroed_memory_and_all_of_it_back)
{
	struct budget budget;
	struct pool pool;

	budget_init(&budget, 8 << 20);
	pool_init(&pool, &budget);
	for (size_t bytes = 0; bytes < 200000; bytes = bytes * 3 + 1)
		for (int i = 0; i < 3; i++) {
			unsigned char *piece = pool_zalloc(&pool, bytes);
			REQUIRE(t, piece != NULL && (uintptr_t)piece % 8 == 0);
			for (size_t at = 0; at < bytes; at++) {
				CHECK(t, piece[at] == 0);
				piece[at] = 0xff;
			}
			if (i == 1)
				pool_free(&pool, piece, bytes);
		}
	pool_fini(&pool);
	CHECK_NUMBER(t, budget.used_bytes, 0);
}

TEST(pool_is_refused_at_the_bound)
{
	struct budget budget;
	struct pool pool;
	size_t pieces = 0;

	budget_init(&budget, 1 << 20);
	pool_init(&pool, &budget);
	while (pool_zalloc(&pool, 1000))
		pieces++;
	CHECK(t, pieces > 500 && pieces <= 1048 && budget.used_bytes <= budget.bound_bytes);
	CHECK(t, !pool_zalloc(&pool, 2 << 20) && !pool_zalloc(&pool, SIZE_MAX));
	pool_fini(&pool);
	CHECK_NUMBER(t, budget.used_bytes, 0);
}

TEST(pool_takes_another_in_with_all_its_pieces)
{
	struct budget budget;
	struct pool pool, other;
	char *piece, *large;

	budget_init(&budget, 8 << 20);
	pool_init(&pool, &budget);
	pool_init(&other, &budget);
	REQUIRE(t, pool_zalloc(&pool, 10) && pool_zalloc(&pool, 100000) && (piece = pool_zalloc(&other, 10)) && (large = pool_zalloc(&other, 100000)));
	memcpy(piece, "kept", 4);
	pool_adopt(&pool, &other);
	pool_fini(&other);
	CHECK(t, memcmp(piece, "kept", 4) == 0);
	pool_free(&pool, large, 100000);
	CHECK(t, pool_zalloc(&other, 10) && pool_zalloc(&pool, 70000));
	pool_fini(&other);
	pool_fini(&pool);
	CHECK_NUMBER(t, budget.used_bytes, 0);
}

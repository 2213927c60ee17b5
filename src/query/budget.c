/* query/budget.c: a number that many add to and that never passes its bound. */
#include "query/budget.h"

void budget_init(struct budget *budget, size_t bound_bytes)
{
	budget->bound_bytes = bound_bytes;
	atomic_init(&budget->used_bytes, 0);
}

bool budget_take(struct budget *budget, size_t bytes)
{
	size_t used = atomic_load_explicit(&budget->used_bytes, memory_order_relaxed);

	do {
		if (bytes > budget->bound_bytes || used > budget->bound_bytes - bytes)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(&budget->used_bytes, &used, used + bytes, memory_order_relaxed,
	                                                memory_order_relaxed));
	return true;
}

void budget_give_back(struct budget *budget, size_t bytes)
{
	size_t before = atomic_fetch_sub_explicit(&budget->used_bytes, bytes, memory_order_relaxed);

	assert(before >= bytes);
}

bool budget_refuse(const struct budget *budget, const char *what, struct error *err)
{
	return fail(err, ERR_LIMIT, "%s need more than the %zu MiB of memory that a query may have; "
	            "ask for a shorter time, or filter more before", what, budget->bound_bytes >> 20);
}

/* base/rate_test.c: burst, refill, separate keys, bounded memory. */
#include "base/rate.h"
#include "tests/test.h"

TEST(rate_lets_a_burst_through_and_refills)
{
	struct rate *rate = rate_new(2, 2, 10, 1);

	CHECK(t, rate_take(rate, S("a"), 1000) && rate_take(rate, S("a"), 1000));
	CHECK(t, !rate_take(rate, S("a"), 1499));
	CHECK(t, rate_take(rate, S("b"), 1499));
	CHECK(t, rate_take(rate, S("a"), 1500) && !rate_take(rate, S("a"), 1500));
	CHECK(t, rate_take(rate, S("a"), 100000) && rate_take(rate, S("a"), 100000) && !rate_take(rate, S("a"), 100000));
	rate_free(rate);
}

TEST(rate_forgets_full_buckets_before_it_lets_strangers_through)
{
	struct rate *rate = rate_new(1, 1, 2, 1);

	CHECK(t, rate_take(rate, S("a"), 0) && rate_take(rate, S("b"), 0));
	CHECK(t, rate_take(rate, S("c"), 0) && rate_take(rate, S("c"), 0));     /* no room: not limited */
	CHECK(t, rate_take(rate, S("c"), 5000) && !rate_take(rate, S("c"), 5000));
	rate_free(rate);
}

/* Whoever may choose keys, such as regions, must not make the others wait: this took ten seconds when each key that was
 * forgotten began the search again. */
TEST(rate_forgets_many_in_one_walk)
{
	enum { KEYS = 65536 };
	struct rate *rate = rate_new(1, 1, KEYS, 1);
	char text[16];

	for (int64_t i = 0; i < KEYS + 100; i++) {
		struct slice key = { text, (size_t)snprintf(text, sizeof text, "%d", (int)i) };
		CHECK(t, rate_take(rate, key, i < KEYS ? 0 : 5000));
		CHECK(t, i < KEYS || !rate_take(rate, key, 5000));
	}
	rate_free(rate);
}

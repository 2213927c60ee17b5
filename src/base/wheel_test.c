/* base/wheel_test.c: deadlines are met, never early, at most a tick late, whatever they were before. */
#include "base/random.h"
#include "base/wheel.h"
#include "tests/test.h"

TEST(wheel_agrees_with_a_plain_list_of_deadlines)
{
	enum { ENTRIES = 200, STEPS = 20000 };
	struct wheel *wheel = arena_new(&t->arena, struct wheel);
	struct wheel_entry entries[ENTRIES] = { 0 };
	int64_t deadlines[ENTRIES], now_ms = 1000003;
	struct random random;

	random_init_seeded(&random, 42);
	wheel_init(wheel, now_ms);
	for (size_t i = 0; i < ENTRIES; i++)
		deadlines[i] = -1;
	for (int step = 0; step < STEPS; step++) {
		size_t i = random_u64(&random) % ENTRIES;

		if (random_u64(&random) % 8 == 0) {
			wheel_remove(wheel, &entries[i]);
			deadlines[i] = -1;
		} else {
			deadlines[i] = now_ms + (int64_t)(random_u64(&random) % (random_u64(&random) % 2 ? 300 : 60000));
			wheel_set(wheel, &entries[i], deadlines[i]);
		}
		int64_t wait_ms = wheel_wait_ms(wheel, now_ms);
		for (size_t k = 0; k < ENTRIES; k++)       /* nobody is due before the end of the wait, give or take a tick */
			if (deadlines[k] >= 0 && (wait_ms < 0 || deadlines[k] + WHEEL_TICK_MS < now_ms + wait_ms))
				test_failed(t, __FILE__, __LINE__, "step %d: the wait is too long", step);
		now_ms += (int64_t)(random_u64(&random) % (step % 100 == 0 ? 40000 : 40));
		for (struct wheel_entry *entry; (entry = wheel_expired(wheel, now_ms)); ) {
			size_t k = (size_t)(entry - entries);

			CHECK(t, deadlines[k] >= 0 && deadlines[k] <= now_ms);
			deadlines[k] = -1;
		}
		for (size_t k = 0; k < ENTRIES; k++)
			CHECK(t, deadlines[k] < 0 || deadlines[k] > now_ms - WHEEL_TICK_MS);
	}
}

TEST(wheel_without_deadlines_waits_for_ever)
{
	struct wheel *wheel = arena_new(&t->arena, struct wheel);
	struct wheel_entry entry = { 0 };

	wheel_init(wheel, 5000);
	CHECK_NUMBER(t, wheel_wait_ms(wheel, 5000), -1);
	wheel_set(wheel, &entry, 5100);
	CHECK_NUMBER(t, wheel_wait_ms(wheel, 5000), 104);       /* 5104 is the tick that follows */
	CHECK(t, wheel_expired(wheel, 5099) == NULL);
	wheel_remove(wheel, &entry);
	wheel_remove(wheel, &entry);
	CHECK(t, wheel_expired(wheel, 60000) == NULL);
	CHECK_NUMBER(t, wheel_wait_ms(wheel, 60000), -1);
}

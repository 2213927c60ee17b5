/* base/wheel.c: a ring of slots of 16 ms; what lies beyond its horizon waits in the last slot and is linked again.
 *
 * Not a heap: with 10,000 connections a heap would pay O(log n) and a cache miss or two for every request. */
#include "base/wheel.h"

void wheel_init(struct wheel *wheel, int64_t now_ms)
{
	*wheel = (struct wheel){ .tick = now_ms / WHEEL_TICK_MS };
}

static void link_entry(struct wheel *wheel, struct wheel_entry *entry)
{
	int64_t tick = (entry->deadline_ms + WHEEL_TICK_MS - 1) / WHEEL_TICK_MS;

	if (tick < wheel->tick)
		tick = wheel->tick;
	if (tick > wheel->tick + WHEEL_SLOTS - 1)
		tick = wheel->tick + WHEEL_SLOTS - 1;
	size_t slot = (size_t)tick % WHEEL_SLOTS;
	entry->tick = tick;
	entry->link = &wheel->slots[slot];
	entry->next = wheel->slots[slot];
	if (entry->next)
		entry->next->link = &entry->next;
	wheel->slots[slot] = entry;
	wheel->used[slot / 64] |= (uint64_t)1 << slot % 64;
}

static void unlink_entry(struct wheel_entry *entry)
{
	*entry->link = entry->next;
	if (entry->next)
		entry->next->link = entry->link;
	entry->link = NULL;
}

void wheel_set(struct wheel *wheel, struct wheel_entry *entry, int64_t deadline_ms)
{
	entry->deadline_ms = deadline_ms;
	if (entry->link && deadline_ms >= entry->tick * WHEEL_TICK_MS)
		return;                                 /* it is looked at before: then it finds its place */
	if (entry->link)
		unlink_entry(entry);
	link_entry(wheel, entry);
}

void wheel_remove(struct wheel *wheel, struct wheel_entry *entry)
{
	(void)wheel;                                    /* its slot's bit is cleared when it is looked at */
	if (entry->link)
		unlink_entry(entry);
}

struct wheel_entry *wheel_expired(struct wheel *wheel, int64_t now_ms)
{
	int64_t now_tick = now_ms / WHEEL_TICK_MS;

	if (now_tick - wheel->tick > WHEEL_SLOTS)
		wheel->tick = now_tick - WHEEL_SLOTS;   /* after a long sleep once round is enough */
	for (;;) {
		size_t slot = (size_t)wheel->tick % WHEEL_SLOTS;
		struct wheel_entry *entry = wheel->slots[slot];

		if (wheel->tick > now_tick)
			return NULL;
		if (entry) {
			unlink_entry(entry);
			if (entry->deadline_ms <= now_ms)
				return entry;
			/* Its tick comes after now: deadlines are rounded up. But not after this turn of the loop's tick. */
			link_entry(wheel, entry);
			assert(entry->tick > wheel->tick || wheel->tick < now_tick);
			continue;
		}
		wheel->used[slot / 64] &= ~((uint64_t)1 << slot % 64);
		if (wheel->tick == now_tick)
			return NULL;
		wheel->tick++;
	}
}

int64_t wheel_wait_ms(const struct wheel *wheel, int64_t now_ms)
{
	size_t first = (size_t)wheel->tick % WHEEL_SLOTS;

	for (size_t i = 0; i <= WHEEL_SLOTS / 64; i++) {
		size_t word = (first / 64 + i) % (WHEEL_SLOTS / 64);
		uint64_t used = wheel->used[word];

		if (i == 0)
			used &= ~(uint64_t)0 << first % 64;
		else if (i == WHEEL_SLOTS / 64)
			used &= ~(~(uint64_t)0 << first % 64);  /* the rest of the first word, a turn later */
		if (used) {
			size_t slot = word * 64 + (size_t)__builtin_ctzll(used);
			size_t ahead = (slot + WHEEL_SLOTS - first) % WHEEL_SLOTS;
			int64_t wait_ms = (wheel->tick + (int64_t)ahead) * WHEEL_TICK_MS - now_ms;

			return wait_ms > 0 ? wait_ms : 0;
		}
	}
	return -1;
}

/* query/number_set.c: linear probing on numbers that nobody outside has chosen. */
#include "query/number_set.h"

enum { ROOM_MIN = 4 };

static uint32_t mixed(uint32_t number)
{
	number = (number ^ number >> 16) * UINT32_C(0x7feb352d);
	number = (number ^ number >> 15) * UINT32_C(0x846ca68b);
	return number ^ number >> 16;
}

static uint32_t *place_of(const struct number_set *set, uint32_t number)
{
	size_t at = mixed(number) & (set->room - 1);

	while (set->places[at] != 0 && set->places[at] != number + 1)
		at = (at + 1) & (set->room - 1);
	return &set->places[at];
}

static bool grow(struct number_set *set, struct pool *pool)
{
	struct number_set grown = *set;

	grown.room = set->room ? 2 * set->room : ROOM_MIN;
	grown.places = grown.room ? pool_zalloc(pool, grown.room * sizeof *grown.places) : NULL;
	if (!grown.places)
		return false;
	for (size_t i = 0; i < set->room; i++)
		if (set->places[i] != 0)
			*place_of(&grown, set->places[i] - 1) = set->places[i];
	pool_free(pool, set->places, set->room * sizeof *set->places);
	*set = grown;
	return true;
}

bool number_set_add(struct number_set *set, struct pool *pool, uint32_t number)
{
	if (set->room == 0 && !grow(set, pool))
		return false;
	uint32_t *place = place_of(set, number);
	if (*place != 0)
		return true;
	if (set->count >= set->room / 4 * 3) {
		if (!grow(set, pool))
			return false;
		place = place_of(set, number);
	}
	*place = number + 1;
	set->count++;
	return true;
}

bool number_set_merge(struct number_set *into, struct number_set *from, struct pool *pool, const struct number_names *renamed)
{
	struct number_set less = *from;

	*from = (struct number_set){0};
	for (size_t i = 0, at = 0; i < less.room; i++, at = (at + POOL_LEAP) & (less.room - 1))
		if (less.places[at] != 0 && !number_set_add(into, pool, renamed->names[less.places[at] - 1]))
			return false;
	pool_free(pool, less.places, less.room * sizeof *less.places);
	return true;
}

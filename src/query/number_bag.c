/* query/number_bag.c: open addressing on the bits of the numbers. */
#include "query/number_bag.h"

enum { ROOM_MIN = 4 };

static struct number_place *place_of(const struct number_bag *bag, uint64_t seed, double number)
{
	size_t at = hash64_seeded((struct slice){ (const char *)&number, sizeof number }, seed) & (bag->room - 1);

	while (bag->places[at].count > 0 && bag->places[at].number != number)
		at = (at + 1) & (bag->room - 1);
	return &bag->places[at];
}

static bool grow(struct number_bag *bag, struct pool *pool, uint64_t seed)
{
	struct number_bag grown = *bag;

	grown.room = bag->room ? 2 * bag->room : ROOM_MIN;
	grown.places = pool_zalloc(pool, grown.room * sizeof *grown.places);
	if (!grown.places)
		return false;
	for (size_t i = 0; i < bag->room; i++)
		if (bag->places[i].count > 0)
			*place_of(&grown, seed, bag->places[i].number) = bag->places[i];
	pool_free(pool, bag->places, bag->room * sizeof *bag->places);
	*bag = grown;
	return true;
}

bool number_bag_add(struct number_bag *bag, struct pool *pool, uint64_t seed, double number, uint64_t count)
{
	if (bag->different >= bag->room / 4 * 3 && !grow(bag, pool, seed))
		return false;
	struct number_place *place = place_of(bag, seed, number + 0.0);        /* -0 is 0, but has other bits */
	bag->different += place->count == 0;
	place->number = number + 0.0;
	place->count += count;
	bag->count += count;
	return true;
}

bool number_bag_merge(struct number_bag *into, struct number_bag *from, struct pool *pool, uint64_t seed)
{
	struct number_bag less = *from;

	*from = (struct number_bag){0};
	if (less.different > into->different) {
		struct number_bag more = less;
		less = *into;
		*into = more;
	}
	for (size_t i = 0, at = 0; i < less.room; i++, at = (at + POOL_LEAP) & (less.room - 1))
		if (less.places[at].count > 0 && !number_bag_add(into, pool, seed, less.places[at].number, less.places[at].count))
			return false;
	pool_free(pool, less.places, less.room * sizeof *less.places);
	return true;
}

static void swap(struct number_place *a, struct number_place *b)
{
	struct number_place place = *a;

	*a = *b;
	*b = place;
}

/* Halves the range in which the rank is, as a sort would that leaves the rest alone: no second array as large as the first. Which
 * number stands in the middle is up to the seed, so nobody can choose bad ones. */
double number_bag_ranked(struct number_bag *bag, uint64_t rank)
{
	struct number_place *places = bag->places;
	size_t from = 0, to = 0;

	assert(rank >= 1 && rank <= bag->count);
	for (size_t i = 0; i < bag->room; i++)
		if (places[i].count > 0)
			places[to++] = places[i];
	bag->room = to;
	for (;;) {
		uint64_t below = 0;
		size_t less = from;
		swap(&places[from], &places[from + (to - from) / 2]);
		for (size_t i = from + 1; i < to; i++)
			if (places[i].number < places[from].number) {
				below += places[i].count;
				swap(&places[++less], &places[i]);
			}
		swap(&places[from], &places[less]);
		if (rank > below && rank <= below + places[less].count)
			return places[less].number;
		if (rank <= below) {
			to = less;
		} else {
			rank -= below + places[less].count;
			from = less + 1;
		}
	}
}

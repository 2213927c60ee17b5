/* query/pool.h: memory out of a budget, for one thread, freed at once.
 *
 * An arena for what grows with the data: it gives NULL where an arena goes on, because here the end is an answer to expect. Small
 * pieces are cut from chunks and only go with the pool; large ones are on their own, so that a table that grew gives its old half back. */
#ifndef SPOOR_QUERY_POOL_H
#define SPOOR_QUERY_POOL_H

#include "query/budget.h"

/* One table's entries are put into another by leaps of this, over places modulo a power of two. In the order of their places, they
 * would all come to the beginning of the other one first, fill it, and make each search there as long as what is filled. */
enum { POOL_LEAP = 506952113 };                 /* odd, so that each place is come to once */

struct pool_block;

struct pool {
	struct budget     *budget;
	struct pool_block *newest;
	size_t             chunk_bytes;         /* of the next chunk */
	char              *next, *end;          /* free room in the newest chunk */
};

void pool_init(struct pool *pool, struct budget *budget);
void pool_fini(struct pool *pool);

/* Zeroed, and aligned for numbers and pointers. NULL: the budget is used up. */
void *pool_zalloc(struct pool *pool, size_t bytes);

/* Of what pool_zalloc(pool, bytes) gave, in this pool or one that it took in. Small pieces stay until pool_fini(). NULL is accepted. */
void pool_free(struct pool *pool, void *ptr, size_t bytes);

/* All that `from` has becomes part of `into`, in its place; `from` is empty. Both of one budget. */
void pool_adopt(struct pool *into, struct pool *from);

#endif

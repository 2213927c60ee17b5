/* base/arena.h: grow-only memory that is freed at once.
 *
 * Lifetimes in spoor are few and visible (call, query, batch, snapshot, process) and each has one arena. Allocation
 * never returns NULL: passing the cap sets a flag that parsers and the pipeline turn into ERR_LIMIT at their next
 * step, so that no allocation needs a check of its own. Because every input is bounded, what is allocated between
 * two steps is too; ARENA_HARD_FACTOR times the cap is a bug and aborts. */
#ifndef SPOOR_BASE_ARENA_H
#define SPOOR_BASE_ARENA_H

#include "base/base.h"

struct arena_block;

struct arena {
	struct arena_block *newest;
	size_t              used_bytes;     /* over all blocks */
	size_t              cap_bytes;
	char               *next, *end;     /* free room in the newest block */
};

enum { ARENA_HARD_FACTOR = 8, ARENA_BLOCK_BYTES_MIN = 4096 };

void arena_init(struct arena *arena, size_t cap_bytes);

/* Frees everything; the arena can be used again. Accepts a zeroed struct. */
void arena_fini(struct arena *arena);

/* Forgets everything but keeps one block of at most `keep_bytes`, for an arena used call after call. */
void arena_reset(struct arena *arena, size_t keep_bytes);

bool arena_is_over(const struct arena *arena);         /* the cap was passed */

/* Fails with ERR_LIMIT if the cap was passed. */
bool arena_check(const struct arena *arena, struct error *err);

void *arena_alloc(struct arena *arena, size_t bytes);   /* aligned for any type; not zeroed */
void *arena_zalloc(struct arena *arena, size_t bytes);  /* zeroed */
void *arena_array(struct arena *arena, size_t count, size_t bytes); /* zeroed; overflow aborts */

#define arena_new(arena, type) ((type *)arena_zalloc((arena), sizeof(type)))

struct slice arena_copy(struct arena *arena, struct slice s);       /* SLICE_NONE stays SLICE_NONE */
const char  *arena_cstr(struct arena *arena, struct slice s);       /* NUL-terminated copy */
struct slice arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
const char  *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

#endif

/* base/arena.c: a list of blocks, each twice the size of the one before. */
#include "base/arena.h"

enum { ARENA_ALIGN = alignof(max_align_t), ARENA_BLOCK_BYTES_MAX = 1 << 20 };

struct arena_block {
	struct arena_block *older;
	size_t              bytes;           /* of `data` */
	alignas(max_align_t) char data[];
};

void arena_init(struct arena *arena, size_t cap_bytes)
{
	*arena = (struct arena){ .cap_bytes = cap_bytes };
}

void arena_fini(struct arena *arena)
{
	for (struct arena_block *block = arena->newest, *older; block; block = older) {
		older = block->older;
		free(block);
	}
	arena_init(arena, arena->cap_bytes);
}

void arena_reset(struct arena *arena, size_t keep_bytes)
{
	struct arena_block *block = arena->newest;

	if (!block || block->older || block->bytes > keep_bytes) {
		arena_fini(arena);
		return;
	}
	arena->used_bytes = 0;
	arena->next = block->data;
	arena->end = block->data + block->bytes;
}

bool arena_is_over(const struct arena *arena)
{
	return arena->used_bytes > arena->cap_bytes;
}

bool arena_check(const struct arena *arena, struct error *err)
{
	return !arena_is_over(arena)
	    || fail(err, ERR_LIMIT, "The request needs more than %zu bytes of memory.", arena->cap_bytes);
}

static void add_block(struct arena *arena, size_t bytes)
{
	size_t grown = arena->newest ? arena->newest->bytes * 2 : ARENA_BLOCK_BYTES_MIN;

	if (grown > ARENA_BLOCK_BYTES_MAX)
		grown = ARENA_BLOCK_BYTES_MAX;
	if (grown < bytes)
		grown = bytes;
	struct arena_block *block = xmalloc(sizeof *block + grown);
	block->older = arena->newest;
	block->bytes = grown;
	arena->newest = block;
	arena->next = block->data;
	arena->end = block->data + grown;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	size_t room = (bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;

	assert(room >= bytes);
	arena->used_bytes += room;
	assert(arena->used_bytes / ARENA_HARD_FACTOR <= arena->cap_bytes);
	if (!arena->newest || (size_t)(arena->end - arena->next) < room)
		add_block(arena, room);
	char *result = arena->next;
	arena->next += room;
	return result;
}

void *arena_zalloc(struct arena *arena, size_t bytes)
{
	return memset(arena_alloc(arena, bytes), 0, bytes);
}

void *arena_array(struct arena *arena, size_t count, size_t bytes)
{
	size_t total = 0;
	bool overflow = __builtin_mul_overflow(count, bytes, &total);

	assert(!overflow);
	return arena_zalloc(arena, total);
}

struct slice arena_copy(struct arena *arena, struct slice s)
{
	if (!s.ptr)
		return SLICE_NONE;
	char *copy = arena_alloc(arena, s.len + 1);      /* an empty text is present: it needs an address */
	memcpy(copy, s.ptr, s.len);
	return (struct slice){ copy, s.len };
}

const char *arena_cstr(struct arena *arena, struct slice s)
{
	char *copy = arena_alloc(arena, s.len + 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = 0;
	return copy;
}

static struct slice format_into(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char small[256];

	va_copy(again, args);
	int bytes = vsnprintf(small, sizeof small, format, args);
	assert(bytes >= 0);
	char *text = arena_alloc(arena, (size_t)bytes + 1);
	if ((size_t)bytes < sizeof small)
		memcpy(text, small, (size_t)bytes + 1);
	else
		vsnprintf(text, (size_t)bytes + 1, format, again);
	va_end(again);
	return (struct slice){ text, (size_t)bytes };
}

struct slice arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct slice text = format_into(arena, format, args);
	va_end(args);
	return text;
}

const char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct slice text = format_into(arena, format, args);
	va_end(args);
	return text.ptr;
}

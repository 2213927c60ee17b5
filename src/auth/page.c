/* auth/page.c: growing by doubling; what is left behind in the arena is at most as much again. */
#include "auth/page.h"

enum { ROOM_FIRST = 16, PAGE_LIMIT_ALL = 1000000 };

const struct page PAGE_ALL = { .limit = PAGE_LIMIT_ALL };

struct slice page_after(const struct page *page)
{
	return page->after.ptr ? page->after : S("");
}

struct slice page_path_prefix(const struct page *page)
{
	return page->path_prefix.ptr ? page->path_prefix : S("");
}

int64_t page_probe(const struct page *page)
{
	assert(page->limit >= 1 && page->limit <= PAGE_LIMIT_ALL);
	return (int64_t)page->limit + 1;
}

void *page_grow(struct arena *arena, void *items, size_t count, size_t item_bytes)
{
	bool is_power_of_two = (count & (count - 1)) == 0;
	void *grown;

	if (count != 0 && (count < ROOM_FIRST || !is_power_of_two))
		return items;
	grown = arena_array(arena, count ? 2 * count : ROOM_FIRST, item_bytes);
	if (count)
		memcpy(grown, items, count * item_bytes);
	return grown;
}

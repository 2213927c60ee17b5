/* auth/page.h: which part of a listing is wanted, and arrays that grow while it is read.
 *
 * A listing is ordered by a key (the lower-case name, mostly) and is continued after the key of the last item shown, so
 * that items made or deleted between two pages are neither repeated nor make others vanish. */
#ifndef SPOOR_AUTH_PAGE_H
#define SPOOR_AUTH_PAGE_H

#include "base/arena.h"

struct page {
	struct slice after;          /* key of the last item of the page before; SLICE_NONE: from the start */
	struct slice path_prefix;    /* SLICE_NONE: all paths */
	size_t       limit;          /* items wanted; at least 1 */
};

/* Everything, for small listings. */
extern const struct page PAGE_ALL;

/* Arguments for SQL: absent texts as "". */
struct slice page_after(const struct page *page);
struct slice page_path_prefix(const struct page *page);

/* One more than wanted, which tells whether the listing goes on. */
int64_t page_probe(const struct page *page);

/* `items` with room for at least one more, zeroed; moved when it was full. Start with NULL and 0. */
void *page_grow(struct arena *arena, void *items, size_t count, size_t item_bytes);

#endif

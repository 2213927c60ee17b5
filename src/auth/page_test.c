/* auth/page_test.c: growing arrays and the arguments of listings. */
#include "auth/page.h"
#include "tests/test.h"

TEST(page_grow_keeps_what_was_there)
{
	int *items = NULL;

	for (int i = 0; i < 1000; i++) {
		items = page_grow(&t->arena, items, (size_t)i, sizeof *items);
		CHECK_NUMBER(t, items[i], 0);
		items[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		CHECK_NUMBER(t, items[i], i);
}

TEST(page_of_a_new_listing_begins_before_every_name)
{
	const struct page page = { .limit = 10 };

	CHECK_TEXT(t, page_after(&page), S(""));
	CHECK_TEXT(t, page_path_prefix(&page), S(""));
	CHECK_NUMBER(t, page_probe(&page), 11);
}

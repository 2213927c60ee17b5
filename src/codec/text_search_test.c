/* codec/text_search_test.c: every text is found where it begins first, at any place of a block, by every machine. */
#include "codec/text_search.h"

#include "tests/test.h"

TEST(text_search_finds_the_first_of_its_texts_wherever_it_stands)
{
	char bytes[200];

	for (enum text_machine machine = TEXT_SCALAR; machine < TEXT_MACHINE_COUNT; machine++) {
		if (!text_search_runs_on(machine))
			continue;
		for (size_t length = 1; length < sizeof bytes; length += 7)
			for (size_t at = 0; at < length; at++) {
				struct text_search search = { .texts = { S("AccessDenied"), S("x"), S("\\u") }, .count = 3 };
				size_t which = 0;
				memset(bytes, 'a', sizeof bytes);
				for (size_t i = 0; i < search.count; i++) {
					struct slice wanted = search.texts[i];
					if (at + wanted.len > length)
						continue;
					memcpy(bytes + at, wanted.ptr, wanted.len);
					CHECK_NUMBER(t, text_search_next(&search, (struct slice){ bytes, length }, 0, machine, &which), at);
					CHECK_NUMBER(t, which, i);
					CHECK_NUMBER(t, text_search_next(&search, (struct slice){ bytes, length }, at, machine, &which), at);
					CHECK(t, text_search_next(&search, (struct slice){ bytes, length }, at + 1, machine, &which) == SLICE_NPOS);
					CHECK(t, text_search_next(&search, (struct slice){ bytes, at + wanted.len - 1 }, 0, machine, &which) == SLICE_NPOS);
					memset(bytes, 'a', sizeof bytes);
				}
			}
	}
}

TEST(text_search_prefers_the_place_before_the_order_of_texts)
{
	struct text_search search = { .texts = { S("bcd"), S("abc"), S("ab") }, .count = 3 };
	size_t which;

	for (enum text_machine machine = TEXT_SCALAR; machine < TEXT_MACHINE_COUNT; machine++) {
		if (!text_search_runs_on(machine))
			continue;
		CHECK_NUMBER(t, text_search_next(&search, S("xxabcd"), 0, machine, &which), 2);
		CHECK_NUMBER(t, which, 1);
		CHECK_NUMBER(t, text_search_next(&search, S("xxabcd"), 3, machine, &which), 3);
		CHECK_NUMBER(t, which, 0);
		CHECK(t, text_search_next(&search, S("xxabcd"), 4, machine, &which) == SLICE_NPOS);
		CHECK(t, text_search_next(&search, S("xxabcd"), 100, machine, &which) == SLICE_NPOS);
		CHECK(t, text_search_next(&search, S(""), 0, machine, &which) == SLICE_NPOS);
	}
}

/* codec/letter_test.c: every letter has the case that Unicode gives it. */
#include "codec/letter.h"

#include "tests/test.h"

static struct slice in_case(struct test *t, void (*add)(struct buffer *out, struct slice text), const char *text)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 4096);
	add(&out, slice_of(text));
	return out.len ? buffer_slice(&out) : S("");
}

TEST(letter_has_the_case_that_unicode_gives_it)
{
	static const struct { const char *text, *upper, *lower; } texts[] = {
		{ "", "", "" },
		{ "aZ1-", "AZ1-", "az1-" },
		{ "\xc3\xa9\xc3\x89", "\xc3\x89\xc3\x89", "\xc3\xa9\xc3\xa9" },                     /* é */
		{ "\xc3\x9f", "SS", "\xc3\x9f" },                                                       /* ß is two letters */
		{ "\xef\xac\x83", "FFI", "\xef\xac\x83" },                                             /* and ffi three */
		{ "\xc4\xb0", "\xc4\xb0", "i\xcc\x87" },                                               /* İ: i and a dot */
		{ "\xc3\xbf", "\xc5\xb8", "\xc3\xbf" },                                                 /* ÿ */
		{ "\xce\xa3\xcf\x82", "\xce\xa3\xce\xa3", "\xcf\x83\xcf\x82" },                     /* sigmas */
		{ "\xc7\x85", "\xc7\x84", "\xc7\x86" },                                                 /* a title case letter */
		{ "\xf0\x90\x90\xa8", "\xf0\x90\x90\x80", "\xf0\x90\x90\xa8" },
		{ "\xe6\x97\xa5", "\xe6\x97\xa5", "\xe6\x97\xa5" },                                   /* no case */
		{ "a\xff\xc3", "A\xff\xc3", "a\xff\xc3" },                                             /* no UTF-8 */
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		CHECK_TEXT(t, in_case(t, letter_add_upper, texts[i].text), slice_of(texts[i].upper));
		CHECK_TEXT(t, in_case(t, letter_add_lower, texts[i].text), slice_of(texts[i].lower));
	}
}

TEST(letter_rings_close_and_are_all_visited)
{
	size_t visited = 0, cased = 0;

	for (uint32_t c = 0; letter_from(&c); c++, visited++) {
		size_t length = 1;
		for (uint32_t other = letter_next_case(c); other != c && length < 9; other = letter_next_case(other))
			length++;
		CHECK(t, length >= 2 && length <= 4);
	}
	for (uint32_t c = 0; c <= 0x10ffff; c++)
		cased += letter_next_case(c) != c;
	CHECK_NUMBER(t, visited, cased);
	CHECK(t, visited > 2700);
	CHECK_NUMBER(t, letter_next_case('k'), 0x212a);
	CHECK_NUMBER(t, letter_next_case(0x212a), 'K');
	CHECK_NUMBER(t, letter_next_case('K'), 'k');
	CHECK_NUMBER(t, letter_next_case('1'), '1');
	CHECK_NUMBER(t, letter_next_case(0xdf), 0x1e9e);        /* ß and its capital */
}

/* trail/stamps_test.c: the layout on disk. */
#include "trail/stamps.h"

#include "tests/test.h"

TEST(stamps_have_the_layout_that_journals_hold)
{
	const struct stamp stamps[] = { { UINT64_C(0x1122334455667788), 3 }, { 1, UINT32_C(0xaabbccdd) } };
	char bytes[2 * STAMP_BYTES];

	stamps_write(stamps, 2, bytes);
	CHECK_TEXT(t, ((struct slice){ bytes, sizeof bytes }), S("\x88\x77\x66\x55\x44\x33\x22\x11\x03\0\0\0\0\0\0\0"
	                                                         "\x01\0\0\0\0\0\0\0\xdd\xcc\xbb\xaa\0\0\0\0"));
	struct stamp second = stamps_at((struct slice){ bytes, sizeof bytes }, 1);
	CHECK(t, second.trail_id == 1 && second.target == UINT32_C(0xaabbccdd));
}

TEST(stamps_of_broken_length_are_none)
{
	CHECK_NUMBER(t, stamps_count(S("123456789012345")), 0);
	CHECK_NUMBER(t, stamps_count(SLICE_NONE), 0);
	CHECK_NUMBER(t, stamps_count(S("12345678901234567890123456789012")), 2);
}

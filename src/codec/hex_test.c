/* codec/hex_test.c: both directions, and what is no hexadecimal text. */
#include "codec/hex.h"
#include "tests/test.h"

TEST(hex_writes_lower_case_and_reads_both_cases)
{
	unsigned char bytes[4];

	CHECK_TEXT(t, hex_text(&t->arena, S("\x00\x7F\x80\xFF")), S("007f80ff"));
	CHECK(t, hex_decode(S("007F80fF"), bytes, 4) && memcmp(bytes, "\x00\x7F\x80\xFF", 4) == 0);
	CHECK(t, !hex_decode(S("007f80f"), bytes, 4) && !hex_decode(S("007f80ff0"), bytes, 4));
	CHECK(t, !hex_decode(S("007f80fg"), bytes, 4) && !hex_decode(S("007f80f "), bytes, 4));
}

TEST(hex_is_lower_wants_the_exact_count_and_no_capitals)
{
	CHECK(t, hex_is_lower(S("09af"), 4));
	CHECK(t, !hex_is_lower(S("09aF"), 4) && !hex_is_lower(S("09af"), 5) && !hex_is_lower(S("09ag"), 4));
}

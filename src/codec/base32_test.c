/* codec/base32_test.c: RFC 4648 section 10 without its padding. */
#include "codec/base32.h"
#include "tests/test.h"

TEST(base32_writes_and_reads_the_vectors_of_rfc_4648)
{
	static const struct { const char *plain, *text; } rows[] = {
		{ "", "" }, { "f", "MY" }, { "fo", "MZXQ" }, { "foo", "MZXW6" }, { "foob", "MZXW6YQ" },
		{ "fooba", "MZXW6YTB" }, { "foobar", "MZXW6YTBOI" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice plain = slice_of(rows[i].plain);
		char text[16], back[8];
		size_t count;

		CHECK_TEXT(t, base32_encode(plain.ptr, plain.len, text), slice_of(rows[i].text));
		CHECK(t, base32_decode(slice_of(rows[i].text), back, sizeof back, &count));
		CHECK_TEXT(t, ((struct slice){ back, count }), plain);
	}
}

TEST(base32_refuses_other_characters_and_too_little_room)
{
	char out[8];
	size_t count;

	CHECK(t, !base32_decode(S("my"), out, sizeof out, &count) && !base32_decode(S("M1"), out, sizeof out, &count));
	CHECK(t, !base32_decode(S("MY======"), out, sizeof out, &count));
	CHECK(t, !base32_decode(S("MZXW6YTBOI"), out, 5, &count) && base32_decode(S("MZXW6YTBOI"), out, 6, &count));
}

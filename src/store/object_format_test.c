/* store/object_format_test.c: sizes that rows and files must agree on, names, and nonces that never meet. */
#include "store/object_format.h"
#include "tests/test.h"

TEST(object_format_has_a_last_frame_for_every_size)
{
	static const struct { uint64_t bytes, frames; } rows[] = {
		{ 0, 1 }, { 1, 1 }, { OBJECT_FRAME_BYTES, 1 }, { OBJECT_FRAME_BYTES + 1, 2 }, { 5ull << 30, 81920 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_NUMBER(t, object_format_frame_count(rows[i].bytes), rows[i].frames);
		CHECK_NUMBER(t, object_format_file_bytes(rows[i].bytes), 16 + rows[i].bytes + 16 * rows[i].frames);
	}
}

TEST(object_format_takes_only_names_that_it_gives)
{
	CHECK(t, object_format_is_name(S("0123456789abcdef0123456789abcdef")));
	CHECK(t, !object_format_is_name(S("0123456789abcdef0123456789abcdeF")));
	CHECK(t, !object_format_is_name(S("0123456789abcdef0123456789abcde")));
	CHECK(t, !object_format_is_name(S("../../../../../../../../../../etc")));
	CHECK(t, !object_format_is_name(SLICE_NONE));
}

TEST(object_format_has_another_nonce_for_every_frame_and_for_the_last)
{
	unsigned char one[GCM_NONCE_BYTES], two[GCM_NONCE_BYTES];

	object_format_nonce(one, 7, false);
	object_format_nonce(two, 7, true);
	CHECK(t, memcmp(one, two, sizeof one) != 0);
	object_format_nonce(two, 8, false);
	CHECK(t, memcmp(one, two, sizeof one) != 0);
	object_format_nonce(two, 7ull << 32, false);
	CHECK(t, memcmp(one, two, sizeof one) != 0);
}

/* bucket/headers_test.c: metadata goes in and comes out. */
#include "bucket/headers.h"

#include "tests/test.h"

TEST(metadata_lines_are_read_back_with_lower_case_names)
{
	struct buffer out;
	struct header header;
	struct slice rest;

	buffer_init(&out, &t->arena, 1000);
	headers_add(&out, S("Content-Type"), S("text/plain; charset=utf-8"));
	headers_add(&out, S("x-amz-meta-Empty"), S(""));
	headers_add(&out, S("x-amz-meta-colon"), S("a: b"));
	headers_add(&out, S("expires"), SLICE_NONE);
	rest = buffer_slice(&out);
	CHECK_TEXT(t, headers_find(rest, S("content-type")), S("text/plain; charset=utf-8"));
	CHECK_TEXT(t, headers_find(rest, S("x-amz-meta-colon")), S("a: b"));
	CHECK(t, headers_find(rest, S("x-amz-meta-empty")).ptr && !headers_find(rest, S("expires")).ptr);
	CHECK(t, headers_next(&rest, &header) && headers_next(&rest, &header) && headers_next(&rest, &header));
	CHECK(t, !headers_next(&rest, &header));
	rest = SLICE_NONE;
	CHECK(t, !headers_next(&rest, &header));
}

TEST(no_value_can_add_a_line)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1000);
	headers_add(&out, S("x-amz-meta-a"), (struct slice){ "1\r\nset-cookie: x\0y", 18 });
	CHECK_TEXT(t, headers_find(buffer_slice(&out), S("x-amz-meta-a")), S("1  set-cookie: x y"));
	CHECK(t, !headers_find(buffer_slice(&out), S("set-cookie")).ptr);
}

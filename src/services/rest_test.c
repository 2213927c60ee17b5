/* services/rest_test.c: what is added once stays, and what was asked is found. */
#include "services/rest.h"

#include "tests/test.h"

TEST(rest_keeps_the_first_of_a_name_and_nothing_for_nothing)
{
	struct rest rest = {0};

	rest_add_header(&rest, S("ETag"), SLICE_NONE);
	rest_add_header(&rest, S("ETag"), S("1"));
	rest_add_header(&rest, S("etag"), S("2"));
	rest_add_element(&rest, S("Key"), S("k"));
	CHECK_NUMBER(t, rest.headers_out.count, 1);
	CHECK_TEXT(t, rest.headers_out.items[0].value, S("1"));
	CHECK_NUMBER(t, rest.elements.count, 1);
}

TEST(rest_finds_headers_and_parameters)
{
	const struct http_header headers[] = { { S("If-Match"), S("a") }, { S("if-match"), S("b") } };
	struct uri_pair pairs[] = { { S("acl"), SLICE_NONE }, { S("x"), S("1") } };
	const struct rest rest = { .headers = headers, .header_count = 2, .query = { pairs, 2 } };

	CHECK_TEXT(t, rest_header(&rest, S("IF-MATCH")), S("a"));
	CHECK(t, !rest_header(&rest, S("Range")).ptr);
	CHECK_TEXT(t, rest_query(&rest, S("acl")), S(""));
	CHECK(t, rest_query(&rest, S("acl")).ptr && !rest_query(&rest, S("X")).ptr);
}

/* net/http_chunked_test.c: chunked bodies decode the same however they are split, and ambiguous ones are refused. */
#include "net/http_chunked.h"

#include "base/limits.h"
#include "tests/test.h"

TEST(http_chunked_decodes_in_place_wherever_it_is_split)
{
	const struct slice body = S("5\r\nhello\r\n1;name=\"value\"\r\n \r\n00000B;x\r\nwide\r\nworld\r\n0\r\nX-A: b\r\nX-C:\r\n\r\nGET /");

	for (size_t split = 0; split <= body.len - 5; split++) {
		struct http_chunked chunked = { 0 };
		struct http_problem problem;
		char *copy = arena_alloc(&t->arena, body.len);
		size_t used, len, total;

		memcpy(copy, body.ptr, body.len);
		enum http_parse first = http_chunked_decode(&chunked, (struct slice){ copy, split }, copy, &used, &len, &problem);
		total = len;
		CHECK_NUMBER(t, used, split);
		if (first == HTTP_PARSE_MORE) {
			CHECK(t, http_chunked_decode(&chunked, (struct slice){ copy + split, body.len - split }, copy + total, &used,
			                             &len, &problem) == HTTP_PARSE_DONE);
			total += len;
			used += split;
		}
		CHECK_NUMBER(t, used, body.len - 5);
		CHECK_TEXT(t, ((struct slice){ copy, total }), S("hello wide\r\nworld"));
	}
}

TEST(http_chunked_refuses_what_is_not_exactly_chunked)
{
	static const struct { const char *text; enum http_reason reason; } rows[] = {
		{ "\r\n", HTTP_MALFORMED },
		{ "x\r\n", HTTP_MALFORMED },
		{ " 1\r\n", HTTP_MALFORMED },
		{ "1 \r\n", HTTP_MALFORMED },
		{ "+1\r\n", HTTP_MALFORMED },
		{ "-1\r\n", HTTP_MALFORMED },
		{ "0x1\r\n", HTTP_MALFORMED },
		{ "1\n", HTTP_MALFORMED },
		{ "1\r\r", HTTP_MALFORMED },
		{ "1;a\nb", HTTP_MALFORMED },
		{ "1;a\x01", HTTP_MALFORMED },
		{ "0000000000000001\r\n", HTTP_MALFORMED },
		{ "ffffffffffffffff\r\n", HTTP_MALFORMED },
		{ "1\r\nab", HTTP_MALFORMED },
		{ "1\r\na\n", HTTP_MALFORMED },
		{ "1\r\na\rb", HTTP_MALFORMED },
		{ "0\r\n folded: x\r\n", HTTP_MALFORMED },
		{ "0\r\nX: a\r\n b\r\n", HTTP_MALFORMED },
		{ "0\r\nX : a\r\n", HTTP_MALFORMED },
		{ "0\r\nX\r\n", HTTP_MALFORMED },
		{ "0\r\n: a\r\n", HTTP_MALFORMED },
		{ "0\r\nX: a\rb\r\n", HTTP_MALFORMED },
		{ "0\r\nX: a\n\r\n", HTTP_MALFORMED },
		{ "0\r\n\n", HTTP_MALFORMED },
		{ "0\r\n\rx", HTTP_MALFORMED },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_chunked chunked = { 0 };
		struct http_problem problem = { 0 };
		char out[64];
		size_t used, len;
		enum http_parse result = http_chunked_decode(&chunked, slice_of(rows[i].text), out, &used, &len, &problem);

		if (result != HTTP_PARSE_REFUSED || problem.reason != rows[i].reason || !problem.detail)
			test_failed(t, __FILE__, __LINE__, "row %zu: '%s' gives %d", i, rows[i].text, result);
	}
}

TEST(http_chunked_bounds_extensions_and_trailers_of_a_whole_body)
{
	static const struct { const char *begin, *repeated; } rows[] = {
		{ "", "1;extension=extension=extension\r\na\r\n" },
		{ "0\r\n", "X-Trailer: trailer\r\n" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_chunked chunked = { 0 };
		struct http_problem problem = { 0 };
		struct slice piece = slice_of(rows[i].repeated);
		enum http_parse result = HTTP_PARSE_MORE;
		char out[64];
		size_t used, len, taken = 0;

		http_chunked_decode(&chunked, slice_of(rows[i].begin), out, &used, &len, &problem);
		while (result == HTTP_PARSE_MORE && taken < 1 << 20) {
			result = http_chunked_decode(&chunked, piece, out, &used, &len, &problem);
			taken += used;
		}
		CHECK_NUMBER(t, result, HTTP_PARSE_REFUSED);
		CHECK_NUMBER(t, problem.reason, HTTP_HEAD_TOO_LARGE);
		CHECK(t, taken < 4 * HTTP_CHUNK_EXTENSION_BYTES_MAX);
	}
}

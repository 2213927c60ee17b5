/* net/http_response_test.c: replies as servers send them, and those that say two things. */
#include "net/http_response.h"

#include "tests/test.h"

static bool parse(struct test *t, const char *head, struct http_response *response)
{
	struct http_header *headers = arena_array(&t->arena, 4, sizeof *headers);

	return http_response_parse(slice_of(head), headers, 4, response, &t->err);
}

TEST(http_response_is_read)
{
	struct http_response response;

	REQUIRE(t, parse(t, "HTTP/1.1 206 Partial Content\r\nContent-Length: 12\r\nx-amz-meta-signature:  abc \r\n\r\n", &response));
	CHECK(t, response.status == 206 && response.has_content_length && response.content_length == 12 && response.keeps_alive);
	CHECK_TEXT(t, http_response_header(&response, S("X-Amz-Meta-Signature")), S("abc"));
	CHECK(t, !http_response_header(&response, S("x-amz-meta")).ptr);

	REQUIRE(t, parse(t, "HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n", &response));
	CHECK(t, response.status == 200 && response.is_chunked && !response.has_content_length && !response.keeps_alive);
	REQUIRE(t, parse(t, "HTTP/1.0 404 \r\n\r\n", &response));
	CHECK(t, response.status == 404 && !response.keeps_alive && response.header_count == 0);
}

TEST(http_response_that_can_be_read_in_two_ways_is_refused)
{
	static const char *const rows[] = {
		"", "\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 600 OK\r\n\r\n",
		"HTTP/1.1 2000\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 +20 OK\r\n\r\n", "HTTP/1.1 200 a\nb\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n: nameless\r\n\r\n", "HTTP/1.1 200 OK\r\na b: c\r\n\r\n",
		"HTTP/1.1 200 OK\r\n folded: c\r\n\r\n", "HTTP/1.1 200 OK\r\na: b\nc\r\n\r\n", "HTTP/1.1 200 OK\r\na: \x01\r\n\r\n",
		"HTTP/1.1 200 OK\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\n\r\n",
	};
	struct http_response response;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (parse(t, rows[i], &response) || t->err.kind != ERR_CORRUPT)
			test_failed(t, __FILE__, __LINE__, "row %zu was read", i);
}

TEST(http_response_content_range_is_a_range_of_a_known_whole)
{
	static const char *const refused[] = {
		"", "bytes", "bytes 0-9", "bytes 0-9/*", "bytes */10", "bytes 5-4/10", "bytes 0-10/10", "bytes -1/10", "bits 0-9/10",
		"bytes 0-9/10 ", "bytes 0-99999999999999999999/99999999999999999999",
	};
	struct http_content_range range;

	CHECK(t, http_response_content_range(S("bytes 10-99/1234"), &range));
	CHECK(t, range.first == 10 && range.last == 99 && range.total == 1234);
	for (size_t i = 0; i < COUNT(refused); i++)
		if (http_response_content_range(slice_of(refused[i]), &range))
			test_failed(t, __FILE__, __LINE__, "row %zu was read", i);
}

TEST(http_response_end_is_found_wherever_it_is_split)
{
	struct slice text = S("HTTP/1.1 200 OK\r\na: b\r\n\r\nbody\r\n\r\n");

	for (size_t split = 0; split <= text.len; split++) {
		size_t searched = 0, first = http_response_find_end(slice_sub(text, 0, split), &searched);
		CHECK_NUMBER(t, first ? first : http_response_find_end(text, &searched), 25);
	}
}

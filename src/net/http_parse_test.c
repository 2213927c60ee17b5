/* net/http_parse_test.c: which heads are HTTP, what is read from them, and why the others are refused. */
#include "net/http_parse.h"
#include "tests/test.h"

static const struct http_parse_limits LIMITS = { .head_bytes_max = 2048, .target_bytes_max = 256, .headers_max = 8 };

struct head {
	struct http_header  headers[8];
	struct http_request request;
	struct http_problem problem;
};

static enum http_parse parse(struct slice text, struct head *head)
{
	struct http_parse_search search = { 0 };
	size_t head_bytes = 0;
	enum http_parse found = http_parse_find_end(&search, text, &LIMITS, &head_bytes, &head->problem);

	if (found != HTTP_PARSE_DONE)
		return found;
	return http_parse_head(slice_sub(text, 0, head_bytes), &LIMITS, head->headers, &head->request, &head->problem)
	               ? HTTP_PARSE_DONE : HTTP_PARSE_REFUSED;
}

TEST(http_parse_reads_a_signed_request_as_it_was_sent)
{
	struct head head;
	const struct http_request *request = &head.request;

	REQUIRE(t, parse(S("POST /a%20b/?x=%2F&y HTTP/1.1\r\nHost: spoor.test:8080\r\nX-Amz-Date:\t 20250315T120000Z \t\r\n"
	                   "x-empty:\r\nContent-Length: 42\r\nUser-Agent: a  b \xc3\xa9\r\n\r\nbody"), &head) == HTTP_PARSE_DONE);
	CHECK_TEXT(t, request->method, S("POST"));
	CHECK_TEXT(t, request->target, S("/a%20b/?x=%2F&y"));
	CHECK_TEXT(t, request->path, S("/a%20b/?x=%2F&y"));
	CHECK_TEXT(t, request->authority, S("spoor.test:8080"));
	CHECK_NUMBER(t, request->version_minor, 1);
	CHECK_NUMBER(t, request->header_count, 5);
	CHECK_TEXT(t, request->headers[1].name, S("X-Amz-Date"));
	CHECK_TEXT(t, request->headers[1].value, S("20250315T120000Z"));
	CHECK_TEXT(t, http_request_header(request, S("X-EMPTY")), S(""));
	CHECK_TEXT(t, http_request_header(request, S("user-agent")), S("a  b \xc3\xa9"));
	CHECK_TEXT(t, http_request_header(request, S("missing")), SLICE_NONE);
	CHECK(t, request->has_content_length && request->content_length == 42 && !request->is_chunked);
	CHECK(t, request->keeps_alive && !request->expects_continue);
}

#define HOST "Host: h\r\n"

TEST(http_parse_accepts_what_is_unambiguous)
{
	static const struct { const char *text, *path, *authority; bool keeps_alive, is_chunked, expects; } rows[] = {
		{ "GET / HTTP/1.1\r\n" HOST "\r\n", "/", "h", true, false, false },
		{ "\r\nGET / HTTP/1.1\r\n" HOST "\r\n", "/", "h", true, false, false },
		{ "GET / HTTP/1.1\r\nhOST:h\r\n\r\n", "/", "h", true, false, false },
		{ "GET / HTTP/1.1\r\nHost:\r\n\r\n", "/", "", true, false, false },
		{ "GET / HTTP/1.1\r\nHost: [::1]:4566\r\n\r\n", "/", "[::1]:4566", true, false, false },
		{ "GET http://a.example:80/x?y HTTP/1.1\r\nHost: A.example:80\r\n\r\n", "/x?y", "a.example:80", true, false, false },
		{ "GET HTTPS://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n", "/", "a.example", true, false, false },
		{ "GET http://a.example/ HTTP/1.0\r\n\r\n", "/", "a.example", false, false, false },
		{ "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "*", "h", true, false, false },
		{ "M-SEARCH / HTTP/1.1\r\n" HOST "\r\n", "/", "h", true, false, false },
		{ "GET //x/../{y}|\"z\" HTTP/1.1\r\n" HOST "\r\n", "//x/../{y}|\"z\"", "h", true, false, false },
		{ "GET / HTTP/1.0\r\n\r\n", "/", NULL, false, false, false },
		{ "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "/", NULL, true, false, false },
		{ "GET / HTTP/1.1\r\n" HOST "Connection: te, Close\r\n\r\n", "/", "h", false, false, false },
		{ "GET / HTTP/1.1\r\n" HOST "Connection: te\r\nConnection:close\r\n\r\n", "/", "h", false, false, false },
		{ "PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n", "/", "h", true, true, false },
		{ "PUT / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n\r\n", "/", "h", true, false, true },
		{ "PUT / HTTP/1.0\r\nExpect: something\r\n\r\n", "/", NULL, false, false, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct head head;

		head.problem.detail = "";
		if (parse(slice_of(rows[i].text), &head) != HTTP_PARSE_DONE) {
			test_failed(t, __FILE__, __LINE__, "row %zu: %s", i, head.problem.detail);
			continue;
		}
		CHECK_TEXT(t, head.request.path, slice_of(rows[i].path));
		CHECK_TEXT(t, head.request.authority, slice_of(rows[i].authority));
		CHECK_NUMBER(t, head.request.keeps_alive, rows[i].keeps_alive);
		CHECK_NUMBER(t, head.request.is_chunked, rows[i].is_chunked);
		CHECK_NUMBER(t, head.request.expects_continue, rows[i].expects);
	}
}

static const struct { struct slice text; enum http_reason reason; } REFUSED[] = {
	/* lines */
	{ S_INIT("GET / HTTP/1.1\nHost: h\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\nHost: h\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("\nGET / HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\nHost: h\r\nA: b\rC: d\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\r\n\r\n"), HTTP_MALFORMED },
	/* request lines */
	{ S_INIT("\x16\x03\x01"), HTTP_MALFORMED },
	{ S_INIT(" GET / HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET  / HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET /  HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1 \r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET /a b HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET\t/ HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("G(T / HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET /\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / http/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1x\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.2\r\n" HOST "\r\n"), HTTP_VERSION_UNKNOWN },
	{ S_INIT("PRI * HTTP/2.0\r\n\r\n"), HTTP_VERSION_UNKNOWN },
	{ S_INIT("GETGETGETGETGETGETGETGETGETGETGETGET / HTTP/1.1\r\n" HOST "\r\n"), HTTP_NOT_IMPLEMENTED },
	{ S_INIT("CONNECT a.example:443 HTTP/1.1\r\n" HOST "\r\n"), HTTP_NOT_IMPLEMENTED },
	/* targets */
	{ S_INIT("GET x HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET * HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET /a#b HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET /\x7f HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET /\0 HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET ftp://h/ HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET http:///x HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET http://user@h/ HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET http://h?x HTTP/1.1\r\n" HOST "\r\n"), HTTP_MALFORMED },
	/* headers */
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n\tHost: h\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A : b\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A b\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A\xc3\xa9: b\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A: b\0c\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A: 12345678\x01\r\n\r\n"), HTTP_MALFORMED },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A: 1\x7f" "345678\r\n\r\n"), HTTP_MALFORMED },
	/* hosts */
	{ S_INIT("GET / HTTP/1.1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("GET / HTTP/1.1\r\n" HOST HOST "\r\n"), HTTP_FRAMING },
	{ S_INIT("GET / HTTP/1.0\r\n" HOST HOST "\r\n"), HTTP_FRAMING },
	{ S_INIT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("GET / HTTP/1.1\r\nHost: u@h\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("GET http://other/ HTTP/1.1\r\n" HOST "\r\n"), HTTP_FRAMING },
	{ S_INIT("GET http://h:80/ HTTP/1.1\r\n" HOST "\r\n"), HTTP_FRAMING },
	{ S_INIT("GET http://h/ HTTP/1.1\r\nHost:\r\n\r\n"), HTTP_FRAMING },
	/* lengths */
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\ncontent-length: 2\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), HTTP_FRAMING },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n\r\n"), HTTP_NOT_IMPLEMENTED },
	{ S_INIT("PUT / HTTP/1.1\r\n" HOST "Expect: 200-ok\r\n\r\n"), HTTP_EXPECTATION_UNKNOWN },
	/* limits */
	{ S_INIT("GET / HTTP/1.1\r\n" HOST "A:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n"), HTTP_HEAD_TOO_LARGE },
};

TEST(http_parse_refuses_what_two_readers_could_understand_differently)
{
	for (size_t i = 0; i < COUNT(REFUSED); i++) {
		struct head head;
		enum http_parse result = parse(REFUSED[i].text, &head);

		if (result != HTTP_PARSE_REFUSED || head.problem.reason != REFUSED[i].reason || !head.problem.detail)
			test_failed(t, __FILE__, __LINE__, "row %zu: '%.*s' gives %d, %s", i, SLICE_ARG(REFUSED[i].text), result,
			            result == HTTP_PARSE_REFUSED ? http_reason_name(head.problem.reason) : "");
	}
}

/* `count` letters after `before`, in one text with `after`. */
static struct slice padded(struct test *t, const char *before, size_t count, const char *after)
{
	char *letters = arena_alloc(&t->arena, count + 1);

	memset(letters, 'a', count);
	letters[count] = '\0';
	return arena_format(&t->arena, "%s%s%s", before, letters, after);
}

TEST(http_parse_finds_every_control_byte_wherever_it_stands)
{
	for (size_t len = 1; len <= 20; len++) {
		for (size_t at = 0; at < len; at++) {
			for (int byte = 0; byte < 256; byte++) {
				char text[20];
				bool is_control = (byte < 0x20 && byte != '\t') || byte == 0x7f;

				memset(text, 'a', len);
				text[at] = (char)byte;
				if (http_parse_is_value((struct slice){ text, len }) == is_control)
					test_failed(t, __FILE__, __LINE__, "byte %d at %zu of %zu", byte, at, len);
			}
		}
	}
}

TEST(http_parse_limits_are_exact)
{
	struct head head;

	CHECK(t, parse(padded(t, "GET /", 255, " HTTP/1.1\r\n" HOST "\r\n"), &head) == HTTP_PARSE_DONE);
	CHECK(t, parse(padded(t, "GET /", 256, " HTTP/1.1\r\n" HOST "\r\n"), &head) == HTTP_PARSE_REFUSED);
	CHECK_NUMBER(t, head.problem.reason, HTTP_TARGET_TOO_LONG);
	CHECK(t, parse(padded(t, "GET /", 400, ""), &head) == HTTP_PARSE_REFUSED);
	CHECK_NUMBER(t, head.problem.reason, HTTP_TARGET_TOO_LONG);

	const size_t around = sizeof "GET / HTTP/1.1\r\n" HOST "A: \r\n\r\n" - 1;
	CHECK(t, parse(padded(t, "GET / HTTP/1.1\r\n" HOST "A: ", 2048 - around, "\r\n\r\n"), &head) == HTTP_PARSE_DONE);
	CHECK(t, parse(padded(t, "GET / HTTP/1.1\r\n" HOST "A: ", 2049 - around, "\r\n\r\n"), &head) == HTTP_PARSE_REFUSED);
	CHECK_NUMBER(t, head.problem.reason, HTTP_HEAD_TOO_LARGE);
	CHECK(t, parse(padded(t, "GET / HTTP/1.1\r\n" HOST "A: ", 2048, ""), &head) == HTTP_PARSE_REFUSED);
	CHECK_NUMBER(t, head.problem.reason, HTTP_HEAD_TOO_LARGE);
	CHECK(t, parse(S("GET / HTTP/1.1\r\n" HOST "A: b\r\n"), &head) == HTTP_PARSE_MORE);
}

TEST(http_parse_finds_the_end_wherever_the_head_is_split)
{
	const struct slice whole = S("\r\nGET / HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\n\r\n\r\n");

	for (size_t split = 0; split <= whole.len; split++) {
		struct http_parse_search search = { 0 };
		struct http_problem problem;
		size_t head_bytes = 0;

		enum http_parse first = http_parse_find_end(&search, slice_sub(whole, 0, split), &LIMITS, &head_bytes, &problem);
		CHECK_NUMBER(t, first, split >= whole.len - 4 ? HTTP_PARSE_DONE : HTTP_PARSE_MORE);
		if (first == HTTP_PARSE_MORE)
			CHECK(t, http_parse_find_end(&search, whole, &LIMITS, &head_bytes, &problem) == HTTP_PARSE_DONE);
		CHECK_NUMBER(t, head_bytes, whole.len - 4);
	}
}

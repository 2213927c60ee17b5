/* net/http_reply_test.c: what a reply looks like on the wire, and replies larger than the socket's buffer. */
#include "net/http_reply.h"

#include "base/clock.h"
#include "tests/http.h"

static struct slice header_of(struct slice head, const char *name)
{
	struct slice value;
	char text[64];
	int len = snprintf(text, sizeof text, "\r\n%s: ", name);
	size_t at = slice_find(head, (struct slice){ text, (size_t)len });

	if (at == SLICE_NPOS)
		return SLICE_NONE;
	slice_cut(slice_from(head, at + (size_t)len), '\r', &value);
	return value;
}

TEST(http_reply_carries_date_and_length)
{
	struct http_fixture fixture;
	struct http_client client;
	int64_t date_ms;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
	struct http_client_reply reply = http_client_receive(&client);
	CHECK(t, slice_has_prefix(reply.head, S("HTTP/1.1 200 OK\r\n")));
	CHECK_TEXT(t, header_of(reply.head, "Content-Length"), S("10"));
	CHECK_TEXT(t, header_of(reply.head, "Connection"), SLICE_NONE);
	CHECK(t, time_parse_http(header_of(reply.head, "Date"), &date_ms));
	CHECK(t, date_ms <= clock_wall_ms() && date_ms > clock_wall_ms() - 60000);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_reply_without_a_body_says_what_its_status_allows)
{
	static const struct { const char *request, *status_line, *length; } rows[] = {
		{ "HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 200 OK\r\n", "11" },
		{ "HEAD /bytes-123456789 HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 200 OK\r\n", "123456789" },
		{ "HEAD /status-404 HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 404 Not Found\r\n", "4" },
		{ "HEAD /refuse HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 403 Forbidden\r\n", "7" },
		{ "GET /status-204 HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 204 No Content\r\n", NULL },
		{ "GET /status-304 HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n", "4" },
	};
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (size_t i = 0; i < COUNT(rows); i++) {
		http_client_send(&client, slice_of(rows[i].request));
		struct http_client_reply reply = http_client_receive_head(&client);
		CHECK(t, slice_has_prefix(reply.head, slice_of(rows[i].status_line)));
		CHECK_TEXT(t, header_of(reply.head, "Content-Length"), slice_of(rows[i].length));
		http_client_expect(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"), 200, "GET /echo\n");   /* nothing came between */
	}
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_reply_headers_cannot_end_their_line)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET /inject HTTP/1.1\r\nHost: h\r\n\r\n"));
	struct http_client_reply reply = http_client_receive(&client);
	CHECK(t, slice_find(reply.head, S("\r\nX-Inject  X-A: value  X-Evil: 1     \r\n\r\n")) != SLICE_NPOS);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_reply_larger_than_the_socket_arrives_whole_and_the_next_one_behind_it)
{
	static const size_t SIZES[] = { 32000, 32511, 32512, 32513, 32768, 100000, 20 << 20 };
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		http_client_printf(&client, "GET /bytes-%zu HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n", SIZES[i]);
		http_fixture_await(&fixture, &fixture.closes, 2 * (int)i + 1);         /* over for its owner, not yet for the peer */
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, 200);
		CHECK_NUMBER(t, reply.body.len, SIZES[i]);
		CHECK(t, reply.body.len == 0 || (reply.body.ptr[0] == 'x' && memcmp(reply.body.ptr, reply.body.ptr + 1, reply.body.len - 1) == 0));
		CHECK_TEXT(t, http_client_receive(&client).body, S("GET /echo\n"));
		http_fixture_await(&fixture, &fixture.closes, 2 * (int)i + 2);
	}
	CHECK_NUMBER(t, http_fixture_budget(&fixture), 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_reply_that_nobody_reads_does_not_outgrow_the_budget)
{
	struct http_fixture fixture;
	struct http_client deaf;

	http_fixture_init(&fixture, t);
	fixture.options.budget_bytes = 1 << 20;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&deaf, t, fixture.port);
	http_client_send(&deaf, S("GET /bytes-16000000 HTTP/1.1\r\nHost: h\r\n\r\n"));
	http_fixture_await(&fixture, &fixture.refused[HTTP_OVER_BUDGET], 1);
	CHECK_NUMBER(t, http_client_receive(&deaf).status, 0);          /* cut off amid the body */
	CHECK_NUMBER(t, http_fixture_budget(&fixture), 0);
	http_client_close(&deaf);
	http_fixture_stop(&fixture);
}

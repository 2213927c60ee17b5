/* net/http_caller_test.c: replies of every framing, kept connections, and servers that end in the middle. */
#include "net/http_caller.h"

#include "tests/scripted_server.h"

enum { TIMEOUT_MS = 10000, BODY_BYTES_MAX = 1000 };

struct caller_fixture {
	struct scripted_server server;
	struct http_url        url;
	struct http_caller    *caller;
};

static void begin(struct caller_fixture *fixture, struct test *t, const char *const *replies)
{
	scripted_server_start(&fixture->server, t, replies);
	CHECK(t, http_url_parse(scripted_server_url(t, &fixture->server), &fixture->url, &t->err));
	fixture->caller = http_caller_new(&fixture->url, NULL, TIMEOUT_MS);
}

static void end(struct caller_fixture *fixture)
{
	http_caller_free(fixture->caller);
	scripted_server_stop(&fixture->server);
}

/* "status body", or "error N". */
static struct slice call(struct test *t, struct caller_fixture *fixture, const char *method, struct slice body)
{
	const struct http_header host = { S("Host"), fixture->url.authority };
	struct http_caller_request request = { .method = slice_of(method), .target = S("/a?b"), .headers = &host, .header_count = 1, .body = body };
	struct http_caller_reply reply;
	struct error err = {0};

	if (!http_caller_call(fixture->caller, &request, BODY_BYTES_MAX, &reply, &err))
		return arena_format(&t->arena, "error %d %s", err.kind, err.message);
	return arena_format(&t->arena, "%u %.*s", reply.response.status, SLICE_ARG(reply.body));
}

TEST(http_caller_reads_each_framing_and_keeps_the_connection)
{
	static const char *const replies[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: t\r\n\r\n",
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!",
		"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",         /* to HEAD */
		"HTTP/1.1 200 OK\r\n\r\nup to the end", SCRIPTED_CLOSE,
		"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbye", SCRIPTED_CLOSE,
		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", NULL,
	};
	struct caller_fixture fixture;

	begin(&fixture, t, replies);
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("200 hello"));
	CHECK_TEXT(t, call(t, &fixture, "POST", S("the body")), S("404 abcdefg"));
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("204 "));
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("200 !"));
	CHECK_TEXT(t, call(t, &fixture, "HEAD", SLICE_NONE), S("200 "));
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("200 up to the end"));
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("200 bye"));
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("200 "));
	end(&fixture);
	CHECK_NUMBER(t, fixture.server.connections, 3);
	struct slice said = { fixture.server.requests, fixture.server.used };
	CHECK(t, slice_find(said, S("POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:")) != SLICE_NPOS);
	CHECK(t, slice_find(said, S("Content-Length: 8\r\n\r\nthe body")) != SLICE_NPOS);
}

TEST(http_caller_connects_anew_where_the_server_closed_between_two_calls)
{
	static const char *const replies[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1", SCRIPTED_CLOSE, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2", NULL,
	};
	struct caller_fixture fixture;

	begin(&fixture, t, replies);
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("200 1"));
	CHECK_TEXT(t, call(t, &fixture, "GET", SLICE_NONE), S("200 2"));
	end(&fixture);
	CHECK_NUMBER(t, fixture.server.connections, 2);
}

TEST(http_caller_refuses_replies_that_are_cut_too_long_or_not_http)
{
	static const struct { const char *reply; enum error_kind want; } rows[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", ERR_IO },
		{ "HTTP/1.1 200 OK\r\nContent-Le", ERR_IO },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", ERR_IO },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\nab", ERR_IO },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", ERR_CORRUPT },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", ERR_LIMIT },
		{ "SSH-2.0-OpenSSH\r\n\r\n", ERR_CORRUPT },
		{ "", ERR_IO },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *replies[] = { rows[i].reply, NULL };
		struct caller_fixture fixture;
		begin(&fixture, t, replies);
		struct slice got = call(t, &fixture, "GET", SLICE_NONE);
		if (!slice_has_prefix(got, arena_format(&t->arena, "error %d", rows[i].want)))
			test_failed(t, __FILE__, __LINE__, "row %zu: %.*s", i, SLICE_ARG(got));
		end(&fixture);
	}
}

TEST(http_caller_bounds_bodies_whose_length_is_not_announced)
{
	const char *chunks = arena_printf(&t->arena, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n%1001s\r\n0\r\n\r\n", "");
	const char *endless = arena_printf(&t->arena, "HTTP/1.1 200 OK\r\n\r\n%1001s", "");
	const char *replies[] = { chunks, SCRIPTED_CLOSE, endless, NULL };
	struct caller_fixture fixture;

	begin(&fixture, t, replies);
	CHECK(t, slice_has_prefix(call(t, &fixture, "GET", SLICE_NONE), arena_format(&t->arena, "error %d", ERR_LIMIT)));
	CHECK(t, slice_has_prefix(call(t, &fixture, "GET", SLICE_NONE), arena_format(&t->arena, "error %d", ERR_LIMIT)));
	end(&fixture);
}

TEST(http_caller_sends_no_line_that_came_with_a_value)
{
	static const char *const none[] = { NULL };
	struct caller_fixture fixture;
	struct http_caller_reply reply;
	struct http_header host = { S("Host"), S("x\r\nInjected: y") };
	struct http_caller_request request = { .method = S("GET"), .target = S("/"), .headers = &host, .header_count = 1 };

	begin(&fixture, t, none);
	CHECK(t, !http_caller_call(fixture.caller, &request, 10, &reply, &t->err) && t->err.kind == ERR_INVALID);
	host.value = S("x");
	request.target = S("/a HTTP/1.1\r\nInjected: y");
	CHECK(t, !http_caller_call(fixture.caller, &request, 10, &reply, &t->err) && t->err.kind == ERR_INVALID);
	end(&fixture);
	CHECK_NUMBER(t, fixture.server.connections, 0);
}

TEST(http_caller_says_who_does_not_answer)
{
	struct http_url url;
	struct http_caller_reply reply;
	const struct http_header host = { S("Host"), S("x") };
	struct http_caller_request request = { .method = S("GET"), .target = S("/"), .headers = &host, .header_count = 1 };

	REQUIRE(t, http_url_parse(S("http://127.0.0.1:1"), &url, &t->err));
	struct http_caller *caller = http_caller_new(&url, NULL, TIMEOUT_MS);
	CHECK(t, !http_caller_call(caller, &request, 10, &reply, &t->err) && t->err.kind == ERR_IO);
	CHECK(t, strstr(t->err.message, "127.0.0.1:1: "));
	http_caller_free(caller);
}

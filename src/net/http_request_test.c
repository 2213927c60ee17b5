/* net/http_request_test.c: what the server refuses by itself, and what head() refuses, on the wire. */
#include "net/http_request.h"
#include "tests/http.h"

#include <sys/socket.h>

TEST(http_request_that_is_refused_is_answered_and_the_connection_closed)
{
	static const struct { const char *bytes; unsigned status; enum http_reason reason; } rows[] = {
		{ "\x16\x03\x01\x02", 400, HTTP_MALFORMED },
		{ "GET /\r\n\r\n", 400, HTTP_MALFORMED },
		{ "GET / HTTP/1.1\nHost: h\n\n", 400, HTTP_MALFORMED },
		{ "GET / HTTP/1.1\r\n\r\n", 400, HTTP_FRAMING },
		{ "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400, HTTP_FRAMING },
		{ "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx", 400, HTTP_FRAMING },
		{ "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501, HTTP_NOT_IMPLEMENTED },
		{ "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, HTTP_VERSION_UNKNOWN },
		{ "GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n", 417, HTTP_EXPECTATION_UNKNOWN },
		{ "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: h\r\n\r\n", 414,
		  HTTP_TARGET_TOO_LONG },
		{ "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nA: 2\r\nA: 3\r\nA: 4\r\n\r\n", 431, HTTP_HEAD_TOO_LARGE },
		{ "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400, HTTP_MALFORMED },
		{ "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400, HTTP_MALFORMED },
		{ "POST /limit-3 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n", 413, HTTP_BODY_TOO_LARGE },
		{ "POST /limit-3 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n", 413, HTTP_BODY_TOO_LARGE },
		{ "POST /limit-3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n", 413, HTTP_BODY_TOO_LARGE },
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n", 413, HTTP_BODY_TOO_LARGE },
	};
	struct http_fixture fixture;

	http_fixture_init(&fixture, t);
	fixture.options.target_bytes_max = 64;
	fixture.options.headers_max = 4;
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_client client;
		int before = fixture.refused[rows[i].reason];

		http_client_open(&client, t, fixture.port);
		http_client_send(&client, slice_of(rows[i].bytes));
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, rows[i].status);
		CHECK(t, slice_find(reply.head, S("\r\nDate: ")) != SLICE_NPOS);
		CHECK(t, slice_find(reply.head, S("\r\nConnection: close\r\n")) != SLICE_NPOS);
		CHECK(t, reply.body.len > 0);
		CHECK(t, http_client_is_closed(&client));
		CHECK_NUMBER(t, fixture.refused[rows[i].reason], before + 1);
		http_client_close(&client);
	}
	CHECK_NUMBER(t, fixture.completes, 0);
	http_fixture_stop(&fixture);
}

TEST(http_request_too_long_a_head_is_refused_before_its_end)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET / HTTP/1.1\r\nHost: h\r\n"));
	for (int i = 0; i < 70; i++)
		http_client_printf(&client, "X-%d: %01000d\r\n", i, i);
	CHECK_NUMBER(t, http_client_receive(&client).status, 431);
	http_client_close(&client);

	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET /"));
	for (int i = 0; i < 40; i++)
		http_client_printf(&client, "%01000d", i);
	CHECK_NUMBER(t, http_client_receive(&client).status, 414);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_request_head_of_exactly_the_limit_is_served_and_one_byte_more_is_not)
{
	const size_t around = sizeof "GET /echo HTTP/1.1\r\nHost: h\r\nX: \r\n\r\n" - 1;
	struct http_fixture fixture;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t more = 0; more < 2; more++) {
		struct http_client client;

		http_client_open(&client, t, fixture.port);
		http_client_send(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\nX: "));
		http_client_send(&client, http_pattern(t, 0, HTTP_HEAD_BYTES_MAX - around + more));
		http_client_expect(&client, S("\r\n\r\n"), more ? 431 : 200, NULL);
		http_client_close(&client);
	}
	http_fixture_stop(&fixture);
}

TEST(http_request_for_the_head_alone_is_refused_without_a_body)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("HEAD /refuse HTTP/1.1\r\nHost: h\r\n\r\n"));
	struct http_client_reply reply = http_client_receive_head(&client);
	CHECK_NUMBER(t, reply.status, 403);
	CHECK(t, slice_find(reply.head, S("\r\nContent-Length: 7\r\n")) != SLICE_NPOS);
	http_client_send(&client, S("HEAD /limit-1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n"));
	CHECK_NUMBER(t, http_client_receive_head(&client).status, 413);
	CHECK(t, http_client_is_closed(&client));
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_request_with_many_headers_shows_them_all_in_order)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (int round = 0; round < 2; round++) {
		http_client_send(&client, S("GET /park HTTP/1.1\r\nHost: h\r\n"));
		for (int i = 1; i < HTTP_HEADERS_MAX; i++)
			http_client_printf(&client, "X-%d: %0100d\r\n", i, i);
		http_client_send(&client, S("\r\n"));
		struct http_exchange *exchange = http_fixture_take(&fixture);
		CHECK_NUMBER(t, exchange->request.header_count, HTTP_HEADERS_MAX);
		CHECK(t, http_server_counts(fixture.server).budget_bytes > 0);
		for (int i = 1; i < HTTP_HEADERS_MAX; i++) {
			CHECK_TEXT(t, exchange->request.headers[i].name, arena_format(&t->arena, "X-%d", i));
			CHECK_TEXT(t, exchange->request.headers[i].value, arena_format(&t->arena, "%0100d", i));
		}
		CHECK_TEXT(t, http_request_header(&exchange->request, S("x-255")), arena_format(&t->arena, "%0100d", 255));
		http_resume(exchange);
		CHECK_NUMBER(t, http_client_receive(&client).status, 200);
	}
	http_fixture_await(&fixture, &fixture.closes, 2);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_request_that_expects_100_gets_it_only_once_its_head_is_accepted)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
	struct http_client_reply reply = http_client_receive_head(&client);
	CHECK_TEXT(t, reply.head, S("HTTP/1.1 100 Continue\r\n\r\n"));
	http_client_expect(&client, S("body"), 200, "PUT /echo\nbody");

	/* A client that does not wait gets none, but one without a body does. */
	http_client_expect(&client, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody"), 200,
	                   "PUT /echo\nbody");
	http_client_send(&client, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n"));
	CHECK_TEXT(t, http_client_receive_head(&client).head, S("HTTP/1.1 100 Continue\r\n\r\n"));
	http_client_expect(&client, S(""), 200, "PUT /echo\n");

	/* Refused: the final status at once, then the end. */
	http_client_expect(&client, S("PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"), 403,
	                   "refused");
	CHECK(t, http_client_is_closed(&client));
	http_client_close(&client);
	CHECK_NUMBER(t, fixture.completes, 3);
	http_fixture_stop(&fixture);
}

/* As /refuse, but the refusal is found out elsewhere. */
TEST(http_request_whose_body_is_skipped_is_answered_later_without_a_100)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (int sent = 0; sent <= 1; sent++) {                        /* some of the body, whether or not it was asked for */
		http_client_open(&client, t, fixture.port);
		http_client_send(&client, S("PUT /park-skip HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n"));
		if (sent)
			http_client_send(&client, http_pattern(t, 0, 50000));
		http_resume(http_fixture_take(&fixture));
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, 200);
		CHECK_TEXT(t, reply.body, S("PUT /park-skip\n"));
		CHECK(t, http_client_is_closed(&client));
		http_client_close(&client);
	}
	http_client_open(&client, t, fixture.port);                    /* there is none to skip */
	for (int i = 0; i < 2; i++) {
		http_client_send(&client, S("PUT /park-skip HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"));
		http_resume(http_fixture_take(&fixture));
		CHECK_NUMBER(t, http_client_receive(&client).status, 200);
	}
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_request_refused_by_head_keeps_the_connection_if_no_body_follows)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (int i = 0; i < 3; i++)
		http_client_expect(&client, S("GET /refuse HTTP/1.1\r\nHost: h\r\n\r\n"), 403, "refused");
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_request_refused_amid_its_body_lets_the_client_read_why)
{
	struct http_fixture fixture;
	struct http_client client;
	char *body = arena_zalloc(&t->arena, 600 << 10);

	/* The client sends everything before it reads; a reset would throw the reply away. */
	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (int i = 0; i < 10; i++) {
		http_client_open(&client, t, fixture.port);
		http_client_send(&client, S("PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 614400\r\n\r\n"));
		http_client_send(&client, (struct slice){ body, 600 << 10 });
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, 403);
		CHECK_TEXT(t, reply.body, S("refused"));
		http_client_close(&client);
	}
	http_fixture_stop(&fixture);
}

static void word(void *user, const struct http_refusal *refusal, struct http_refusal_reply *reply)
{
	(void)user;
	int len = snprintf(reply->room, sizeof reply->room, "<Code>%s</Code><Target>%.*s</Target>", http_reason_name(refusal->reason),
	                   SLICE_ARG(refusal->request ? refusal->request->target : S("?")));
	reply->headers[reply->header_count++] = (struct http_header){ S("Content-Type"), S("text/xml") };
	reply->body = (struct slice){ reply->room, (size_t)len };
}

TEST(http_request_refusals_are_worded_by_the_owner)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	fixture.options.handler.word_refusal = word;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_expect(&client, S("GET /x HTTP/1.1\r\n\r\n"), 400, "<Code>framing</Code><Target>?</Target>");
	http_client_close(&client);
	http_client_open(&client, t, fixture.port);
	http_client_expect(&client, S("PUT /limit-1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n"), 413,
	                   "<Code>body_too_large</Code><Target>/limit-1</Target>");
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

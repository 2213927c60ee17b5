/* net/http_connection_test.c: connections that are kept, pipelined, slow, idle or gone; each exchange ends exactly once. */
#include "base/clock.h"
#include "tests/http.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define GET(path) S("GET " path " HTTP/1.1\r\nHost: h\r\n\r\n")

enum { LATE_MS = 700 };                         /* this thread is not kept from the processor for so long */

TEST(http_connection_serves_request_after_request)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (int i = 0; i < 100; i++) {
		http_client_expect(&client, GET("/echo?x"), 200, "GET /echo?x\n");
		http_client_expect(&client, S("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"), 200, "POST /\nhello");
	}
	CHECK_NUMBER(t, http_server_counts(fixture.server).accepted, 1);
	CHECK_NUMBER(t, http_server_counts(fixture.server).requests, 200);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_connection_answers_pipelined_requests_in_order)
{
	struct http_fixture fixture;
	struct http_client client;
	struct slice all = S("");

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (int i = 0; i < 500; i++)
		all = arena_format(&t->arena, "%.*sPUT /echo/%d HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n%c", SLICE_ARG(all), i,
		                   'a' + i % 26);
	http_client_send(&client, all);
	for (int i = 0; i < 500; i++) {
		struct http_client_reply reply = http_client_receive(&client);

		CHECK_NUMBER(t, reply.status, 200);
		CHECK_TEXT(t, reply.body, arena_format(&t->arena, "PUT /echo/%d\n%c", i, 'a' + i % 26));
	}
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_connection_parses_the_next_request_only_after_the_reply)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET /park/1 HTTP/1.1\r\nHost: h\r\n\r\nGET /echo/2 HTTP/1.1\r\nHost: h\r\n\r\n"));
	struct http_exchange *exchange = http_fixture_take(&fixture);
	http_client_send(&client, GET("/park/3"));
	CHECK_NUMBER(t, fixture.heads, 1);
	http_resume(exchange);
	CHECK_TEXT(t, http_client_receive(&client).body, S("GET /park/1\n"));
	CHECK_TEXT(t, http_client_receive(&client).body, S("GET /echo/2\n"));
	http_resume(http_fixture_take(&fixture));
	CHECK_TEXT(t, http_client_receive(&client).body, S("GET /park/3\n"));
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_connection_reads_requests_that_arrive_a_byte_at_a_time)
{
	const struct slice requests = S("\r\nPOST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
	                                "PUT /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\nX: y\r\n\r\n"
	                                "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
	struct http_fixture fixture;
	struct http_client client;
	const int on = 1;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	for (size_t i = 0; i < requests.len; i++)
		http_client_send(&client, slice_sub(requests, i, 1));
	CHECK_TEXT(t, http_client_receive(&client).body, S("POST /echo\nabc"));
	CHECK_TEXT(t, http_client_receive(&client).body, S("PUT /echo\nabc"));
	CHECK_TEXT(t, http_client_receive(&client).body, S("GET /echo\n"));
	for (size_t split = 1; split < requests.len; split++) {
		http_client_send(&client, slice_sub(requests, 0, split));
		http_client_send(&client, slice_from(requests, split));
		CHECK_TEXT(t, http_client_receive(&client).body, S("POST /echo\nabc"));
		CHECK_TEXT(t, http_client_receive(&client).body, S("PUT /echo\nabc"));
		CHECK_TEXT(t, http_client_receive(&client).body, S("GET /echo\n"));
	}
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_connection_is_closed_where_the_request_says_so)
{
	static const struct { const char *request; bool is_kept; } rows[] = {
		{ "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false },
		{ "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n", true },
		{ "GET / HTTP/1.0\r\n\r\n", false },
		{ "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true },
	};
	struct http_fixture fixture;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_client client;

		http_client_open(&client, t, fixture.port);
		http_client_send(&client, slice_of(rows[i].request));
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, 200);
		CHECK_NUMBER(t, slice_find(reply.head, S("\r\nConnection: close\r\n")) == SLICE_NPOS, rows[i].is_kept);
		CHECK_NUMBER(t, slice_find(reply.head, S("\r\nConnection: keep-alive\r\n")) != SLICE_NPOS, i == 3);
		if (rows[i].is_kept)
			http_client_expect(&client, GET("/"), 200, "GET /\n");
		else
			CHECK(t, http_client_is_closed(&client));
		http_client_close(&client);
	}
	http_fixture_stop(&fixture);
}

TEST(http_connection_answers_a_peer_that_closed_only_its_side)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET /park HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
	shutdown(client.fd, SHUT_WR);
	http_resume(http_fixture_take(&fixture));
	CHECK_TEXT(t, http_client_receive(&client).body, S("GET /park\n"));
	CHECK_TEXT(t, http_client_receive(&client).body, S("GET /echo\n"));
	CHECK(t, http_client_is_closed(&client));
	CHECK_NUMBER(t, fixture.gone, 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

/* A reset, so that the server learns of it before it writes. */
static void vanish(struct http_client *client)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	http_client_close(client);
}

TEST(http_connection_keeps_the_exchange_of_a_peer_that_vanished_until_the_owner_replied)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (int i = 1; i <= 20; i++) {
		http_client_open(&client, t, fixture.port);
		http_client_send(&client, S("POST /park HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"));
		struct http_exchange *exchange = http_fixture_take(&fixture);
		vanish(&client);

		/* Something else goes over the same front, so the reset was seen before. */
		http_client_open(&client, t, fixture.port);
		http_client_expect(&client, GET("/echo"), 200, NULL);
		http_client_close(&client);
		CHECK_TEXT(t, exchange->request.body, S("body"));
		CHECK_TEXT(t, exchange->request.target, S("/park"));
		http_resume(exchange);
		http_fixture_await(&fixture, &fixture.gone, i);
		http_fixture_await(&fixture, &fixture.closes, 2 * i);
	}
	CHECK_NUMBER(t, fixture.completes, 40);
	http_fixture_stop(&fixture);
}

TEST(http_connection_ends_the_exchange_of_a_peer_that_vanishes_before_its_body)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 40000\r\n\r\nbod"));
	http_fixture_await(&fixture, &fixture.heads, 1);
	vanish(&client);
	http_fixture_await(&fixture, &fixture.closes, 1);
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbod"));
	http_fixture_await(&fixture, &fixture.heads, 2);
	http_client_close(&client);
	http_fixture_await(&fixture, &fixture.closes, 2);
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("POST /echo HTTP/1.1\r\nHost"));
	http_client_close(&client);
	CHECK_NUMBER(t, fixture.completes, 0);
	http_fixture_stop(&fixture);
}

TEST(http_connection_ends_slow_requests_with_408_and_idle_ones_silently)
{
	/* Only what is to pass is short. A head has until LATE_MS after the connection to begin, on whatever machine. */
	static const struct { const char *bytes; unsigned status; int reason, header_ms, body_ms, call_ms; } rows[] = {
		{ "", 0, -1, 30, 0, 0 },
		{ "GET / HTTP/1.1\r\nHost:", 408, HTTP_HEADER_TIMEOUT, LATE_MS, 0, 0 },
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nbod", 408, HTTP_BODY_TIMEOUT, 0, 30, 0 },
		{ "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbod\r\n", 408, HTTP_BODY_TIMEOUT, 0, 30, 0 },
		{ "GET /park HTTP/1.1\r\nHost: h\r\n\r\n", 0, HTTP_CALL_TIMEOUT, 0, 0, 30 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_fixture fixture;
		struct http_client client;

		http_fixture_init(&fixture, t);
		fixture.options.header_timeout_ms = fixture.options.idle_timeout_ms = rows[i].header_ms;
		fixture.options.body_timeout_ms = rows[i].body_ms;
		fixture.options.call_timeout_ms = rows[i].call_ms;
		REQUIRE(t, http_fixture_start(&fixture));
		http_client_open(&client, t, fixture.port);
		http_client_send(&client, slice_of(rows[i].bytes));
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, rows[i].status);
		CHECK(t, http_client_is_closed(&client));
		for (int reason = 0; reason < HTTP_REASON_COUNT; reason++)
			CHECK_NUMBER(t, fixture.refused[reason], reason == rows[i].reason);
		if (rows[i].reason == HTTP_CALL_TIMEOUT)
			http_resume(http_fixture_take(&fixture));
		http_client_close(&client);
		http_fixture_stop(&fixture);
	}
}

/* Goes over the same front as another connection: paces by round trips, not by a clock. */
static void pace(struct http_fixture *fixture)
{
	struct http_client other;

	http_client_open(&other, fixture->t, fixture->port);
	http_client_expect(&other, GET("/echo"), 200, NULL);
	http_client_close(&other);
}

TEST(http_connection_that_drips_gains_no_time_with_each_byte)
{
	static const struct { const char *begin, *drop; int reason; } rows[] = {
		{ "GET / HTTP/1.1\r\nHost: h\r\n", "X: y\r\n", HTTP_HEADER_TIMEOUT },
		{ "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n", "b", HTTP_BODY_TIMEOUT },
		{ "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nb\r\n", HTTP_BODY_TIMEOUT },
		{ "POST /stream HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n", "b", HTTP_BODY_TIMEOUT },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_fixture fixture;
		struct http_client client;

		http_fixture_init(&fixture, t);
		fixture.options.header_timeout_ms = LATE_MS;
		fixture.options.body_timeout_ms = 50;
		fixture.options.head_bytes_max = fixture.options.body_rate_bytes_min = 1 << 20;
		fixture.options.headers_max = 100000;
		REQUIRE(t, http_fixture_start(&fixture));
		http_client_open(&client, t, fixture.port);
		http_client_send(&client, slice_of(rows[i].begin));
		while (fixture.refused[rows[i].reason] == 0 && fixture.closes < 100000) {
			http_client_send(&client, slice_of(rows[i].drop));
			pace(&fixture);
		}
		CHECK_NUMBER(t, fixture.refused[rows[i].reason], 1);
		CHECK_NUMBER(t, http_client_receive(&client).status, 408);
		http_client_close(&client);
		http_fixture_stop(&fixture);
	}
}

TEST(http_connection_lets_a_steady_body_take_its_time)
{
	struct http_fixture fixture;
	struct http_client client;

	/* A byte satisfies each window; the whole body takes two of them at least. */
	http_fixture_init(&fixture, t);
	fixture.options.body_timeout_ms = LATE_MS;
	fixture.options.body_rate_bytes_min = 1;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("POST /park HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
	for (int64_t end_ms = clock_monotonic_ms() + 2 * LATE_MS; clock_monotonic_ms() < end_ms; ) {
		pace(&fixture);
		http_client_send(&client, S("1\r\nx\r\n"));
	}
	http_client_send(&client, S("0\r\n\r\n"));
	http_resume(http_fixture_take(&fixture));
	CHECK_NUMBER(t, http_client_receive(&client).status, 200);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_connection_is_let_go_when_its_peer_does_not_read)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	fixture.options.body_timeout_ms = 30;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, GET("/bytes-16000000"));
	http_fixture_await(&fixture, &fixture.refused[HTTP_REPLY_TIMEOUT], 1);
	CHECK_NUMBER(t, http_fixture_budget(&fixture), 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_connection_that_is_idle_makes_room_for_a_new_one)
{
	struct http_fixture fixture;
	struct http_client clients[6];

	http_fixture_init(&fixture, t);
	fixture.options.connections_max = 4;
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < COUNT(clients); i++) {
		http_client_open(&clients[i], t, fixture.port);
		http_client_expect(&clients[i], GET("/echo"), 200, NULL);
	}
	CHECK_NUMBER(t, http_server_counts(fixture.server).connections, 4);
	for (size_t i = 0; i < COUNT(clients); i++)
		http_client_close(&clients[i]);
	http_fixture_stop(&fixture);
}

TEST(http_connection_that_drips_its_headers_makes_room_for_one_that_speaks)
{
	struct http_fixture fixture;
	struct http_client slow[4], client;
	struct http_client_reply reply = { 0 };

	http_fixture_init(&fixture, t);
	fixture.options.connections_max = COUNT(slow);
	fixture.options.header_timeout_ms = 20 * 300;   /* it is slow after 300 ms, and ended after 6 s */
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < COUNT(slow); i++) {
		http_client_open(&slow[i], t, fixture.port);
		http_client_send(&slow[i], S("GET / HTTP/1.1\r\nHost:"));
	}
	for (int tries = 0; tries < 100000 && reply.status == 0; tries++) {
		http_client_open(&client, t, fixture.port);
		http_client_send(&client, GET("/echo"));
		reply = http_client_receive(&client);
		http_client_close(&client);
	}
	CHECK_NUMBER(t, reply.status, 200);
	CHECK_NUMBER(t, fixture.refused[HTTP_HEADER_TIMEOUT], 0);
	for (size_t i = 0; i < COUNT(slow); i++)
		http_client_close(&slow[i]);
	http_fixture_stop(&fixture);
}

TEST(http_connection_is_refused_when_all_others_are_busy)
{
	struct http_fixture fixture;
	struct http_client clients[3];

	http_fixture_init(&fixture, t);
	fixture.options.connections_max = 2;
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < 2; i++) {
		http_client_open(&clients[i], t, fixture.port);
		http_client_send(&clients[i], GET("/park"));
	}
	http_fixture_await(&fixture, &fixture.completes, 2);
	http_client_open(&clients[2], t, fixture.port);
	CHECK(t, http_client_is_closed(&clients[2]));
	CHECK_NUMBER(t, fixture.refused[HTTP_OVER_CONNECTIONS], 1);
	for (size_t i = 0; i < 2; i++)
		http_resume(http_fixture_take(&fixture));
	for (size_t i = 0; i < 2; i++)
		CHECK_NUMBER(t, http_client_receive(&clients[i]).status, 200);
	for (size_t i = 0; i < COUNT(clients); i++)
		http_client_close(&clients[i]);
	http_fixture_stop(&fixture);
}

/* net/http_stream_test.c: bodies larger than memory: whole, in order, bounded, and ended exactly once whatever happens. */
#include "base/limits.h"
#include "base/thread.h"
#include "tests/http.h"

#include <sys/socket.h>

#define GET(path) S("GET " path " HTTP/1.1\r\nHost: h\r\n\r\n")

static void vanish(struct http_client *client)
{
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	http_client_close(client);
}

/* Something else goes over the same front: what happened before was seen. */
static void let_a_turn_pass(struct http_fixture *fixture)
{
	struct http_client client;

	http_client_open(&client, fixture->t, fixture->port);
	int closes = fixture->closes;
	http_client_expect(&client, GET("/echo"), 200, NULL);
	http_fixture_await(fixture, &fixture->closes, closes + 1);
	http_client_close(&client);
}

static uint64_t stream_budget(struct http_fixture *fixture)
{
	let_a_turn_pass(fixture);
	return http_server_counts(fixture->server).stream_budget_bytes;
}

static void send_length(struct http_client *client, const char *path, size_t bytes)
{
	http_client_printf(client, "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: %zu\r\n\r\n", path, bytes);
}

static void send_chunked(struct http_client *client, struct slice body, size_t chunk_bytes)
{
	http_client_send(client, S("PUT /stream HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
	for (size_t at = 0; at < body.len; at += chunk_bytes) {
		struct slice chunk = slice_sub(body, at, chunk_bytes);

		http_client_printf(client, "%zx\r\n", chunk.len);
		http_client_send(client, chunk);
		http_client_send(client, S("\r\n"));
	}
	http_client_send(client, S("0\r\nX-Trailer: 1\r\n\r\n"));
}

static void expect_length(struct http_client *client, size_t bytes)
{
	struct http_client_reply reply = http_client_receive(client);

	CHECK_NUMBER(client->t, reply.status, 200);
	CHECK_TEXT(client->t, reply.body, arena_format(&client->t->arena, "%zu\n", bytes));
}

TEST(http_stream_delivers_every_byte_of_bodies_of_any_size_and_leaves_the_next_request_alone)
{
	static const size_t SIZES[] = { 0, 1, 4000, 4096, 5000, 16384, 16385, HTTP_WINDOW_BYTES - 1, HTTP_WINDOW_BYTES,
	                                HTTP_WINDOW_BYTES + 1, 2 * HTTP_WINDOW_BYTES, 1000000 };
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		struct slice body = http_pattern(t, 0, SIZES[i]);

		send_length(&client, "/stream", body.len);
		http_client_send(&client, body);
		send_length(&client, "/stream", body.len);         /* pipelined */
		http_client_send(&client, body);
		expect_length(&client, body.len);
		expect_length(&client, body.len);
		for (size_t chunk_bytes = 1000; chunk_bytes <= 100000; chunk_bytes *= 10) {
			send_chunked(&client, body, chunk_bytes);
			send_length(&client, "/stream", 3);
			http_client_send(&client, http_pattern(t, 0, 3));
			expect_length(&client, body.len);
			expect_length(&client, 3);
		}
	}
	CHECK_NUMBER(t, http_server_counts(fixture.server).accepted, 1);
	CHECK_NUMBER(t, stream_budget(&fixture), 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

struct sender {
	struct http_client *client;
	struct slice        body;
	atomic_size_t       sent;
};

static void send_all(void *argument)
{
	struct sender *sender = argument;

	for (size_t at = 0; at < sender->body.len; at += 10000) {
		http_client_send(sender->client, slice_sub(sender->body, at, 10000));
		atomic_store(&sender->sent, at);
	}
}

TEST(http_stream_reads_no_more_than_two_windows_ahead_of_the_owner)
{
	enum { BYTES = 32 << 20 };
	struct http_fixture fixture;
	struct http_client client;
	struct sender sender = { .client = &client, .body = http_pattern(t, 0, BYTES) };
	struct thread thread;
	size_t sent;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	send_length(&client, "/stream-park", BYTES);
	REQUIRE(t, thread_start(&thread, "sender", send_all, &sender, &t->err));
	struct http_exchange *exchange = http_fixture_take(&fixture);
	do {
		sent = atomic_load(&sender.sent);
		for (int i = 0; i < 20; i++)
			let_a_turn_pass(&fixture);
	} while (atomic_load(&sender.sent) > sent);
	CHECK(t, sent < BYTES * 3 / 4);                 /* what the kernel keeps, and two windows */
	CHECK_NUMBER(t, stream_budget(&fixture), 2 * HTTP_WINDOW_BYTES);
	for (int i = 1; i < BYTES / HTTP_WINDOW_BYTES; i++) {
		http_resume(exchange);
		exchange = http_fixture_take(&fixture);
	}
	http_resume(exchange);
	thread_join(&thread);
	expect_length(&client, BYTES);
	CHECK_NUMBER(t, fixture.windows, BYTES / HTTP_WINDOW_BYTES);
	CHECK_NUMBER(t, stream_budget(&fixture), 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_stream_keeps_the_window_of_a_peer_that_vanished_until_the_owner_is_done_with_it)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (int i = 1; i <= 10; i++) {
		http_client_open(&client, t, fixture.port);
		send_length(&client, "/stream-park", 3 * HTTP_WINDOW_BYTES);
		http_client_send(&client, http_pattern(t, 0, HTTP_WINDOW_BYTES + 1000));
		struct http_exchange *exchange = http_fixture_take(&fixture);
		int closes = fixture.closes;
		vanish(&client);
		let_a_turn_pass(&fixture);
		CHECK_NUMBER(t, fixture.closes, closes + 1);       /* of the other one */
		CHECK(t, slice_equal(exchange->window, http_pattern(t, 0, HTTP_WINDOW_BYTES)));
		http_resume(exchange);
		http_fixture_await(&fixture, &fixture.closes, closes + 2);
	}
	CHECK_NUMBER(t, fixture.gone, 10);
	CHECK_NUMBER(t, stream_budget(&fixture), 0);
	http_fixture_stop(&fixture);
}

TEST(http_stream_of_a_peer_that_vanishes_or_stalls_between_windows_is_closed)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	send_length(&client, "/stream", 3 * HTTP_WINDOW_BYTES);
	http_client_send(&client, http_pattern(t, 0, HTTP_WINDOW_BYTES + 1000));
	http_fixture_await(&fixture, &fixture.windows, 1);
	vanish(&client);
	http_fixture_await(&fixture, &fixture.closes, 1);
	CHECK_NUMBER(t, stream_budget(&fixture), 0);
	http_fixture_stop(&fixture);

	http_fixture_init(&fixture, t);
	fixture.options.body_timeout_ms = 30;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	send_length(&client, "/stream", 3 * HTTP_WINDOW_BYTES);
	http_client_send(&client, http_pattern(t, 0, HTTP_WINDOW_BYTES + 1000));
	CHECK_NUMBER(t, http_client_receive(&client).status, 408);
	CHECK(t, http_client_is_closed(&client));
	CHECK_NUMBER(t, fixture.refused[HTTP_BODY_TIMEOUT], 1);
	http_client_close(&client);
	http_fixture_await(&fixture, &fixture.closes, 1);
	CHECK_NUMBER(t, fixture.completes, 0);
	CHECK_NUMBER(t, stream_budget(&fixture), 0);
	http_fixture_stop(&fixture);
}

TEST(http_stream_that_breaks_while_the_owner_works_is_refused_when_it_is_done)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("PUT /stream-park HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n"));
	http_client_send(&client, http_pattern(t, 0, 0x40000));
	http_client_send(&client, S("\r\n5\r\nabc"));
	struct http_exchange *exchange = http_fixture_take(&fixture);
	http_client_send(&client, S("deNOT A CHUNK\r\n"));
	let_a_turn_pass(&fixture);
	CHECK_NUMBER(t, fixture.refused[HTTP_MALFORMED], 0);
	http_resume(exchange);
	CHECK_NUMBER(t, http_client_receive(&client).status, 400);
	CHECK(t, http_client_is_closed(&client));
	CHECK_NUMBER(t, fixture.refused[HTTP_MALFORMED], 1);
	http_client_close(&client);
	http_fixture_await(&fixture, &fixture.closes, 2);
	http_fixture_stop(&fixture);
}

TEST(http_stream_can_be_answered_before_its_end)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (int window = 1; window <= 2; window++) {
		http_client_open(&client, t, fixture.port);
		send_length(&client, window == 1 ? "/stream-refuse-1" : "/stream-refuse-2", 10 * HTTP_WINDOW_BYTES);
		http_client_send(&client, http_pattern(t, 0, 2 * HTTP_WINDOW_BYTES + 5));
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, 403);
		CHECK(t, slice_find(reply.head, S("\r\nConnection: close\r\n")) != SLICE_NPOS);
		CHECK(t, http_client_is_closed(&client));
		http_client_close(&client);
		http_fixture_await(&fixture, &fixture.closes, window);
	}
	CHECK_NUMBER(t, stream_budget(&fixture), 0);
	http_fixture_stop(&fixture);
}

TEST(http_stream_limit_is_exact)
{
	struct http_fixture fixture;
	struct http_client client;
	struct slice body = http_pattern(t, 0, 300001);

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (int is_over = 0; is_over < 2; is_over++) {
		size_t bytes = 300000 + (size_t)is_over;

		http_client_open(&client, t, fixture.port);
		http_client_printf(&client, "PUT /stream-limit-300000 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%zx\r\n", bytes);
		http_client_send(&client, slice_sub(body, 0, bytes));
		http_client_send(&client, S("\r\n0\r\n\r\n"));
		CHECK_NUMBER(t, http_client_receive(&client).status, is_over ? 413 : 200);
		http_client_close(&client);

		http_client_open(&client, t, fixture.port);
		http_client_printf(&client, "PUT /stream-limit-300000 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
		                   bytes);
		CHECK_NUMBER(t, http_client_receive_head(&client).status, is_over ? 413 : 100);
		if (!is_over) {
			http_client_send(&client, slice_sub(body, 0, bytes));
			CHECK_NUMBER(t, http_client_receive(&client).status, 200);
		}
		http_client_close(&client);
	}
	http_fixture_await(&fixture, &fixture.closes, 4);
	http_fixture_stop(&fixture);
}

TEST(http_stream_that_began_goes_on_when_the_budget_is_spent_and_others_cannot_begin)
{
	enum { BYTES = 1000000 };
	struct http_fixture fixture;
	struct http_client first, second;

	http_fixture_init(&fixture, t);
	fixture.options.stream_budget_bytes = 40 << 10;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&first, t, fixture.port);
	send_length(&first, "/stream-park", BYTES);
	http_client_send(&first, http_pattern(t, 0, 40000));
	struct http_exchange *exchange = http_fixture_take(&fixture);

	http_client_open(&second, t, fixture.port);
	send_length(&second, "/stream", BYTES);
	http_client_send(&second, http_pattern(t, 0, 20000));
	CHECK_NUMBER(t, http_client_receive(&second).status, 503);
	CHECK_NUMBER(t, fixture.refused[HTTP_OVER_BUDGET], 1);
	http_client_close(&second);
	http_client_open(&second, t, fixture.port);
	send_length(&second, "/stream", 2000);                   /* comes with its head: costs nothing */
	http_client_send(&second, http_pattern(t, 0, 2000));
	expect_length(&second, 2000);
	http_client_close(&second);

	struct sender sender = { .client = &first, .body = http_pattern(t, 40000, BYTES - 40000) };
	struct thread thread;
	REQUIRE(t, thread_start(&thread, "sender", send_all, &sender, &t->err));
	while (exchange->window_at + exchange->window.len < BYTES) {
		CHECK(t, exchange->window.len <= 40 << 10);
		http_resume(exchange);
		exchange = http_fixture_take(&fixture);
	}
	http_resume(exchange);
	thread_join(&thread);
	expect_length(&first, BYTES);
	CHECK_NUMBER(t, stream_budget(&fixture), 0);
	http_client_close(&first);
	http_fixture_stop(&fixture);
}

/* ---- replies ---- */

TEST(http_reply_in_windows_arrives_whole_and_the_next_one_behind_it)
{
	static const size_t SIZES[] = { 0, 1, FLOW_WINDOW_BYTES, FLOW_WINDOW_BYTES + 1, 5000000 };
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		http_client_printf(&client, "GET /flow-%zu HTTP/1.1\r\nHost: h\r\n\r\nHEAD /flow-%zu HTTP/1.1\r\nHost: h\r\n\r\n", SIZES[i], SIZES[i]);
		struct http_client_reply reply = http_client_receive(&client);
		CHECK_NUMBER(t, reply.status, 200);
		CHECK(t, slice_equal(reply.body, http_pattern(t, 0, SIZES[i])));
		reply = http_client_receive_head(&client);
		CHECK(t, slice_find(reply.head, arena_format(&t->arena, "\r\nContent-Length: %zu\r\n", SIZES[i])) != SLICE_NPOS);
		http_client_expect(&client, GET("/echo"), 200, "GET /echo\n");
	}
	http_client_printf(&client, "GET /flow-300000 HTTP/1.0\r\n\r\n");
	CHECK_NUMBER(t, http_client_receive(&client).body.len, 300000);
	CHECK(t, http_client_is_closed(&client));
	CHECK_NUMBER(t, fixture.sent, 1 + 49 + 2);      /* never after the last */
	CHECK_NUMBER(t, http_fixture_budget(&fixture), 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_reply_in_windows_waits_for_a_slow_reader_and_costs_one_window)
{
	enum { BYTES = 20000000 };
	struct http_fixture fixture;
	struct http_client client;
	int sent;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, GET("/flow-20000000"));
	do {                                            /* until the kernel takes no more */
		sent = fixture.sent;
		for (int i = 0; i < 3; i++)
			let_a_turn_pass(&fixture);
	} while (fixture.sent > sent);
	CHECK(t, sent < BYTES / FLOW_WINDOW_BYTES);
	CHECK_NUMBER(t, http_server_counts(fixture.server).budget_bytes, 0);
	CHECK(t, slice_equal(http_client_receive(&client).body, http_pattern(t, 0, BYTES)));
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_reply_in_windows_ends_when_its_peer_vanishes_or_does_not_read)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	fixture.options.body_timeout_ms = 30;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, GET("/flow-100000000"));
	http_fixture_await(&fixture, &fixture.refused[HTTP_REPLY_TIMEOUT], 1);
	http_fixture_await(&fixture, &fixture.closes, 1);
	http_client_close(&client);

	http_client_open(&client, t, fixture.port);
	http_client_send(&client, GET("/flow-park-1000000"));
	http_resume(http_fixture_take(&fixture));
	struct http_exchange *exchange = http_fixture_take(&fixture);      /* the first window is gone */
	vanish(&client);
	let_a_turn_pass(&fixture);
	CHECK_NUMBER(t, fixture.closes, 2);
	http_resume(exchange);
	http_fixture_await(&fixture, &fixture.closes, 3);
	CHECK_NUMBER(t, fixture.gone, 1);
	http_fixture_stop(&fixture);
}

TEST(http_reply_that_the_owner_cannot_finish_is_seen_to_be_cut_short)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, GET("/flow-abort-300000"));
	struct http_client_reply reply = http_client_receive_head(&client);
	CHECK_NUMBER(t, reply.status, 200);
	http_fixture_await(&fixture, &fixture.closes, 1);
	CHECK(t, !http_client_receive(&client).body.ptr);
	CHECK(t, client.len < 300000);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

/* net/http_server_test.c: addresses, starting, and stopping without losing what is in flight. */
#include "base/thread.h"
#include "tests/http.h"

#define GET(path) S("GET " path " HTTP/1.1\r\nHost: h\r\n\r\n")

TEST(http_address_is_host_and_port)
{
	static const struct { const char *text, *host; int port; } rows[] = {
		{ "127.0.0.1:4566", "127.0.0.1", 4566 }, { "[::1]:0", "::1", 0 }, { ":80", "0.0.0.0", 80 },
		{ "localhost:65535", "localhost", 65535 },
		{ "127.0.0.1", NULL, 0 }, { "127.0.0.1:", NULL, 0 }, { "127.0.0.1:65536", NULL, 0 }, { "::1:80", NULL, 0 },
		{ "127.0.0.1:-1", NULL, 0 }, { "", NULL, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_address address;
		bool ok = http_address_parse(slice_of(rows[i].text), &address, &t->err);

		CHECK_NUMBER(t, ok, rows[i].host != NULL);
		if (ok) {
			CHECK_TEXT(t, address.host, slice_of(rows[i].host));
			CHECK_NUMBER(t, address.port, rows[i].port);
		} else {
			CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
		}
	}
}

TEST(http_server_start_says_what_it_cannot_listen_on)
{
	const struct http_address bad = { S("example.com"), 0 };
	struct http_fixture fixture, second;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	const struct http_address taken = { S("127.0.0.1"), fixture.port };
	http_fixture_init(&second, t);
	second.options.listen = &taken;
	CHECK(t, http_server_start(&second.options, &t->err) == NULL);
	CHECK_NUMBER(t, t->err.kind, ERR_IO);
	CHECK(t, strstr(t->err.message, "127.0.0.1 port") != NULL);
	second.options.listen = &bad;
	CHECK(t, http_server_start(&second.options, &t->err) == NULL);
	CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
	second.options.listen_count = 0;
	CHECK(t, http_server_start(&second.options, &t->err) == NULL);
	second.options.listen_count = 1;
	second.options.listen = &taken;
	second.options.tls_cert_path = second.options.tls_key_path = "/nonexistent";
	CHECK(t, http_server_start(&second.options, &t->err) == NULL);
	CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
	http_fixture_stop(&second);
	http_fixture_stop(&fixture);
}

TEST(http_server_listens_on_several_addresses)
{
	const struct http_address addresses[] = { { S("127.0.0.1"), 0 }, { S("127.0.0.2"), 0 }, { S("localhost"), 0 } };
	struct http_fixture fixture;

	http_fixture_init(&fixture, t);
	fixture.options.listen = addresses;
	fixture.options.listen_count = COUNT(addresses);
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < COUNT(addresses); i += 2) {
		struct http_client client;

		http_client_open(&client, t, http_server_port(fixture.server, i));
		http_client_send(&client, GET("/park"));
		struct http_exchange *exchange = http_fixture_take(&fixture);
		CHECK_TEXT(t, exchange->request.peer_address, S("127.0.0.1"));
		CHECK(t, exchange->request.peer_port > 0);
		CHECK_TEXT(t, exchange->request.tls_version, SLICE_NONE);
		http_resume(exchange);
		CHECK_NUMBER(t, http_client_receive(&client).status, 200);
		http_client_close(&client);
	}
	http_fixture_stop(&fixture);
}

struct stopper {
	struct http_fixture *fixture;
	int64_t              deadline_ms;
};

static void stop(void *argument)
{
	struct stopper *stopper = argument;

	http_server_stop(stopper->fixture->server, stopper->deadline_ms);
	stopper->fixture->server = NULL;
}

TEST(http_server_stop_answers_what_is_in_flight_and_closes_the_idle)
{
	struct http_fixture fixture;
	struct http_client parked, halfway, idle;
	struct thread thread;
	struct stopper stopper = { &fixture, 30000 };

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&idle, t, fixture.port);
	http_client_expect(&idle, GET("/echo"), 200, NULL);
	http_client_open(&parked, t, fixture.port);
	http_client_send(&parked, GET("/park"));
	http_client_open(&halfway, t, fixture.port);
	http_client_send(&halfway, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo"));
	http_fixture_await(&fixture, &fixture.heads, 3);

	REQUIRE(t, thread_start(&thread, "stopper", stop, &stopper, &t->err));
	CHECK(t, http_client_is_closed(&idle));
	http_client_send(&halfway, S("dy"));
	struct http_client_reply reply = http_client_receive(&halfway);
	CHECK_TEXT(t, reply.body, S("PUT /echo\nbody"));
	CHECK(t, slice_find(reply.head, S("\r\nConnection: close\r\n")) != SLICE_NPOS);
	CHECK(t, http_client_is_closed(&halfway));
	http_resume(http_fixture_take(&fixture));
	reply = http_client_receive(&parked);
	CHECK_TEXT(t, reply.body, S("GET /park\n"));
	CHECK(t, slice_find(reply.head, S("\r\nConnection: close\r\n")) != SLICE_NPOS);
	thread_join(&thread);
	http_client_close(&idle);
	http_client_close(&parked);
	http_client_close(&halfway);
	http_fixture_stop(&fixture);
}

TEST(http_server_stop_closes_one_that_would_have_had_more_to_do_in_the_next_turn)
{
	struct http_fixture fixture;
	struct http_client slow, parked, idle;
	struct thread thread;
	struct stopper stopper = { &fixture, 30000 };

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&idle, t, fixture.port);
	http_client_expect(&idle, GET("/echo"), 200, NULL);
	http_client_open(&slow, t, fixture.port);
	http_client_send(&slow, GET("/bytes-16000000"));
	http_client_open(&parked, t, fixture.port);
	http_client_send(&parked, GET("/park"));
	http_fixture_await(&fixture, &fixture.completes, 3);
	http_client_send(&slow, GET("/echo"));          /* while the server still writes, and does not read */
	REQUIRE(t, thread_start(&thread, "stopper", stop, &stopper, &t->err));
	CHECK(t, http_client_is_closed(&idle));
	CHECK_NUMBER(t, http_client_receive(&slow).body.len, 16000000);
	http_client_receive(&slow);                     /* between two requests: closed, perhaps with a reset */
	http_resume(http_fixture_take(&fixture));
	CHECK_NUMBER(t, http_client_receive(&parked).status, 200);
	thread_join(&thread);
	http_client_close(&slow);
	http_client_close(&parked);
	http_client_close(&idle);
	http_fixture_stop(&fixture);
}

TEST(http_server_stop_lets_a_stream_end_or_waits_for_the_owner_of_its_window)
{
	static const int64_t DEADLINES_MS[] = { 30000, 20 };

	for (size_t i = 0; i < COUNT(DEADLINES_MS); i++) {
		struct http_fixture fixture;
		struct http_client client;
		struct thread thread;
		struct stopper stopper = { &fixture, DEADLINES_MS[i] };
		const bool is_cut = i == 1;

		http_fixture_init(&fixture, t);
		REQUIRE(t, http_fixture_start(&fixture));
		http_client_open(&client, t, fixture.port);
		http_client_send(&client, S("PUT /stream-park HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n"));
		http_client_send(&client, http_pattern(t, 0, is_cut ? 20000 : 10000));
		http_fixture_await(&fixture, is_cut ? &fixture.windows : &fixture.heads, 1);
		REQUIRE(t, thread_start(&thread, "stopper", stop, &stopper, &t->err));
		if (is_cut)
			CHECK(t, http_client_is_closed(&client));
		else
			http_client_send(&client, http_pattern(t, 10000, 10000));
		struct http_exchange *exchange = http_fixture_take(&fixture);
		CHECK(t, slice_equal(exchange->window, http_pattern(t, 0, 20000)));
		http_resume(exchange);
		CHECK_TEXT(t, http_client_receive(&client).body, is_cut ? SLICE_NONE : S("20000\n"));
		thread_join(&thread);
		CHECK_NUMBER(t, fixture.gone, is_cut);
		http_client_close(&client);
		http_fixture_stop(&fixture);
	}
}

TEST(http_server_stop_cuts_off_at_the_deadline_but_waits_for_the_owner)
{
	struct http_fixture fixture;
	struct http_client parked, halfway;
	struct thread thread;
	struct stopper stopper = { &fixture, 20 };

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&parked, t, fixture.port);
	http_client_send(&parked, GET("/park"));
	http_client_open(&halfway, t, fixture.port);
	http_client_send(&halfway, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo"));
	http_fixture_await(&fixture, &fixture.heads, 2);
	struct http_exchange *exchange = http_fixture_take(&fixture);

	REQUIRE(t, thread_start(&thread, "stopper", stop, &stopper, &t->err));
	CHECK(t, http_client_is_closed(&halfway));
	CHECK(t, http_client_is_closed(&parked));
	CHECK_TEXT(t, exchange->request.target, S("/park"));
	http_resume(exchange);
	thread_join(&thread);
	CHECK_NUMBER(t, fixture.gone, 1);
	http_client_close(&parked);
	http_client_close(&halfway);
	http_fixture_stop(&fixture);
}

/* net/http_body_test.c: bodies of every size around the buffers' borders, what is pipelined behind them, the budget. */
#include "net/http_body.h"
#include "tests/http.h"

static struct slice letters(struct test *t, size_t count)
{
	char *text = arena_alloc(&t->arena, count + 1);

	for (size_t i = 0; i < count; i++)
		text[i] = (char)('a' + i % 26);
	return (struct slice){ text, count };
}

static void check_echo(struct test *t, struct http_client *client, struct slice body)
{
	struct http_client_reply reply = http_client_receive(client);

	CHECK_NUMBER(t, reply.status, 200);
	CHECK_NUMBER(t, reply.body.len, body.len + sizeof "PUT /echo\n" - 1);
	CHECK(t, slice_equal(slice_from(reply.body, sizeof "PUT /echo\n" - 1), body));
}

TEST(http_body_of_every_size_arrives_whole_and_leaves_the_next_request_alone)
{
	static const size_t SIZES[] = { 0, 1, 3000, 4000, 4026, 4027, 4028, 4029, 4030, 4031, 4032, 4033, 4034, 4035, 4096, 4097, 16383, 16384,
	                                16385, 32768, 32769, 100000, 1 << 20 };
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		struct slice body = letters(t, SIZES[i]);
		struct slice head = arena_format(&t->arena, "PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: %09zu\r\n\r\n", SIZES[i]);
		struct slice request = arena_format(&t->arena, "%.*s%.*s", SLICE_ARG(head), SLICE_ARG(body));

		http_client_send(&client, request);
		http_client_send(&client, request);
		check_echo(t, &client, body);
		check_echo(t, &client, body);
	}
	http_fixture_await(&fixture, &fixture.closes, 2 * (int)COUNT(SIZES));
	CHECK_NUMBER(t, http_fixture_budget(&fixture), 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_body_in_chunks_of_any_size_arrives_whole_and_leaves_the_next_request_alone)
{
	static const size_t SIZES[] = { 1, 7, 100, 4096, 16384, 65536, 100000 };
	struct http_fixture fixture;
	struct http_client client;
	struct slice body = letters(t, 100000);

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		struct slice whole = SIZES[i] == 1 ? slice_sub(body, 0, 3000) : body;
		struct buffer request;

		buffer_init(&request, &t->arena, 4 << 20);
		buffer_add(&request, S("PUT /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"));
		for (size_t at = 0; at < whole.len; at += SIZES[i]) {
			struct slice chunk = slice_sub(whole, at, SIZES[i]);

			buffer_printf(&request, "%zx\r\n", chunk.len);
			buffer_add(&request, chunk);
			buffer_add(&request, S("\r\n"));
		}
		buffer_add(&request, S("0\r\n\r\n"));
		for (int k = 0; k < 3; k++)
			http_client_send(&client, buffer_slice(&request));
		for (int k = 0; k < 3; k++)
			check_echo(t, &client, whole);
	}
	http_fixture_await(&fixture, &fixture.closes, 3 * (int)COUNT(SIZES));
	CHECK_NUMBER(t, http_fixture_budget(&fixture), 0);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_body_limit_set_in_head_is_exact)
{
	struct http_fixture fixture;
	struct http_client client;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_expect(&client, S("PUT /limit-4 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"), 200, "PUT /limit-4\nbody");
	http_client_expect(&client, S("PUT /limit-4 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"), 200,
	                   "PUT /limit-4\nbody");
	http_client_expect(&client, S("PUT /limit-0 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 200,
	                   "PUT /limit-0\n");
	http_client_expect(&client, S("PUT /limit-3 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"), 413, NULL);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(http_body_beyond_the_budget_of_all_connections_is_refused_and_small_ones_are_not)
{
	struct http_fixture fixture;
	struct http_client holder, client;
	struct slice body = letters(t, 90000);

	http_fixture_init(&fixture, t);
	fixture.options.budget_bytes = 100000;
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&holder, t, fixture.port);
	http_client_send(&holder, S("PUT /park HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n"));
	http_client_send(&holder, body);
	struct http_exchange *held = http_fixture_take(&fixture);
	CHECK_NUMBER(t, http_server_counts(fixture.server).budget_bytes, 90000);

	http_client_open(&client, t, fixture.port);
	http_client_expect(&client, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"), 200, NULL);
	http_client_close(&client);
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n"));
	http_client_send(&client, body);
	CHECK_NUMBER(t, http_client_receive(&client).status, 503);
	CHECK_NUMBER(t, fixture.refused[HTTP_OVER_BUDGET], 1);
	http_client_close(&client);

	/* So does a head that outgrows its room. */
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET / HTTP/1.1\r\nHost: h\r\nX: "));
	http_client_send(&client, slice_sub(body, 0, 40000));
	CHECK_NUMBER(t, http_client_receive(&client).status, 503);
	CHECK_NUMBER(t, fixture.refused[HTTP_OVER_BUDGET], 2);
	http_client_close(&client);

	http_resume(held);
	CHECK_NUMBER(t, http_client_receive(&holder).status, 200);
	http_client_send(&holder, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\n\r\n"));
	http_client_send(&holder, body);
	check_echo(t, &holder, body);
	http_client_close(&holder);
	http_fixture_stop(&fixture);
}

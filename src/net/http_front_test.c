/* net/http_front_test.c: connections spread over fronts, are resumed from other threads, and survive a lack of descriptors. */
#include "base/thread.h"
#include "tests/http.h"

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define GET(path) S("GET " path " HTTP/1.1\r\nHost: h\r\n\r\n")

TEST(http_fronts_share_connections_evenly)
{
	enum { FRONTS = 3, CLIENTS = 60 };
	struct http_fixture fixture;
	struct http_client clients[CLIENTS];

	http_fixture_init(&fixture, t);
	fixture.options.fronts = FRONTS;
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < CLIENTS; i++) {
		http_client_open(&clients[i], t, fixture.port);
		http_client_expect(&clients[i], GET("/echo"), 200, NULL);
	}
	for (size_t i = 0; i < FRONTS; i++)
		CHECK(t, fixture.by_front[i] > CLIENTS / FRONTS / 2);
	for (size_t i = 0; i < CLIENTS; i++)
		http_client_close(&clients[i]);
	http_fixture_stop(&fixture);
}

struct resumer {
	struct http_fixture *fixture;
	int                  count, batch_max;
};

static void resume_all(void *argument)
{
	struct resumer *resumer = argument;
	struct http_resume_batch batch = { 0 };

	for (int i = 1; i <= resumer->count; i++) {
		struct http_exchange *exchange = http_fixture_take(resumer->fixture);

		if (resumer->batch_max == 0) {
			http_resume(exchange);
			continue;
		}
		http_resume_batch_add(&batch, exchange);
		if (i % resumer->batch_max == 0 || !resumer->fixture->taken)
			http_resume_batch_send(&batch);
	}
	http_resume_batch_send(&batch);
}

TEST(http_front_runs_what_another_thread_resumed)
{
	enum { CLIENTS = 16, ROUNDS = 100 };
	static const int BATCHES[] = { 0, 1, 7 };

	for (size_t b = 0; b < COUNT(BATCHES); b++) {
		struct http_fixture fixture;
		struct http_client clients[CLIENTS];
		struct thread thread;
		struct resumer resumer = { &fixture, CLIENTS * ROUNDS, BATCHES[b] };

		http_fixture_init(&fixture, t);
		fixture.options.fronts = 2;
		REQUIRE(t, http_fixture_start(&fixture));
		REQUIRE(t, thread_start(&thread, "resumer", resume_all, &resumer, &t->err));
		for (size_t i = 0; i < CLIENTS; i++)
			http_client_open(&clients[i], t, fixture.port);
		for (int round = 0; round < ROUNDS; round++) {
			for (size_t i = 0; i < CLIENTS; i++)
				http_client_printf(&clients[i], "GET /park/%zu HTTP/1.1\r\nHost: h\r\n\r\n", i);
			for (size_t i = 0; i < CLIENTS; i++)
				CHECK_TEXT(t, http_client_receive(&clients[i]).body, arena_format(&t->arena, "GET /park/%zu\n", i));
		}
		thread_join(&thread);
		for (size_t i = 0; i < CLIENTS; i++)
			http_client_close(&clients[i]);
		http_fixture_stop(&fixture);
	}
}

TEST(http_front_without_descriptors_neither_spins_nor_shuts_the_door_for_good)
{
	struct http_fixture fixture;
	struct http_client clients[8];
	struct rlimit before, tight;
	int lowest;

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < COUNT(clients); i++)
		clients[i].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	lowest = dup(0);
	close(lowest);
	REQUIRE(t, getrlimit(RLIMIT_NOFILE, &before) == 0);
	tight = before;
	tight.rlim_cur = (rlim_t)lowest + 1;            /* room for one connection */
	REQUIRE(t, setrlimit(RLIMIT_NOFILE, &tight) == 0);
	for (size_t i = 0; i < COUNT(clients); i++) {
		struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(fixture.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		const struct slice request = GET("/park");

		CHECK(t, connect(clients[i].fd, (struct sockaddr *)&address, sizeof address) == 0);
		CHECK(t, send(clients[i].fd, request.ptr, request.len, MSG_NOSIGNAL) == (ssize_t)request.len);
	}
	/* The first is served; the others find no descriptor, are turned away one by one, and the door rests between. */
	struct http_exchange *first = http_fixture_take(&fixture);
	http_fixture_await(&fixture, &fixture.refused[HTTP_OVER_DESCRIPTORS], 3);
	CHECK(t, http_server_counts(fixture.server).accepted == 1);
	REQUIRE(t, setrlimit(RLIMIT_NOFILE, &before) == 0);
	http_resume(first);
	int served = fixture.completes;
	for (size_t i = 0; i < COUNT(clients); i++)
		close(clients[i].fd);
	http_client_open(&clients[0], t, fixture.port);
	http_client_expect(&clients[0], GET("/echo"), 200, NULL);
	CHECK(t, fixture.completes > served);
	CHECK(t, fixture.refused[HTTP_OVER_DESCRIPTORS] < 10);
	http_client_close(&clients[0]);
	while (fixture.parked.newest || fixture.taken)
		http_resume(http_fixture_take(&fixture));
	http_fixture_stop(&fixture);
}

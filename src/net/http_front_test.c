/* net/http_front_test.c: connections spread over fronts, are resumed from other threads, and survive a lack of descriptors. */
#include "base/random.h"
#include "base/thread.h"
#include "tests/http.h"

#include <netinet/in.h>
#include <poll.h>
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

/* ---- clients that do anything ---- */

enum { CHAOS_CLIENTS = 4, CHAOS_ROUNDS = 150, CHAOS_REQUEST_BYTES = 64 << 10 };

struct chaos {
	struct http_fixture *fixture;
	struct thread        thread;
	uint64_t             seed;
};

static struct slice any_request(struct random *random, char room[CHAOS_REQUEST_BYTES])
{
	static const char *const TARGETS[] = {
		"/echo", "/park", "/refuse", "/limit-100", "/bytes-300000", "/status-204", "/bad path",
		"/stream", "/stream-park", "/stream-refuse-1", "/flow-300000", "/flow-park-300000", "/flow-abort-300000",
	};
	const char *target = TARGETS[random_u64(random) % COUNT(TARGETS)];
	int body = (int)(random_u64(random) % 40000);
	int len;

	switch (random_u64(random) % 4) {
	case 0:
		len = snprintf(room, CHAOS_REQUEST_BYTES, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", target);
		break;
	case 1:
		len = snprintf(room, CHAOS_REQUEST_BYTES,
		               "PUT %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%0*d\r\n0\r\n\r\n", target, body + 1,
		               body + 1, 7);
		break;
	case 2:
		len = snprintf(room, CHAOS_REQUEST_BYTES, "HEAD %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", target);
		break;
	default:
		len = snprintf(room, CHAOS_REQUEST_BYTES, "POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%0*d", target, body + 1,
		               body + 1, 7);
		break;
	}
	return (struct slice){ room, (size_t)len };
}

/* Sends requests, whole or cut off, reads a little or nothing, and leaves politely or with a reset. */
static void be_chaotic(void *argument)
{
	struct chaos *chaos = argument;
	struct random random;
	char room[CHAOS_REQUEST_BYTES];

	random_init_seeded(&random, chaos->seed);
	for (int round = 0; round < CHAOS_ROUNDS; round++) {
		const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
		struct http_client client;

		http_client_open(&client, chaos->fixture->t, chaos->fixture->port);
		for (uint64_t requests = random_u64(&random) % 5; requests > 0; requests--) {
			struct slice request = any_request(&random, room);

			if (random_u64(&random) % 4 == 0)
				request.len = (size_t)(random_u64(&random) % request.len);
			http_client_send(&client, request);
			struct pollfd reply = { .fd = client.fd, .events = POLLIN };
			if (random_u64(&random) % 2 == 0 && poll(&reply, 1, 20) == 1
			    && recv(client.fd, room, random_u64(&random) % 4096, MSG_DONTWAIT) <= 0)
				break;
		}
		if (random_u64(&random) % 3 == 0)
			shutdown(client.fd, SHUT_WR);
		if (random_u64(&random) % 3 == 0)
			setsockopt(client.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		http_client_close(&client);
	}
}

struct steward {
	struct http_fixture *fixture;
	atomic_bool          is_over;
};

static void resume_until_over(void *argument)
{
	struct steward *steward = argument;
	struct http_resume_batch batch = { 0 };

	for (bool is_last = false; !is_last; ) {
		is_last = atomic_load(&steward->is_over);
		http_fixture_await_change(steward->fixture, 20);
		struct inbox_node *next, *node = inbox_take(&steward->fixture->parked);
		for (; node; node = next) {
			next = node->next;
			http_resume_batch_add(&batch, (struct http_exchange *)node);
		}
		http_resume_batch_send(&batch);
	}
}

static void stop_server(void *argument)
{
	struct http_fixture *fixture = argument;

	http_server_stop(fixture->server, 100);
	fixture->server = NULL;
}

TEST(http_fronts_survive_clients_that_do_anything)
{
	struct http_fixture fixture;
	struct chaos chaos[CHAOS_CLIENTS];
	struct steward steward = { .fixture = &fixture };
	struct thread steward_thread, stopper;

	http_fixture_init(&fixture, t);
	fixture.options.fronts = 2;
	fixture.options.connections_max = 250;
	fixture.options.budget_bytes = fixture.options.stream_budget_bytes = 1 << 20;
	fixture.options.header_timeout_ms = fixture.options.body_timeout_ms = fixture.options.idle_timeout_ms = 50;
	fixture.options.linger_ms = 20;
	REQUIRE(t, http_fixture_start(&fixture));
	REQUIRE(t, thread_start(&steward_thread, "steward", resume_until_over, &steward, &t->err));
	for (size_t i = 0; i < CHAOS_CLIENTS; i++) {
		chaos[i] = (struct chaos){ .fixture = &fixture, .seed = i + 1 };
		REQUIRE(t, thread_start(&chaos[i].thread, "chaos", be_chaotic, &chaos[i], &t->err));
	}
	for (size_t i = 0; i < CHAOS_CLIENTS; i++)
		thread_join(&chaos[i].thread);
	REQUIRE(t, thread_start(&stopper, "stopper", stop_server, &fixture, &t->err));
	thread_join(&stopper);                          /* the steward still resumes what is parked */
	atomic_store(&steward.is_over, true);
	thread_join(&steward_thread);
CHECK(t, fixture.heads > CHAOS_CLIENTS * CHAOS_ROUNDS / 4);
	http_fixture_stop(&fixture);                    /* each head() had its closed() */
}

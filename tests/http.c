/* tests/http.c: callbacks that do what the path says, and blocking sockets with a time limit. */
#include "tests/http.h"

#include "base/limits.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

enum { WAIT_MS_MAX = 30000 };

struct front {
	struct http_fixture *fixture;
	unsigned             index;
};

/* ---- the server's side ---- */

static void count(struct http_fixture *fixture, atomic_int *counter)
{
	const uint64_t one = 1;

	atomic_fetch_add(counter, 1);
	if (write(fixture->changed_fd, &one, sizeof one) != sizeof one)
		abort();
}

static void *front_init(void *owner, unsigned index)
{
	struct front *front = xcalloc(1, sizeof *front);

	*front = (struct front){ owner, index };
	count(owner, &front->fixture->fronts_begun);
	return front;
}

static void front_fini(void *user)
{
	struct front *front = user;

	count(front->fixture, &front->fixture->fronts_ended);
	free(front);
}

static uint64_t number_in(struct slice path)
{
	uint64_t number = 0;

	slice_to_u64(slice_from(path, slice_find_byte(path, '-') + 1), &number);
	return number;
}

/* ---- bodies in windows ---- */

/* The owner's side of a body that streams, in either direction: exchange->user. */
struct flow {
	struct http_fixture *fixture;
	uint64_t             bytes, at, windows;
	uint64_t             refuse_at;               /* the window to refuse at */
	bool                 is_wrong, parks, aborts;
	char                 window[FLOW_WINDOW_BYTES];
};

static char pattern_byte(uint64_t at)
{
	return (char)('a' + (at ^ at >> 9) % 26);
}

struct slice http_pattern(struct test *t, size_t at, size_t bytes)
{
	char *text = arena_alloc(&t->arena, bytes + 1);

	for (size_t i = 0; i < bytes; i++)
		text[i] = pattern_byte(at + i);
	return (struct slice){ text, bytes };
}

static bool is_flow(struct slice path)
{
	return slice_has_prefix(path, S("/stream")) || slice_has_prefix(path, S("/flow"));
}

static void begin_flow(struct http_fixture *fixture, struct http_exchange *exchange)
{
	struct slice path = exchange->request.path;
	struct flow *flow = xcalloc(1, sizeof *flow);
	uint64_t number = 0;

	slice_to_u64(slice_from(path, slice_rfind_byte(path, '-') + 1), &number);
	flow->fixture = fixture;
	flow->parks = slice_find(path, S("-park")) != SLICE_NPOS;
	flow->aborts = slice_find(path, S("-abort")) != SLICE_NPOS;
	exchange->user = flow;
	if (slice_has_prefix(path, S("/flow"))) {
		flow->bytes = number;
		return;
	}
	exchange->streams = true;
	exchange->body_bytes_max = slice_find(path, S("-limit-")) != SLICE_NPOS ? number : (size_t)1 << 40;
	flow->refuse_at = slice_find(path, S("-refuse-")) != SLICE_NPOS ? number : 0;
}

static void use_window(struct http_exchange *exchange)
{
	struct flow *flow = exchange->user;
	struct slice window = exchange->window;

	flow->is_wrong |= exchange->window_at != flow->at || window.len == 0 || window.len > HTTP_WINDOW_BYTES;
	for (size_t i = 0; i < window.len; i++)
		flow->is_wrong |= window.ptr[i] != pattern_byte(flow->at + i);
	flow->at += window.len;
	if (++flow->windows == flow->refuse_at)
		http_reply(exchange, 403, NULL, 0, S("refused"));
	else
		http_next_window(exchange);
}

static void window(void *user, struct http_exchange *exchange)
{
	struct front *front = user;
	struct flow *flow = exchange->user;

	if (flow->parks)
		inbox_put(&front->fixture->parked, &exchange->node);
	else
		use_window(exchange);
	count(front->fixture, &front->fixture->windows);
}

static void reply_some(struct http_exchange *exchange)
{
	struct flow *flow = exchange->user;
	uint64_t left = flow->bytes - flow->at;
	size_t bytes = left < FLOW_WINDOW_BYTES ? (size_t)left : FLOW_WINDOW_BYTES;

	if (flow->aborts && flow->at > 0) {
		http_reply_abort(exchange);
		return;
	}
	for (size_t i = 0; i < bytes; i++)
		flow->window[i] = pattern_byte(flow->at + i);
	flow->at += bytes;
	http_reply_window(exchange, (struct slice){ flow->window, bytes });
}

static void reply_or_park(struct http_exchange *exchange)
{
	struct flow *flow = exchange->user;

	if (flow->parks)
		inbox_put(&flow->fixture->parked, &exchange->node);
	else
		reply_some(exchange);
}

static void complete_flow(struct http_exchange *exchange)
{
	struct flow *flow = exchange->user;
	char text[64];

	if (slice_has_prefix(exchange->request.path, S("/flow"))) {
		if (http_reply_begin(exchange, 200, NULL, 0, flow->bytes))
			reply_or_park(exchange);
		return;
	}
	int len = snprintf(text, sizeof text, "%" PRIu64 "%s\n", flow->at, flow->is_wrong ? " wrong" : "");
	http_reply(exchange, 200, NULL, 0, (struct slice){ text, (size_t)len });
}

static void sent(void *user, struct http_exchange *exchange)
{
	struct front *front = user;

	reply_or_park(exchange);
	count(front->fixture, &front->fixture->sent);
}

static void resume_flow(struct http_exchange *exchange)
{
	if (exchange->window.ptr)
		use_window(exchange);
	else
		reply_some(exchange);
}

/* ---- other requests ---- */

static void head(void *user, struct http_exchange *exchange)
{
	const struct http_header header = { S("X-From"), S("head") };
	struct front *front = user;
	struct slice path = exchange->request.path;

	assert(exchange->front_user == user && exchange->user == NULL && !exchange->request.body.ptr);
	exchange->user = front->fixture;
	atomic_fetch_add(&front->fixture->by_front[front->index % 8], 1);
	count(front->fixture, &front->fixture->heads);
	if (slice_has_prefix(path, S("/refuse")))
		http_reply(exchange, 403, &header, 1, S("refused"));
	if (is_flow(path))
		begin_flow(front->fixture, exchange);
	exchange->skips_body = slice_has_prefix(path, S("/park-skip"));
	if (slice_has_prefix(path, S("/limit-")))
		exchange->body_bytes_max = number_in(path);
}

static void echo(struct http_exchange *exchange)
{
	const struct http_request *request = &exchange->request;
	size_t room = request->method.len + request->target.len + request->body.len + 3;
	char *text = xmalloc(room);
	int len = snprintf(text, room, "%.*s %.*s\n", SLICE_ARG(request->method), SLICE_ARG(request->target));

	memcpy(text + len, request->body.ptr, request->body.len);
	http_reply(exchange, 200, NULL, 0, (struct slice){ text, (size_t)len + request->body.len });
	free(text);
}

static void complete(void *user, struct http_exchange *exchange)
{
	const struct http_header injected = { S("X-Inject\r\nX-A"), S("value\r\nX-Evil: 1\r\n\r\n\0") };
	struct front *front = user;
	struct slice path = exchange->request.path;

	assert((exchange->user == front->fixture || is_flow(path)) && exchange->request.body.ptr && !exchange->window.ptr);
	if (exchange->request.tls_version.ptr) {
		atomic_store(&front->fixture->last_tls_version, exchange->request.tls_version.ptr);
		atomic_store(&front->fixture->last_tls_cipher, exchange->request.tls_cipher.ptr);
		snprintf(front->fixture->last_tls_host, sizeof front->fixture->last_tls_host, "%.*s",
		         SLICE_ARG(exchange->request.tls_host));
	}
	if (is_flow(path)) {
		complete_flow(exchange);
	} else if (slice_has_prefix(path, S("/park"))) {
		inbox_put(&front->fixture->parked, &exchange->node);
	} else if (slice_has_prefix(path, S("/bytes-"))) {
		size_t bytes = (size_t)number_in(path);
		char *text = xmalloc(bytes + 1);

		memset(text, 'x', bytes);
		http_reply(exchange, 200, NULL, 0, (struct slice){ text, bytes });
		free(text);
	} else if (slice_has_prefix(path, S("/status-"))) {
		http_reply(exchange, (unsigned)number_in(path), NULL, 0, S("body"));
	} else if (slice_equal(path, S("/inject"))) {
		http_reply(exchange, 200, &injected, 1, S(""));
	} else {
		echo(exchange);
	}
	count(front->fixture, &front->fixture->completes);
}

static void resumed(void *user, struct http_exchange *exchange)
{
	struct front *front = user;

	if (exchange->is_peer_gone)
		count(front->fixture, &front->fixture->gone);
	if (is_flow(exchange->request.path))
		resume_flow(exchange);
	else
		echo(exchange);
}

static void closed(void *user, struct http_exchange *exchange)
{
	struct front *front = user;

	assert((exchange->user == front->fixture || is_flow(exchange->request.path)) && exchange->request.method.len > 0);
	if (is_flow(exchange->request.path))
		free(exchange->user);
	count(front->fixture, &front->fixture->closes);
}

static void refused(void *user, enum http_reason reason)
{
	struct front *front = user;

	count(front->fixture, &front->fixture->refused[reason]);
}

void http_fixture_init(struct http_fixture *fixture, struct test *t)
{
	static const struct http_address ANY = { S_INIT("127.0.0.1"), 0 };

	*fixture = (struct http_fixture){ .t = t };
	fixture->changed_fd = eventfd(0, EFD_CLOEXEC);
	fixture->options = (struct http_server_options){
		.handler = { .front_init = front_init, .front_fini = front_fini, .head = head, .complete = complete,
		             .window = window, .sent = sent, .resumed = resumed, .closed = closed, .refused = refused },
		.owner = fixture, .listen = &ANY, .listen_count = 1,
	};
}

bool http_fixture_start(struct http_fixture *fixture)
{
	fixture->server = http_server_start(&fixture->options, &fixture->t->err);
	if (!fixture->server) {
		test_failed(fixture->t, __FILE__, __LINE__, "start: %s", fixture->t->err.message);
		return false;
	}
	fixture->port = http_server_port(fixture->server, 0);
	return true;
}

void http_fixture_stop(struct http_fixture *fixture)
{
	http_server_stop(fixture->server, 0);
	CHECK_NUMBER(fixture->t, fixture->closes, fixture->heads);
	CHECK_NUMBER(fixture->t, fixture->fronts_ended, fixture->fronts_begun);
	close(fixture->changed_fd);
}

void http_fixture_await_change(struct http_fixture *fixture, int wait_ms)
{
	struct pollfd wait = { .fd = fixture->changed_fd, .events = POLLIN };
	uint64_t changes;

	if (poll(&wait, 1, wait_ms) == 1 && read(fixture->changed_fd, &changes, sizeof changes) != sizeof changes)
		abort();
	assert(wait.revents || wait_ms < WAIT_MS_MAX);  /* what was waited for never came */
}

void http_fixture_await(struct http_fixture *fixture, atomic_int *counter, int value)
{
	while (atomic_load(counter) < value)
		http_fixture_await_change(fixture, WAIT_MS_MAX);
}

uint64_t http_fixture_budget(struct http_fixture *fixture)
{
	struct http_client client;

	for (unsigned i = 0; i <= fixture->options.fronts; i++) {        /* each front has had a turn since */
		http_client_open(&client, fixture->t, fixture->port);
		http_client_expect(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"), 200, NULL);
		http_client_close(&client);
	}
	return http_server_counts(fixture->server).budget_bytes;
}

struct http_exchange *http_fixture_take(struct http_fixture *fixture)
{
	while (!fixture->taken) {
		fixture->taken = inbox_take(&fixture->parked);
		if (!fixture->taken)
			http_fixture_await_change(fixture, WAIT_MS_MAX);
	}
	struct http_exchange *exchange = (struct http_exchange *)fixture->taken;
	fixture->taken = fixture->taken->next;
	return exchange;
}

/* ---- the client's side ---- */

static ssize_t plain_read(struct http_client *client, char *to, size_t room)
{
	return recv(client->fd, to, room, 0);
}

static ssize_t plain_write(struct http_client *client, struct slice bytes)
{
	return send(client->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
}

void http_client_open(struct http_client *client, struct test *t, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct timeval limit = { .tv_sec = WAIT_MS_MAX / 1000 };

	*client = (struct http_client){ .t = t, .read = plain_read, .write = plain_write };
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(client->fd, (struct sockaddr *)&address, sizeof address) != 0)
		test_failed(t, __FILE__, __LINE__, "connect: %s", strerror(errno));
}

void http_client_close(struct http_client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	free(client->buffer);
	client->buffer = NULL;
	client->len = client->room = 0;
}

void http_client_send(struct http_client *client, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t sent = client->write(client, bytes);

		if (sent <= 0)
			return;                         /* refused meanwhile: the reply tells */
		bytes = slice_from(bytes, (size_t)sent);
	}
}

void http_client_printf(struct http_client *client, const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	int len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	assert(len >= 0 && (size_t)len < sizeof text);
	http_client_send(client, (struct slice){ text, (size_t)len });
}

static bool receive_more(struct http_client *client)
{
	if (client->len == client->room) {
		client->room = client->room ? client->room * 2 : 4096;
		client->buffer = xrealloc(client->buffer, client->room);
	}
	ssize_t got = client->read(client, client->buffer + client->len, client->room - client->len);
	if (got <= 0)
		return false;
	client->len += (size_t)got;
	return true;
}

static struct slice take(struct http_client *client, size_t bytes)
{
	struct slice copy = arena_copy(&client->t->arena, (struct slice){ client->buffer, bytes });

	client->len -= bytes;
	memmove(client->buffer, client->buffer + bytes, client->len);
	return copy;
}

struct http_client_reply http_client_receive_head(struct http_client *client)
{
	struct http_client_reply reply = { 0 };
	uint64_t status = 0;
	size_t end;

	while ((end = slice_find((struct slice){ client->buffer, client->len }, S("\r\n\r\n"))) == SLICE_NPOS)
		if (!receive_more(client))
			return reply;
	reply.head = take(client, end + 4);
	slice_to_u64(slice_sub(reply.head, 9, 3), &status);
	reply.status = (unsigned)status;
	return reply;
}

struct http_client_reply http_client_receive(struct http_client *client)
{
	struct http_client_reply reply = http_client_receive_head(client);
	const struct slice length = S("\r\nContent-Length: ");
	size_t at = slice_find(reply.head, length);
	uint64_t bytes = 0;
	struct slice digits;

	if (at != SLICE_NPOS) {
		slice_cut(slice_from(reply.head, at + length.len), '\r', &digits);
		slice_to_u64(digits, &bytes);
	}
	if (reply.status == 0)
		return reply;
	while (client->len < bytes)
		if (!receive_more(client))
			return (struct http_client_reply){ .head = reply.head };
	reply.body = take(client, (size_t)bytes);
	return reply;
}

void http_client_expect(struct http_client *client, struct slice request, unsigned status, const char *body)
{
	http_client_send(client, request);
	struct http_client_reply reply = http_client_receive(client);
	CHECK_NUMBER(client->t, reply.status, status);
	if (body)
		CHECK_TEXT(client->t, reply.body, slice_of(body));
}

bool http_client_is_closed(struct http_client *client)
{
	return client->len == 0 && !receive_more(client);
}

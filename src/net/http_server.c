/* net/http_server.c: options and their defaults, listening sockets, starting and stopping the fronts.
 *
 * Not libmicrohttpd: ARCHITECTURE.md has the numbers. */
#include "net/http_server.h"

#include "base/clock.h"
#include "net/http_front.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>

static const struct { const char *name; unsigned status; } REASONS[] = {
	[HTTP_MALFORMED]           = { "malformed", 400 },
	[HTTP_FRAMING]             = { "framing", 400 },
	[HTTP_TARGET_TOO_LONG]     = { "target_too_long", 414 },
	[HTTP_HEAD_TOO_LARGE]      = { "head_too_large", 431 },
	[HTTP_BODY_TOO_LARGE]      = { "body_too_large", 413 },
	[HTTP_NOT_IMPLEMENTED]     = { "not_implemented", 501 },
	[HTTP_VERSION_UNKNOWN]     = { "version_unknown", 505 },
	[HTTP_EXPECTATION_UNKNOWN] = { "expectation_unknown", 417 },
	[HTTP_HEADER_TIMEOUT]      = { "header_timeout", 408 },
	[HTTP_BODY_TIMEOUT]        = { "body_timeout", 408 },
	[HTTP_OVER_BUDGET]         = { "over_budget", 503 },
	[HTTP_OVER_CONNECTIONS]    = { "over_connections", 0 },
	[HTTP_OVER_DESCRIPTORS]    = { "over_descriptors", 0 },
	[HTTP_REPLY_TIMEOUT]       = { "reply_timeout", 0 },
	[HTTP_CALL_TIMEOUT]        = { "call_timeout", 0 },
	[HTTP_TLS_FAILED]          = { "tls_failed", 0 },
};
_Static_assert(COUNT(REASONS) == HTTP_REASON_COUNT, "every reason has a row");

const char *http_reason_name(enum http_reason reason)
{
	return REASONS[reason].name;
}

unsigned http_reason_status(enum http_reason reason)
{
	return REASONS[reason].status;
}

/* ---- addresses ---- */

bool http_address_parse(struct slice text, struct http_address *address, struct error *err)
{
	size_t colon = slice_rfind_byte(text, ':');
	struct slice host = slice_sub(text, 0, colon == SLICE_NPOS ? 0 : colon);
	uint64_t port;

	if (colon == SLICE_NPOS || !slice_to_u64(slice_from(text, colon + 1), &port) || port > UINT16_MAX)
		return fail(err, ERR_INVALID, "'%.*s' is not an address to listen on: want HOST:PORT", SLICE_ARG(text));
	if (slice_has_prefix(host, S("[")) && slice_has_suffix(host, S("]")))
		host = slice_sub(host, 1, host.len - 2);
	else if (slice_find_byte(host, ':') != SLICE_NPOS)
		return fail(err, ERR_INVALID, "'%.*s': an IPv6 address stands in brackets", SLICE_ARG(text));
	*address = (struct http_address){ host.len ? host : S("0.0.0.0"), (uint16_t)port };
	return true;
}

static bool to_sockaddr(const struct http_address *address, struct sockaddr_storage *out, socklen_t *len,
                        struct error *err)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	char host[PEER_TEXT_BYTES];
	struct slice name = slice_equal_nocase(address->host, S("localhost")) ? S("127.0.0.1") : address->host;

	*out = (struct sockaddr_storage){ 0 };
	snprintf(host, sizeof host, "%.*s", SLICE_ARG(name));
	if (name.len < sizeof host && inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(address->port);
		*len = sizeof *v4;
		return true;
	}
	if (name.len < sizeof host && inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(address->port);
		*len = sizeof *v6;
		return true;
	}
	return fail(err, ERR_INVALID, "'%.*s' is not an IP address to listen on", SLICE_ARG(address->host));
}

static bool open_listener(struct http_server *server, size_t index, struct error *err)
{
	const struct http_address *address = &server->options.listen[index];
	struct sockaddr_storage bound;
	socklen_t len;
	const int on = 1;
	char what[128];

	if (!to_sockaddr(address, &bound, &len, err))
		return false;
	int fd = socket(bound.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	server->listen_fds[index] = fd;
	snprintf(what, sizeof what, "listen on %.*s port %u", SLICE_ARG(address->host), address->port);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
	    || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0        /* accepted sockets inherit both */
	    || setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) != 0
	    || bind(fd, (struct sockaddr *)&bound, len) != 0 || listen(fd, SOMAXCONN) != 0
	    || getsockname(fd, (struct sockaddr *)&bound, &len) != 0)
		return fail_errno(err, what);
	server->ports[index] = ntohs(bound.ss_family == AF_INET ? ((struct sockaddr_in *)&bound)->sin_port
	                                                        : ((struct sockaddr_in6 *)&bound)->sin6_port);
	return true;
}

/* ---- options ---- */

static void default_size(size_t *value, size_t otherwise)
{
	if (*value == 0)
		*value = otherwise;
}

static void default_ms(int64_t *value, int64_t otherwise)
{
	if (*value == 0)
		*value = otherwise;
}

/* Descriptors are also wanted for the journal, the catalog and files: a quarter, and at most 512, stay free. */
static size_t connections_possible(size_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return wanted;
	size_t spare = limit.rlim_cur / 4 < 512 ? (size_t)limit.rlim_cur / 4 : 512;
	size_t possible = (size_t)limit.rlim_cur - spare;
	return wanted < possible ? wanted : possible;
}

static void fill_defaults(struct http_server *server)
{
	struct http_server_options *options = &server->options;

	if (options->fronts == 0)
		options->fronts = 1;
	default_size(&options->head_bytes_max, HTTP_HEAD_BYTES_MAX);
	default_size(&options->headers_max, HTTP_HEADERS_MAX);
	default_size(&options->target_bytes_max, HTTP_TARGET_BYTES_MAX);
	default_size(&options->body_bytes_max, HTTP_BODY_BYTES_MAX);
	default_size(&options->budget_bytes, HTTP_BUDGET_BYTES);
	default_size(&options->stream_budget_bytes, HTTP_STREAM_BUDGET_BYTES);
	default_size(&options->connections_max, HTTP_CONNECTIONS_MAX);
	default_size(&options->body_rate_bytes_min, HTTP_BODY_RATE_BYTES_MIN);
	default_ms(&options->header_timeout_ms, HTTP_HEADER_TIMEOUT_MS);
	default_ms(&options->body_timeout_ms, HTTP_BODY_TIMEOUT_MS);
	default_ms(&options->idle_timeout_ms, HTTP_IDLE_TIMEOUT_MS);
	default_ms(&options->call_timeout_ms, HTTP_CALL_TIMEOUT_MS);
	default_ms(&options->linger_ms, HTTP_LINGER_MS);
	options->connections_max = connections_possible(options->connections_max);
	server->limits = (struct http_parse_limits){
		.head_bytes_max = options->head_bytes_max, .target_bytes_max = options->target_bytes_max,
		.headers_max = options->headers_max,
	};
}

/* ---- start and stop ---- */

static void close_server(struct http_server *server)
{
	for (unsigned i = 0; i < server->options.fronts; i++)
		thread_join(&server->fronts[i].thread);
	for (unsigned i = 0; i < server->options.fronts; i++)
		while (atomic_load(&server->fronts[i].resumers) > 0)
			sched_yield();
	for (unsigned i = 0; i < server->options.fronts; i++)
		http_front_join(&server->fronts[i]);
	for (unsigned i = 0; i < server->options.fronts; i++)
		if (server->fronts[i].server)
			http_front_drop_adopted(&server->fronts[i]);
	for (size_t i = 0; i < HTTP_LISTENERS_MAX; i++)
		if (server->listen_fds[i] >= 0)
			close(server->listen_fds[i]);
	tls_server_close(server->tls);
	free(server->fronts);
	free(server);
}

struct http_server *http_server_start(const struct http_server_options *options, struct error *err)
{
	struct http_server *server = xcalloc(1, sizeof *server);
	bool ok = true;

	assert(options->handler.head && options->handler.complete);
	server->options = *options;
	fill_defaults(server);
	for (size_t i = 0; i < HTTP_LISTENERS_MAX; i++)
		server->listen_fds[i] = -1;
	if (options->listen_count == 0 || options->listen_count > HTTP_LISTENERS_MAX
	    || server->options.fronts > HTTP_FRONTS_MAX) {
		free(server);
		fail(err, ERR_INVALID, "want 1 to %d addresses and at most %d fronts", HTTP_LISTENERS_MAX, HTTP_FRONTS_MAX);
		return NULL;
	}
	server->fronts = xcalloc(server->options.fronts, sizeof *server->fronts);
	if (ok && options->tls_cert_path) {
		server->tls = tls_server_open(options->tls_cert_path, options->tls_key_path, err);
		ok = server->tls != NULL;
	}
	for (size_t i = 0; ok && i < options->listen_count; i++)
		ok = open_listener(server, i, err);
	for (unsigned i = 0; ok && i < server->options.fronts; i++)
		ok = http_front_start(server, i, err);
	server->options.listen = NULL;                  /* the caller's; their number is still of use */
	if (ok)
		return server;
	http_server_stop(server, 0);
	return NULL;
}

void http_server_stop(struct http_server *server, int64_t deadline_ms)
{
	if (!server)
		return;
	server->stop_deadline_ms = clock_monotonic_ms() + deadline_ms;
	atomic_store(&server->is_stopping, true);
	for (size_t i = 0; i < server->options.listen_count; i++)
		if (server->listen_fds[i] >= 0)
			shutdown(server->listen_fds[i], SHUT_RDWR);     /* refuses at once; the number stays taken */
	for (unsigned i = 0; i < server->options.fronts; i++)
		if (server->fronts[i].server)
			waker_wake(&server->fronts[i].waker);
	close_server(server);
}

uint16_t http_server_port(const struct http_server *server, size_t listen_index)
{
	return server->ports[listen_index];
}

struct http_server_counts http_server_counts(const struct http_server *server)
{
	struct http_server_counts counts = {
		.connections = atomic_load_explicit(&server->connection_count, memory_order_relaxed),
		.budget_bytes = atomic_load_explicit(&server->budget_bytes, memory_order_relaxed),
		.stream_budget_bytes = atomic_load_explicit(&server->stream_budget_bytes, memory_order_relaxed),
	};

	for (unsigned i = 0; i < server->options.fronts; i++) {
		counts.accepted += atomic_load_explicit(&server->fronts[i].accepted, memory_order_relaxed);
		counts.requests += atomic_load_explicit(&server->fronts[i].requests, memory_order_relaxed);
	}
	return counts;
}

/* ---- resuming ---- */

/* The exchange may be answered, and the server gone, before the thread that handed it over has woken its front: so
 * close_server() waits until nobody is between the two. */

void http_resume(struct http_exchange *exchange)
{
	struct http_front *front = exchange->front;

	atomic_fetch_add(&front->resumers, 1);
	inbox_put(&front->resumed, &exchange->node);
	waker_wake(&front->waker);
	atomic_fetch_sub(&front->resumers, 1);
}

void http_resume_batch_add(struct http_resume_batch *batch, struct http_exchange *exchange)
{
	struct http_front *front = exchange->front;
	uint64_t bit = (uint64_t)1 << front->index;

	if (!(batch->fronts & bit))
		atomic_fetch_add(&front->resumers, 1);
	batch->server = front->server;
	batch->fronts |= bit;
	inbox_put(&front->resumed, &exchange->node);
}

void http_resume_batch_send(struct http_resume_batch *batch)
{
	for (; batch->fronts; batch->fronts &= batch->fronts - 1) {
		struct http_front *front = &batch->server->fronts[__builtin_ctzll(batch->fronts)];

		waker_wake(&front->waker);
		atomic_fetch_sub(&front->resumers, 1);
	}
}

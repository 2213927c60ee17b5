/* bench/calls_load.c: signed calls over keep-alive connections, each waiting for its answer; and idle and slow ones beside.
 *
 *     bench-calls_load PORT SECONDS [read | write]
 *     bench-calls_load PORT SECONDS IDLE DRIP
 *
 * Prints `name value unit` lines for GetCallerIdentity (read) and CreateUser (write). CreateUser fills one lab
 * account after the other, because an account holds 5,000 users. With IDLE and DRIP that many connections are opened first,
 * idle ones and ones that send a byte a second, and only the reads are measured. An answer other than 200 is counted
 * and shown, never hidden. */
#include "auth/sigv4_sign.h"
#include "base/buffer.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
	CONNECTIONS = 64, USERS_AN_ACCOUNT = 4000, REQUEST_BYTES_MAX = 4096, REPLY_BYTES_MAX = 8192,
	BUCKET_US = 10, BUCKETS = 200000, WARM_UP_MS = 1000, EVENTS_MAX = 256,
};

struct connection {
	int      fd;
	unsigned number;
	uint64_t sent_ns, calls;
	size_t   request_bytes, written, reply_bytes;
	char     request[REQUEST_BYTES_MAX], reply[REPLY_BYTES_MAX];
};

struct load {
	uint16_t            port;
	bool                is_write;
	struct connection  *connections;
	struct arena        arena;
	uint64_t            run;                 /* part of names and accounts, new in every process */
	uint64_t            counted_from_ns, sent, calls, errors;
	uint32_t           *buckets;
	char                first_error[512];
};

static int connect_to(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)(void *)&address, sizeof address) != 0) {
		perror("connect");
		exit(1);
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
		perror("fcntl");
		exit(1);
	}
	return fd;
}

static void make_request(struct load *load, struct connection *connection)
{
	struct arena *arena = &load->arena;
	uint64_t account = 100000000000 + (load->run % 1000000) * 100000 + load->sent++ / USERS_AN_ACCOUNT;
	struct slice body = load->is_write
		? arena_format(arena, "Action=CreateUser&Version=2010-05-08&UserName=load-%u-%" PRIu64, connection->number, connection->calls)
		: S("Action=GetCallerIdentity&Version=2011-06-15");
	struct http_header headers[] = {
		{ S("Host"), arena_format(arena, "127.0.0.1:%u", load->port) },
		{ S("Content-Type"), S("application/x-www-form-urlencoded; charset=utf-8") },
		{ S("User-Agent"), S("spoor-bench") },
	};
	struct sigv4_request request = {
		.method = S("POST"), .target = S("/"), .headers = headers, .header_count = COUNT(headers), .body = body,
	};
	struct sigv4_credentials credentials = {
		.access_key_id = load->is_write ? arena_format(arena, "%012" PRIu64, account) : S("test"), .secret = S("test"),
		.region = S("us-east-1"), .service = load->is_write ? S("iam") : S("sts"),
	};
	struct error err = {0};
	struct buffer out;

	bool ok = sigv4_sign_request(arena, &request, &credentials, clock_wall_ms(), &err);
	assert(ok);
	buffer_init(&out, arena, REQUEST_BYTES_MAX);
	buffer_add(&out, S("POST / HTTP/1.1\r\n"));
	for (size_t i = 0; i < request.header_count; i++)
		buffer_printf(&out, "%.*s: %.*s\r\n", SLICE_ARG(request.headers[i].name), SLICE_ARG(request.headers[i].value));
	buffer_printf(&out, "Content-Length: %zu\r\n\r\n%.*s", body.len, SLICE_ARG(body));
	assert(!out.is_over);
	memcpy(connection->request, out.ptr, out.len);
	connection->request_bytes = out.len;
	arena_reset(arena, 65536);
}

static void write_request(struct connection *connection)
{
	while (connection->written < connection->request_bytes) {
		ssize_t put = write(connection->fd, connection->request + connection->written,
		                    connection->request_bytes - connection->written);
		if (put < 0 && errno == EAGAIN)
			return;
		if (put <= 0) {
			perror("write");
			exit(1);
		}
		connection->written += (size_t)put;
	}
}

static void next_call(struct load *load, struct connection *connection)
{
	make_request(load, connection);
	connection->calls++;
	connection->written = connection->reply_bytes = 0;
	connection->sent_ns = clock_monotonic_ns();
	write_request(connection);
}

/* Bytes of the whole reply, or 0 while it is not there. */
static size_t reply_length(const struct connection *connection)
{
	struct slice text = { connection->reply, connection->reply_bytes };
	size_t head = slice_find(text, S("\r\n\r\n")), at = slice_find(text, S("Content-Length: "));
	uint64_t length = 0;

	if (head == SLICE_NPOS || at == SLICE_NPOS || at > head)
		return 0;
	struct slice digits;
	slice_cut(slice_from(text, at + 16), '\r', &digits);
	bool ok = slice_to_u64(digits, &length);
	assert(ok);
	return text.len >= head + 4 + length ? head + 4 + length : 0;
}

static void count_reply(struct load *load, const struct connection *connection)
{
	uint64_t now_ns = clock_monotonic_ns(), bucket = (now_ns - connection->sent_ns) / 1000 / BUCKET_US;
	struct slice text = { connection->reply, connection->reply_bytes };

	if (!slice_has_prefix(text, S("HTTP/1.1 200"))) {
		if (load->errors++ == 0)
			snprintf(load->first_error, sizeof load->first_error, "%.*s", (int)text.len, text.ptr);
		return;
	}
	if (connection->sent_ns < load->counted_from_ns)
		return;
	load->calls++;
	load->buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
}

static void read_reply(struct load *load, struct connection *connection)
{
	for (;;) {
		ssize_t got = read(connection->fd, connection->reply + connection->reply_bytes, REPLY_BYTES_MAX - connection->reply_bytes);
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0) {
			fprintf(stderr, "the server closed a connection\n");
			exit(1);
		}
		connection->reply_bytes += (size_t)got;
		if (reply_length(connection)) {
			count_reply(load, connection);
			next_call(load, connection);
		}
	}
}

static double percentile(const struct load *load, double part)
{
	uint64_t wanted = (uint64_t)((double)load->calls * part), seen = 0;

	for (size_t i = 0; i < BUCKETS; i++)
		if ((seen += load->buckets[i]) > wanted)
			return (double)(i + 1) * BUCKET_US / 1000;
	return (double)BUCKETS * BUCKET_US / 1000;
}

static void run(struct load *load, int64_t seconds)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[EVENTS_MAX];
	int64_t start_ms = clock_monotonic_ms(), end_ms = start_ms + WARM_UP_MS + seconds * 1000;

	load->counted_from_ns = clock_monotonic_ns() + (uint64_t)WARM_UP_MS * 1000000;
	for (unsigned i = 0; i < CONNECTIONS; i++) {
		struct connection *connection = &load->connections[i];
		connection->number = i;
		connection->fd = connect_to(load->port);
		struct epoll_event interest = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = connection };
		epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &interest);
		next_call(load, connection);
	}
	while (clock_monotonic_ms() < end_ms) {
		int count = epoll_wait(epoll, events, EVENTS_MAX, 100);
		for (int i = 0; i < count; i++) {
			struct connection *connection = events[i].data.ptr;
			if (events[i].events & EPOLLOUT)
				write_request(connection);
			if (events[i].events & EPOLLIN)
				read_reply(load, connection);
		}
	}
	for (unsigned i = 0; i < CONNECTIONS; i++)
		close(load->connections[i].fd);
	close(epoll);
}

static int measure(uint16_t port, int64_t seconds, bool is_write, const char *suffix)
{
	struct load *load = xcalloc(1, sizeof *load);
	const char *kind = is_write ? "write" : "read";

	load->port = port;
	load->is_write = is_write;
	load->run = (uint64_t)getpid();
	load->connections = xcalloc(CONNECTIONS, sizeof *load->connections);
	load->buckets = xcalloc(BUCKETS, sizeof *load->buckets);
	arena_init(&load->arena, 1 << 20);
	run(load, seconds);
	printf("calls_per_second_%s%s %.0f calls/s\n", kind, suffix, (double)load->calls / (double)seconds);
	printf("calls_%s_latency_median%s %.2f ms\n", kind, suffix, percentile(load, 0.50));
	printf("calls_%s_latency_high%s %.2f ms\n", kind, suffix, percentile(load, 0.99));
	if (load->errors) {
		printf("calls_%s_errors%s %" PRIu64 " calls\n", kind, suffix, load->errors);
		fprintf(stderr, "first error: %s\n", load->first_error);
	}
	fflush(stdout);
	int failed = load->errors > 0 || load->calls == 0;
	arena_fini(&load->arena);
	free(load->buckets);
	free(load->connections);
	free(load);
	return failed;
}

/* A process of its own sends a byte a second on each slow connection, so that it costs the measurement nothing. */
static void hold_connections(uint16_t port, int idle, int drip)
{
	static const char head[] = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
	struct rlimit limit = { 65536, 65536 };
	int *fds = xcalloc((size_t)(idle + drip), sizeof *fds), ready[2];
	char byte;

	setrlimit(RLIMIT_NOFILE, &limit);
	if (pipe(ready) != 0 || fork() != 0) {
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			exit(1);
		return;
	}
	for (int i = 0; i < idle + drip; i++)
		fds[i] = connect_to(port);
	if (write(ready[1], "x", 1) != 1)
		exit(1);
	for (size_t at = 0; getppid() != 1; at++) {
		for (int i = idle; i < idle + drip; i++) {
			ssize_t put = write(fds[i], at < sizeof head - 1 ? head + at : "x", 1);
			if (put < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET)
				perror("drip");
			if (put < 0) {                   /* the server lost patience: come back at once */
				close(fds[i]);
				fds[i] = connect_to(port);
			}
		}
		poll(NULL, 0, 1000);
	}
	exit(0);
}

int main(int argc, char **argv)
{
	uint64_t port = 0, seconds = 0, idle = 0, drip = 0;
	struct slice kind = argc == 4 ? slice_of(argv[3]) : S("");
	bool is_read = slice_equal(kind, S("read")), is_write = slice_equal(kind, S("write"));

	if (argc < 3 || argc > 5 || !slice_to_u64(slice_of(argv[1]), &port) || !slice_to_u64(slice_of(argv[2]), &seconds)
	    || port > 65535 || (argc == 4 && !is_read && !is_write)
	    || (argc == 5 && (!slice_to_u64(slice_of(argv[3]), &idle) || !slice_to_u64(slice_of(argv[4]), &drip)))) {
		fputs("usage: bench-calls_load PORT SECONDS [read | write | IDLE DRIP]\n", stderr);
		return 2;
	}
	int failed = is_write ? 0 : measure((uint16_t)port, (int64_t)seconds, false, "");
	if (is_read)
		return failed;
	if (idle + drip == 0)
		return failed | measure((uint16_t)port, (int64_t)seconds, true, "");
	signal(SIGPIPE, SIG_IGN);
	hold_connections((uint16_t)port, (int)idle, (int)drip);
	return failed | measure((uint16_t)port, (int64_t)seconds, false, "_crowded");
}

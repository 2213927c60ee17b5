/* bench/http.c: what an HTTP server itself costs: requests, idle connections, uploads; and what it takes two ways.
 *
 *     bench-http              our own server
 *     bench-http PROGRAM      another: PROGRAM prints its port, answers every request with 300 bytes, from another
 *                             thread if its argument is `suspends`, and ends when it is killed
 *
 * The server is a process of its own with one thread for its connections, so that its CPU and memory can be told from
 * the client's. Before it there are 64 connections with a request like those of SDKs in flight on each. */
#include "base/clock.h"
#include "base/thread.h"
#include "base/waker.h"
#include "codec/digest.h"
#include "net/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { CONNECTIONS = 64, IDLE_CONNECTIONS_MAX = 10000, BODY_BYTES = 500, REPLY_BYTES = 300, UPLOADS = 64 };

/* ---- our server ---- */

struct owner {
	bool         suspends;
	struct inbox suspended;
	struct waker waker;
};

static void answer(struct http_exchange *exchange)
{
	static const char body[REPLY_BYTES] = { 'x' };
	const struct http_header headers[] = {
		{ S("x-amzn-RequestId"), S("7a1d2f7e-3b7c-4f9d-9f57-6f3a3a0d7c11") }, { S("Content-Type"), S("text/xml") },
	};

	http_reply(exchange, 200, headers, COUNT(headers), (struct slice){ body, sizeof body });
}

static void head(void *user, struct http_exchange *exchange)
{
	exchange->user = user;
	exchange->streams = slice_equal(exchange->request.path, S("/upload"));
	if (exchange->streams)
		exchange->body_bytes_max = SIZE_MAX;
}

static void hand_over(struct owner *owner, struct http_exchange *exchange)
{
	inbox_put(&owner->suspended, &exchange->node);
	waker_wake(&owner->waker);
}

static void window(void *user, struct http_exchange *exchange)
{
	hand_over(user, exchange);
}

static void complete(void *user, struct http_exchange *exchange)
{
	struct owner *owner = user;

	if (owner->suspends)
		hand_over(owner, exchange);
	else
		answer(exchange);
}

static void resumed(void *user, struct http_exchange *exchange)
{
	(void)user;
	if (exchange->window.ptr)
		http_next_window(exchange);
	else
		answer(exchange);
}

/* A worker would also encrypt it and write it. */
static void use_window(struct slice window)
{
	unsigned char hash[SHA256_BYTES];

	if (window.ptr)
		digest_sha256(window, hash);
}

/* Takes what is suspended and resumes it in batches, as the recorder does. */
static void resume_all(void *argument)
{
	struct owner *owner = argument;

	for (;;) {
		struct pollfd wait = { .fd = owner->waker.fd, .events = POLLIN };
		struct http_resume_batch batch = { 0 };
		struct inbox_node *next;
		uint64_t count;

		waker_sleeps(&owner->waker);
		if (inbox_is_empty(&owner->suspended) && poll(&wait, 1, -1) == 1 && read(wait.fd, &count, sizeof count) < 0)
			perror("read");
		waker_is_awake(&owner->waker);
		for (struct inbox_node *node = inbox_take(&owner->suspended); node; node = next) {
			next = node->next;
			use_window(((struct http_exchange *)node)->window);
			http_resume_batch_add(&batch, (struct http_exchange *)node);
		}
		http_resume_batch_send(&batch);
	}
}

static void serve(bool suspends)
{
	const struct http_address address = { S("127.0.0.1"), 0 };
	struct owner owner = { .suspends = suspends };
	struct error err = { 0 };
	struct thread thread;
	const struct http_server_options options = {
		.handler = { .head = head, .complete = complete, .window = window, .resumed = resumed }, .owner = &owner,
		.listen = &address, .listen_count = 1,
	};
	struct http_server *server = http_server_start(&options, &err);

	if (!server || !waker_init(&owner.waker, &err) || !thread_start(&thread, "resumer", resume_all, &owner, &err)) {
		fprintf(stderr, "%s\n", err.message);
		exit(1);
	}
	printf("%u\n", http_server_port(server, 0));
	fflush(stdout);
	for (;;)
		pause();
}

/* ---- the server's process ---- */

struct target {
	pid_t    process;
	uint16_t port;
};

static void start(struct target *target, const char *program, bool suspends)
{
	unsigned port;
	int out[2];

	if (pipe2(out, O_CLOEXEC) != 0)
		exit(1);
	fflush(stdout);
	target->process = fork();
	if (target->process == 0) {
		dup2(out[1], STDOUT_FILENO);
		if (!program)
			serve(suspends);
		execl(program, program, suspends ? "suspends" : "at_once", (char *)NULL);
		perror(program);
		exit(1);
	}
	FILE *lines = fdopen(out[0], "r");
	close(out[1]);
	if (!lines || fscanf(lines, "%u", &port) != 1)
		exit(1);
	fclose(lines);
	target->port = (uint16_t)port;
}

static void stop(struct target *target)
{
	kill(target->process, SIGKILL);
	waitpid(target->process, NULL, 0);
}

static void read_proc(const struct target *target, const char *name, const char *format, unsigned long *a, unsigned long *b)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)target->process, name);
	FILE *file = fopen(path, "r");
	if (!file || fscanf(file, format, a, b) < 1)
		exit(1);
	fclose(file);
}

static double cpu_us(const struct target *target)
{
	unsigned long user = 0, kernel = 0;

	read_proc(target, "stat", "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
	return (double)(user + kernel) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

static double resident_mib(const struct target *target)
{
	unsigned long pages = 0, unused;

	read_proc(target, "statm", "%*d %lu", &pages, &unused);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* ---- the client ---- */

static struct slice request_text(char room[2048])
{
	int len = snprintf(room, 2048,
	                   "POST / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\nAccept-Encoding: identity\r\n"
	                   "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
	                   "User-Agent: aws-cli/2.9.19 Python/3.11.2 Linux/6.1.0 source/x86_64.debian.12 prompt/off command/iam.create-user\r\n"
	                   "X-Amz-Date: 20250315T120000Z\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIASPOORVECTORS0001/20250315/"
	                   "us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
	                   "Signature=e4b9e951db9d42824658259c2decc951314ebefca1c7f9b381d57fd02eae379b\r\nContent-Length: %d\r\n\r\n%0*d",
	                   BODY_BYTES, BODY_BYTES, 7);

	return (struct slice){ room, (size_t)len };
}

static int connect_to(const struct target *target)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(target->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		perror("connect");
		exit(1);
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	return fd;
}

/* One request, waiting for its reply: its status, and its length, which all replies share. */
static unsigned ask(int fd, struct slice request, size_t *reply_len)
{
	char reply[8192];
	size_t len = 0;

	if (send(fd, request.ptr, request.len, MSG_NOSIGNAL) != (ssize_t)request.len)
		exit(1);
	do {
		ssize_t got = recv(fd, reply + len, sizeof reply - len, 0);

		if (got <= 0)
			return 0;
		len += (size_t)got;
	} while (len < REPLY_BYTES);
	*reply_len = len;
	return (unsigned)strtoul(reply + 9, NULL, 10);
}

static uint64_t load(int epoll, int64_t ms, size_t reply_len)
{
	char room[2048], reply[8192];
	struct slice request = request_text(room);
	struct epoll_event events[CONNECTIONS];
	uint64_t calls = 0;

	for (int64_t end_ms = clock_monotonic_ms() + ms; clock_monotonic_ms() < end_ms; ) {
		int count = epoll_wait(epoll, events, CONNECTIONS, 100);

		for (int i = 0; i < count; i++) {
			int fd = events[i].data.fd;

			if (recv(fd, reply, sizeof reply, 0) != (ssize_t)reply_len
			    || send(fd, request.ptr, request.len, MSG_NOSIGNAL) != (ssize_t)request.len)
				exit(1);
			calls++;
		}
	}
	return calls;
}

static void measure_calls(const char *prefix, const char *program, bool suspends, int64_t ms)
{
	char room[2048];
	struct slice request = request_text(room);
	int epoll = epoll_create1(EPOLL_CLOEXEC), fds[CONNECTIONS];
	struct target target;
	size_t reply_len = 0;

	start(&target, program, suspends);
	for (int i = 0; i < CONNECTIONS; i++) {
		fds[i] = connect_to(&target);
		struct epoll_event interest = { .events = EPOLLIN, .data.fd = fds[i] };

		if (ask(fds[i], request, &reply_len) != 200)
			exit(1);
		epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &interest);
		if (send(fds[i], request.ptr, request.len, MSG_NOSIGNAL) < 0)
			exit(1);
	}
	load(epoll, ms / 10, reply_len);
	double before_us = cpu_us(&target);
	uint64_t calls = load(epoll, ms, reply_len);
	const char *what = suspends ? "suspended" : "at_once";

	printf("%s_%s_rate %.0f calls/s\n", prefix, what, (double)calls * 1000 / (double)ms);
	printf("%s_%s_cpu %.2f us\n", prefix, what, (cpu_us(&target) - before_us) / (double)calls);
	stop(&target);
	for (int i = 0; i < CONNECTIONS; i++)
		close(fds[i]);
	close(epoll);
}

static void measure_idle(const char *prefix, const char *program, int connections)
{
	char room[2048];
	struct slice request = request_text(room);
	int *fds = xcalloc((size_t)connections, sizeof *fds);
	struct target target;
	size_t reply_len;

	start(&target, program, false);
	double before_mib = resident_mib(&target);
	for (int i = 0; i < connections; i++) {
		fds[i] = connect_to(&target);
		if (ask(fds[i], request, &reply_len) != 200)
			exit(1);
	}
	printf("# %d idle connections\n%s_idle_memory %.1f MiB\n", connections, prefix, resident_mib(&target) - before_mib);
	stop(&target);
	for (int i = 0; i < connections; i++)
		close(fds[i]);
	free(fds);
}

/* ---- uploads larger than memory, and one caller beside them ---- */

/* Keeps all uploads as full as they take, for ever. */
static void upload(const struct target *target, atomic_uint_fast64_t *sent_bytes)
{
	static char bytes[256 << 10];
	const struct slice head = S("PUT /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000000000000000\r\n\r\n");
	struct epoll_event events[UPLOADS];
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	for (int i = 0; i < UPLOADS; i++) {
		int fd = connect_to(target);
		struct epoll_event interest = { .events = EPOLLOUT, .data.fd = fd };

		if (send(fd, head.ptr, head.len, MSG_NOSIGNAL) < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &interest) != 0)
			exit(1);
	}
	for (;;) {
		int count = epoll_wait(epoll, events, UPLOADS, -1);

		for (int i = 0; i < count; i++) {
			ssize_t sent = send(events[i].data.fd, bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL);

			if (sent < 0 && errno != EAGAIN)
				exit(1);
			atomic_fetch_add(sent_bytes, sent > 0 ? (uint64_t)sent : 0);
		}
	}
}

static int compare_us(const void *a, const void *b)
{
	return *(const int64_t *)a < *(const int64_t *)b ? -1 : *(const int64_t *)a > *(const int64_t *)b;
}

/* One call after the other: the 50th and the 99th of a hundred. */
static void measure_latency(const char *name, const struct target *target, int64_t ms)
{
	enum { CALLS_MAX = 1000000 };
	int64_t *us = xcalloc(CALLS_MAX, sizeof *us);
	size_t calls = 0, reply_len;
	char room[2048];
	struct slice request = request_text(room);
	int fd = connect_to(target);

	for (int64_t end_ms = clock_monotonic_ms() + ms; calls < CALLS_MAX && clock_monotonic_ms() < end_ms; calls++) {
		uint64_t before = clock_monotonic_ns();

		if (ask(fd, request, &reply_len) != 200)
			exit(1);
		us[calls] = (int64_t)(clock_monotonic_ns() - before) / 1000;
	}
	qsort(us, calls, sizeof *us, compare_us);
	printf("%s_p50 %" PRId64 " us\n%s_p99 %" PRId64 " us\n", name, us[calls / 2], name, us[calls * 99 / 100]);
	free(us);
	close(fd);
}

static void measure_uploads(int64_t ms)
{
	atomic_uint_fast64_t *sent_bytes = mmap(NULL, sizeof *sent_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct target target, client;

	if (sent_bytes == MAP_FAILED)
		exit(1);
	start(&target, NULL, false);
	measure_latency("http_quiet", &target, ms);
	double before_mib = resident_mib(&target);
	int64_t before_ms = clock_monotonic_ms();
	fflush(stdout);
	client.process = fork();
	if (client.process == 0)
		upload(&target, sent_bytes);
	measure_latency("http_beside_64_uploads", &target, ms);
	double seconds = (double)(clock_monotonic_ms() - before_ms) / 1000;
	printf("http_64_uploads_rate %.0f MB/s\n", (double)atomic_load(sent_bytes) / 1e6 / seconds);
	printf("http_64_uploads_memory %.1f MiB\n", resident_mib(&target) - before_mib);
	stop(&client);
	stop(&target);
}

/* The status of requests that two servers in a row could cut differently. */
static void measure_strictness(const char *prefix, const char *program)
{
	static const struct { const char *name; struct slice request; } ROWS[] = {
		{ "length_beside_chunked", S_INIT("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") },
		{ "two_lengths", S_INIT("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!") },
		{ "bare_line_feed", S_INIT("GET / HTTP/1.1\nHost: h\n\n") },
	};

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		const struct timeval limit = { .tv_sec = 2 };
		struct target target;

		start(&target, program, false);
		int fd = connect_to(&target);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
		char reply[16] = { 0 };
		if (send(fd, ROWS[i].request.ptr, ROWS[i].request.len, MSG_NOSIGNAL) < 0)
			exit(1);
		ssize_t got = recv(fd, reply, sizeof reply - 1, 0);
		printf("%s_%s %.3s status\n", prefix, ROWS[i].name, got > 12 ? reply + 9 : "0");
		close(fd);
		stop(&target);
	}
}

int main(int argc, char **argv)
{
	const char *program = argc > 1 ? argv[1] : NULL, *seconds = getenv("SPOOR_BENCH_SECONDS");
	const char *prefix = program ? "http_peer" : "http";
	int64_t ms = seconds ? atoi(seconds) * 1000 : 5000;
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	measure_calls(prefix, program, false, ms);
	measure_calls(prefix, program, true, ms);
	measure_idle(prefix, program, limit.rlim_cur / 2 < IDLE_CONNECTIONS_MAX ? (int)(limit.rlim_cur / 2) : IDLE_CONNECTIONS_MAX);
	measure_strictness(prefix, program);
	if (!program)
		measure_uploads(ms);
	return 0;
}

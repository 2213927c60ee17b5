/* bench/uploads_load.c: 64 connections put objects of 1 MB, each again as soon as it is answered; and what another caller feels.
 *
 *     bench-uploads_load PORT SECONDS
 *
 * The other caller is a process of its own that calls GetCallerIdentity over and over, first alone and then beside the
 * uploads. Prints `name value unit` lines; an answer other than 200 ends it. */
#include "auth/sigv4_sign.h"
#include "base/buffer.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { UPLOADS = 64, BODY_BYTES = 1000000, HEAD_BYTES_MAX = 4096, REPLY_BYTES_MAX = 8192, CALLS_MAX = 1 << 20, WARM_UP_MS = 1000 };

static unsigned char body[BODY_BYTES];

struct upload {
	int    fd;
	size_t head_bytes, written, reply_bytes;
	char   head[HEAD_BYTES_MAX], reply[REPLY_BYTES_MAX];
};

static void give_up(const char *what, const char *detail)
{
	fprintf(stderr, "bench-uploads_load: %s: %s\n", what, detail);
	exit(1);
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)(void *)&address, sizeof address) != 0)
		give_up("connect", strerror(errno));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	return fd;
}

/* A signed head, to which `bytes` follow; `form` is sent with it. */
static size_t make_head(char out[HEAD_BYTES_MAX], uint16_t port, struct slice method, struct slice target, size_t bytes, struct slice form)
{
	struct arena arena;
	struct buffer text;
	struct error err = {0};
	bool is_form = form.len > 0;

	arena_init(&arena, 1 << 20);
	struct http_header headers[] = {
		{ S("Host"), arena_format(&arena, "127.0.0.1:%u", port) },
		{ S("Content-Type"), is_form ? S("application/x-www-form-urlencoded") : S("application/octet-stream") },
		{ S("X-Amz-Content-Sha256"), S("UNSIGNED-PAYLOAD") },
	};
	struct sigv4_request request = { .method = method, .target = target, .headers = headers, .header_count = is_form ? 2 : 3, .body = form };
	struct sigv4_credentials credentials = {
		.access_key_id = S("test"), .secret = S("test"), .region = S("us-east-1"), .service = is_form ? S("sts") : S("s3"),
	};
	if (!sigv4_sign_request(&arena, &request, &credentials, clock_wall_ms(), &err))
		give_up("sign", err.message);
	buffer_init(&text, &arena, HEAD_BYTES_MAX);
	buffer_printf(&text, "%.*s %.*s HTTP/1.1\r\n", SLICE_ARG(method), SLICE_ARG(target));
	for (size_t i = 0; i < request.header_count; i++)
		buffer_printf(&text, "%.*s: %.*s\r\n", SLICE_ARG(request.headers[i].name), SLICE_ARG(request.headers[i].value));
	buffer_printf(&text, "Content-Length: %zu\r\n\r\n%.*s", bytes + form.len, SLICE_ARG(form));
	assert(!text.is_over);
	memcpy(out, text.ptr, text.len);
	arena_fini(&arena);
	return text.len;
}

/* Is the whole reply here? One that is not 200 ends the measurement. */
static bool is_answered(const char *reply, size_t bytes)
{
	struct slice text = { reply, bytes };
	size_t end = slice_find(text, S("\r\n\r\n")), at = slice_find(text, S("Content-Length: "));
	struct slice digits;
	uint64_t length = 0;

	if (end == SLICE_NPOS || at == SLICE_NPOS || at > end)
		return false;
	slice_cut(slice_from(text, at + 16), '\r', &digits);
	if (!slice_has_prefix(text, S("HTTP/1.1 200")) || !slice_to_u64(digits, &length)) {
		fprintf(stderr, "%.*s\n", SLICE_ARG(text));
		give_up("answer", "not 200");
	}
	return bytes >= end + 4 + length;
}

/* ---- the other caller ---- */

static void call_once(int fd, const char *request, size_t bytes)
{
	char reply[REPLY_BYTES_MAX];
	size_t have = 0;

	if (write(fd, request, bytes) != (ssize_t)bytes)
		give_up("write", strerror(errno));
	while (!is_answered(reply, have)) {
		ssize_t got = read(fd, reply + have, sizeof reply - have);
		if (got <= 0)
			give_up("read", "the server closed the connection");
		have += (size_t)got;
	}
}

static int compare_ns(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void call_over_and_over(uint16_t port, int64_t seconds, const char *suffix)
{
	uint64_t *took_ns = xcalloc(CALLS_MAX, sizeof *took_ns);
	char request[HEAD_BYTES_MAX];
	size_t bytes = make_head(request, port, S("POST"), S("/"), 0, S("Action=GetCallerIdentity&Version=2011-06-15")), count = 0;
	int fd = connect_to(port);
	int64_t from_ms = clock_monotonic_ms() + WARM_UP_MS, end_ms = from_ms + seconds * 1000;

	while (clock_monotonic_ms() < end_ms && count < CALLS_MAX) {
		uint64_t start_ns = clock_monotonic_ns();
		call_once(fd, request, bytes);
		took_ns[count] = clock_monotonic_ns() - start_ns;
		count += clock_monotonic_ms() >= from_ms;
	}
	qsort(took_ns, count, sizeof *took_ns, compare_ns);
	printf("uploads_caller_latency_median%s %.2f ms\n", suffix, (double)took_ns[count / 2] / 1e6);
	printf("uploads_caller_latency_high%s %.2f ms\n", suffix, (double)took_ns[count * 99 / 100] / 1e6);
	fflush(stdout);
	close(fd);
	free(took_ns);
}

/* ---- uploads ---- */

static void write_upload(struct upload *upload)
{
	size_t whole = upload->head_bytes + BODY_BYTES;

	while (upload->written < whole) {
		size_t at = upload->written;
		ssize_t put = at < upload->head_bytes ? write(upload->fd, upload->head + at, upload->head_bytes - at)
		                                      : write(upload->fd, body + (at - upload->head_bytes), whole - at);
		if (put < 0 && errno == EAGAIN)
			return;
		if (put <= 0)
			give_up("write", strerror(errno));
		upload->written += (size_t)put;
	}
}

/* True: it was answered, and the next one has begun. */
static bool read_upload(struct upload *upload)
{
	ssize_t got = read(upload->fd, upload->reply + upload->reply_bytes, REPLY_BYTES_MAX - upload->reply_bytes);

	if (got < 0 && errno == EAGAIN)
		return false;
	if (got <= 0)
		give_up("read", "the server closed a connection");
	upload->reply_bytes += (size_t)got;
	if (!is_answered(upload->reply, upload->reply_bytes))
		return false;
	upload->written = upload->reply_bytes = 0;
	write_upload(upload);
	return true;
}

static void upload_for(uint16_t port, int64_t seconds)
{
	struct upload *uploads = xcalloc(UPLOADS, sizeof *uploads);
	struct epoll_event events[UPLOADS];
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int64_t from_ms = clock_monotonic_ms() + WARM_UP_MS, end_ms = from_ms + seconds * 1000;
	uint64_t count = 0;

	for (unsigned i = 0; i < UPLOADS; i++) {
		char target[64];
		snprintf(target, sizeof target, "/bench-uploads/%u", i);
		uploads[i].fd = connect_to(port);
		uploads[i].head_bytes = make_head(uploads[i].head, port, S("PUT"), slice_of(target), BODY_BYTES, S(""));
		struct epoll_event interest = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = &uploads[i] };
		if (fcntl(uploads[i].fd, F_SETFL, O_NONBLOCK) != 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, uploads[i].fd, &interest) != 0)
			give_up("epoll", strerror(errno));
	}
	while (clock_monotonic_ms() < end_ms) {
		int ready = epoll_wait(epoll, events, UPLOADS, 100);
		for (int i = 0; i < ready; i++) {
			struct upload *upload = events[i].data.ptr;
			if (events[i].events & EPOLLOUT)
				write_upload(upload);
			if (events[i].events & EPOLLIN)
				count += read_upload(upload) && clock_monotonic_ms() >= from_ms;
		}
	}
	for (unsigned i = 0; i < UPLOADS; i++)
		close(uploads[i].fd);
	close(epoll);
	printf("uploads_per_second %.0f uploads/s\n", (double)count / (double)seconds);
	printf("uploads_bytes_per_second %.0f MB/s\n", (double)count * BODY_BYTES / 1e6 / (double)seconds);
	free(uploads);
}

int main(int argc, char **argv)
{
	char request[HEAD_BYTES_MAX];
	uint64_t port = 0, seconds = 0;
	int status = 0;

	if (argc != 3 || !slice_to_u64(slice_of(argv[1]), &port) || !slice_to_u64(slice_of(argv[2]), &seconds) || port > 65535 || seconds == 0) {
		fputs("usage: bench-uploads_load PORT SECONDS\n", stderr);
		return 2;
	}
	int fd = connect_to((uint16_t)port);
	call_once(fd, request, make_head(request, (uint16_t)port, S("PUT"), S("/bench-uploads"), 0, S("")));
	close(fd);
	call_over_and_over((uint16_t)port, (int64_t)seconds, "_alone");
	pid_t caller = fork();
	if (caller < 0)
		give_up("fork", strerror(errno));
	if (caller == 0) {
		call_over_and_over((uint16_t)port, (int64_t)seconds, "");
		exit(0);
	}
	upload_for((uint16_t)port, (int64_t)seconds);
	waitpid(caller, &status, 0);
	return status != 0;
}

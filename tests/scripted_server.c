/* tests/scripted_server.c: a thread that accepts, reads up to the empty line and the announced body, and writes. */
#include "tests/scripted_server.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* One request: the head, and a body where Content-Length says so. False: the peer has closed. */
static bool read_request(struct scripted_server *server, int fd)
{
	size_t begin = server->used, wanted = 0;

	for (;;) {
		struct slice got = { server->requests + begin, server->used - begin };
		size_t end = slice_find(got, S("\r\n\r\n"));
		if (end != SLICE_NPOS && !wanted) {
			size_t length = slice_find(slice_sub(got, 0, end), S("Content-Length: "));
			wanted = end + 4 + (length == SLICE_NPOS ? 0 : strtoul(got.ptr + length + 16, NULL, 10));
		}
		if (wanted && got.len >= wanted)
			return true;
		ssize_t count = recv(fd, server->requests + server->used, sizeof server->requests - server->used, 0);
		if (count <= 0)
			return false;
		server->used += (size_t)count;
	}
}

/* Leaves *next at what was not said: a peer that closes is asked nothing more. */
static void serve(struct scripted_server *server, int fd, const char *const **next)
{
	while (**next && strcmp(**next, SCRIPTED_CLOSE) != 0) {
		if (!read_request(server, fd))
			return;
		send(fd, **next, strlen(**next), MSG_NOSIGNAL);
		++*next;
	}
	if (**next)
		++*next;
}

static void run(void *argument)
{
	struct scripted_server *server = argument;
	const char *const *next = server->replies;

	while (*next) {
		int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			return;
		server->connections++;
		serve(server, fd, &next);
		close(fd);
	}
}

void scripted_server_start(struct scripted_server *server, struct test *t, const char *const *replies)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t bytes = sizeof address;

	memset(server, 0, sizeof *server);
	server->t = t;
	server->replies = replies;
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	REQUIRE(t, server->listener >= 0 && bind(server->listener, (struct sockaddr *)(void *)&address, sizeof address) == 0);
	REQUIRE(t, listen(server->listener, 5) == 0 && getsockname(server->listener, (struct sockaddr *)(void *)&address, &bytes) == 0);
	server->port = ntohs(address.sin_port);
	CHECK(t, thread_start(&server->thread, "scripted", run, server, &t->err));
}

void scripted_server_stop(struct scripted_server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	thread_join(&server->thread);
	close(server->listener);
}

struct slice scripted_server_url(struct test *t, const struct scripted_server *server)
{
	return arena_format(&t->arena, "http://127.0.0.1:%u", server->port);
}

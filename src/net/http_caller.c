/* net/http_caller.c: a non-blocking socket and poll(2), so that each wait has an end. */
#include "net/http_caller.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "net/http_chunked.h"
#include "net/tls.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

enum { READ_BYTES = 64 << 10, ROOM_BYTES_KEPT = 4 << 20, INTERIM_MAX = 8 };

struct http_caller {
	struct http_url    url;
	struct tls_client *trust;
	int64_t            timeout_ms;
	int                fd;
	struct tls        *tls;
	bool               was_used;           /* an earlier call was answered on this connection */
	char               name[300];          /* the host with a NUL */
	bool             (*must_stop)(void *user);
	void              *user;

	char              *bytes;              /* what was received and is not used up: head, then body */
	size_t             used, room;
	struct http_header headers[HTTP_HEADERS_MAX];
};

struct http_caller *http_caller_new(const struct http_url *url, struct tls_client *tls, int64_t timeout_ms)
{
	struct http_caller *caller = xcalloc(1, sizeof *caller);

	caller->url = *url;
	caller->trust = tls;
	caller->timeout_ms = timeout_ms;
	caller->fd = -1;
	snprintf(caller->name, sizeof caller->name, "%.*s", SLICE_ARG(url->host));
	return caller;
}

static void disconnect(struct http_caller *caller)
{
	tls_close(caller->tls);
	caller->tls = NULL;
	if (caller->fd >= 0)
		close(caller->fd);
	caller->fd = -1;
	caller->was_used = false;
	caller->used = 0;
}

void http_caller_free(struct http_caller *caller)
{
	if (!caller)
		return;
	disconnect(caller);
	free(caller->bytes);
	free(caller);
}

void http_caller_watch(struct http_caller *caller, bool (*must_stop)(void *user), void *user)
{
	caller->must_stop = must_stop;
	caller->user = user;
}

/* poll(2) in small steps. Its result, and 0 for the timeout; *must_stop tells that nobody waits any more. */
static int wait_until(const struct http_caller *caller, struct pollfd *entry, int64_t timeout_ms, bool *must_stop)
{
	for (int64_t left_ms = timeout_ms;; left_ms -= HTTP_CALLER_LOOK_MS) {
		*must_stop = caller->must_stop && caller->must_stop(caller->user);
		if (*must_stop || left_ms <= 0)
			return 0;
		int count = poll(entry, entry ? 1 : 0, (int)(left_ms < HTTP_CALLER_LOOK_MS ? left_ms : HTTP_CALLER_LOOK_MS));
		if (count > 0 || (count < 0 && errno != EINTR))
			return count;
	}
}

bool http_caller_pause(const struct http_caller *caller, int64_t ms)
{
	bool must_stop;

	wait_until(caller, NULL, ms, &must_stop);
	return !must_stop;
}

/* ---- the connection ---- */

static bool fail_io(const struct http_caller *caller, const char *what, struct error *err)
{
	return fail(err, ERR_IO, "%.*s: %s", SLICE_ARG(caller->url.authority), what);
}

static bool wait_for(const struct http_caller *caller, short events, struct error *err)
{
	struct pollfd entry = { .fd = caller->fd, .events = events };
	bool must_stop;
	int count = wait_until(caller, &entry, caller->timeout_ms, &must_stop);

	if (must_stop)
		return fail(err, ERR_BUSY, "cancelled");
	return count > 0 || fail_io(caller, count == 0 ? "it does not answer in time" : strerror(errno), err);
}

static bool connect_to(struct http_caller *caller, const struct addrinfo *address, struct error *err)
{
	int problem = 0, yes = 1;
	socklen_t bytes = sizeof problem;

	caller->fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (caller->fd < 0)
		return fail_io(caller, strerror(errno), err);
	setsockopt(caller->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (connect(caller->fd, address->ai_addr, address->ai_addrlen) == 0)
		return true;
	if (errno != EINPROGRESS)
		return fail_io(caller, strerror(errno), err);
	if (!wait_for(caller, POLLOUT, err))
		return false;
	if (getsockopt(caller->fd, SOL_SOCKET, SO_ERROR, &problem, &bytes) != 0)
		problem = errno;
	return problem == 0 || fail_io(caller, strerror(problem), err);
}

static bool connect_to_any(struct http_caller *caller, struct error *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	char port[8];

	snprintf(port, sizeof port, "%u", caller->url.port);
	int problem = getaddrinfo(caller->name, port, &hints, &found);
	if (problem != 0)
		return fail_io(caller, gai_strerror(problem), err);
	bool ok = false;
	for (const struct addrinfo *address = found; address && !ok; address = address->ai_next) {
		disconnect(caller);
		ok = connect_to(caller, address, err);
	}
	freeaddrinfo(found);
	return ok;
}

/* What TLS waits for is not told apart: a handshake writes little, so it is nearly always the peer's turn. */
static bool shake_hands(struct http_caller *caller, struct error *err)
{
	enum tls_result result;

	caller->tls = tls_open_client(caller->trust, caller->fd, caller->name);
	if (!caller->tls)
		return fail_io(caller, "TLS cannot begin", err);
	while ((result = tls_handshake(caller->tls)) == TLS_AGAIN)
		if (!wait_for(caller, tls_wants_write(caller->tls) ? POLLOUT : POLLIN, err))
			return false;
	return result == TLS_DONE
	    || fail(err, ERR_DENIED, "%.*s: TLS: %s", SLICE_ARG(caller->url.authority), tls_failure(caller->tls));
}

static bool ensure_connected(struct http_caller *caller, struct error *err)
{
	if (caller->fd >= 0)
		return true;
	if (connect_to_any(caller, err) && (!caller->url.is_tls || shake_hands(caller, err)))
		return true;
	disconnect(caller);
	return false;
}

static bool send_some(struct http_caller *caller, struct slice *bytes, struct error *err)
{
	size_t taken = 0;

	if (caller->tls) {
		enum tls_result result = tls_write(caller->tls, *bytes, &taken);
		*bytes = slice_from(*bytes, taken);
		if (result == TLS_FAILED)
			return fail_io(caller, tls_failure(caller->tls), err);
		return result == TLS_DONE || wait_for(caller, POLLOUT, err);
	}
	ssize_t sent = send(caller->fd, bytes->ptr, bytes->len, MSG_NOSIGNAL);
	if (sent >= 0)
		*bytes = slice_from(*bytes, (size_t)sent);
	else if (errno != EAGAIN)
		return errno == EINTR || fail_io(caller, strerror(errno), err);
	return sent >= 0 || wait_for(caller, POLLOUT, err);
}

static bool send_all(struct http_caller *caller, struct slice bytes, struct error *err)
{
	while (bytes.len > 0 || (caller->tls && tls_is_pending(caller->tls)))
		if (!send_some(caller, &bytes, err))
			return false;
	return true;
}

static void make_room(struct http_caller *caller, size_t bytes)
{
	if (caller->room - caller->used >= bytes)
		return;
	caller->room = caller->used + bytes > 2 * caller->room ? caller->used + bytes : 2 * caller->room;
	caller->bytes = xrealloc(caller->bytes, caller->room);
}

/* More bytes behind those that are there; *is_end: the peer has closed. */
static bool receive(struct http_caller *caller, size_t wanted, bool *is_end, struct error *err)
{
	make_room(caller, wanted);
	for (;;) {
		size_t got = 0;
		bool is_again;
		if (caller->tls) {
			enum tls_result result = tls_read(caller->tls, caller->bytes + caller->used, wanted, &got);
			is_again = result == TLS_AGAIN;
			if (result == TLS_FAILED)
				return fail_io(caller, tls_failure(caller->tls), err);
		} else {
			ssize_t received = recv(caller->fd, caller->bytes + caller->used, wanted, 0);
			is_again = received < 0 && (errno == EAGAIN || errno == EINTR);
			if (received < 0 && !is_again)
				return fail_io(caller, strerror(errno), err);
			got = received > 0 ? (size_t)received : 0;
		}
		if (is_again) {
			if (!wait_for(caller, POLLIN, err))
				return false;
			continue;
		}
		caller->used += got;
		*is_end = got == 0;
		return true;
	}
}

/* ---- the reply ---- */

static bool fail_cut(const struct http_caller *caller, struct error *err)
{
	return fail_io(caller, "the connection ended within a reply", err);
}

/* Behind the interim replies, of which there is none as long as nothing asks for them. */
static bool read_head(struct http_caller *caller, size_t *head_bytes, struct http_response *response, struct error *err)
{
	size_t searched = 0, count = 0;
	bool is_end = false;

	for (;;) {
		struct slice received = { caller->bytes, caller->used };
		*head_bytes = caller->used ? http_response_find_end(received, &searched) : 0;
		if (*head_bytes) {
			if (!http_response_parse(slice_sub(received, 0, *head_bytes), caller->headers, COUNT(caller->headers), response, err))
				return false;
			if (response->status >= 200)
				return true;
			if (++count > INTERIM_MAX)
				return fail(err, ERR_CORRUPT, "the reply has no end of interim replies");
			caller->used -= *head_bytes;
			memmove(caller->bytes, caller->bytes + *head_bytes, caller->used);
			searched = 0;
			continue;
		}
		if (is_end)
			return fail_cut(caller, err);
		if (caller->used > HTTP_HEAD_BYTES_MAX)
			return fail(err, ERR_CORRUPT, "the reply's head has more than %d bytes", HTTP_HEAD_BYTES_MAX);
		if (!receive(caller, READ_BYTES, &is_end, err))
			return false;
	}
}

static bool fail_limit(size_t body_bytes_max, struct error *err)
{
	return fail(err, ERR_LIMIT, "the reply has more than %zu bytes", body_bytes_max);
}

static bool read_counted(struct http_caller *caller, size_t at, uint64_t length, struct error *err)
{
	bool is_end = false;

	if (length > caller->used - at)
		make_room(caller, (size_t)length - (caller->used - at));
	while (caller->used - at < length) {
		if (!receive(caller, (size_t)length - (caller->used - at), &is_end, err))
			return false;
		if (is_end)
			return fail_cut(caller, err);
	}
	return true;
}

/* Chunks are joined where they lie; *length counts the joined ones. */
static bool read_chunks(struct http_caller *caller, size_t at, size_t body_bytes_max, size_t *length, struct error *err)
{
	struct http_chunked chunked = {0};
	struct http_problem problem = {0};
	size_t joined = at, raw = at;
	bool is_end = false;

	for (;;) {
		size_t in_used = 0, out_len = 0;
		enum http_parse result = http_chunked_decode(&chunked, (struct slice){ caller->bytes + raw, caller->used - raw },
		                                             caller->bytes + joined, &in_used, &out_len, &problem);
		joined += out_len;
		raw += in_used;
		*length = joined - at;
		if (result == HTTP_PARSE_REFUSED)
			return fail(err, ERR_CORRUPT, "the reply is not HTTP: %s", problem.detail);
		if (*length > body_bytes_max)
			return fail_limit(body_bytes_max, err);
		if (result == HTTP_PARSE_DONE)
			return true;
		memmove(caller->bytes + joined, caller->bytes + raw, caller->used - raw);
		caller->used -= raw - joined;
		raw = joined;
		if (is_end)
			return fail_cut(caller, err);
		if (!receive(caller, READ_BYTES, &is_end, err))
			return false;
	}
}

static bool read_to_end(struct http_caller *caller, size_t at, size_t body_bytes_max, struct error *err)
{
	bool is_end = false;

	while (!is_end) {
		if (caller->used - at > body_bytes_max)
			return fail_limit(body_bytes_max, err);
		if (!receive(caller, READ_BYTES, &is_end, err))
			return false;
	}
	return true;
}

static bool read_reply(struct http_caller *caller, bool is_head, size_t body_bytes_max, struct http_caller_reply *reply,
                       struct error *err)
{
	struct http_response *response = &reply->response;
	size_t at, length = 0;

	if (!read_head(caller, &at, response, err))
		return false;
	bool has_body = !is_head && response->status != 204 && response->status != 304;
	if (has_body && response->has_content_length && response->content_length > body_bytes_max)
		return fail_limit(body_bytes_max, err);
	if (has_body && response->is_chunked) {
		if (!read_chunks(caller, at, body_bytes_max, &length, err))
			return false;
	} else if (has_body && response->has_content_length) {
		length = (size_t)response->content_length;
		if (!read_counted(caller, at, length, err))
			return false;
	} else if (has_body) {
		response->keeps_alive = false;
		if (!read_to_end(caller, at, body_bytes_max, err))
			return false;
		length = caller->used - at;
	}
	/* The bytes may have moved: the head's slices are made again. */
	bool keeps_alive = response->keeps_alive;
	if (!http_response_parse((struct slice){ caller->bytes, at }, caller->headers, COUNT(caller->headers), response, err))
		return false;
	response->keeps_alive = keeps_alive;
	reply->body = (struct slice){ caller->bytes + at, length };
	return true;
}

/* ---- one call ---- */

/* What comes from elsewhere, such as the name of a bucket, must not become a line of its own. */
static bool is_sound(const struct http_caller_request *request)
{
	for (size_t i = 0; i < request->target.len; i++)
		if (request->target.ptr[i] <= ' ' || request->target.ptr[i] >= 0x7f)
			return false;
	for (size_t i = 0; i < request->header_count; i++)
		if (!http_parse_is_value(request->headers[i].value))
			return false;
	return true;
}

static struct slice write_request(struct arena *arena, const struct http_caller_request *request)
{
	struct buffer out;

	buffer_init(&out, arena, HTTP_HEAD_BYTES_MAX);
	buffer_printf(&out, "%.*s %.*s HTTP/1.1\r\n", SLICE_ARG(request->method), SLICE_ARG(request->target));
	for (size_t i = 0; i < request->header_count; i++)
		buffer_printf(&out, "%.*s: %.*s\r\n", SLICE_ARG(request->headers[i].name), SLICE_ARG(request->headers[i].value));
	if (request->body.ptr)
		buffer_printf(&out, "Content-Length: %zu\r\n", request->body.len);
	buffer_printf(&out, "\r\n");
	return out.is_over ? SLICE_NONE : buffer_slice(&out);
}

/* What an earlier call left is given back, but for a reasonable rest. */
static void forget_reply(struct http_caller *caller)
{
	caller->used = 0;
	if (caller->room <= ROOM_BYTES_KEPT)
		return;
	free(caller->bytes);
	caller->bytes = NULL;
	caller->room = 0;
}

static bool try_call(struct http_caller *caller, struct slice head, const struct http_caller_request *request,
                     size_t body_bytes_max, struct http_caller_reply *reply, struct error *err)
{
	bool is_head = slice_equal(request->method, S("HEAD"));

	forget_reply(caller);
	if (!ensure_connected(caller, err) || !send_all(caller, head, err) || !send_all(caller, request->body, err))
		return false;
	if (!read_reply(caller, is_head, body_bytes_max, reply, err))
		return false;
	caller->was_used = true;
	return true;
}

bool http_caller_call(struct http_caller *caller, const struct http_caller_request *request, size_t body_bytes_max,
                      struct http_caller_reply *reply, struct error *err)
{
	struct error failure = {0};
	struct arena arena;

	arena_init(&arena, HTTP_HEAD_BYTES_MAX * 2);
	struct slice head = is_sound(request) ? write_request(&arena, request) : SLICE_NONE;
	bool was_used = caller->was_used;
	bool ok = head.ptr ? try_call(caller, head, request, body_bytes_max, reply, &failure)
	                   : fail(&failure, ERR_INVALID, "the request cannot be sent: it is too long, or has blanks or control bytes");
	/* A kept connection may have been closed by the server while nothing was under way. */
	if (!ok && was_used && failure.kind == ERR_IO && caller->used == 0) {
		disconnect(caller);
		ok = try_call(caller, head, request, body_bytes_max, reply, &failure);
	}
	arena_fini(&arena);
	if (!ok)
		disconnect(caller);
	else if (!reply->response.keeps_alive) {
		size_t used = caller->used;
		disconnect(caller);
		caller->used = used;
	}
	return ok || fail(err, failure.kind, "%s", failure.message);
}

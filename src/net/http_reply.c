/* net/http_reply.c: one send() for a reply of the usual size, two slices for a large one, a copy of what is left.
 *
 * Replies are written at once, from the callback that makes them: asking epoll first would cost two system calls a
 * request, and the socket buffer is nearly always empty. */
#include "net/http_reply.h"

#include "base/clock.h"
#include "net/http_request.h"

#include <sys/socket.h>
#include <sys/uio.h>

static const struct { unsigned status; struct slice phrase; } PHRASES[] = {
	{ 200, S_INIT("OK") },                    { 201, S_INIT("Created") },
	{ 202, S_INIT("Accepted") },              { 204, S_INIT("No Content") },
	{ 206, S_INIT("Partial Content") },       { 301, S_INIT("Moved Permanently") },
	{ 302, S_INIT("Found") },                 { 303, S_INIT("See Other") },
	{ 304, S_INIT("Not Modified") },          { 307, S_INIT("Temporary Redirect") },
	{ 308, S_INIT("Permanent Redirect") },    { 400, S_INIT("Bad Request") },
	{ 401, S_INIT("Unauthorized") },          { 403, S_INIT("Forbidden") },
	{ 404, S_INIT("Not Found") },             { 405, S_INIT("Method Not Allowed") },
	{ 406, S_INIT("Not Acceptable") },        { 408, S_INIT("Request Timeout") },
	{ 409, S_INIT("Conflict") },              { 410, S_INIT("Gone") },
	{ 411, S_INIT("Length Required") },       { 412, S_INIT("Precondition Failed") },
	{ 413, S_INIT("Content Too Large") },     { 414, S_INIT("URI Too Long") },
	{ 415, S_INIT("Unsupported Media Type") }, { 416, S_INIT("Range Not Satisfiable") },
	{ 417, S_INIT("Expectation Failed") },    { 429, S_INIT("Too Many Requests") },
	{ 431, S_INIT("Request Header Fields Too Large") }, { 500, S_INIT("Internal Server Error") },
	{ 501, S_INIT("Not Implemented") },       { 503, S_INIT("Service Unavailable") },
	{ 505, S_INIT("HTTP Version Not Supported") },
};

static struct slice phrase(unsigned status)
{
	for (size_t i = 0; i < COUNT(PHRASES); i++)
		if (PHRASES[i].status == status)
			return PHRASES[i].phrase;
	return S("Status");
}

/* ---- the head as bytes ---- */

enum { FIXED_HEAD_BYTES = 256 };                /* status line, Date, Content-Length, Connection: at most */

static char *put(char *at, struct slice s)
{
	if (s.len > 0)
		memcpy(at, s.ptr, s.len);
	return at + s.len;
}

/* A value may hold what a caller sent: no byte of it can end the line. */
static char *put_field(char *at, struct slice s)
{
	char *end = put(at, s);

	if (!http_parse_is_value(s))
		for (; at < end; at++)
			if ((unsigned char)*at < 0x20 || *at == 0x7f)
				*at = ' ';
	return end;
}

static char *put_number(char *at, uint64_t number)
{
	char digits[20];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (count > 0)
		*at++ = digits[--count];
	return at;
}

static struct slice date(struct http_front *front)
{
	int64_t second = clock_wall_ms() / 1000;
	char text[TIME_TEXT_BYTES];

	if (second != front->date_second) {
		struct slice made = time_http(second * 1000, text);

		assert(made.len < sizeof front->date);
		memcpy(front->date, made.ptr, made.len + 1);
		front->date_second = second;
	}
	return slice_of(front->date);
}

static size_t head_bytes_most(const struct http_header *headers, size_t header_count)
{
	size_t bytes = FIXED_HEAD_BYTES;

	for (size_t i = 0; i < header_count; i++)
		bytes += headers[i].name.len + headers[i].value.len + 4;
	return bytes;
}

static char *put_head(char *at, struct exchange *exchange, unsigned status, const struct http_header *headers,
                      size_t header_count, uint64_t body_len)
{
	at = put_number(put(at, S("HTTP/1.1 ")), status);
	at = put(put(at, S(" ")), phrase(status));
	at = put(put(at, S("\r\nDate: ")), date(exchange->public.front));
	if (status != 204)
		at = put_number(put(at, S("\r\nContent-Length: ")), body_len);
	if (exchange->must_close)
		at = put(at, S("\r\nConnection: close"));
	else if (exchange->public.request.version_minor == 0)
		at = put(at, S("\r\nConnection: keep-alive"));
	for (size_t i = 0; i < header_count; i++) {
		at = put_field(put(at, S("\r\n")), headers[i].name);
		at = put_field(put(at, S(": ")), headers[i].value);
	}
	return put(at, S("\r\n\r\n"));
}

static bool may_have_body(const struct exchange *exchange, unsigned status)
{
	return status != 204 && status != 304 && !slice_equal(exchange->public.request.method, S("HEAD"));
}

static void decide_to_close(struct exchange *exchange)
{
	exchange->must_close |= !exchange->public.request.keeps_alive || !exchange->is_complete
	                     || exchange->public.front->is_stopping;
}

/* `body_len` is what is announced, `body` what is sent. */
static void reply_whole(struct exchange *exchange, unsigned status, const struct http_header *headers, size_t header_count,
                        uint64_t body_len, struct slice body)
{
	struct connection *connection = exchange->connection;
	struct http_front *front = exchange->public.front;
	size_t most = head_bytes_most(headers, header_count);

	assert(!exchange->is_replied && !exchange->is_begun && !exchange->wants_more && status >= 200 && status <= 599);
	exchange->is_replied = true;
	decide_to_close(exchange);
	if (connection->state == CONNECTION_STREAM)
		connection->state = CONNECTION_OWNED;   /* reads no more of it */
	http_connection_end_soon(exchange);
	if (connection->fd < 0)
		return;

	char *head = most + body.len <= sizeof front->scratch ? front->scratch : xmalloc(most);
	char *end = put_head(head, exchange, status, headers, header_count, body_len);
	if (head == front->scratch) {
		end = put(end, body);
		body = S("");
	}
	http_reply_send(connection, (struct slice){ head, (size_t)(end - head) }, body);
	if (head != front->scratch)
		free(head);
}

void http_reply(struct http_exchange *public, unsigned status, const struct http_header *headers, size_t header_count,
                struct slice body)
{
	struct exchange *exchange = (struct exchange *)public;

	reply_whole(exchange, status, headers, header_count, body.len, may_have_body(exchange, status) ? body : S(""));
}

/* ---- the way out ---- */

/* As many bytes as the socket takes; false: the connection is broken. */
static bool transmit(struct connection *connection, struct slice head, struct slice body, size_t *taken)
{
	struct iovec parts[2] = { { (void *)(uintptr_t)head.ptr, head.len }, { (void *)(uintptr_t)body.ptr, body.len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t sent;

	*taken = 0;
	if (connection->tls) {
		size_t more = 0;
		enum tls_result result = tls_write(connection->tls, head, taken);

		if (result == TLS_DONE && body.len > 0)
			result = tls_write(connection->tls, body, &more);
		*taken += more;
		connection->is_writable &= result == TLS_DONE;
		return result != TLS_FAILED;
	}
	do
		sent = body.len == 0 ? send(connection->fd, head.ptr, head.len, MSG_NOSIGNAL)
		                     : sendmsg(connection->fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0 && errno != EAGAIN)
		return false;
	*taken = sent < 0 ? 0 : (size_t)sent;
	connection->is_writable &= *taken == head.len + body.len;
	return true;
}

/* What a peer does not read yet is charged too, where it is a copy. It may fill the budget twice, so that it holds up
 * new bodies before those cost anybody a reply; beyond that whoever does not read is let go. */
static bool keep(struct connection *connection, struct slice head, struct slice body)
{
	struct http_server *server = connection->front->server;
	size_t bytes = head.len + body.len;

	if (bytes == 0)
		return true;
	if (atomic_fetch_add(&server->budget_bytes, bytes) + bytes > 2 * server->options.budget_bytes) {
		atomic_fetch_sub(&server->budget_bytes, bytes);
		http_request_note_refused(connection->front, HTTP_OVER_BUDGET);
		return false;
	}
	connection->rest = xrealloc(connection->rest, connection->rest_len + bytes);
	put(put(connection->rest + connection->rest_len, head), body);
	connection->rest_len += bytes;
	return true;
}

void http_reply_send(struct connection *connection, struct slice head, struct slice body)
{
	size_t taken = 0;
	bool is_whole = connection->rest_len > 0 || transmit(connection, head, body, &taken);
	size_t head_taken = taken < head.len ? taken : head.len;

	if (!is_whole || !keep(connection, slice_from(head, head_taken), slice_from(body, taken - head_taken)))
		http_connection_drop(connection);
}

static void forget_rest(struct connection *connection)
{
	if (!connection->rest)
		return;
	atomic_fetch_sub(&connection->front->server->budget_bytes, connection->rest_len);
	free(connection->rest);
	connection->rest = NULL;
	connection->rest_len = connection->rest_at = 0;
}

void http_reply_forget(struct connection *connection)
{
	forget_rest(connection);
	connection->window = SLICE_NONE;
}

bool http_reply_is_pending(const struct connection *connection)
{
	return connection->rest_len > 0 || connection->window.len > 0 || (connection->tls && tls_is_pending(connection->tls));
}

bool http_reply_flush(struct connection *connection)
{
	struct slice rest = { connection->rest + connection->rest_at, connection->rest_len - connection->rest_at };
	struct slice first = slice_sub(rest, 0, HTTP_TURN_BYTES_MAX);
	struct slice second = slice_sub(connection->window, 0, HTTP_TURN_BYTES_MAX - first.len);
	enum tls_result flushed = connection->tls ? tls_flush(connection->tls) : TLS_DONE;
	bool is_whole = flushed != TLS_FAILED;
	size_t taken = 0;

	if (flushed == TLS_DONE && first.len + second.len > 0)
		is_whole = transmit(connection, first, second, &taken);
	if (!is_whole) {
		http_connection_drop(connection);
		return false;
	}
	connection->is_writable &= flushed == TLS_DONE;
	connection->phase_bytes += taken;
	size_t of_rest = taken < first.len ? taken : first.len;
	connection->rest_at += of_rest;
	if (connection->rest_at == connection->rest_len)
		forget_rest(connection);
	connection->window = slice_from(connection->window, taken - of_rest);
	return !http_reply_is_pending(connection);
}

/* ---- a reply in windows ---- */

bool http_reply_begin(struct http_exchange *public, unsigned status, const struct http_header *headers,
                      size_t header_count, uint64_t body_bytes)
{
	struct exchange *exchange = (struct exchange *)public;
	struct connection *connection = exchange->connection;

	assert(exchange->is_complete && public->front->server->options.handler.sent);
	if (body_bytes == 0 || !may_have_body(exchange, status)) {
		reply_whole(exchange, status, headers, header_count, body_bytes, S(""));
		return false;
	}
	assert(!exchange->is_replied && !exchange->is_begun && status >= 200 && status <= 599);
	decide_to_close(exchange);
	exchange->is_begun = true;
	exchange->reply_left = body_bytes;
	if (connection->fd < 0)
		return true;
	char *head = xmalloc(head_bytes_most(headers, header_count));
	char *end = put_head(head, exchange, status, headers, header_count, body_bytes);
	if (!keep(connection, (struct slice){ head, (size_t)(end - head) }, S("")))
		http_connection_drop(connection);
	free(head);
	return true;
}

void http_reply_window(struct http_exchange *public, struct slice bytes)
{
	struct exchange *exchange = (struct exchange *)public;
	struct connection *connection = exchange->connection;

	assert(exchange->is_begun && connection->window.len == 0 && bytes.len > 0 && bytes.len <= exchange->reply_left);
	exchange->reply_left -= bytes.len;
	exchange->is_replied = exchange->reply_left == 0;
	if (connection->fd >= 0) {
		connection->window = bytes;
		http_reply_flush(connection);
	}
	http_connection_end_soon(exchange);
}

void http_reply_abort(struct http_exchange *public)
{
	struct exchange *exchange = (struct exchange *)public;

	assert(exchange->is_begun && !exchange->is_replied);
	exchange->is_replied = true;
	http_connection_drop(exchange->connection);
	http_connection_end_soon(exchange);
}

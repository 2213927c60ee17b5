/* net/http_request.c: from a complete head to complete(): the part of a connection's life that knows a request.
 *
 * A request the server itself refuses takes the same way out as a reply of the owner. */
#include "net/http_request.h"

#include "net/http_body.h"
#include "net/http_reply.h"
#include "net/http_stream.h"

struct slice http_request_header(const struct http_request *request, struct slice name)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (slice_equal_nocase(request->headers[i].name, name))
			return request->headers[i].value;
	return SLICE_NONE;
}

/* ---- refusals ---- */

void http_request_note_refused(struct http_front *front, enum http_reason reason)
{
	if (front->server->options.handler.refused)
		front->server->options.handler.refused(front->user, reason);
}

void http_request_refuse(struct connection *connection, const struct http_problem *problem)
{
	struct http_front *front = connection->front;
	const struct http_handler *handler = &front->server->options.handler;
	struct exchange *exchange = connection->exchange;
	struct http_refusal_reply *reply = &front->refusal;
	struct http_refusal refusal = {
		.reason = problem->reason, .status = http_reason_status(problem->reason), .detail = problem->detail,
		.request = exchange->is_open ? &exchange->public.request : NULL,
	};

	http_request_note_refused(front, problem->reason);
	if (!exchange->is_open)
		exchange->public.request = (struct http_request){ 0 };
	exchange->is_complete = false;
	exchange->must_close = true;
	connection->state = CONNECTION_OWNED;
	reply->status = refusal.status;
	reply->header_count = 0;
	reply->body = S("");
	if (handler->word_refusal) {
		handler->word_refusal(front->user, &refusal, reply);
	} else {
		reply->headers[reply->header_count++] = (struct http_header){ S("Content-Type"), S("text/plain; charset=utf-8") };
		int len = snprintf(reply->room, sizeof reply->room, "%s\n", problem->detail);
		reply->body = (struct slice){ reply->room, (size_t)len };
	}
	http_reply(&exchange->public, reply->status, reply->headers, reply->header_count, reply->body);
}

/* ---- requests ---- */

static void hand_over(struct connection *connection)
{
	struct http_front *front = connection->front;

	connection->state = CONNECTION_OWNED;
	http_connection_set_deadline(connection, front->now_ms + front->server->options.call_timeout_ms);
	front->server->options.handler.complete(front->user, &connection->exchange->public);
}

void http_request_complete(struct connection *connection)
{
	connection->exchange->is_complete = true;
	hand_over(connection);
}

/* Where a byte of the body is here, nobody waits for it. Where none will come it may be left out, but is not: botocore (to 1.43)
 * takes the next reply on the connection for this one's once it got none. */
static void say_continue(struct connection *connection)
{
	if (connection->exchange->public.request.expects_continue)
		http_reply_send(connection, S("HTTP/1.1 100 Continue\r\n\r\n"), S(""));
}

static void begin_body(struct connection *connection)
{
	struct exchange *exchange = connection->exchange;
	size_t behind = exchange->received - exchange->head_bytes;
	struct http_problem problem;

	if (exchange->public.skips_body && !exchange->is_complete) {
		exchange->public.request.body = S("");
		hand_over(connection);                  /* not complete: the reply closes the connection */
		return;
	}
	connection->state = CONNECTION_BODY;
	if (exchange->is_complete && !exchange->public.skips_body)
		say_continue(connection);
	if (exchange->public.streams) {
		http_stream_begin(connection);
		if (connection->state == CONNECTION_BODY && behind == 0)
			say_continue(connection);
		return;
	}
	switch (http_body_begin(exchange, &problem)) {
	case HTTP_PARSE_DONE:
		http_request_complete(connection);
		break;
	case HTTP_PARSE_REFUSED:
		http_request_refuse(connection, &problem);
		break;
	case HTTP_PARSE_MORE:
		http_connection_begin_phase(connection);
		if (behind == 0)
			say_continue(connection);
		break;
	}
}

static void keep_headers(struct exchange *exchange)
{
	struct http_request *request = &exchange->public.request;
	size_t bytes = request->header_count * sizeof *request->headers;

	if (request->header_count > EXCHANGE_HEADERS)
		exchange->headers = xmalloc(bytes);
	if (bytes > 0)
		memcpy(exchange->headers, request->headers, bytes);
	request->headers = exchange->headers;
}

static void begin_request(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = connection->exchange;
	struct http_request *request = &exchange->public.request;

	keep_headers(exchange);
	request->peer_address = (struct slice){ connection->peer, connection->peer_len };
	request->peer_port = connection->peer_port;
	if (connection->tls) {
		request->tls_version = tls_version(connection->tls);
		request->tls_cipher = tls_cipher(connection->tls);
		request->tls_host = tls_host(connection->tls);
	}
	atomic_fetch_add_explicit(&front->requests, 1, memory_order_relaxed);
	connection->was_active = true;
	connection->is_new = false;
	exchange->public.front_user = front->user;
	exchange->public.body_bytes_max = front->server->options.body_bytes_max;
	exchange->is_complete = !request->is_chunked && request->content_length == 0;
	exchange->is_open = true;

	connection->state = CONNECTION_OWNED;           /* so that a peer found gone meanwhile takes nothing away */
	front->server->options.handler.head(front->user, &exchange->public);
	if (!exchange->is_replied)
		begin_body(connection);
}

void http_request_take_head(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = connection->exchange;
	const struct http_parse_limits *limits = &front->server->limits;
	struct slice received = { exchange->head, exchange->received };
	struct http_problem problem;

	switch (http_parse_find_end(&exchange->search, received, limits, &exchange->head_bytes, &problem)) {
	case HTTP_PARSE_DONE:
		received.len = exchange->head_bytes;
		if (http_parse_head(received, limits, front->headers, &exchange->public.request, &problem))
			begin_request(connection);
		else
			http_request_refuse(connection, &problem);
		break;
	case HTTP_PARSE_REFUSED:
		http_request_refuse(connection, &problem);
		break;
	case HTTP_PARSE_MORE:
		http_connection_set_deadline(connection, connection->phase_since_ms + front->server->options.header_timeout_ms);
		break;
	}
}

void http_request_take_body(struct connection *connection, size_t bytes)
{
	struct http_problem problem;

	connection->phase_bytes += bytes;
	if (connection->exchange->is_streaming) {
		http_stream_received(connection->exchange, bytes);
		if (connection->state == CONNECTION_BODY)
			http_stream_advance(connection);
		return;
	}
	switch (http_body_received(connection->exchange, bytes, &problem)) {
	case HTTP_PARSE_DONE:
		http_request_complete(connection);
		break;
	case HTTP_PARSE_REFUSED:
		http_request_refuse(connection, &problem);
		break;
	case HTTP_PARSE_MORE:
		break;
	}
}

/* net/http_stream.c: two buffers that change places, each charged for as much as its bytes made it, up to a whole window.
 *
 * A buffer has the addresses of a whole window at once and grows within them: it is never copied, and leaves no holes in the heap.
 * The second buffer and a larger one are only ever wished for: where the budget has nothing left, windows become
 * shorter, or are filled only after the one before came back. So a stream that has begun always gets on, and only one
 * that could not even begin is refused. A body that came with its head is handed over where it lies. */
#include "net/http_stream.h"

#include "net/http_body.h"
#include "net/http_request.h"

enum {
	ROOM_BYTES_MIN         = 16 << 10,
	CHUNKED_READ_BYTES_MAX = 16 << 10,     /* bounds what can be pipelined behind a chunked body */
	CHUNKED_ROOM_BYTES_MIN = 1 << 10,      /* less is not worth a read: much of it may be framing */
};

static bool charge(struct http_server *server, size_t bytes)
{
	if (atomic_fetch_add(&server->stream_budget_bytes, bytes) + bytes <= server->options.stream_budget_bytes)
		return true;
	atomic_fetch_sub(&server->stream_budget_bytes, bytes);
	return false;
}

bool http_reserve(struct http_exchange *public, size_t bytes)
{
	struct exchange *exchange = (struct exchange *)public;

	if (!charge(public->front->server, bytes))
		return false;
	exchange->reserved_bytes += bytes;
	return true;
}

/* ---- the buffers ---- */

static void swap(struct exchange *exchange)
{
	struct stream_buffer buffer = exchange->lent;

	exchange->lent = exchange->filling;
	exchange->filling = buffer;
	exchange->filling.len = 0;
}

static void release(struct exchange *exchange)
{
	size_t room = exchange->lent.room + exchange->filling.room;

	if (room == 0)
		return;
	atomic_fetch_sub(&exchange->public.front->server->stream_budget_bytes, room);
	if (exchange->lent.room > 0)
		free(exchange->lent.bytes);
	if (exchange->filling.room > 0)
		free(exchange->filling.bytes);
	exchange->lent = exchange->filling = (struct stream_buffer){ 0 };
}

void http_stream_clear(struct exchange *exchange)
{
	release(exchange);
	if (exchange->reserved_bytes > 0)
		atomic_fetch_sub(&exchange->public.front->server->stream_budget_bytes, exchange->reserved_bytes);
	exchange->reserved_bytes = 0;
}

static uint64_t left(const struct exchange *exchange)
{
	return exchange->public.request.content_length - exchange->streamed_bytes;
}

/* To twice the room, and at least `at_least`, but not beyond a window or what the body can need. */
static bool grow(struct exchange *exchange, size_t at_least)
{
	struct stream_buffer *filling = &exchange->filling;
	size_t room = filling->room * 2 < ROOM_BYTES_MIN ? ROOM_BYTES_MIN : filling->room * 2;

	if (!exchange->public.request.is_chunked && room > filling->len + left(exchange))
		room = filling->len + (size_t)left(exchange);
	if (room < at_least)
		room = at_least;
	if (room > HTTP_WINDOW_BYTES)
		room = HTTP_WINDOW_BYTES;
	if (room <= filling->room || !charge(exchange->public.front->server, room - filling->room))
		return false;
	if (filling->room == 0)
		filling->bytes = xmalloc(HTTP_WINDOW_BYTES);      /* pages that nothing reached cost nothing: see xmalloc_map_large() */
	filling->room = room;
	return true;
}

static void refuse(struct exchange *exchange, enum http_reason reason, const char *detail)
{
	exchange->body_result = HTTP_PARSE_REFUSED;
	exchange->body_problem = (struct http_problem){ reason, detail };
}

static bool has_room(struct exchange *exchange, size_t at_least)
{
	const struct stream_buffer *filling = &exchange->filling;

	if (exchange->body_result != HTTP_PARSE_MORE)
		return false;
	if (filling->room - filling->len >= at_least || grow(exchange, filling->len + at_least))
		return filling->room - filling->len >= at_least;
	if (!filling->bytes && !exchange->lent.bytes)
		refuse(exchange, HTTP_OVER_BUDGET, "Too many bodies are in flight. Try again.");
	return false;
}

static size_t room_wanted(const struct exchange *exchange)
{
	return exchange->public.request.is_chunked ? CHUNKED_ROOM_BYTES_MIN : 1;
}

void http_stream_room(struct exchange *exchange, char **to, size_t *room)
{
	const struct stream_buffer *filling = &exchange->filling;
	uint64_t most = exchange->public.request.is_chunked ? CHUNKED_READ_BYTES_MAX : left(exchange);

	if (exchange->is_inline) {
		*to = exchange->head + exchange->received;
		*room = exchange->head_room - exchange->received;
		return;
	}
	*room = 0;
	if (!has_room(exchange, room_wanted(exchange)))
		return;
	*to = filling->bytes + filling->len;
	*room = filling->room - filling->len;
	if (*room > HTTP_TURN_BYTES_MAX)
		*room = HTTP_TURN_BYTES_MAX;
	if (*room > most)
		*room = (size_t)most;
}

/* ---- bytes ---- */

static void take_inline(struct exchange *exchange, size_t bytes)
{
	size_t content_length = (size_t)exchange->public.request.content_length;

	exchange->body_result = http_body_received(exchange, bytes, &exchange->body_problem);
	exchange->public.request.body = SLICE_NONE;
	if (exchange->body_result != HTTP_PARSE_DONE)
		return;
	exchange->streamed_bytes = content_length;
	exchange->filling = (struct stream_buffer){ .bytes = exchange->head + exchange->head_bytes, .len = content_length };
}

static void take_chunked(struct exchange *exchange, size_t bytes)
{
	struct stream_buffer *filling = &exchange->filling;
	char *at = filling->bytes + filling->len;
	size_t used, len;

	exchange->body_result = http_chunked_decode(&exchange->chunked, (struct slice){ at, bytes }, at, &used, &len,
	                                            &exchange->body_problem);
	filling->len += len;
	exchange->streamed_bytes += len;
	if (exchange->body_result != HTTP_PARSE_REFUSED && exchange->streamed_bytes > exchange->public.body_bytes_max)
		refuse(exchange, HTTP_BODY_TOO_LARGE, "The request's body is too large.");
	else if (exchange->body_result == HTTP_PARSE_DONE
	         && !http_body_keep_pipelined(exchange, (struct slice){ at + used, bytes - used }))
		exchange->must_close = true;            /* what follows is lost, and said to be */
}

void http_stream_received(struct exchange *exchange, size_t bytes)
{
	if (exchange->is_inline) {
		take_inline(exchange, bytes);
	} else if (exchange->public.request.is_chunked) {
		take_chunked(exchange, bytes);
	} else {
		exchange->filling.len += bytes;
		exchange->streamed_bytes += bytes;
		exchange->body_result = left(exchange) == 0 ? HTTP_PARSE_DONE : HTTP_PARSE_MORE;
	}
}

/* ---- windows ---- */

/* True: the owner used it up at once. */
static bool lend(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = connection->exchange;

	exchange->public.window = (struct slice){ exchange->filling.bytes, exchange->filling.len };
	exchange->public.window_at = exchange->streamed_bytes - exchange->filling.len;
	swap(exchange);
	exchange->wants_more = false;
	connection->state = CONNECTION_STREAM;
	http_connection_set_deadline(connection, front->now_ms + front->server->options.call_timeout_ms);
	front->server->options.handler.window(front->user, &exchange->public);
	return exchange->wants_more;
}

void http_next_window(struct http_exchange *public)
{
	struct exchange *exchange = (struct exchange *)public;
	struct connection *connection = exchange->connection;

	assert(public->window.ptr && !exchange->is_replied);
	public->window = SLICE_NONE;
	if (connection->fd < 0) {
		http_connection_end_soon(exchange);
		return;
	}
	exchange->wants_more = true;
	if (!exchange->filling.bytes)
		swap(exchange);                         /* there is only this one */
	connection->state = CONNECTION_BODY;
	http_connection_begin_phase(connection);
}

void http_stream_advance(struct connection *connection)
{
	struct exchange *exchange = connection->exchange;

	do {
		exchange->wants_more = false;
		if (exchange->body_result == HTTP_PARSE_MORE
		    && (exchange->filling.len == 0 || has_room(exchange, room_wanted(exchange))))
			return;
		if (exchange->body_result == HTTP_PARSE_REFUSED) {
			http_request_refuse(connection, &exchange->body_problem);
			return;
		}
		if (exchange->filling.len == 0) {
			release(exchange);
			exchange->public.request.body = S("");
			http_request_complete(connection);
			return;
		}
	} while (lend(connection));
}

void http_stream_begin(struct connection *connection)
{
	struct exchange *exchange = connection->exchange;
	const struct http_request *request = &exchange->public.request;
	size_t behind = exchange->received - exchange->head_bytes;

	assert(connection->front->server->options.handler.window);
	exchange->is_streaming = true;
	exchange->is_inline = !request->is_chunked && request->content_length <= exchange->head_room - exchange->head_bytes;
	http_connection_begin_phase(connection);
	if (!request->is_chunked && request->content_length > exchange->public.body_bytes_max) {
		refuse(exchange, HTTP_BODY_TOO_LARGE, "The request's body is too large.");
	} else if (exchange->is_inline) {
		take_inline(exchange, 0);
	} else if (behind > 0 && has_room(exchange, behind)) {
		memcpy(exchange->filling.bytes, exchange->head + exchange->head_bytes, behind);
		exchange->received = exchange->head_bytes;
		http_stream_received(exchange, behind);
	}
	http_stream_advance(connection);
}

/* net/http_body.c: one buffer for head and body where both fit, a second one that grows where they do not.
 *
 * The head never moves once it is complete, because the request's slices point into it. Heap room is charged before it
 * is taken, as bytes arrive and not as they are announced: a thousand promises of a megabyte cost nothing. */
#include "net/http_body.h"

#include "net/http_stream.h"

enum {
	BODY_ROOM_BYTES_MIN    = 16 << 10,
	CHUNKED_READ_BYTES_MAX = 16 << 10,     /* bounds what can be pipelined behind a chunked body */
	CHUNKED_ROOM_BYTES     = 4 << 10,      /* beyond the largest body: the framing after its last byte */
};

static bool charge(struct exchange *exchange, size_t bytes, struct http_problem *problem)
{
	struct http_server *server = exchange->public.front->server;

	if (atomic_fetch_add(&server->budget_bytes, bytes) + bytes > server->options.budget_bytes) {
		atomic_fetch_sub(&server->budget_bytes, bytes);
		*problem = (struct http_problem){ HTTP_OVER_BUDGET, "Too many request bytes are in flight. Try again." };
		return false;
	}
	exchange->budget_bytes += bytes;
	return true;
}

static bool grow_head(struct exchange *exchange, struct http_problem *problem)
{
	size_t room = exchange->head_room * 2;

	if (!charge(exchange, room - (exchange->head == exchange->inline_head ? 0 : exchange->head_room), problem))
		return false;
	if (exchange->head == exchange->inline_head) {
		exchange->head = xmalloc(room);
		memcpy(exchange->head, exchange->inline_head, exchange->received);
	} else {
		exchange->head = xrealloc(exchange->head, room);
	}
	exchange->head_room = room;
	return true;
}

/* To twice the room, and at least `at_least`, but not beyond what the body can need. */
static bool grow_body(struct exchange *exchange, size_t at_least, struct http_problem *problem)
{
	const struct http_request *request = &exchange->public.request;
	size_t most = request->is_chunked ? exchange->public.body_bytes_max + CHUNKED_ROOM_BYTES : (size_t)request->content_length;
	size_t room = exchange->body_room * 2;

	if (room < BODY_ROOM_BYTES_MIN)
		room = BODY_ROOM_BYTES_MIN;
	if (room > most)
		room = most;
	if (room < at_least)
		room = at_least;
	if (!charge(exchange, room - exchange->body_room, problem))
		return false;
	exchange->body = xrealloc(exchange->body, room);
	exchange->body_room = room;
	return true;
}

bool http_body_room(struct exchange *exchange, char **to, size_t *room, struct http_problem *problem)
{
	if (!exchange->body) {
		/* A complete head's body is only here if it fits: then there is room, and the head stays where it is. */
		if (exchange->received == exchange->head_room && !grow_head(exchange, problem))
			return false;
		*to = exchange->head + exchange->received;
		*room = exchange->head_room - exchange->received;
		return true;
	}
	if (exchange->body_len == exchange->body_room && !grow_body(exchange, exchange->body_len + 1, problem))
		return false;
	*to = exchange->body + exchange->body_len;
	*room = exchange->body_room - exchange->body_len;
	if (exchange->public.request.is_chunked && *room > CHUNKED_READ_BYTES_MAX)
		*room = CHUNKED_READ_BYTES_MAX;
	return true;
}

static enum http_parse too_large(struct http_problem *problem)
{
	*problem = (struct http_problem){ HTTP_BODY_TOO_LARGE, "The request's body is too large." };
	return HTTP_PARSE_REFUSED;
}

enum http_parse http_body_begin(struct exchange *exchange, struct http_problem *problem)
{
	struct http_request *request = &exchange->public.request;
	size_t behind = exchange->received - exchange->head_bytes;

	if (!request->is_chunked) {
		if (request->content_length > exchange->public.body_bytes_max)
			return too_large(problem);
		if (request->content_length <= exchange->head_room - exchange->head_bytes)
			return http_body_received(exchange, 0, problem);
	}
	if (!grow_body(exchange, behind, problem))
		return HTTP_PARSE_REFUSED;
	memcpy(exchange->body, exchange->head + exchange->head_bytes, behind);
	exchange->received = exchange->head_bytes;
	return http_body_received(exchange, behind, problem);
}

static enum http_parse take_chunked(struct exchange *exchange, size_t bytes, struct http_problem *problem)
{
	char *at = exchange->body + exchange->body_len;
	size_t used = 0, len = 0;
	enum http_parse result = http_chunked_decode(&exchange->chunked, (struct slice){ at, bytes }, at, &used, &len, problem);

	exchange->pipelined_at = exchange->body_len + used;
	exchange->pipelined_len = bytes - used;
	exchange->body_len += len;
	if (result != HTTP_PARSE_REFUSED && exchange->body_len > exchange->public.body_bytes_max)
		return too_large(problem);
	exchange->public.request.body = (struct slice){ exchange->body, exchange->body_len };
	return result;
}

enum http_parse http_body_received(struct exchange *exchange, size_t bytes, struct http_problem *problem)
{
	struct http_request *request = &exchange->public.request;
	size_t content_length = (size_t)request->content_length;

	if (request->is_chunked)
		return take_chunked(exchange, bytes, problem);
	if (exchange->body) {
		exchange->body_len += bytes;
		assert(exchange->body_len <= content_length);
		request->body = (struct slice){ exchange->body, content_length };
		return exchange->body_len == content_length ? HTTP_PARSE_DONE : HTTP_PARSE_MORE;
	}
	exchange->received += bytes;
	request->body = (struct slice){ exchange->head + exchange->head_bytes, content_length };
	return exchange->received - exchange->head_bytes >= content_length ? HTTP_PARSE_DONE : HTTP_PARSE_MORE;
}

static struct slice pipelined(const struct exchange *exchange)
{
	size_t request_bytes = exchange->head_bytes + (size_t)exchange->public.request.content_length;

	if (exchange->body)
		return (struct slice){ exchange->body + exchange->pipelined_at, exchange->pipelined_len };
	return slice_from((struct slice){ exchange->head, exchange->received }, request_bytes);
}

bool http_body_keep_pipelined(struct exchange *exchange, struct slice rest)
{
	struct http_problem problem;

	if (rest.len == 0)
		return true;
	if (!charge(exchange, rest.len, &problem))
		return false;
	exchange->body = xmalloc(rest.len);
	memcpy(exchange->body, rest.ptr, rest.len);
	exchange->pipelined_at = 0;
	exchange->pipelined_len = rest.len;
	return true;
}

size_t http_body_pipelined(const struct exchange *exchange)
{
	return pipelined(exchange).len;
}

static void uncharge(struct exchange *exchange)
{
	if (exchange->budget_bytes > 0)
		atomic_fetch_sub(&exchange->public.front->server->budget_bytes, exchange->budget_bytes);
	exchange->budget_bytes = 0;
}

static void reset(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;
	struct http_front *front = exchange->public.front;

	memset(exchange, 0, offsetof(struct exchange, inline_headers));
	exchange->connection = connection;
	exchange->public.front = front;
	exchange->head = exchange->inline_head;
	exchange->head_room = sizeof exchange->inline_head;
	exchange->headers = exchange->inline_headers;
}

bool http_body_next(struct exchange *exchange)
{
	struct slice rest = pipelined(exchange);
	char *head = exchange->head == exchange->inline_head ? NULL : exchange->head, *body = exchange->body;
	struct http_problem problem;
	bool fits = true;

	if (exchange->headers != exchange->inline_headers)
		free(exchange->headers);
	http_stream_clear(exchange);
	uncharge(exchange);
	reset(exchange);
	while (fits && exchange->head_room < rest.len)
		fits = grow_head(exchange, &problem);   /* received is 0: nothing is copied */
	if (fits) {
		memmove(exchange->head, rest.ptr, rest.len);
		exchange->received = rest.len;
	}
	free(head);
	free(body);
	return fits;
}

void http_body_clear(struct exchange *exchange)
{
	if (exchange->head && exchange->head != exchange->inline_head)
		free(exchange->head);
	if (exchange->headers && exchange->headers != exchange->inline_headers)
		free(exchange->headers);
	free(exchange->body);
	http_stream_clear(exchange);
	uncharge(exchange);
	reset(exchange);
}

/* net/http_connection.c: the life of a connection as a state machine that only its front moves.
 *
 * Edge-triggered: a descriptor is registered once and for everything, and the connection remembers what the socket
 * said. A callback never runs inside another one: replies put their exchange on a list that http_connection_settle()
 * works off, so that pipelined requests cannot recurse. */
#include "net/http_connection.h"

#include "net/http_body.h"
#include "net/http_exchange.h"
#include "net/http_reply.h"
#include "net/http_request.h"
#include "net/http_stream.h"

#include <sys/epoll.h>
#include <sys/socket.h>

enum { STEPS_PER_TURN = 16 };                   /* reads or requests, before the others get theirs */

struct connection *http_connection_new(int fd, const char *peer, uint16_t peer_port)
{
	struct connection *connection = xcalloc(1, sizeof *connection);

	connection->fd = fd;
	connection->peer_port = peer_port;
	connection->peer_len = (uint8_t)strnlen(peer, sizeof connection->peer);
	memcpy(connection->peer, peer, connection->peer_len);
	return connection;
}

static void make_ready(struct connection *connection)
{
	if (connection->is_ready || connection->state == CONNECTION_DEAD)
		return;
	connection->is_ready = true;
	connection->next_ready = connection->front->ready;
	connection->front->ready = connection;
}

void http_connection_set_deadline(struct connection *connection, int64_t deadline_ms)
{
	wheel_set(&connection->front->wheel, &connection->timer, deadline_ms);
}

void http_connection_begin_phase(struct connection *connection)
{
	connection->phase_since_ms = connection->front->now_ms;
	connection->phase_bytes = 0;
	http_connection_set_deadline(connection,
	                             connection->front->now_ms + connection->front->server->options.body_timeout_ms);
}

/* ---- the end of a connection ---- */

static void unlink_dead(struct connection *connection)
{
	struct http_front *front = connection->front;

	connection->state = CONNECTION_DEAD;
	connection->previous->next = connection->next;
	connection->next->previous = connection->previous;
	if (front->hand == connection)
		front->hand = connection->next;
	atomic_fetch_sub_explicit(&front->connection_count, 1, memory_order_relaxed);
	atomic_fetch_sub(&front->server->connection_count, 1);
	connection->previous = front->dead;
	front->dead = connection;
}

void http_connection_drop(struct connection *connection)
{
	struct exchange *exchange = connection->exchange;

	if (connection->state == CONNECTION_DEAD)
		return;
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
	wheel_remove(&connection->front->wheel, &connection->timer);
	http_reply_forget(connection);
	tls_close(connection->tls);
	connection->tls = NULL;
	if (connection->state == CONNECTION_OWNED || connection->state == CONNECTION_STREAM) {
		connection->state = CONNECTION_OWNED;
		exchange->public.is_peer_gone = true;
		return;
	}
	if (exchange)
		http_exchange_say_closed(exchange);
	http_exchange_detach(connection);
	unlink_dead(connection);
}

void http_connection_bury(struct http_front *front)
{
	struct connection **link = &front->dead;

	while (*link) {
		struct connection *connection = *link;

		if (connection->is_ready) {             /* it is still in the list of the next turn */
			link = &connection->previous;
			continue;
		}
		*link = connection->previous;
		free(connection);
	}
}

/* Everything is said. A peer that may still be sending gets time to read it: a reset would overtake the reply. */
static void finish(struct connection *connection)
{
	if (connection->tls)
		tls_say_goodbye(connection->tls);
	if (!connection->lingers) {
		http_connection_drop(connection);
		return;
	}
	http_exchange_detach(connection);
	shutdown(connection->fd, SHUT_WR);
	connection->state = CONNECTION_LINGER;
	connection->phase_bytes = 0;
	http_connection_set_deadline(connection, connection->front->now_ms + connection->front->server->options.linger_ms);
	if (connection->is_readable)
		make_ready(connection);
}

static void drain(struct connection *connection)
{
	struct http_front *front = connection->front;

	for (int step = 0; step < STEPS_PER_TURN; step++) {
		ssize_t got = recv(connection->fd, front->scratch, sizeof front->scratch, 0);

		if (got < 0 && errno == EAGAIN) {
			connection->is_readable = false;
			return;
		}
		connection->phase_bytes += got > 0 ? (uint64_t)got : 0;
		if (got <= 0 || connection->phase_bytes > HTTP_LINGER_BYTES_MAX) {
			http_connection_drop(connection);
			return;
		}
	}
	make_ready(connection);
}

/* ---- reading ---- */

/* 0: nothing more for now, or the connection is gone. */
static size_t read_some(struct connection *connection, char *to, size_t room)
{
	enum tls_result result = TLS_DONE;
	ssize_t got = 0;

	if (connection->tls) {
		size_t bytes = 0;

		result = tls_read(connection->tls, to, room, &bytes);
		got = (ssize_t)bytes;
	} else {
		do
			got = recv(connection->fd, to, room, 0);
		while (got < 0 && errno == EINTR);
		if (got < 0) {
			result = errno == EAGAIN ? TLS_AGAIN : TLS_FAILED;
			got = 0;
		} else if (got > 0 && (size_t)got < room && !connection->is_hung_up) {
			connection->is_readable = false;        /* what comes later is a new edge */
		}
	}
	if (result == TLS_AGAIN)
		connection->is_readable = false;
	else if (got == 0)
		http_connection_drop(connection);
	return (size_t)got;
}

/* How many bytes were read. */
static size_t receive(struct connection *connection)
{
	struct exchange *exchange;
	struct http_problem problem;
	size_t room, got;
	char *to;

	if (!connection->exchange)
		http_exchange_attach(connection);
	exchange = connection->exchange;
	if (exchange->is_streaming) {
		http_stream_room(exchange, &to, &room);
		if (room == 0 && connection->state == CONNECTION_BODY)
			http_stream_advance(connection);        /* not even a first window could be had */
		if (room == 0)
			return 0;
	} else if (!http_body_room(exchange, &to, &room, &problem)) {
		http_request_refuse(connection, &problem);
		return 0;
	}
	got = read_some(connection, to, room);
	if (got == 0)
		return 0;
	if (connection->state >= CONNECTION_BODY) {
		http_request_take_body(connection, got);
		return got;
	}
	if (connection->state == CONNECTION_IDLE) {
		connection->state = CONNECTION_HEAD;
		connection->phase_since_ms = connection->front->now_ms;
	}
	exchange->received += got;
	return got;
}

static bool shake_hands(struct connection *connection)
{
	switch (tls_handshake(connection->tls)) {
	case TLS_DONE:
		connection->state = CONNECTION_IDLE;
		http_connection_set_deadline(connection, connection->front->now_ms + connection->front->server->options.idle_timeout_ms);
		return true;
	case TLS_AGAIN:
		return false;
	case TLS_FAILED:
		break;
	}
	http_request_note_refused(connection->front, HTTP_TLS_FAILED);
	http_connection_drop(connection);
	return false;
}

/* As far as it goes without waiting, but for no more than its share of the turn. */
static void take_in(struct connection *connection)
{
	size_t bytes = 0, got;

	for (int step = 0; connection->state <= CONNECTION_STREAM; step++) {
		const struct exchange *exchange = connection->exchange;

		if (step == STEPS_PER_TURN || bytes >= HTTP_TURN_BYTES_MAX) {
			make_ready(connection);
			return;
		}
		if (connection->state == CONNECTION_HANDSHAKE) {
			if (!shake_hands(connection))
				return;
		} else if (connection->state == CONNECTION_HEAD && exchange->received > exchange->search.at) {
			http_request_take_head(connection);
		} else if (connection->is_readable && (got = receive(connection)) > 0) {
			bytes += got;
		} else {
			return;
		}
	}
}

/* ---- between exchanges ---- */

/* The last byte of a reply is on its way. */
static void go_on(struct connection *connection)
{
	struct exchange *exchange = connection->exchange;

	if (connection->front->is_stopping && exchange->received == 0)
		connection->closes = connection->lingers = true;        /* a reset would overtake the end of the reply */
	if (connection->closes) {
		finish(connection);
		return;
	}
	connection->state = CONNECTION_HEAD;
	if (exchange->received > 0) {
		connection->phase_since_ms = connection->front->now_ms;
		make_ready(connection);
		return;
	}
	connection->state = CONNECTION_IDLE;
	http_exchange_detach(connection);
	http_connection_set_deadline(connection, connection->front->now_ms + connection->front->server->options.idle_timeout_ms);
	if (connection->is_readable)
		make_ready(connection);
}

void http_connection_end_soon(struct exchange *exchange)
{
	struct http_front *front = exchange->public.front;

	exchange->next = NULL;
	if (front->answered_last)
		front->answered_last->next = exchange;
	else
		front->answered_first = exchange;
	front->answered_last = exchange;
}

/* Whoever streams its reply needs its memory until that is sent, and may have more. */
static bool is_amid_reply(const struct exchange *exchange)
{
	return exchange->is_begun && exchange->connection->fd >= 0
	    && (exchange->reply_left > 0 || http_reply_is_pending(exchange->connection));
}

static void end_exchange(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;

	if (is_amid_reply(exchange)) {
		connection->state = CONNECTION_FLUSH;
		http_connection_begin_phase(connection);
		make_ready(connection);
		return;
	}
	http_exchange_say_closed(exchange);
	if (connection->fd < 0) {
		http_exchange_detach(connection);
		unlink_dead(connection);
		return;
	}
	connection->closes = exchange->must_close;
	connection->lingers = !exchange->is_complete || connection->is_readable || http_body_pipelined(exchange) > 0;
	if (!connection->closes && !http_body_next(exchange))
		connection->closes = connection->lingers = true;
	connection->state = CONNECTION_FLUSH;           /* the exchange is nobody's now */
	if (!http_reply_is_pending(connection)) {
		go_on(connection);
		return;
	}
	http_connection_begin_phase(connection);
	if (connection->is_writable)
		make_ready(connection);
}

static void push(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = connection->exchange;

	if (http_reply_is_pending(connection) && !http_reply_flush(connection)) {
		if (connection->state == CONNECTION_FLUSH && connection->is_writable)
			make_ready(connection);         /* the others are next */
	} else if (!exchange || !exchange->is_open) {
		go_on(connection);
	} else if (exchange->reply_left == 0) {
		end_exchange(exchange);
	} else {
		connection->state = CONNECTION_OWNED;
		http_connection_set_deadline(connection, front->now_ms + front->server->options.call_timeout_ms);
		front->server->options.handler.sent(front->user, &exchange->public);
	}
}

/* What a connection can do now. */
static void pump(struct connection *connection)
{
	take_in(connection);
	if (connection->state == CONNECTION_IDLE)
		http_exchange_detach(connection);
	else if (connection->state == CONNECTION_LINGER && connection->is_readable)
		drain(connection);
	else if (connection->state == CONNECTION_FLUSH && (connection->is_writable || !http_reply_is_pending(connection)))
		push(connection);
}

static void end_answered(struct http_front *front)
{
	while (front->answered_first) {
		struct exchange *exchange = front->answered_first;

		front->answered_first = exchange->next;
		if (!front->answered_first)
			front->answered_last = NULL;
		end_exchange(exchange);
	}
}

void http_connection_settle(struct http_front *front)
{
	struct connection *ready;

	end_answered(front);
	ready = front->ready;
	front->ready = NULL;
	while (ready) {
		struct connection *connection = ready;

		ready = connection->next_ready;
		connection->is_ready = false;
		pump(connection);
	}
	end_answered(front);
}

/* ---- what happens to a connection ---- */

void http_connection_adopt(struct http_front *front, struct connection *connection)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = connection };
	const struct http_server_options *options = &front->server->options;

	connection->front = front;
	connection->next = &front->ring;
	connection->previous = front->ring.previous;
	connection->previous->next = connection->next->previous = connection;
	connection->is_new = connection->is_writable = true;
	connection->phase_since_ms = front->now_ms;
	atomic_fetch_add_explicit(&front->connection_count, 1, memory_order_relaxed);
	connection->state = CONNECTION_IDLE;
	if (front->is_stopping || epoll_ctl(front->epoll_fd, EPOLL_CTL_ADD, connection->fd, &event) != 0) {
		http_connection_drop(connection);
		return;
	}
	http_connection_set_deadline(connection, front->now_ms + options->idle_timeout_ms);
	if (!front->server->tls)
		return;
	connection->state = CONNECTION_HANDSHAKE;
	http_connection_set_deadline(connection, front->now_ms + options->header_timeout_ms);
	connection->tls = tls_open(front->server->tls, connection->fd);
	if (!connection->tls) {
		http_request_note_refused(front, HTTP_TLS_FAILED);
		http_connection_drop(connection);
	}
}

void http_connection_event(struct connection *connection, uint32_t epoll_events)
{
	if (connection->state == CONNECTION_DEAD || connection->fd < 0)
		return;
	if (epoll_events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		connection->is_readable = true;
	if (epoll_events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		connection->is_hung_up = true;
	if ((epoll_events & (EPOLLHUP | EPOLLERR)) && connection->state >= CONNECTION_OWNED) {
		http_connection_drop(connection);       /* nobody is there to read a reply */
		return;
	}
	if (epoll_events & EPOLLOUT)
		connection->is_writable = true;
	if ((epoll_events & EPOLLOUT) && connection->state < CONNECTION_FLUSH && http_reply_is_pending(connection))
		http_reply_flush(connection);           /* `100 Continue` */
	pump(connection);
}

void http_connection_resume(struct exchange *exchange)
{
	struct http_front *front = exchange->public.front;
	struct connection *connection = exchange->connection;

	assert((connection->state == CONNECTION_OWNED || connection->state == CONNECTION_STREAM) && !exchange->is_replied);
	front->server->options.handler.resumed(front->user, &exchange->public);
	if (!exchange->wants_more)
		return;
	http_stream_advance(connection);
	if (connection->state <= CONNECTION_STREAM && connection->is_readable)
		make_ready(connection);
}

/* Has this phase brought its share? Every timeout begins a new window, so that a fast begin earns no long stall. */
static bool keeps_pace(struct connection *connection)
{
	const struct http_server_options *options = &connection->front->server->options;

	if (connection->phase_bytes * 1000 < options->body_rate_bytes_min * (uint64_t)options->body_timeout_ms)
		return false;
	http_connection_begin_phase(connection);
	return true;
}

void http_connection_expired(struct connection *connection)
{
	static const struct http_problem HEAD_SLOW = { HTTP_HEADER_TIMEOUT, "The request's headers took too long." };
	static const struct http_problem BODY_SLOW = { HTTP_BODY_TIMEOUT, "The request's body took too long." };

	switch (connection->state) {
	case CONNECTION_HEAD:
		http_request_refuse(connection, &HEAD_SLOW);
		return;
	case CONNECTION_BODY:
		if (!keeps_pace(connection))
			http_request_refuse(connection, &BODY_SLOW);
		return;
	case CONNECTION_FLUSH:
		if (keeps_pace(connection))
			return;
		http_request_note_refused(connection->front, HTTP_REPLY_TIMEOUT);
		break;
	case CONNECTION_HANDSHAKE:
		http_request_note_refused(connection->front, HTTP_TLS_FAILED);
		break;
	case CONNECTION_STREAM:
	case CONNECTION_OWNED:
		http_request_note_refused(connection->front, HTTP_CALL_TIMEOUT);
		break;
	case CONNECTION_IDLE:
	case CONNECTION_LINGER:
	case CONNECTION_DEAD:
		break;
	}
	http_connection_drop(connection);
}

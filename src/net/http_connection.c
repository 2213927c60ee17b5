/* net/http_connection.c: the life of a connection as a state machine that only its front moves.
 *
 * Edge-triggered: a descriptor is registered once and for everything, and the connection remembers what the socket
 * said. A callback never runs inside another one: replies put their exchange on a list that http_connection_settle()
 * works off, so that pipelined requests cannot recurse. */
#include "net/http_connection.h"

#include "net/http_body.h"
#include "net/http_reply.h"
#include "net/http_request.h"

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

/* ---- exchanges ---- */

static void attach(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = front->free_exchanges;

	if (exchange) {
		front->free_exchanges = exchange->next;
		front->free_exchange_count--;
	} else {
		exchange = xmalloc(sizeof *exchange);
		memset(exchange, 0, offsetof(struct exchange, inline_headers));
		exchange->public.front = front;
		http_body_clear(exchange);
	}
	exchange->connection = connection;
	connection->exchange = exchange;
}

static void detach(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = connection->exchange;

	if (!exchange)
		return;
	connection->exchange = NULL;
	http_body_clear(exchange);
	if (front->free_exchange_count == EXCHANGES_KEPT) {
		free(exchange);
		return;
	}
	exchange->next = front->free_exchanges;
	front->free_exchanges = exchange;
	front->free_exchange_count++;
}

static void say_closed(struct exchange *exchange)
{
	struct http_front *front = exchange->public.front;

	if (!exchange->is_open)
		return;
	exchange->is_open = false;
	if (front->server->options.handler.closed)
		front->server->options.handler.closed(front->user, &exchange->public);
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
	if (connection->state == CONNECTION_OWNED) {
		exchange->public.is_peer_gone = true;
		return;
	}
	if (exchange)
		say_closed(exchange);
	detach(connection);
	unlink_dead(connection);
}

void http_connection_bury(struct http_front *front)
{
	while (front->dead) {
		struct connection *connection = front->dead;

		front->dead = connection->previous;
		free(connection);
	}
}

bool http_connection_evict(struct http_front *front)
{
	enum { LOOKS_MAX = 64, NEW_MS_MAX = 1000 };

	for (int looks = 0; looks < LOOKS_MAX; looks++) {
		struct connection *connection = front->hand;

		front->hand = connection->next;
		if (connection == &front->ring
		    || (connection->is_new && front->now_ms - connection->phase_since_ms < NEW_MS_MAX))
			continue;                       /* its first request may be on its way */
		if (connection->state == CONNECTION_IDLE && !connection->was_active) {
			http_connection_drop(connection);
			return true;
		}
		connection->was_active = false;
	}
	return false;
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
	detach(connection);
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

static bool receive(struct connection *connection)
{
	struct exchange *exchange;
	struct http_problem problem;
	size_t room, got;
	char *to;

	if (!connection->exchange)
		attach(connection);
	exchange = connection->exchange;
	if (!http_body_room(exchange, &to, &room, &problem)) {
		http_request_refuse(connection, &problem);
		return false;
	}
	got = read_some(connection, to, room);
	if (got == 0)
		return false;
	if (connection->state == CONNECTION_BODY) {
		http_request_take_body(connection, got);
		return true;
	}
	if (connection->state == CONNECTION_IDLE) {
		connection->state = CONNECTION_HEAD;
		connection->phase_since_ms = connection->front->now_ms;
	}
	exchange->received += got;
	return true;
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
static void pump(struct connection *connection)
{
	for (int step = 0; connection->state <= CONNECTION_BODY; step++) {
		const struct exchange *exchange = connection->exchange;

		if (step == STEPS_PER_TURN) {
			make_ready(connection);
			return;
		}
		if (connection->state == CONNECTION_HANDSHAKE) {
			if (!shake_hands(connection))
				return;
		} else if (connection->state == CONNECTION_HEAD && exchange->received > exchange->search.at) {
			http_request_take_head(connection);
		} else if (!connection->is_readable || !receive(connection)) {
			break;
		}
	}
	if (connection->state == CONNECTION_IDLE)
		detach(connection);
	else if (connection->state == CONNECTION_LINGER && connection->is_readable)
		drain(connection);
}

/* ---- between exchanges ---- */

/* The last byte of a reply is on its way. */
static void go_on(struct connection *connection)
{
	struct exchange *exchange = connection->exchange;

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
	detach(connection);
	http_connection_set_deadline(connection, connection->front->now_ms + connection->front->server->options.idle_timeout_ms);
	if (connection->is_readable)
		make_ready(connection);
}

static void end_exchange(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;

	say_closed(exchange);
	if (connection->fd < 0) {
		detach(connection);
		unlink_dead(connection);
		return;
	}
	connection->closes = exchange->must_close;
	connection->lingers = !exchange->is_complete || connection->is_readable || http_body_pipelined(exchange) > 0;
	if (!connection->closes && !http_body_next(exchange))
		connection->closes = connection->lingers = true;
	connection->state = CONNECTION_FLUSH;           /* the exchange is nobody's now */
	if (http_reply_is_pending(connection))
		http_connection_begin_phase(connection);
	else
		go_on(connection);
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
	connection->is_new = true;
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
	if ((epoll_events & EPOLLOUT) && http_reply_is_pending(connection) && http_reply_flush(connection)
	    && connection->state == CONNECTION_FLUSH)
		go_on(connection);
	pump(connection);
}

void http_connection_resume(struct exchange *exchange)
{
	struct http_front *front = exchange->public.front;

	assert(exchange->connection->state == CONNECTION_OWNED && !exchange->is_replied);
	front->server->options.handler.resumed(front->user, &exchange->public);
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

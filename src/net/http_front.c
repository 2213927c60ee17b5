/* net/http_front.c: the loop: sockets, hand-overs, deadlines; and the door: accepting, and when it must not.
 *
 * All fronts watch the same listening sockets (EPOLLEXCLUSIVE: one is woken), and whoever accepts gives the connection
 * to the front that has the fewest, because the kernel prefers to wake the same one. SO_REUSEPORT would spread them
 * too, but then a second spoor could take the port of the first without a word. */
#include "net/http_front.h"

#include "base/clock.h"
#include "net/http_request.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
	EVENTS_PER_TURN       = 128,
	ACCEPTS_PER_TURN      = 64,
	EVICTION_LOOKS_MAX    = 64,
	ACCEPT_PAUSE_MS       = 100,           /* with no descriptors left */
	FRONT_IMBALANCE_MAX   = 4,             /* connections more than the emptiest front, before others get the next */
};

/* ---- the door ---- */

static void watch_listeners(struct http_front *front, bool is_accepting)
{
	struct http_server *server = front->server;

	if (front->is_accepting == is_accepting)
		return;
	front->is_accepting = is_accepting;
	for (size_t i = 0; i < server->options.listen_count; i++) {
		struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = &server->listen_fds[i] };
		int operation = is_accepting ? EPOLL_CTL_ADD : EPOLL_CTL_DEL;

		epoll_ctl(front->epoll_fd, operation, server->listen_fds[i], &event);
	}
}

/* Closes one connection that waits for its next request and has waited a while; else one that takes its time with its
 * handshake or its headers, so that those who drip cannot keep all others out. False: none was found soon. */
static bool evict(struct http_front *front)
{
	const int64_t while_ms = front->server->options.header_timeout_ms / 20;
	struct connection *slow = NULL;

	for (int looks = 0; looks < EVICTION_LOOKS_MAX; looks++) {
		struct connection *connection = front->hand;
		bool waits_long = front->now_ms - connection->phase_since_ms >= while_ms;

		front->hand = connection->next;
		if (connection == &front->ring || (connection->is_new && !waits_long))
			continue;                       /* its first request may be on its way */
		if (connection->state == CONNECTION_IDLE && !connection->was_active) {
			http_connection_drop(connection);
			return true;
		}
		if ((connection->state == CONNECTION_HANDSHAKE || connection->state == CONNECTION_HEAD) && waits_long)
			slow = connection;
		connection->was_active = false;
	}
	if (!slow)
		return false;
	http_request_note_refused(front, HTTP_OVER_CONNECTIONS);
	http_connection_drop(slow);
	return true;
}

/* accept() fails for want of descriptors and the listener stays readable: without care this spins. An idle connection
 * makes room; else the caller is let in and out with the descriptor kept for it, and the door stays shut for a moment. */
static void out_of_descriptors(struct http_front *front, int listen_fd)
{
	http_request_note_refused(front, HTTP_OVER_DESCRIPTORS);
	if (evict(front))
		return;
	if (front->reserve_fd >= 0) {
		close(front->reserve_fd);
		int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			close(fd);
		front->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	watch_listeners(front, false);
	wheel_set(&front->wheel, &front->accept_timer, front->now_ms + ACCEPT_PAUSE_MS);
}

static uint16_t peer_text(const struct sockaddr_storage *peer, char out[PEER_TEXT_BYTES])
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)peer;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)peer;

	out[0] = '\0';
	if (peer->ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, out, PEER_TEXT_BYTES);
	else if (peer->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], out, PEER_TEXT_BYTES);
	else if (peer->ss_family == AF_INET6)
		inet_ntop(AF_INET6, &v6->sin6_addr, out, PEER_TEXT_BYTES);
	return ntohs(peer->ss_family == AF_INET ? v4->sin_port : v6->sin6_port);
}

static struct http_front *emptiest(struct http_front *own)
{
	struct http_server *server = own->server;
	struct http_front *best = own;
	size_t fewest = atomic_load_explicit(&own->connection_count, memory_order_relaxed);
	size_t own_count = fewest;

	for (unsigned i = 0; i < server->options.fronts; i++) {
		size_t count = atomic_load_explicit(&server->fronts[i].connection_count, memory_order_relaxed);

		if (count < fewest) {
			fewest = count;
			best = &server->fronts[i];
		}
	}
	return own_count > fewest + FRONT_IMBALANCE_MAX ? best : own;
}

static void welcome(struct http_front *front, int fd, const struct sockaddr_storage *peer)
{
	struct http_server *server = front->server;
	char text[PEER_TEXT_BYTES];

	atomic_fetch_add_explicit(&front->accepted, 1, memory_order_relaxed);
	if (atomic_fetch_add(&server->connection_count, 1) >= server->options.connections_max
	    && !evict(front)) {
		atomic_fetch_sub(&server->connection_count, 1);
		http_request_note_refused(front, HTTP_OVER_CONNECTIONS);
		close(fd);
		return;
	}
	uint16_t port = peer_text(peer, text);
	struct connection *connection = http_connection_new(fd, text, port);
	struct http_front *target = emptiest(front);
	if (target == front) {
		http_connection_adopt(front, connection);
	} else {
		inbox_put(&target->adopted, &connection->node);
		waker_wake(&target->waker);
	}
}

static void accept_some(struct http_front *front, int listen_fd)
{
	for (int i = 0; i < ACCEPTS_PER_TURN && front->is_accepting; i++) {
		struct sockaddr_storage peer;
		socklen_t len = sizeof peer;
		int fd = accept4(listen_fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			welcome(front, fd, &peer);
			continue;
		}
		switch (errno) {
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM:
			out_of_descriptors(front, listen_fd);
			break;
		case EAGAIN:
		case EINVAL:                            /* shut down: the server stops */
			return;
		default:
			break;                          /* that connection failed, not the listener */
		}
	}
}

void http_front_drop_adopted(struct http_front *front)
{
	struct inbox_node *next;

	for (struct inbox_node *node = inbox_take(&front->adopted); node; node = next) {
		struct connection *connection = (struct connection *)node;

		next = node->next;
		close(connection->fd);
		free(connection);
		atomic_fetch_sub(&front->server->connection_count, 1);
	}
}

/* ---- stopping ---- */

/* Those between two requests are closed now; the others with their reply; whatever is left, at the deadline. */
static void close_connections(struct http_front *front, bool is_forced)
{
	struct connection *next;

	for (struct connection *connection = front->ring.next; connection != &front->ring; connection = next) {
		next = connection->next;
		if (is_forced || connection->state == CONNECTION_IDLE || connection->state == CONNECTION_HANDSHAKE)
			http_connection_drop(connection);
	}
}

static void begin_to_stop(struct http_front *front)
{
	front->is_stopping = true;
	watch_listeners(front, false);
	wheel_remove(&front->wheel, &front->accept_timer);
	wheel_set(&front->wheel, &front->stop_timer, front->server->stop_deadline_ms);
	close_connections(front, false);
}

/* ---- the loop ---- */

static bool has_news(struct http_front *front)
{
	return !inbox_is_empty(&front->resumed) || !inbox_is_empty(&front->adopted)
	    || (!front->is_stopping && atomic_load(&front->server->is_stopping));
}

static void wait_for_events(struct http_front *front)
{
	struct epoll_event events[EVENTS_PER_TURN];
	int64_t wait_ms = front->ready ? 0 : wheel_wait_ms(&front->wheel, front->now_ms);

	if (wait_ms != 0) {
		waker_sleeps(&front->waker);
		if (has_news(front))
			wait_ms = 0;
	}
	int count = epoll_wait(front->epoll_fd, events, EVENTS_PER_TURN, wait_ms > INT_MAX ? INT_MAX : (int)wait_ms);
	waker_is_awake(&front->waker);
	front->now_ms = clock_monotonic_ms();
	for (int i = 0; i < count; i++) {
		const char *source = events[i].data.ptr;
		const char *listeners = (const char *)front->server->listen_fds;

		if (source >= listeners && source < listeners + sizeof front->server->listen_fds)
			accept_some(front, *(const int *)events[i].data.ptr);
		else if (source != (const char *)&front->waker)
			http_connection_event(events[i].data.ptr, events[i].events);
	}
}

static void take_news(struct http_front *front)
{
	struct inbox_node *next;

	for (struct inbox_node *node = inbox_take(&front->resumed); node; node = next) {
		next = node->next;
		http_connection_resume((struct exchange *)node);
	}
	for (struct inbox_node *node = inbox_take(&front->adopted); node; node = next) {
		next = node->next;
		http_connection_adopt(front, (struct connection *)node);
	}
	if (!front->is_stopping && atomic_load(&front->server->is_stopping))
		begin_to_stop(front);
}

static void meet_deadlines(struct http_front *front)
{
	struct wheel_entry *entry;

	while ((entry = wheel_expired(&front->wheel, front->now_ms))) {
		if (entry == &front->accept_timer) {
			watch_listeners(front, true);
		} else if (entry == &front->stop_timer) {
			front->is_forced = true;
			close_connections(front, true);
		} else {
			http_connection_expired((struct connection *)((char *)entry - offsetof(struct connection, timer)));
		}
	}
}

static void run(void *argument)
{
	struct http_front *front = argument;
	const struct http_handler *handler = &front->server->options.handler;

	front->user = handler->front_init ? handler->front_init(front->server->options.owner, front->index)
	                                  : front->server->options.owner;
	watch_listeners(front, true);
	while (!front->is_stopping || front->ring.next != &front->ring || front->ready) {
		wait_for_events(front);
		take_news(front);
		meet_deadlines(front);
		http_connection_settle(front);
		if (front->is_forced)
			close_connections(front, true); /* what began after the deadline, or between two requests */
		else if (front->is_stopping)
			close_connections(front, false);
		http_connection_bury(front);
	}
	if (handler->front_fini)
		handler->front_fini(front->user);
	while (front->free_exchanges) {
		struct exchange *exchange = front->free_exchanges;

		front->free_exchanges = exchange->next;
		free(exchange);
	}
}

bool http_front_start(struct http_server *server, unsigned index, struct error *err)
{
	struct http_front *front = &server->fronts[index];
	struct epoll_event wake = { .events = EPOLLIN | EPOLLET, .data.ptr = &front->waker };
	char name[16];

	front->server = server;
	front->index = index;
	front->date_second = -1;
	front->ring.next = front->ring.previous = front->hand = &front->ring;
	front->now_ms = clock_monotonic_ms();
	wheel_init(&front->wheel, front->now_ms);
	front->headers = xcalloc(server->options.headers_max, sizeof *front->headers);
	front->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	front->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (front->epoll_fd < 0)
		return fail_errno(err, "epoll");
	if (!waker_init(&front->waker, err))
		return false;
	if (epoll_ctl(front->epoll_fd, EPOLL_CTL_ADD, front->waker.fd, &wake) != 0)
		return fail_errno(err, "epoll");
	snprintf(name, sizeof name, "front-%u", index);
	return thread_start(&front->thread, name, run, front, err);
}

void http_front_join(struct http_front *front)
{
	if (!front->server)
		return;
	thread_join(&front->thread);
	http_connection_bury(front);
	waker_fini(&front->waker);
	if (front->epoll_fd >= 0)
		close(front->epoll_fd);
	if (front->reserve_fd >= 0)
		close(front->reserve_fd);
	free(front->headers);
}

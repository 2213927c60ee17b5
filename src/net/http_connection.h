/* net/http_connection.h: what is inside the HTTP server: a front, its connections, their exchanges.
 *
 * Only src/net includes this. A connection that waits for its next request is this small struct and a descriptor; the
 * exchange, with the first 4 KiB of its request in it, is taken when bytes arrive and given back with the reply. */
#ifndef SPOOR_NET_HTTP_CONNECTION_H
#define SPOOR_NET_HTTP_CONNECTION_H

#include "base/inbox.h"
#include "base/limits.h"
#include "base/thread.h"
#include "base/waker.h"
#include "base/wheel.h"
#include "net/http_chunked.h"
#include "net/http_parse.h"
#include "net/http_server.h"
#include "net/tls.h"

enum {
	EXCHANGE_HEAD_BYTES = 4096,            /* inside the exchange: most requests with their body */
	EXCHANGE_HEADERS    = 32,              /* likewise */
	EXCHANGES_KEPT      = 64,              /* free ones, a front */
	FRONT_SCRATCH_BYTES = 32 << 10,        /* replies up to this size go out in one send() */
	PEER_TEXT_BYTES     = 46,              /* INET6_ADDRSTRLEN */
};

enum connection_state {
	/* reading */
	CONNECTION_HANDSHAKE,                  /* TLS */
	CONNECTION_IDLE,                       /* between requests; maybe with an exchange that has no byte yet */
	CONNECTION_HEAD,                       /* some of a head is here */
	CONNECTION_BODY,
	CONNECTION_STREAM,                     /* the owner has a window of the body; the next one is being filled */
	/* not reading */
	CONNECTION_OWNED,                      /* complete() or sent() was called, or a refusal is on its way to settle */
	CONNECTION_FLUSH,                      /* a reply, or a window of it, is not yet sent to its end */
	CONNECTION_LINGER,                     /* everything was said; what the peer still sends is dropped */
	CONNECTION_DEAD,                       /* closed; freed at the end of the loop's turn */
};

struct exchange;

struct connection {
	struct inbox_node   node;              /* first: on its way to its front */
	struct wheel_entry  timer;
	struct http_front  *front;
	struct connection  *previous, *next;   /* the ring of all connections of the front */
	struct connection  *next_ready;        /* more to do in the next turn, or to be freed */
	struct exchange    *exchange;
	struct tls         *tls;

	int                   fd;              /* -1: the peer is gone, the exchange is still the owner's */
	enum connection_state state;
	bool                  is_readable;     /* since the last EPOLLIN nothing said otherwise */
	bool                  is_writable;     /* since the last EPOLLOUT the socket took all it was given */
	bool                  is_hung_up;      /* the peer closed its side: read until the end */
	bool                  is_ready;        /* in the front's ready list */
	bool                  is_new;          /* no request yet; then phase_since_ms is its begin */
	bool                  was_active;      /* since eviction last passed by */
	bool                  closes;          /* when its reply is sent */
	bool                  lingers;         /* before that, because the peer may still be sending */

	/* the rest of a reply that the socket did not take */
	char  *rest;
	size_t rest_at, rest_len;
	struct slice window;                   /* after it: a window of a reply, the owner's memory */

	/* a phase with a minimum rate: a body, a reply, lingering */
	int64_t  phase_since_ms;
	uint64_t phase_bytes;

	uint16_t peer_port;
	uint8_t  peer_len;
	char     peer[PEER_TEXT_BYTES];
};

struct stream_buffer {
	char  *bytes;
	size_t room, len;                      /* room 0: not of its own */
};

struct exchange {
	struct http_exchange public;           /* first: what the owner sees */
	struct connection   *connection;
	struct exchange     *next;             /* in the front's list of free, or of answered ones */

	/* the received head, maybe with a body and the begin of the next request behind it */
	char                     *head;        /* inline_head, or the heap */
	size_t                    head_room, received;
	size_t                    head_bytes;  /* 0: not complete */
	struct http_parse_search  search;

	/* a body that does not fit behind its head */
	char               *body;
	size_t              body_room, body_len;
	size_t              pipelined_at, pipelined_len;   /* read behind a chunked body */
	struct http_chunked chunked;

	/* a body that streams */
	struct stream_buffer lent, filling;    /* the window that the owner has, and the next one */
	uint64_t             streamed_bytes;   /* of the body, received */
	enum http_parse      body_result;      /* of all that was received; the owner may not know it yet */
	struct http_problem  body_problem;
	bool                 is_streaming;
	bool                 is_inline;        /* all of the body fits behind its head */
	bool                 wants_more;       /* the owner has used up its window */

	/* a reply that comes in windows */
	bool     is_begun;
	uint64_t reply_left;                   /* of the body, not yet given to the server */
	size_t   reserved_bytes;               /* charged to the budget of streams for the owner */

	size_t budget_bytes;                   /* charged for the heap parts */
	bool   is_open;                        /* head() saw it, closed() did not yet */
	bool   is_complete;                    /* all of the request is here */
	bool   is_replied;
	bool   must_close;                     /* the connection, after the reply */

	struct http_header *headers;           /* inline_headers, or the heap */
	struct http_header  inline_headers[EXCHANGE_HEADERS];
	char                inline_head[EXCHANGE_HEAD_BYTES];
};

struct http_front {
	struct http_server *server;
	unsigned            index;
	struct thread       thread;
	void               *user;

	/* any thread */
	struct waker       waker;
	struct inbox       resumed;            /* exchanges */
	struct inbox       adopted;            /* connections accepted by another front */
	atomic_uint        resumers;           /* threads between handing over and having woken this front */
	atomic_size_t      connection_count;
	atomic_uint_fast64_t accepted, requests;

	/* the front's own */
	int                epoll_fd, reserve_fd;
	bool               is_accepting, is_stopping, is_forced;
	int64_t            now_ms;             /* monotonic, once a turn */
	struct wheel       wheel;
	struct wheel_entry accept_timer, stop_timer;
	struct connection  ring;               /* the head of the ring of connections */
	struct connection *hand;               /* where eviction looks next; never NULL */
	struct connection *ready, *dead;
	struct exchange   *answered_first, *answered_last;
	struct exchange   *free_exchanges;
	size_t             free_exchange_count;
	int64_t            date_second;
	char               date[32];
	struct http_header *headers;           /* room to parse into */
	struct http_refusal_reply refusal;     /* room to word into */
	char               scratch[FRONT_SCRATCH_BYTES];
};

struct http_server {
	struct http_server_options options;    /* with the defaults filled in */
	struct http_parse_limits   limits;
	struct tls_server         *tls;
	int                        listen_fds[HTTP_LISTENERS_MAX];
	uint16_t                   ports[HTTP_LISTENERS_MAX];
	struct http_front         *fronts;
	atomic_size_t              budget_bytes, stream_budget_bytes;
	atomic_size_t              connection_count;
	atomic_bool                is_stopping;
	int64_t                    stop_deadline_ms;      /* monotonic; written before is_stopping */
};

/* Takes over `fd`. The result belongs to no front yet. */
struct connection *http_connection_new(int fd, const char *peer, uint16_t peer_port);

/* On the front whose it is to be. Reads at once: the first request is often there. */
void http_connection_adopt(struct http_front *front, struct connection *connection);

void http_connection_event(struct connection *connection, uint32_t epoll_events);
void http_connection_expired(struct connection *connection);

void http_connection_set_deadline(struct connection *connection, int64_t deadline_ms);

/* What follows has a minimum rate: a body, or the rest of a reply. */
void http_connection_begin_phase(struct connection *connection);

/* The owner has replied, with everything or a window, or is done with an exchange whose peer is gone: what that means is
 * seen to when its callback is over. */
void http_connection_end_soon(struct exchange *exchange);

/* Calls resumed(). */
void http_connection_resume(struct exchange *exchange);

/* Ends or continues every exchange that was answered, then goes on with the connections that have more to do, once each. */
void http_connection_settle(struct http_front *front);

/* The peer is gone, or has to go. The connection is freed at the end of the turn, but if the owner holds its exchange,
 * after the reply. */
void http_connection_drop(struct connection *connection);

/* Frees what was dropped: at the end of a turn, when no event can name it any more. */
void http_connection_bury(struct http_front *front);

#endif

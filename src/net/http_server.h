/* net/http_server.h: HTTP/1.1 over TCP or TLS: requests in, replies out, suspended and resumed between.
 *
 * The server owns N threads called fronts. A connection lives on one front for ever, and an *exchange* is one request
 * and its reply on it. All callbacks of an exchange run on its front; only http_resume() may be called elsewhere.
 *
 * Life of an exchange, and whose it is:
 *
 *   head()      the headers are complete. It may set `user` and `body_bytes_max`, or refuse with http_reply(): then no
 *               `100 Continue` is sent, and the connection is closed after the reply if a body was still to come. Where
 *               the refusal takes more time, it sets `skips_body`: the same, but complete() comes next, without a body.
 *   complete()  the whole body is in memory. FROM HERE THE EXCHANGE IS THE OWNER'S: it lives, with its request, until
 *               the owner has called http_reply(), whatever becomes of the peer. If complete() returns without a
 *               reply the exchange is suspended: somebody calls http_resume() exactly once, from any thread, and then
 *   resumed()   runs on the front: it replies, or suspends again.
 *   closed()    runs exactly once for each exchange that head() saw, after http_reply() and the callback that called
 *               it, or when the peer is gone or too slow before complete() was called. `request` and its slices are
 *               still there; nothing of the exchange may be used after it returns.
 *
 * A peer that vanishes after complete() changes nothing but `is_peer_gone`: the reply is then dropped. So a suspended
 * exchange must always be resumed and replied to, also while the server stops.
 *
 * What is accepted (RFC 9112, the strict reading): lines end with CRLF, a bare LF or CR is refused; one empty line may
 * come before a request; no folded headers, no blank before the colon, no NUL or control byte anywhere; bytes above
 * 0x7F only in header values; exactly one Host in HTTP/1.1 and at most one in 1.0; one Content-Length of digits only;
 * `Transfer-Encoding: chunked` alone, in 1.1 only, and not beside Content-Length; targets in origin form, in absolute
 * form with the same host as Host (which is what signatures cover), or `*`. A request with neither has no body, whatever its method. A framing error is answered and closes the
 * connection. Pipelined requests are answered one after the other.
 *
 * Bodies larger than memory come and go in *windows* of at most HTTP_WINDOW_BYTES; memory of a stream is bounded by two.
 *
 *   Requests: head() sets `streams` (and `body_bytes_max`). While the owner has one window, the server fills the next,
 *   and stops reading when that is full.
 *
 *     window()             `window` holds the next bytes of the body, never none, of any length. The exchange is the
 *                          owner's, exactly as after complete(), until it calls, from window() or later from resumed(),
 *     http_next_window()   the bytes were used up. Then comes the next window(), or complete() with an empty body after
 *                          the last one, or closed() where the peer is gone, too slow, or sent what is not HTTP; or
 *     http_reply()         an early end: the rest of the body is not read, and the connection is closed.
 *
 *   So windows come one at a time and in order, and nothing of an exchange ends while somebody works on one. What an
 *   upload left behind is cleaned up in closed(), whether it ended well or not.
 *
 *   Replies: after complete(), instead of http_reply(),
 *
 *     http_reply_begin()   the head, with the length of the whole body. The exchange stays the owner's;
 *     http_reply_window()  some bytes of the body, which stay the owner's memory and unchanged until
 *     sent()               says that they are gone: the exchange is the owner's again, for the next window, now or after
 *                          a suspension. After the last window, or where the peer is gone or reads too slowly, closed()
 *                          comes instead;
 *     http_reply_abort()   the owner cannot go on: the connection is cut, so that the client sees a body cut short. */
#ifndef SPOOR_NET_HTTP_SERVER_H
#define SPOOR_NET_HTTP_SERVER_H

#include "base/base.h"
#include "base/inbox.h"
#include "net/http_header.h"

struct http_front;
struct http_server;

/* All slices live until closed(). */
struct http_request {
	struct slice method;                   /* a token, case kept */
	struct slice target;                   /* exactly as received: what signatures cover */
	struct slice path;                     /* the target from its path on, with the query; "*" stays "*" */
	struct slice authority;                /* of an absolute target, else the Host header's value; SLICE_NONE without either */
	unsigned     version_minor;            /* HTTP/1.x */
	const struct http_header *headers;     /* in arrival order */
	size_t       header_count;
	struct slice body;                     /* complete, chunks joined; absent in head() */
	uint64_t     content_length;           /* as announced; 0 without, or with chunks */
	bool         has_content_length, is_chunked, expects_continue, keeps_alive;

	struct slice peer_address;             /* "192.0.2.1", "2001:db8::1"; mapped IPv4 as IPv4 */
	uint16_t     peer_port;
	struct slice tls_version;              /* "TLSv1.3", as AWS prints it; SLICE_NONE without TLS */
	struct slice tls_cipher;               /* "TLS_AES_128_GCM_SHA256"; OpenSSL's names in TLS 1.2 */
	struct slice tls_host;                 /* the server name the client asked for, or SLICE_NONE */
};

/* The value of the first header called `name`, any case; SLICE_NONE if there is none. */
struct slice http_request_header(const struct http_request *request, struct slice name);

struct http_exchange {
	struct inbox_node   node;              /* the server's */
	struct http_front  *front;             /* the server's */
	void               *front_user;        /* what front_init() made for this front */
	void               *user;              /* the owner's; NULL in head() */
	size_t              body_bytes_max;    /* head() may change it; beyond it 413 */
	bool                streams;           /* head() may set it: the body comes in windows */
	bool                skips_body;        /* head() may set it: nobody wants the body */
	struct slice        window;            /* in window(), and until http_next_window() or http_reply() */
	uint64_t            window_at;         /* where in the body it begins */
	bool                is_peer_gone;      /* read it on the front only */
	struct http_request request;
};

/* Why the server itself ended something; the owner counts them and words the replies. */
enum http_reason {
	HTTP_MALFORMED,               /* 400: request line, header or chunk that is not HTTP */
	HTTP_FRAMING,                 /* 400: lengths that contradict each other, or no Host */
	HTTP_TARGET_TOO_LONG,         /* 414 */
	HTTP_HEAD_TOO_LARGE,          /* 431: bytes or number of headers */
	HTTP_BODY_TOO_LARGE,          /* 413: beyond body_bytes_max */
	HTTP_NOT_IMPLEMENTED,         /* 501: a transfer coding other than chunked, or CONNECT */
	HTTP_VERSION_UNKNOWN,         /* 505 */
	HTTP_EXPECTATION_UNKNOWN,     /* 417 */
	HTTP_HEADER_TIMEOUT,          /* 408 */
	HTTP_BODY_TIMEOUT,            /* 408: stalled, or below the minimum rate */
	HTTP_OVER_BUDGET,             /* 503: request bytes over all connections; no reply: a reply that is not read */
	HTTP_OVER_CONNECTIONS,        /* closed at once; where there are any, an idle connection (not counted) or one that is
	                               * slow with its headers is closed instead */
	HTTP_OVER_DESCRIPTORS,        /* accept() failed for want of descriptors or memory; no reply */
	HTTP_REPLY_TIMEOUT,           /* the peer does not read its reply; no reply */
	HTTP_CALL_TIMEOUT,            /* the owner took too long; the peer is let go without a reply */
	HTTP_TLS_FAILED,              /* handshake refused, broken or too slow; no reply */
	HTTP_REASON_COUNT
};

const char *http_reason_name(enum http_reason reason);     /* "body_too_large": for labels of metrics */
unsigned    http_reason_status(enum http_reason reason);   /* 0: no reply is sent */

/* A refusal in the owner's words. `request` is NULL where the head was not understood. */
struct http_refusal {
	enum http_reason           reason;
	unsigned                   status;
	const char                *detail;     /* for a person: what is wrong */
	const struct http_request *request;
};

/* The owner fills it; the server adds Date, Content-Length and `Connection: close`. Slices may point into `room`. */
struct http_refusal_reply {
	unsigned           status;             /* that of the refusal, unless the owner's protocol has another */
	struct http_header headers[8];
	size_t             header_count;
	struct slice       body;
	char               room[4096];
};

/* All but `head` and `complete` may be NULL. */
struct http_handler {
	void *(*front_init)(void *owner, unsigned front_index);      /* on the front's own thread, before its first connection */
	void  (*front_fini)(void *front_user);
	void  (*head)(void *front_user, struct http_exchange *exchange);
	void  (*complete)(void *front_user, struct http_exchange *exchange);
	void  (*window)(void *front_user, struct http_exchange *exchange);
	void  (*sent)(void *front_user, struct http_exchange *exchange);
	void  (*resumed)(void *front_user, struct http_exchange *exchange);
	void  (*closed)(void *front_user, struct http_exchange *exchange);
	void  (*word_refusal)(void *front_user, const struct http_refusal *refusal, struct http_refusal_reply *reply);
	void  (*refused)(void *front_user, enum http_reason reason);  /* once for each, with or without a reply; only counts:
	                                                               * it may run inside another callback's http_reply() */
};

struct http_address {
	struct slice host;                     /* numeric IPv4 or IPv6, or "localhost" */
	uint16_t     port;                     /* 0 picks a free one */
};

/* "127.0.0.1:4566", "[::1]:4566", ":4566" (every IPv4 address). The host stays a slice of `text`. Errors: ERR_INVALID. */
bool http_address_parse(struct slice text, struct http_address *address, struct error *err);

/* 0 or NULL means the default of base/limits.h. Copied, but for `owner`. */
struct http_server_options {
	struct http_handler        handler;
	void                      *owner;
	const struct http_address *listen;
	size_t                     listen_count;
	unsigned                   fronts;                /* default 1 */
	const char                *tls_cert_path;         /* PEM, the chain; with it every connection is TLS */
	const char                *tls_key_path;

	size_t  head_bytes_max, headers_max, target_bytes_max;
	size_t  body_bytes_max;                           /* what exchanges begin with */
	size_t  budget_bytes;                             /* request bytes beyond each connection's first 4 KiB, all together */
	size_t  stream_budget_bytes;                      /* windows of all streams, and what http_reserve() took */
	size_t  connections_max;                          /* lowered to fit the process's descriptor limit */
	size_t  body_rate_bytes_min;                      /* a second */
	int64_t header_timeout_ms, body_timeout_ms, idle_timeout_ms, call_timeout_ms, linger_ms;
};

/* Listens and starts the fronts. Errors: ERR_INVALID (address, certificate), ERR_IO. */
struct http_server *http_server_start(const struct http_server_options *options, struct error *err);

uint16_t http_server_port(const struct http_server *server, size_t listen_index);

/* Stops accepting, closes idle connections, and answers what is in flight with `Connection: close`. After `deadline_ms`
 * what is still being received or sent is cut off. Returns, and frees the server, when every exchange in the owner's
 * hands was replied to: the owner's other threads must run until then. Accepts NULL. */
void http_server_stop(struct http_server *server, int64_t deadline_ms);

struct http_server_counts {
	uint64_t connections, accepted, requests;         /* open now; ever; ever */
	uint64_t budget_bytes, stream_budget_bytes;       /* held now */
};

struct http_server_counts http_server_counts(const struct http_server *server);   /* any thread */

/* ---- on the exchange's front, from any callback ---- */

/* Answers; exactly once. Adds Date, Content-Length and Connection. Everything is copied or sent before it returns.
 * HEAD and 304 send the body's length and not the body; 1xx and 204 neither. Control bytes in headers become blanks. */
void http_reply(struct http_exchange *exchange, unsigned status, const struct http_header *headers, size_t header_count,
                struct slice body);

/* In window(), or in resumed() after it: the bytes of `window` were used up. */
void http_next_window(struct http_exchange *exchange);

/* The head of a reply whose body has `body_bytes` and comes in windows; it leaves with the first of them. Headers are
 * copied. Only after complete(). False: no body is wanted (it is empty, or for HEAD, 204 and 304): this was all, as
 * http_reply(). */
bool http_reply_begin(struct http_exchange *exchange, unsigned status, const struct http_header *headers,
                      size_t header_count, uint64_t body_bytes);

/* The next bytes of the body, at least one and together not more than `body_bytes`: the server's until sent() or closed().
 * One at a time. */
void http_reply_window(struct http_exchange *exchange, struct slice bytes);

void http_reply_abort(struct http_exchange *exchange);    /* instead of http_reply_window() */

/* Charges memory of the owner, such as its windows of a reply, to the budget of streams until closed(). False: there is
 * not enough left; the caller may try again later. */
bool http_reserve(struct http_exchange *exchange, size_t bytes);

/* ---- from any thread ---- */

/* Hands a suspended exchange back to its front, which calls resumed(). The caller may not touch it afterwards. */
void http_resume(struct http_exchange *exchange);

/* The same for many of one server, with one wake-up a front: begin with a zeroed struct, add, and send soon. */
struct http_resume_batch {
	struct http_server *server;
	uint64_t            fronts;            /* bits of those to wake */
};

void http_resume_batch_add(struct http_resume_batch *batch, struct http_exchange *exchange);
void http_resume_batch_send(struct http_resume_batch *batch);

#endif

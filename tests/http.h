/* tests/http.h: an HTTP server in this process on a free port, and a client that blocks, for tests that speak HTTP.
 *
 * What the server does with a request is in its path:
 *   /echo...       200, "METHOD TARGET\n" and the body
 *   /park...       suspended until http_fixture_take() and http_resume(); then like /echo
 *   /park-skip     the same, and nobody wants the body
 *   /refuse...     403 from head()
 *   /limit-N       body_bytes_max = N, then like /echo
 *   /bytes-N       200 with N times 'x'
 *   /status-N      status N with the body "body"
 *   /stream...     the body in windows of pattern bytes, each used up at once; 200 with its length when they were right
 *   /stream-park   each window is suspended until http_fixture_take() and http_resume()
 *   /stream-refuse-N    403 at the Nth window
 *   /stream-limit-N     body_bytes_max = N
 *   /flow-N        200 with N pattern bytes in windows of FLOW_WINDOW_BYTES; as HEAD too
 *   /flow-park-N   each window of the reply, and the first, after http_fixture_take() and http_resume()
 *   /flow-abort-N  only the first window; then the owner cannot go on
 *   /inject        a header whose value tries to end the line */
#ifndef SPOOR_TESTS_HTTP_H
#define SPOOR_TESTS_HTTP_H

#include "base/inbox.h"
#include "net/http_server.h"
#include "tests/test.h"

enum { FLOW_WINDOW_BYTES = 100000 };

/* The bytes of a body that streams, from `at` on, in the test's arena. */
struct slice http_pattern(struct test *t, size_t at, size_t bytes);

struct http_fixture {
	struct test               *t;
	struct http_server_options options;      /* may be changed before http_fixture_start() */
	struct http_server        *server;
	uint16_t                   port;
	int                        changed_fd;   /* an eventfd: a counter below went up */
	atomic_int                 heads, completes, closes, gone, windows, sent, fronts_begun, fronts_ended;
	atomic_int                 refused[HTTP_REASON_COUNT];
	atomic_int                 by_front[8];
	struct inbox               parked;
	struct inbox_node         *taken;        /* the test's own */
	_Atomic(const char *)      last_tls_version, last_tls_cipher;
	char                       last_tls_host[64];
};

void http_fixture_init(struct http_fixture *fixture, struct test *t);
bool http_fixture_start(struct http_fixture *fixture);
void http_fixture_stop(struct http_fixture *fixture);           /* checks that every head() had its closed() */

/* Blocks until `*counter` is at least `value`. */
void http_fixture_await(struct http_fixture *fixture, atomic_int *counter, int value);

/* Blocks until some counter changed since the last wait, or for `wait_ms`. */
void http_fixture_await_change(struct http_fixture *fixture, int wait_ms);

/* Request bytes held, once the turn that ended the last exchange is over. */
uint64_t http_fixture_budget(struct http_fixture *fixture);

/* The oldest parked exchange; blocks until there is one. */
struct http_exchange *http_fixture_take(struct http_fixture *fixture);

/* ---- a client ---- */

struct http_client {
	struct test *t;
	int          fd;
	char        *buffer;                   /* received and not yet taken */
	size_t       len, room;
	void        *tls;                      /* tests/http.c knows nothing of it: set read and write for TLS */
	ssize_t    (*read)(struct http_client *client, char *to, size_t room);
	ssize_t    (*write)(struct http_client *client, struct slice bytes);
};

struct http_client_reply {
	unsigned     status;                   /* 0: the connection was closed instead */
	struct slice head, body;               /* in the test's arena */
};

void http_client_open(struct http_client *client, struct test *t, uint16_t port);
void http_client_close(struct http_client *client);             /* accepts one that is closed */
void http_client_send(struct http_client *client, struct slice bytes);
void http_client_printf(struct http_client *client, const char *format, ...) PRINTF_LIKE(2, 3);

struct http_client_reply http_client_receive(struct http_client *client);
struct http_client_reply http_client_receive_head(struct http_client *client);  /* of a reply without a body */

/* Sends, and checks status and body of the reply; body NULL: any. */
void http_client_expect(struct http_client *client, struct slice request, unsigned status, const char *body);

/* The server closes without another byte. */
bool http_client_is_closed(struct http_client *client);

#endif

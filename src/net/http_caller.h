/* net/http_caller.h: the client's side of HTTP/1.1, for commands: one connection, one call at a time, waiting for it.
 *
 * The connection is kept between calls, and made anew once when the server has closed it meanwhile: everything called
 * this way may be repeated. A caller belongs to one thread at a time and may move between them. */
#ifndef SPOOR_NET_HTTP_CALLER_H
#define SPOOR_NET_HTTP_CALLER_H

#include "net/http_response.h"
#include "net/http_url.h"

struct http_caller;
struct tls_client;

enum { HTTP_CALLER_LOOK_MS = 50 };

struct http_caller_request {
	struct slice              method, target;
	const struct http_header *headers;     /* Host too; Content-Length is added */
	size_t                    header_count;
	struct slice              body;        /* SLICE_NONE: none */
};

/* Lives in the caller until its next call. */
struct http_caller_reply {
	struct http_response response;
	struct slice         body;
};

/* `tls` (NULL without TLS) and the texts of `url` outlive it. Connects at the first call. */
struct http_caller *http_caller_new(const struct http_url *url, struct tls_client *tls, int64_t timeout_ms);
void http_caller_free(struct http_caller *caller);      /* accepts NULL */

/* From here on a call that waits asks every HTTP_CALLER_LOOK_MS whether to go on; then it ends, as ERR_BUSY. */
void http_caller_watch(struct http_caller *caller, bool (*must_stop)(void *user), void *user);

/* The body is at most `body_bytes_max`. Errors: ERR_BUSY it was to stop; ERR_INVALID target or headers have bytes that may not be there; ERR_IO no
 * connection, or nothing moved for the timeout; ERR_LIMIT; ERR_CORRUPT the reply is not HTTP; ERR_DENIED the server's
 * certificate is not trusted. */
bool http_caller_call(struct http_caller *caller, const struct http_caller_request *request, size_t body_bytes_max,
                      struct http_caller_reply *reply, struct error *err);

/* Waits, before something is tried again. False: it was to stop. */
bool http_caller_pause(const struct http_caller *caller, int64_t ms);

#endif

/* trail/api_client.h: calls the APIs of an AWS-compatible endpoint, as a client with credentials: signs, sends, tries again.
 *
 * For commands that work on a server from outside. Reads only: whatever is called may be repeated. */
#ifndef SPOOR_TRAIL_API_CLIENT_H
#define SPOOR_TRAIL_API_CLIENT_H

#include "auth/sigv4_sign.h"
#include "net/http_caller.h"

struct tls_client;

/* Shared by all clients, which it outlives. */
struct api_settings {
	struct http_url    url;
	struct tls_client *tls;                /* NULL without TLS */
	struct slice       access_key_id, secret, token;        /* token: SLICE_NONE for long-term keys */
	bool             (*must_stop)(void *user);              /* may be NULL; asked by a call that waits, which then ends as ERR_BUSY */
	void              *user;
};

struct api_client;                             /* one connection; one thread at a time */

struct api_client *api_client_new(const struct api_settings *settings);
void api_client_free(struct api_client *client);        /* accepts NULL */

struct api_call {
	struct slice service, region;          /* of the signature */
	struct slice method, target;           /* the target is percent-encoded */
	struct slice action;                   /* of a JSON service: X-Amz-Target; SLICE_NONE: none */
	struct slice body;
	const struct http_header *headers;     /* besides those that every call of its kind has */
	size_t       header_count;
	size_t       reply_bytes_max;
};

/* Lives in the client until its next call. */
struct api_reply {
	struct http_response response;
	struct slice         body;
};

/* True for a status of 2xx. Overload and lost connections are tried again, a few times, with growing pauses.
 * Errors: ERR_NOT_FOUND for a status of 404; ERR_DENIED 401 and 403; ERR_INVALID every other: the message has the server's
 * code and text. ERR_IO, ERR_CORRUPT, ERR_LIMIT, ERR_BUSY as http_caller_call(). */
bool api_client_call(struct api_client *client, const struct api_call *call, struct api_reply *reply, struct error *err);

/* CloudTrail's JSON protocol. The parsed reply is in `arena`; NULL on failure. */
const struct json *api_client_cloudtrail(struct api_client *client, struct arena *arena, struct slice region, const char *operation,
                                         struct slice body, struct error *err);

#endif

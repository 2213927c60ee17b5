/* auth/sigv4_sign.h: the client's side: signs requests that spoor's own clients, tests and benchmarks send. */
#ifndef SPOOR_AUTH_SIGV4_SIGN_H
#define SPOOR_AUTH_SIGV4_SIGN_H

#include "auth/sigv4.h"

struct sigv4_credentials {
	struct slice access_key_id, secret;
	struct slice token;                   /* SLICE_NONE for long-term keys */
	struct slice region, service;
};

/* Replaces request->headers by a list in `arena` with X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256 (for S3
 * only; an existing one stays and is signed) and Authorization added. Host must be among the headers. All but those that
 * proxies change are signed. False for a target with broken escapes. */
bool sigv4_sign_request(struct arena *arena, struct sigv4_request *request, const struct sigv4_credentials *credentials,
                        int64_t time_ms, struct error *err);

/* Replaces request->target by a presigned one; the headers given must be sent as they are. */
bool sigv4_sign_target(struct arena *arena, struct sigv4_request *request, const struct sigv4_credentials *credentials,
                       int64_t time_ms, int64_t expires_s, struct error *err);

#endif

/* services/call.h: one request's state, as an operation sees it.
 *
 * A call owns one arena and one error; it runs down the steps of server/pipeline.c, and everything it touched vanishes
 * at once. It is on exactly one thread at a time: its front, then maybe a worker or the writer, then its front again. */
#ifndef SPOOR_SERVICES_CALL_H
#define SPOOR_SERVICES_CALL_H

#include "auth/principal.h"
#include "base/arena.h"
#include "base/random.h"

struct catalog;
struct history;
struct keyring;
struct objects;
struct operation;
struct service;
struct policy_cache;
struct rate;
struct rest;

/* How the request came in; the reply goes out the same way. */
enum wire { WIRE_JSON_1_0, WIRE_JSON_1_1, WIRE_QUERY, WIRE_EC2, WIRE_REST_XML, WIRE_CBOR, WIRE_COUNT };

/* What of the configuration and the shared engines operations may use. One per process, immutable. */
struct environment {
	struct keyring *keyring;              /* auth/keyring.h */
	struct history *history;              /* trail/history.h; any thread */
	struct objects *objects;              /* store/objects.h; any thread */
	struct slice    home_region;
	struct slice    regions;              /* besides that and us-east-1, blanks between: services/regions.h */
	bool            is_lab;
	bool            log_session_token;    /* keep credentials.sessionToken in events, as AWS does */
	int64_t         history_days;
	int64_t         digest_interval_ms;   /* of a trail's digests */
	bool            attaches_trail_policy; /* a bucket without policy gets the one that its trail needs */
	struct rate    *code_attempts;        /* base/rate.h, by device, in units of CODE_ATTEMPT_MS; NULL: not limited; any thread */
};

struct resource_entry {                       /* one of the record's `resources` */
	struct slice arn, arn_prefix, account, type;    /* arn_prefix: instead of arn, what a listing covers */
};

struct call {
	/* ---- who, what, when: set before `targets` is asked ---- */
	struct arena              arena;
	const struct environment *environment;
	const struct service     *service;
	const struct operation   *operation;
	enum wire                 wire;
	const struct principal   *principal;
	struct slice              account;    /* the caller's, 12 digits */
	struct slice              region;     /* of the credential scope; global services: us-east-1 */
	int64_t                   now_ms;     /* the lab clock: event times, expiry, creation dates */
	int64_t                   wall_ms;    /* the real clock: signatures */
	struct random            *random;     /* of the thread the call is on */
	struct slice              source_ip, user_agent, referer, host;
	struct slice              tls_version, tls_cipher;   /* SLICE_NONE without TLS */
	char                      request_id[UUID_TEXT_BYTES], event_id[UUID_TEXT_BYTES];

	struct rest              *rest;       /* services/rest.h: of a REST call; NULL elsewhere */

	/* ---- the thread's tools, changed at every hand-over ---- */
	struct catalog           *catalog;    /* a reader on fronts and workers, the writer's connection in a change */
	struct policy_cache      *policies;   /* compiled documents by content; NULL on the writer */

	/* ---- the operation's data ---- */
	void                     *input, *output;      /* generated structs, in the arena */
	void                     *prepared;            /* what `prepare` leaves for `perform` */
	struct error              error;               /* kind ERR_NONE: going well */

	/* ---- for the event ---- */
	struct resource_entry    *resources;           /* SLICE_NONE account: not shown */
	size_t                    resource_count;
	struct slice              shared_with;         /* another account, which gets a copy of the event; else SLICE_NONE */
};

/* "arn:aws:iam::ACCOUNT:KIND/PATH.NAME" in the call's arena; `path` begins and ends with a slash. */
struct slice call_iam_arn(struct call *call, const char *kind, struct slice path, struct slice name);

#endif

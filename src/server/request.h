/* server/request.h: what the server keeps for one HTTP request, and what a front and the whole server own.
 *
 * Private to server/. A request belongs to one thread at a time: its front, then maybe a worker, then maybe the recorder,
 * then its front again, handed over by workers_submit, recorder_submit and http_resume. */
#ifndef SPOOR_SERVER_REQUEST_H
#define SPOOR_SERVER_REQUEST_H

#include "auth/principals.h"
#include "auth/sigv4.h"
#include "base/workers.h"
#include "codec/uri.h"
#include "net/http_server.h"
#include "server/config.h"
#include "server/metrics.h"
#include "services/encode_rest_xml.h"
#include "services/operation.h"
#include "services/rest.h"
#include "services/shape.h"
#include "store/event_frame.h"
#include "trail/recorder.h"

struct deliverer;
struct log_limit;
struct rate;
struct record;
struct server;
struct stamper;

enum verdict {
	NEXT,                          /* on to the following step */
	WAIT,                          /* another thread has it now: touch nothing */
	FAIL,                          /* call->error is set: straight on to the record */
	DROP,                          /* answered without a record: straight on to the reply */
};

struct download {                       /* server/download.c: a reply's body that comes in windows */
	char  *buffer;
	size_t bytes;                  /* in it */
	bool   is_under_way;
};

/* What became of a call, in words of the record. */
enum outcome { OUTCOME_OK, OUTCOME_FAILED, OUTCOME_DENIED, OUTCOME_THROTTLED };

struct request {
	struct call            call;
	struct job             job;            /* the recorder's handle */
	struct work            work;           /* the workers' handle */
	struct http_exchange  *exchange;
	struct front          *front;
	size_t                 step;
	uint64_t               started_ns;
	uint64_t               generation;     /* of the journal when it began: a reset makes it stale */

	/* route */
	struct slice           operation_name; /* as asked; known to the service even if it is not served */
	struct uri_pairs       form;           /* of the query protocols */
	struct rest            rest;           /* of REST-XML: call.rest points here */

	/* authenticate */
	struct sigv4_claim        claim;
	struct sigv4_refusal      refusal;
	struct sigv4_verified     verified;    /* of REST-XML: rest.verified points here */
	const struct credential  *credential;  /* held until the reply */
	bool                      was_founded; /* lab: its account has just been made */

	/* receive */
	bool                   is_streaming;   /* the body comes in windows; routed and authenticated by the head */
	bool                   is_at_head;     /* still in head(): nothing may wait */
	bool                   is_whole;       /* the body has ended */
	bool                   is_receiving;   /* the operation wants it */
	bool                   is_taking;      /* a worker has the window */
	struct slice           window;

	/* record */
	enum outcome           outcome;
	enum verdict           after_wait;     /* what the thread that had it found */
	bool                   is_behind_reset; /* waits for its end, after a failure that it may have caused */
	size_t                 reserved_bytes;
	bool                   is_input_decoded;
	struct event_frame    *copy;           /* the event as the other account of a cross-account call gets it; or NULL */
	struct event_frame     frame;
	const struct record   *record, *copy_record;   /* of both frames, for their stamps */

	/* reply */
	unsigned               status;         /* 0: from the error */
	struct rest_reply      encoded;        /* of REST-XML: its event tells how long the reply is */
	bool                   is_encoded;
	struct download        download;
	bool                   is_page;        /* one of server/lab.c's: only front, exchange, arena, error and job are used */
	struct request        *next_free;
};

enum { THROTTLE_RATE_MAX = 100 };       /* the highest rate of AWS's that an operation here has */

struct front {
	struct server         *server;
	unsigned               index;
	struct random          random;
	struct catalog        *reader;
	struct policy_cache   *policies;
	struct principals     *principals;
	uint64_t               generation;     /* that `principals` knows them from */
	struct sigv4_keys     *signing_keys;
	struct metrics_shard   metrics;
	struct log_limit      *refusals;
	struct request        *free;
	size_t                 free_count;
};

struct worker {                        /* a worker thread's own */
	struct server         *server;
	struct random          random;
	struct catalog        *reader;
	struct policy_cache   *policies;
};

struct server {
	const struct config   *config;
	struct environment     environment;
	struct recorder       *recorder;
	struct workers        *workers;
	struct http_server    *_Atomic http;           /* NULL until it is started, when its fronts may have calls already */
	struct front          *_Atomic fronts[64];     /* each there when its thread has begun */
	_Atomic int64_t        clock_offset_ms;        /* the lab clock's lead */
	struct random          recorder_random;        /* the recorder thread's */
	struct stamper        *stamper;                /* the recorder thread's */
	bool                   has_stamped, wakes_deliverer; /* this batch; the recorder thread's */
	struct deliverer      *_Atomic deliverer;      /* NULL until it is started */
	struct http_resume_batch resumed;              /* the recorder thread's, sent once a batch */
	struct rate           *rates[THROTTLE_RATE_MAX + 1]; /* throttle = aws: by calls a second; else NULL */
	bool                   is_loopback;
	int64_t                started_ms;
};

enum protocol request_protocol(enum wire wire);

/* Has a reset happened since it began? On the recorder's thread this is certain, elsewhere it may happen right after. */
bool request_is_stale(const struct request *request);
uint64_t request_generation_now(const struct server *server);

/* The worker's own read connection, opened when first asked for. */
struct catalog *server_worker_reader(struct worker *worker, struct error *err);

int64_t server_now_ms(const struct server *server, int64_t wall_ms);

/* ---- the steps, in order; server/pipeline.c runs them ---- */
enum verdict route(struct request *request);
enum verdict authenticate(struct request *request);
enum verdict decode(struct request *request);
enum verdict authorise(struct request *request);
enum verdict receive(struct request *request);
enum verdict perform(struct request *request);
enum verdict record(struct request *request);
enum verdict reply(struct request *request);

/* Of REST-XML: encodes the reply into request->encoded, once. On the thread that describes the call, or its front. */
void reply_encode(struct request *request);

#endif

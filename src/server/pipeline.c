/* server/pipeline.c: one list of named steps, from the whole request to the reply.
 *
 * A failure jumps forward to the record, never back; what is nobody's call (a bad signature, an unknown operation, a
 * journal that cannot be written) jumps to the reply. */
#include "server/pipeline.h"

#include "base/clock.h"
#include "base/limits.h"
#include "server/pages.h"
#include "server/perform.h"
#include "server/route.h"

static const struct step {
	const char   *name;
	enum verdict (*run)(struct request *request);
} steps[] = {
	{ "route",        route },             /* headers -> operation */
	{ "authenticate", authenticate },      /* signature -> principal */
	{ "decode",       decode },            /* body -> input struct */
	{ "authorise",    authorise },         /* policies -> may they */
	{ "perform",      perform },           /* reads here; a change is a job for the recorder */
	{ "record",       record },            /* event -> journal, durable */
	{ "reply",        reply },
};

enum { RECORD_STEP = 5, REPLY_STEP = 6, FREE_REQUESTS_MAX = 256 };
_Static_assert(COUNT(steps) == REPLY_STEP + 1, "the reply is the last step");

/* ---- a request's memory ---- */

static void clear(struct request *request)
{
	struct arena arena = request->call.arena;

	memset(request, 0, offsetof(struct request, frame));
	memset((char *)request + offsetof(struct request, status), 0, sizeof *request - offsetof(struct request, status));
	request->call.arena = arena;
}

static struct request *new_request(struct front *front)
{
	struct request *request = front->free;

	if (request) {
		front->free = request->next_free;
		front->free_count--;
		clear(request);
		return request;
	}
	request = xcalloc(1, sizeof *request);
	arena_init(&request->call.arena, CALL_ARENA_BYTES_MAX);
	return request;
}

static void free_request(struct request *request)
{
	struct front *front = request->front;

	arena_reset(&request->call.arena, CALL_ARENA_KEEP_BYTES);
	if (front->free_count == FREE_REQUESTS_MAX) {
		arena_fini(&request->call.arena);
		free(request);
		return;
	}
	request->next_free = front->free;
	front->free = request;
	front->free_count++;
}

static void fill_call(struct request *request)
{
	struct front *front = request->front;
	const struct http_request *http = &request->exchange->request;
	struct call *call = &request->call;

	call->environment = &front->server->environment;
	call->wall_ms = clock_wall_ms();
	call->now_ms = server_now_ms(front->server, call->wall_ms);
	call->random = &front->random;
	call->catalog = front->reader;
	call->policies = front->policies;
	call->source_ip = http->peer_address;
	call->user_agent = http_request_header(http, S("User-Agent"));
	call->referer = http_request_header(http, S("Referer"));
	call->host = http_request_header(http, S("Host"));
	call->tls_version = http->tls_version;
	call->tls_cipher = http->tls_cipher;
	random_uuid(call->random, call->request_id);
	random_uuid(call->random, call->event_id);
}

/* A call belongs to the generation that it begins in. Who was somebody in the one before is nobody now. */
static void begin(struct request *request, struct front *front, struct http_exchange *exchange)
{
	request->front = front;
	request->exchange = exchange;
	request->generation = request_generation_now(front->server);
	if (front->generation != request->generation) {
		principals_forget(front->principals);
		front->generation = request->generation;
	}
	fill_call(request);
}

/* ---- the steps ---- */

/* Everything was forgotten while the call was on its way, and it with it: nothing that it found or did is there any more,
 * and nobody was told. So it has not been made yet. */
static void begin_again(struct request *request)
{
	uint64_t started_ns = request->started_ns;
	size_t reserved_bytes = request->reserved_bytes;
	struct front *front = request->front;
	struct http_exchange *exchange = request->exchange;

	if (request->credential)
		principals_release(front->principals, request->credential);
	arena_reset(&request->call.arena, CALL_ARENA_KEEP_BYTES);
	clear(request);
	request->started_ns = started_ns;
	request->reserved_bytes = reserved_bytes;
	begin(request, front, exchange);
}

static void run(struct request *request)
{
	while (request->step < COUNT(steps)) {
		if (request->step == REPLY_STEP && request->reserved_bytes && request_is_stale(request))
			begin_again(request);
		const struct step *step = &steps[request->step++];
		switch (step->run(request)) {
		case NEXT:
			break;
		case WAIT:
			return;                          /* `request` may already be on its next thread */
		case FAIL:
			request->step = request->step > RECORD_STEP ? request->step : RECORD_STEP;
			break;
		case DROP:
			request->step = REPLY_STEP;
			break;
		}
	}
}

/* What the frames and the change of a call may need at most: the request twice (parameters in one or two events, rows),
 * escaped, and a fixed part. */
static size_t journal_need(const struct http_request *http)
{
	return CALL_JOURNAL_BYTES + 4 * (http->body.len + http->target.len);
}

void pipeline_head(void *front_user, struct http_exchange *exchange)
{
	(void)front_user;
	exchange->body_bytes_max = route_may_be_rest(&exchange->request) ? REST_BODY_BYTES_MAX : BODY_BYTES_MAX;
}

void pipeline_complete(void *front_user, struct http_exchange *exchange)
{
	struct front *front = front_user;

	if (pages_serve(front, exchange))
		return;
	struct request *request = new_request(front);
	exchange->user = request;
	request->started_ns = clock_monotonic_ns();
	begin(request, front, exchange);
	request->reserved_bytes = journal_need(&exchange->request);
	if (!recorder_reserve(front->server->recorder, request->reserved_bytes)) {
		request->reserved_bytes = 0;
		request->step = REPLY_STEP;
		route(request);                      /* only to answer in the caller's protocol */
		request->after_wait = DROP;
		request->status = 0;
		request->call.error = (struct error){0};
		perform_after_wait(request);
	}
	run(request);
}

void pipeline_resumed(void *front_user, struct http_exchange *exchange)
{
	struct front *front = front_user;
	struct request *request = exchange->user;

	if (pages_resumed(front, exchange))
		return;
	if (request_is_stale(request)) {
		begin_again(request);
		run(request);
		return;
	}
	request->call.catalog = front->reader;
	request->call.policies = front->policies;
	request->call.random = &front->random;
	switch (perform_after_wait(request)) {
	case FAIL:
		request->step = request->step > RECORD_STEP ? request->step : RECORD_STEP;
		break;
	case DROP:
		request->step = REPLY_STEP;
		break;
	default:
		break;
	}
	run(request);
}

void pipeline_closed(void *front_user, struct http_exchange *exchange)
{
	struct front *front = front_user;
	struct request *request = exchange->user;

	if (!request)
		return;
	if (request->is_page) {                          /* not from the free list, and its page begins with it */
		arena_fini(&request->call.arena);
		free(request);
		return;
	}
	if (request->credential)
		principals_release(front->principals, request->credential);
	if (request->reserved_bytes)
		recorder_release(front->server->recorder, request->reserved_bytes);
	free_request(request);
}

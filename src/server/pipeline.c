/* server/pipeline.c: one list of named steps, from the whole request to the reply.
 *
 * A failure jumps forward to the record, never back; what is nobody's call (a bad signature, an unknown operation, a
 * journal that cannot be written) jumps to the reply. */
#include "server/pipeline.h"

#include "base/clock.h"
#include "base/limits.h"
#include "server/download.h"
#include "server/pages.h"
#include "server/perform.h"
#include "server/route.h"
#include "server/upload.h"

static const struct step {
	const char   *name;
	enum verdict (*run)(struct request *request);
} steps[] = {
	{ "route",        route },             /* headers -> operation */
	{ "authenticate", authenticate },      /* signature -> principal */
	{ "decode",       decode },            /* body -> input struct */
	{ "authorise",    authorise },         /* policies -> may they */
	{ "receive",      receive },           /* body -> object, where it is one */
	{ "perform",      perform },           /* reads here; a change is a job for the recorder */
	{ "record",       record },            /* event -> journal, durable */
	{ "reply",        reply },
};

enum { AUTHENTICATE_STEP = 1, RECEIVE_STEP = 4, RECORD_STEP = 6, REPLY_STEP = 7, FREE_REQUESTS_MAX = 256 };
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

	download_close(request);
	upload_close(request);
	if (request->credential)
		principals_release(front->principals, request->credential);
	arena_reset(&request->call.arena, CALL_ARENA_KEEP_BYTES);
	clear(request);
	request->started_ns = started_ns;
	request->reserved_bytes = reserved_bytes;
	begin(request, front, exchange);
}

/* What failed while the files were moved away under it is nobody's fault: a reader may not even have found its catalog. */
static bool is_caught_by_reset(const struct request *request)
{
	enum error_kind kind = request->call.error.kind;

	return (kind == ERR_IO || kind == ERR_CORRUPT)
	    && (request_is_stale(request) || recorder_is_resetting(request->front->server->recorder));
}

static void run(struct request *request)
{
	while (request->step < COUNT(steps)) {
		bool may_begin_again = request->step == REPLY_STEP && request->reserved_bytes && !request->is_streaming;

		if (may_begin_again && request_is_stale(request))
			begin_again(request);
		else if (may_begin_again && !request->is_at_head && !request->is_behind_reset && is_caught_by_reset(request)) {
			if (perform_behind_reset(request) == WAIT)
				return;
		} else if (request->step == REPLY_STEP && is_caught_by_reset(request))
			perform_unavailable(request);
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

static struct request *start(struct front *front, struct http_exchange *exchange)
{
	struct request *request = new_request(front);

	exchange->user = request;
	request->started_ns = clock_monotonic_ns();
	begin(request, front, exchange);
	request->reserved_bytes = journal_need(&exchange->request);
	if (recorder_reserve(front->server->recorder, request->reserved_bytes))
		return request;
	request->reserved_bytes = 0;
	request->step = REPLY_STEP;
	route(request);                              /* only to answer in the caller's protocol */
	request->after_wait = DROP;
	request->status = 0;
	request->call.error = (struct error){0};
	perform_after_wait(request);
	return request;
}

/* It was none, or nothing is known yet: the whole request begins anew. */
static void forget(struct request *request)
{
	if (request->reserved_bytes)
		recorder_release(request->front->server->recorder, request->reserved_bytes);
	if (request->credential)
		principals_release(request->front->principals, request->credential);
	digest_wipe(&request->verified.signing_key, sizeof request->verified.signing_key);
	request->exchange->user = NULL;
	free_request(request);
}

/* Judged before the first byte of its body is asked for, so that what is refused need not be sent. What must wait for the
 * recorder, as the making of a lab's account, is done with the first window. */
static void begin_upload(struct request *request)
{
	struct http_exchange *exchange = request->exchange;
	enum verdict verdict = NEXT;

	request->is_streaming = exchange->streams = true;
	exchange->body_bytes_max = UPLOAD_BYTES_MAX;
	request->step = AUTHENTICATE_STEP;
	while (verdict == NEXT && request->step <= RECEIVE_STEP)
		verdict = steps[request->step++].run(request);
	switch (verdict) {
	case NEXT:
		break;
	case WAIT:
		request->step = AUTHENTICATE_STEP;
		break;
	case FAIL:
		request->step = RECORD_STEP;
		exchange->skips_body = true;
		break;
	case DROP:
		request->step = REPLY_STEP;
		run(request);
		break;
	}
}

/* A client that asks before it sends is told at once that its signature is refused. Signatures of the other protocols cover
 * the body itself, not what the head says of it. */
static void begin_expected(struct request *request)
{
	request->is_streaming = true;                    /* the body is not there yet */
	if (authenticate(request) == DROP) {
		request->step = REPLY_STEP;
		run(request);
		return;
	}
	forget(request);
}

static void begin_at_head(struct front *front, struct http_exchange *exchange)
{
	struct request *request = start(front, exchange);

	if (request->step == REPLY_STEP) {               /* nothing can be recorded now, so nothing is begun */
		run(request);
		return;
	}
	bool is_routed = route(request) == NEXT && request->call.rest;
	request->is_at_head = true;
	if (is_routed && request->call.operation && request->call.operation->receive)
		begin_upload(request);
	else if (is_routed && exchange->request.expects_continue)
		begin_expected(request);
	else
		forget(request);
	if (exchange->user)
		request->is_at_head = false;
}

void pipeline_head(void *front_user, struct http_exchange *exchange)
{
	const struct http_request *http = &exchange->request;

	exchange->body_bytes_max = route_may_be_rest(http) ? REST_BODY_BYTES_MAX : BODY_BYTES_MAX;
	if (upload_is_possible(http) || (http->expects_continue && route_may_be_rest(http)))
		begin_at_head(front_user, exchange);
}

void pipeline_complete(void *front_user, struct http_exchange *exchange)
{
	struct front *front = front_user;

	struct request *upload = exchange->user;
	if (upload) {
		upload->is_whole = true;
		upload->window = SLICE_NONE;
		run(upload);
		return;
	}
	if (pages_serve(front, exchange))
		return;
	struct request *request = start(front, exchange);
	request->is_whole = true;
	request->window = exchange->request.body;
	run(request);
}

void pipeline_window(void *front_user, struct http_exchange *exchange)
{
	struct request *request = exchange->user;

	(void)front_user;
	request->window = exchange->window;
	if (request->is_receiving && upload_take(request) == WAIT)
		return;
	if (request->is_receiving)
		request->step = REPLY_STEP;
	run(request);
}

void pipeline_sent(void *front_user, struct http_exchange *exchange)
{
	(void)front_user;
	download_sent(exchange->user);
}


void pipeline_resumed(void *front_user, struct http_exchange *exchange)
{
	struct front *front = front_user;
	struct request *request = exchange->user;

	if (pages_resumed(front, exchange))
		return;
	if (request->download.is_under_way) {
		download_resumed(request);
		return;
	}
	if (request_is_stale(request) && !request->is_streaming) {
		begin_again(request);
		run(request);
		return;
	}
	request->call.catalog = front->reader;
	request->call.policies = front->policies;
	request->call.random = &front->random;
	if (request->is_behind_reset) {                  /* which has failed: else the request would be stale */
		perform_unavailable(request);
		run(request);
		return;
	}
	bool was_taking = request->is_taking;
	enum verdict verdict = was_taking ? upload_taken(request) : perform_after_wait(request);
	if (verdict != DROP && request_is_stale(request))
		verdict = perform_unavailable(request);  /* an upload: its bytes went with the old generation */
	if (was_taking && verdict == NEXT && !request->is_whole) {
		http_next_window(exchange);
		return;
	}
	switch (verdict) {
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
	bool is_abandoned = request->is_streaming && request->step < COUNT(steps) && upload_describe_abandoned(request);
	download_close(request);
	upload_close(request);
	if (request->credential)
		principals_release(front->principals, request->credential);
	if (is_abandoned && upload_record_abandoned(request))
		return;                              /* freed when it is recorded */
	if (request->reserved_bytes)
		recorder_release(front->server->recorder, request->reserved_bytes);
	free_request(request);
}

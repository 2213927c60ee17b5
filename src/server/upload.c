/* server/upload.c: see the header; what is made of the bytes is services/s3/incoming.h. */
#include "server/upload.h"

#include "codec/digest.h"
#include "server/describe.h"
#include "server/perform.h"
#include "services/errors.h"
#include "services/s3/incoming.h"
#include "store/object_writer.h"
#include "trail/stamper.h"

bool upload_is_possible(const struct http_request *http)
{
	return slice_equal(http->method, S("PUT")) && !http_request_header(http, S("X-Amz-Target")).ptr;
}

/* ---- windows ---- */

static void take_window(struct work *work, void *thread_state)
{
	struct request *request = (struct request *)(void *)((char *)work - offsetof(struct request, work));
	struct worker *worker = thread_state;
	struct call *call = &request->call;

	call->random = &worker->random;
	request->after_wait = incoming_take(call, request->window, &call->error) ? NEXT : FAIL;
	http_resume(request->exchange);
}

enum verdict upload_take(struct request *request)
{
	request->is_taking = true;
	request->work = (struct work){ .run = take_window };
	if (workers_submit(request->front->server->workers, &request->work))
		return WAIT;
	request->is_taking = false;
	return perform_unavailable(request);
}

enum verdict upload_taken(struct request *request)
{
	request->is_taking = false;
	if (request->after_wait == FAIL)
		request->outcome = OUTCOME_FAILED;
	return request->after_wait;
}

/* The windows are the HTTP server's to count, the file's writer is ours. Nobody's call, as where there is no window left. */
static bool has_room(struct request *request)
{
	const struct http_request *http = &request->exchange->request;

	if ((!http->is_chunked && http->content_length == 0) || http_reserve(request->exchange, OBJECT_WRITER_BYTES))
		return true;
	errors_fail_front(&request->call.error, FRONT_OVERLOADED, PROTOCOL_REST_XML, "Too many bodies are in flight. Try again.");
	metrics_count(&request->front->metrics, METRIC_CALLS_UNAVAILABLE);
	return false;
}

enum verdict receive(struct request *request)
{
	struct call *call = &request->call;

	if (!call->operation->receive)
		return NEXT;
	request->is_receiving = true;
	if (!call->operation->receive(call, call->input, &call->error)) {
		request->outcome = call->error.kind == ERR_DENIED ? OUTCOME_DENIED : OUTCOME_FAILED;
		return FAIL;
	}
	if (!has_room(request))
		return DROP;
	return request->window.len ? upload_take(request) : NEXT;
}

/* ---- a client that went away ---- */

static struct request *request_of_job(struct job *job)
{
	return (struct request *)(void *)((char *)job - offsetof(struct request, job));
}

static bool describe_abandoned(struct job *job, struct event_frame *frame)
{
	struct request *request = request_of_job(job);

	*frame = request->frame;
	describe_stamp(request, false, frame);
	return true;
}

static bool describe_abandoned_copy(struct job *job, struct event_frame *frame)
{
	const struct event_frame *copy = request_of_job(job)->copy;

	if (copy)
		*frame = *copy;
	return copy != NULL;
}

static void finish_abandoned(struct job *job, enum job_result result)
{
	struct request *request = request_of_job(job);

	(void)result;
	recorder_release(request->front->server->recorder, request->reserved_bytes);
	arena_fini(&request->call.arena);
	free(request);
}

/* Beyond the exchange and the credential, which end with the connection. */
static void keep_frame(struct arena *arena, struct event_frame *frame)
{
	frame->region = arena_copy(arena, frame->region);
	frame->json = arena_copy(arena, frame->json);
	for (size_t i = 0; i < frame->attribute_count; i++)
		frame->attributes[i].value = arena_copy(arena, frame->attributes[i].value);
}

/* Not yet decoded means that it went away before its first window. */
static bool judge_abandoned(struct request *request)
{
	struct call *call = &request->call;
	enum verdict verdict = NEXT;

	if (!call->principal || request_is_stale(request))
		return false;
	if (!request->is_input_decoded)
		verdict = decode(request);
	if (verdict == NEXT && !request->is_receiving)
		verdict = authorise(request);
	if (verdict == NEXT) {
		request->outcome = OUTCOME_FAILED;
		fail_as(&call->error, ERR_INVALID, "IncompleteBody", "The request body terminated unexpectedly");
	}
	return verdict == NEXT || verdict == FAIL;
}

bool upload_describe_abandoned(struct request *request)
{
	struct arena *arena = &request->call.arena;

	if (!judge_abandoned(request) || !describe_call(request, &request->frame))
		return false;
	keep_frame(arena, &request->frame);
	request->record = stamper_keep(request->record, arena);
	if (request->copy) {
		keep_frame(arena, request->copy);
		request->copy_record = stamper_keep(request->copy_record, arena);
	}
	return true;
}

bool upload_record_abandoned(struct request *request)
{
	request->job = (struct job){
		.describe = describe_abandoned, .describe_copy = describe_abandoned_copy, .finish = finish_abandoned,
	};
	struct front *front = request->front;
	bool is_denied = request->outcome == OUTCOME_DENIED;
	if (!recorder_submit(front->server->recorder, &request->job))
		return false;
	metrics_count(&front->metrics, is_denied ? METRIC_CALLS_DENIED : METRIC_CALLS_FAILED);
	return true;
}

/* ---- the end ---- */

struct discard {
	struct work      work;                   /* first */
	struct incoming *incoming;
};

static void discard(struct work *work, void *thread_state)
{
	struct discard *discard = (struct discard *)(void *)work;

	(void)thread_state;
	incoming_close(discard->incoming, false);
	free(discard);
}

void upload_close(struct request *request)
{
	struct incoming *incoming = request->rest.incoming;
	bool is_refused = !request->job.perform || (request->job.error.kind && request->after_wait == NEXT);

	digest_wipe(&request->verified.signing_key, sizeof request->verified.signing_key);
	request->rest.incoming = NULL;
	if (!incoming)
		return;
	if (!is_refused) {
		incoming_close(incoming, true);
		return;
	}
	struct discard *later = xcalloc(1, sizeof *later);
	later->work.run = discard;
	later->incoming = incoming;
	if (!workers_submit(request->front->server->workers, &later->work))
		discard(&later->work, NULL);
}

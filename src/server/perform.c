/* server/perform.c: where an operation runs: short reads here, long ones on a worker, changes on the recorder's thread.
 *
 * A change is one job: what it changes and the event that says so are one commit (trail/recorder.h). */
#include "server/perform.h"

#include "server/describe.h"
#include "services/errors.h"
#include "services/shape.h"
#include "store/catalog.h"
#include "trail/stamper.h"

static struct request *request_of_work(struct work *work)
{
	return (struct request *)(void *)((char *)work - offsetof(struct request, work));
}

static struct request *request_of_job(struct job *job)
{
	return (struct request *)(void *)((char *)job - offsetof(struct request, job));
}

enum verdict perform_unavailable(struct request *request)
{
	request->call.error.kind = ERR_NONE;
	request->status = 503;
	request->is_encoded = false;
	errors_fail_front(&request->call.error, FRONT_OVERLOADED, request_protocol(request->call.wire),
	                  "spoor cannot record this call now; see /_spoor/health.");
	metrics_count(&request->front->metrics, METRIC_CALLS_UNAVAILABLE);
	return DROP;
}

/* ---- on the recorder's thread ---- */

/* What was decided in another generation is neither performed nor recorded in this one; the front begins it again. */
static bool job_perform(struct job *job, struct catalog *catalog, struct error *err)
{
	struct request *request = request_of_job(job);
	struct call *call = &request->call;

	if (request_is_stale(request))
		return fail(err, ERR_CONFLICT, "a reset came between");
	call->catalog = catalog;
	call->policies = NULL;
	call->random = &request->front->server->recorder_random;
	return call->operation->perform(call, call->input, call->output, err)
	    && arena_check(&call->arena, err)
	    && (!call->operation->changes_trails || stamper_load(request->front->server->stamper, catalog, err));
}

static bool job_describe(struct job *job, struct event_frame *frame)
{
	struct request *request = request_of_job(job);

	if (request_is_stale(request))
		return false;
	if (job->perform) {
		request->call.error = job->error;
		request->outcome = job->error.kind ? OUTCOME_FAILED : OUTCOME_OK;
		if (!describe_call(request, frame))
			return false;
		describe_stamp(request, request->call.operation->changes_trails && !job->error.kind, frame);
		return true;
	}
	*frame = request->frame;
	describe_stamp(request, false, frame);
	return true;
}

static bool job_describe_copy(struct job *job, struct event_frame *frame)
{
	const struct event_frame *copy = request_of_job(job)->copy;

	if (copy)
		*frame = *copy;
	return copy != NULL;
}

static void job_finish(struct job *job, enum job_result result)
{
	struct request *request = request_of_job(job);

	request->call.catalog = NULL;
	request->after_wait = result == JOB_DONE ? NEXT : DROP;
	http_resume_batch_add(&request->front->server->resumed, request->exchange);
}

/* Hands the call to the recorder: with a change, or with its finished event only. */
static enum verdict submit(struct request *request, bool is_change)
{
	request->job = (struct job){
		.perform = is_change ? job_perform : NULL, .describe = job_describe, .describe_copy = job_describe_copy, .finish = job_finish,
		.changes_authority = is_change && request->call.operation->changes_authority,
	};
	return recorder_submit(request->front->server->recorder, &request->job) ? WAIT : perform_unavailable(request);
}

/* The recorder's thread resets, and takes the jobs that have come meanwhile. */
enum verdict perform_behind_reset(struct request *request)
{
	request->job = (struct job){ .finish = job_finish };
	request->is_behind_reset = true;
	return recorder_submit(request->front->server->recorder, &request->job) ? WAIT : perform_unavailable(request);
}

/* ---- on a worker ---- */

static void resume_with(struct request *request, enum verdict found)
{
	request->call.catalog = NULL;
	request->call.policies = NULL;
	request->after_wait = found;
	http_resume(request->exchange);
}

static void work_run(struct work *work, void *thread_state)
{
	struct request *request = request_of_work(work);
	struct worker *worker = thread_state;
	struct call *call = &request->call;
	const struct operation *operation = call->operation;

	call->catalog = server_worker_reader(worker, &call->error);
	call->policies = worker->policies;
	call->random = &worker->random;
	if (!call->catalog) {
		resume_with(request, FAIL);
		return;
	}
	if (operation->place == PLACE_WRITER) {
		if (!operation->prepare(call, call->input, &call->error)) {
			resume_with(request, FAIL);
			return;
		}
		if (submit(request, true) != WAIT)
			resume_with(request, DROP);
		return;
	}
	bool ok = operation->perform(call, call->input, call->output, &call->error) && arena_check(&call->arena, &call->error);
	resume_with(request, ok ? NEXT : FAIL);
}

/* ---- on the front ---- */

enum verdict perform(struct request *request)
{
	struct call *call = &request->call;
	const struct operation *operation = call->operation;
	const struct shape *output = operation->shape->output;

	call->output = output ? arena_zalloc(&call->arena, output->bytes) : NULL;
	if (operation->changes && operation->changes(call->input))
		return submit(request, true);
	if (operation->place == PLACE_FRONT) {
		if (operation->perform(call, call->input, call->output, &call->error) && arena_check(&call->arena, &call->error))
			return NEXT;
		request->outcome = OUTCOME_FAILED;
		return FAIL;
	}
	if (operation->place == PLACE_WRITER && !operation->prepare)
		return submit(request, true);
	request->work = (struct work){ .run = work_run };
	return workers_submit(request->front->server->workers, &request->work) ? WAIT : perform_unavailable(request);
}

enum verdict record(struct request *request)
{
	/* A change was described and recorded together with itself. */
	if (request->job.perform && request->job.seq)
		return NEXT;
	return describe_call(request, &request->frame) ? submit(request, false) : NEXT;
}

enum verdict perform_after_wait(struct request *request)
{
	if (request->after_wait == DROP && request->status == 0)
		return perform_unavailable(request);
	if (request->after_wait == FAIL)
		request->outcome = OUTCOME_FAILED;
	return request->after_wait;
}

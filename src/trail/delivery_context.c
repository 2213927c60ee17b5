/* trail/delivery_context.c: one job at a time, and a thread that waits for it. */
#include "trail/delivery_context.h"

#include "base/limits.h"
#include "base/waiter.h"
#include "codec/gzip.h"
#include "store/journal.h"
#include "trail/recorder.h"

bool delivery_context_init(struct delivery_context *context, const struct delivery_options *options, struct error *err)
{
	*context = (struct delivery_context){ .options = *options };
	context->reader = catalog_open_reader(recorder_catalog_path(options->recorder), err);
	if (!context->reader)
		return false;
	catalog_follow(context->reader, recorder_generation(options->recorder));
	random_init(&context->random);
	context->gzip = gzip_writer_new();
	arena_init(&context->scratch, DELIVERY_SCRATCH_BYTES_MAX);
	pending_init(&context->pending);
	delivery_context_begin(context);
	return true;
}

void delivery_context_fini(struct delivery_context *context)
{
	catalog_close(context->reader);
	gzip_writer_free(context->gzip);
	arena_fini(&context->scratch);
	pending_fini(&context->pending);
}

static uint64_t generation_now(const struct delivery_context *context)
{
	return atomic_load_explicit(recorder_generation(context->options.recorder), memory_order_acquire);
}

void delivery_context_begin(struct delivery_context *context)
{
	context->generation = generation_now(context);
}

int64_t delivery_context_now_ms(const struct delivery_context *context)
{
	return context->options.now_ms(context->options.user);
}

/* A catalog is committed before its batch is published: what the catalog says may be ahead of the view for a moment. */
static bool has_seen_all(struct delivery_context *context, uint64_t applied_seq)
{
	struct journal_view *view = recorder_journal_view(context->options.recorder);
	bool ok = view && journal_view_next_seq(view) > applied_seq && pending_count(&context->pending, view, NULL);

	journal_view_release(view);
	return ok;
}

bool delivery_context_is_quiet(struct delivery_context *context, struct slice account, uint64_t trail_id)
{
	struct catalog_position position;
	bool is_present;

	if (!pending_find(&context->pending, account, trail_id))
		return true;
	return catalog_position_get(context->reader, &position, &is_present, NULL)
	    && has_seen_all(context, is_present ? position.applied_seq : 0)
	    && pending_is_none(&context->pending, account, trail_id);
}

/* ---- the job ---- */

struct commit {
	struct job               job;            /* first */
	struct delivery_context *context;
	bool                   (*perform)(void *user, struct catalog *catalog, struct error *err);
	void                    *user;
	enum job_result          result;
	struct waiter           *ended;
};

static bool commit_perform(struct job *job, struct catalog *catalog, struct error *err)
{
	struct commit *commit = (struct commit *)(void *)job;

	if (commit->context->generation != generation_now(commit->context))
		return fail(err, ERR_CONFLICT, "a reset came between");
	return commit->perform(commit->user, catalog, err);
}

static void commit_finish(struct job *job, enum job_result result)
{
	struct commit *commit = (struct commit *)(void *)job;

	commit->result = result;
	waiter_wake(commit->ended);
}

enum delivery_result delivery_commit(struct delivery_context *context,
                                     bool (*perform)(void *user, struct catalog *catalog, struct error *err), void *user,
                                     struct error *err)
{
	struct commit commit = {
		.job = { .perform = commit_perform, .finish = commit_finish },
		.context = context, .perform = perform, .user = user, .ended = waiter_new(),
	};
	bool is_taken = recorder_submit(context->options.recorder, &commit.job);

	if (is_taken)
		waiter_wait(commit.ended);
	waiter_free(commit.ended);
	if (!is_taken) {
		fail(err, ERR_BUSY, "the recorder is busy or refusing");
		return DELIVERY_REFUSED;
	}
	if (commit.result != JOB_DONE) {
		fail(err, ERR_BUSY, "the recorder is refusing");
		return DELIVERY_UNKNOWN;
	}
	if (commit.job.error.kind == ERR_NONE)
		return DELIVERY_COMMITTED;
	*err = commit.job.error;
	return DELIVERY_REFUSED;
}

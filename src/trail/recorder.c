/* trail/recorder.c: batches: perform, append, sync, COMMIT, publish, answer; and what happens when one of these fails.
 *
 * Whether a batch exists is decided by the journal's fdatasync and nothing else. Before it, everything can be taken back
 * and everybody is told so; behind it, the catalog is brought up to it, however often that has to be tried. */
#include "trail/recorder.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/snapshot.h"
#include "base/thread.h"
#include "base/waiter.h"
#include "base/workers.h"
#include "store/journal_view.h"
#include "trail/checkpointer.h"
#include "trail/recorder_batch.h"
#include "trail/recorder_store.h"
#include "trail/recorder_trash.h"

enum { ROOM_BYTES_MIN = 64 << 10 };             /* less journal room than this is none */

struct state {                                  /* immutable once published */
	struct snapshot     snapshot;           /* first */
	enum recorder_state state;
	int64_t             since_monotonic_ms;
	char                reason[256];
};

struct recorder {
	struct recorder_options options;
	struct queue           *queue;
	struct thread           thread;
	struct recorder_trash   trash;

	/* written by the recorder's thread, read by any */
	struct snapshot_slot *state_slot;
	_Atomic bool          is_recording, is_resetting;
	_Atomic uint64_t      authority_epoch, generation;
	_Atomic uint64_t      next_seq, room_bytes, batches, events, changes;

	/* written by any */
	_Atomic uint64_t reserved_bytes, wanted_bytes;
	_Atomic bool     lets_go;

	/* the recorder's thread */
	struct recorder_store store;
	struct job           *waiting;          /* taken from the queue, for the next batch */
	struct job           *held;             /* committed in the journal, not yet in the catalog */
	int64_t               retry_at_ms;      /* while refusing */
	bool                  needs_reserve;    /* to give it back first */
};

/* ---- state ---- */

static void free_state(struct snapshot *snapshot)
{
	free(snapshot);
}

/* `since` stays while only the reason changes. */
static void set_state(struct recorder *recorder, enum recorder_state state, const char *reason)
{
	struct state *next = xcalloc(1, sizeof *next), *now = (struct state *)snapshot_take(recorder->state_slot);

	next->snapshot.free = free_state;
	atomic_init(&next->snapshot.references, 1);
	next->state = state;
	next->since_monotonic_ms = now && now->state == state ? now->since_monotonic_ms : clock_monotonic_ms();
	if (now)
		snapshot_release(&now->snapshot);
	snprintf(next->reason, sizeof next->reason, "%s", reason);
	/* In this order: who reads that it records again may submit. */
	atomic_store(&recorder->is_recording, state == RECORDER_RECORDING);
	snapshot_publish(recorder->state_slot, &next->snapshot);
}

static void refuse(struct recorder *recorder, const struct error *why)
{
	if (atomic_load(&recorder->is_recording))
		log_line("recorder.refuse", "reason=\"%s\"", why->message);
	set_state(recorder, RECORDER_REFUSING, why->message);
	recorder->retry_at_ms = clock_monotonic_ms() + recorder->options.retry_ms;
}

static void publish(struct recorder *recorder)
{
	struct journal *journal = recorder->store.journal;

	journal_publish(journal);
	atomic_store(&recorder->next_seq, journal_next_seq(journal));
	atomic_store(&recorder->room_bytes, journal_room_bytes(journal));
	atomic_store(&recorder->generation, recorder->store.generation);
}

/* ---- finishing ---- */

static void finish_jobs(struct recorder *recorder, struct job *jobs, enum job_result result)
{
	if (!jobs)
		return;
	for (struct job *job = jobs, *next; job; job = next) {
		next = (struct job *)job->link.next;    /* after finish the job is its owner's, or gone */
		job->finish(job, result);
	}
	if (recorder->options.after_batch)
		recorder->options.after_batch(recorder->options.user);
}

/* The batch does not exist. */
static void fail_batch(struct recorder *recorder, struct job *jobs, const struct error *why)
{
	recorder_store_abandon_catalog(&recorder->store);
	refuse(recorder, why);
	finish_jobs(recorder, jobs, JOB_UNAVAILABLE);
}

/* ---- one batch ---- */

/* Stands in for what a reset does; run_reset does it. */
static bool perform_reset(struct job *job, struct catalog *catalog, struct error *err)
{
	(void)job, (void)catalog;
	return fail(err, ERR_INVALID, "a reset is no part of a batch");
}

static bool is_reset(const struct job *job)
{
	return job->perform == perform_reset;
}

/* Takes jobs off `waiting` until the batch is full. */
static bool collect(struct recorder *recorder, struct recorder_batch *batch, struct error *err)
{
	while (recorder->waiting && !is_reset(recorder->waiting)
	       && journal_batch_bytes(recorder->store.journal) < RECORDER_BATCH_BYTES) {
		struct job *job = recorder->waiting;
		recorder->waiting = (struct job *)job->link.next;
		if (!recorder_batch_add(batch, job, err))
			return false;
	}
	return true;
}

static void count_batch(struct recorder *recorder, const struct recorder_batch *batch)
{
	atomic_fetch_add(&recorder->batches, 1);
	atomic_fetch_add(&recorder->events, batch->events);
	atomic_fetch_add(&recorder->changes, batch->changing);
	if (batch->changes_authority)
		atomic_fetch_add(&recorder->authority_epoch, 1);
}

/* A checkpoint that fails leaves a log that grows, on a disk that is full or failing: nobody is answered on that. */
static void checkpoint(struct recorder *recorder)
{
	struct recorder_store *store = &recorder->store;
	struct error err;

	if (checkpointer_follow(store->checkpointer, store->catalog, &err))
		return;
	recorder_store_abandon_catalog(store);
	recorder->needs_reserve = true;
	refuse(recorder, &err);
}

static void run_batch(struct recorder *recorder)
{
	struct recorder_batch batch = { .store = &recorder->store };
	struct journal *journal = recorder->store.journal;
	struct error err = {0};

	journal_begin(journal);
	if (!collect(recorder, &batch, &err) || !recorder_batch_seal(&batch, &err)
	    || (journal_batch_frames(journal) > 0 && !journal_commit(journal, &err))) {
		fail_batch(recorder, batch.jobs, &err);
		return;
	}
	if (!recorder_batch_commit_catalog(&batch, &err)) {
		recorder_store_abandon_catalog(&recorder->store);
		recorder->held = batch.jobs;
		recorder->needs_reserve = true;
		refuse(recorder, &err);
		batch.changes_authority = false;        /* moves on when the catalog has it */
		count_batch(recorder, &batch);
		return;
	}
	publish(recorder);
	count_batch(recorder, &batch);
	finish_jobs(recorder, batch.jobs, JOB_DONE);
	if (batch.in_transaction)
		checkpoint(recorder);
}

/* ---- recovery without a restart ---- */

static void recover(struct recorder *recorder)
{
	struct recorder_store *store = &recorder->store;
	uint64_t wanted = atomic_load(&recorder->wanted_bytes);
	struct error err = {0};

	if (recorder->needs_reserve)
		recorder_store_give_reserve(store);
	bool ok = store->journal ? store->catalog || recorder_store_reopen_catalog(store, &err) : recorder_store_open(store, &err);
	if (ok) {
		publish(recorder);
		atomic_fetch_add(&recorder->authority_epoch, 1);
		finish_jobs(recorder, recorder->held, JOB_DONE);
		recorder->held = NULL;
	}
	ok = ok && recorder_store_keep_reserve(store, &err)
	  && journal_ensure_room(store->journal, wanted > ROOM_BYTES_MIN ? wanted : ROOM_BYTES_MIN, &err);
	if (!ok) {
		refuse(recorder, &err);
		return;
	}
	recorder->needs_reserve = false;
	atomic_store(&recorder->wanted_bytes, 0);
	publish(recorder);
	log_line("recorder.resume", "next_seq=%" PRIu64, journal_next_seq(store->journal));
	set_state(recorder, RECORDER_RECORDING, "");
}

/* Somebody found no room: perhaps the next file is ready by now, else it is time to make it. */
static void make_room(struct recorder *recorder)
{
	struct journal *journal = recorder->store.journal;
	uint64_t wanted = atomic_load(&recorder->wanted_bytes);
	struct error err;

	if (wanted == 0)
		return;
	atomic_store(&recorder->room_bytes, journal_room_bytes(journal));
	if (atomic_load(&recorder->reserved_bytes) + wanted > journal_room_bytes(journal)
	    && !journal_prepare_next(journal, &err)) {
		refuse(recorder, &err);         /* `wanted` stays: recovery makes that room */
		return;
	}
	atomic_store(&recorder->wanted_bytes, 0);
}

/* ---- reset ---- */

static bool fill_store(struct recorder *recorder, struct recorder_reset *reset, struct error *err)
{
	struct recorder_store *store = &recorder->store;
	struct slice changeset;

	if (!reset->fill)
		return true;
	journal_begin(store->journal);
	if (!catalog_begin(store->catalog, err) || !catalog_record(store->catalog, err)
	    || !reset->fill(reset, store->catalog, err) || !catalog_changeset(store->catalog, &changeset, err))
		return false;
	if (changeset.len > 0) {
		journal_add_change(store->journal, changeset);
		if (!journal_commit(store->journal, err) || !recorder_store_note_position(store, err))
			return false;
	}
	return catalog_commit(store->catalog, err);
}

static void run_reset(struct recorder *recorder)
{
	struct recorder_reset *reset = (struct recorder_reset *)recorder->waiting;
	struct recorder_store *store = &recorder->store;
	struct error err = {0};

	recorder->waiting = (struct job *)reset->job.link.next;
	atomic_store(&recorder->is_resetting, true);
	bool ok = recorder_store_reset_begin(store, &err) && fill_store(recorder, reset, &err)
	       && recorder_store_reset_end(store, &err);
	if (ok) {
		publish(recorder);
		atomic_fetch_add(&recorder->authority_epoch, 1);
	} else {
		recorder_store_abandon(store);  /* opening it again finishes the reset */
		refuse(recorder, &err);
	}
	atomic_store(&recorder->is_resetting, false);
	reset->done(reset, ok, &err);
	if (recorder->options.after_batch)
		recorder->options.after_batch(recorder->options.user);
	recorder_trash_empty(&recorder->trash, recorder->options.workers, recorder->options.directory->fd);
}

static void ignore_finish(struct job *job, enum job_result result)
{
	struct recorder_reset *reset = (struct recorder_reset *)job;
	struct error err;

	assert(result == JOB_UNAVAILABLE);
	fail(&err, ERR_BUSY, "the recorder is refusing");
	reset->done(reset, false, &err);
}

bool recorder_submit_reset(struct recorder *recorder, struct recorder_reset *reset)
{
	reset->job = (struct job){ .perform = perform_reset, .finish = ignore_finish };
	return recorder_submit(recorder, &reset->job);
}

/* ---- the thread ---- */

static void run_refusing(struct recorder *recorder)
{
	finish_jobs(recorder, recorder->waiting, JOB_UNAVAILABLE);
	recorder->waiting = NULL;
	if (atomic_load(&recorder->lets_go)) {
		finish_jobs(recorder, recorder->held, JOB_DONE);
		recorder->held = NULL;
	}
	if (clock_monotonic_ms() >= recorder->retry_at_ms)
		recover(recorder);
}

static void run(void *argument)
{
	struct recorder *recorder = argument;

	for (;;) {
		bool is_recording = atomic_load(&recorder->is_recording);
		if (!recorder->waiting) {
			int64_t left_ms = recorder->retry_at_ms - clock_monotonic_ms();
			recorder->waiting = (struct job *)queue_take(recorder->queue, recorder->options.batch_max,
			                                             is_recording ? -1 : left_ms > 0 ? left_ms : 0);
		}
		if (!recorder->waiting && queue_is_closed(recorder->queue))
			break;
		if (!is_recording)
			run_refusing(recorder);
		else if (!recorder->waiting)
			make_room(recorder);
		else if (is_reset(recorder->waiting))
			run_reset(recorder);
		else
			run_batch(recorder);
	}
	set_state(recorder, RECORDER_STOPPED, "");
	finish_jobs(recorder, recorder->held, JOB_DONE);        /* the next start applies what they changed */
	recorder_store_close(&recorder->store);
}

/* ---- opening, closing ---- */

static void set_defaults(struct recorder_options *options)
{
	options->queue_max = options->queue_max ? options->queue_max : RECORDER_QUEUE_MAX;
	options->batch_max = options->batch_max ? options->batch_max : RECORDER_BATCH_MAX;
	options->retry_ms = options->retry_ms ? options->retry_ms : RECORDER_RETRY_MS;
}

static void free_recorder(struct recorder *recorder)
{
	recorder_trash_wait(&recorder->trash);
	recorder_store_fini(&recorder->store);
	snapshot_slot_free(recorder->state_slot);
	queue_free(recorder->queue);
	free(recorder);
}

struct recorder *recorder_open(const struct recorder_options *options, struct error *err)
{
	struct recorder *recorder = xcalloc(1, sizeof *recorder);

	recorder->options = *options;
	set_defaults(&recorder->options);
	recorder->queue = queue_new(recorder->options.queue_max);
	recorder->state_slot = snapshot_slot_new();
	recorder_store_init(&recorder->store, &recorder->options);
	if (!recorder_store_open(&recorder->store, err) || !recorder_store_keep_reserve(&recorder->store, err)) {
		free_recorder(recorder);
		return NULL;
	}
	publish(recorder);
	set_state(recorder, RECORDER_RECORDING, "");
	recorder_trash_empty(&recorder->trash, recorder->options.workers, recorder->options.directory->fd);
	if (!thread_start(&recorder->thread, "recorder", run, recorder, err)) {
		free_recorder(recorder);
		return NULL;
	}
	return recorder;
}

void recorder_let_go(struct recorder *recorder)
{
	if (!recorder)
		return;
	atomic_store(&recorder->lets_go, true);
	queue_wake(recorder->queue);
}

void recorder_close(struct recorder *recorder)
{
	if (!recorder)
		return;
	queue_close(recorder->queue);
	thread_join(&recorder->thread);
	free_recorder(recorder);
}

/* ---- any thread ---- */

bool recorder_submit(struct recorder *recorder, struct job *job)
{
	return atomic_load_explicit(&recorder->is_recording, memory_order_relaxed) && queue_put(recorder->queue, &job->link);
}

bool recorder_reserve(struct recorder *recorder, size_t bytes)
{
	if (!atomic_load_explicit(&recorder->is_recording, memory_order_relaxed))
		return false;
	uint64_t before = atomic_fetch_add(&recorder->reserved_bytes, bytes);
	if (before + bytes <= atomic_load(&recorder->room_bytes))
		return true;
	atomic_fetch_sub(&recorder->reserved_bytes, bytes);
	atomic_store(&recorder->wanted_bytes, bytes);
	queue_wake(recorder->queue);
	return false;
}

void recorder_release(struct recorder *recorder, size_t bytes)
{
	uint64_t before = atomic_fetch_sub(&recorder->reserved_bytes, bytes);

	assert(before >= bytes);
}

uint64_t recorder_authority_epoch(const struct recorder *recorder)
{
	return atomic_load_explicit(&recorder->authority_epoch, memory_order_acquire);
}

bool recorder_is_resetting(const struct recorder *recorder)
{
	return atomic_load(&recorder->is_resetting);
}

const _Atomic uint64_t *recorder_generation(const struct recorder *recorder)
{
	return &recorder->generation;
}

struct journal_view *recorder_journal_view(struct recorder *recorder)
{
	return journal_view_from(recorder->store.published);
}

const char *recorder_catalog_path(const struct recorder *recorder)
{
	return recorder->store.catalog_path;
}

void recorder_status(struct recorder *recorder, struct recorder_status *status)
{
	struct state *state = (struct state *)snapshot_take(recorder->state_slot);
	uint64_t room = atomic_load(&recorder->room_bytes), reserved = atomic_load(&recorder->reserved_bytes);

	*status = (struct recorder_status){
		.state = state->state, .since_monotonic_ms = state->since_monotonic_ms, .generation = atomic_load(&recorder->generation),
		.next_seq = atomic_load(&recorder->next_seq), .room_bytes = room > reserved ? room - reserved : 0,
		.batches = atomic_load(&recorder->batches), .events = atomic_load(&recorder->events),
		.changes = atomic_load(&recorder->changes),
	};
	memcpy(status->reason, state->reason, sizeof status->reason);
	snapshot_release(&state->snapshot);
}

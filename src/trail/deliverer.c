/* trail/deliverer.c: rounds and sleep. Everything but the wake-ups and the published status is the thread's own. */
#include "trail/deliverer.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/snapshot.h"
#include "base/thread.h"
#include "trail/delivery.h"
#include "trail/digest_chains.h"
#include "trail/digests.h"
#include "trail/recorder.h"

struct deliverer {
	struct delivery_context context;
	struct thread           thread;
	struct arena            rows, work;             /* of a round; of one delivery */
	struct log_limit        complaints;
	struct deliverer_status counts;                 /* without its trails */

	struct queue           *wakes;                  /* nothing is ever put into it */
	atomic_bool             is_stopping, has_news;
	atomic_bool             has_changes;            /* of trails: some may have ended */
	atomic_bool             is_armed;               /* news wake it: else it is awake, or has just been */
	struct snapshot_slot   *published;
};

static void complain(struct deliverer *deliverer, const char *what, const struct trail_stream *stream, const struct error *err)
{
	log_limited(&deliverer->complaints, clock_monotonic_ms(), what, "account=%.*s trail=%.*s reason=\"%s\"",
	            SLICE_ARG(stream->account), SLICE_ARG(stream->name), err->message);
}

/* ---- one trail ---- */

/* By the lab clock; INT64_MAX: nothing is pending. */
static int64_t due_ms(struct deliverer *deliverer, const struct pending_trail *trail)
{
	int64_t now_ms = delivery_context_now_ms(&deliverer->context);
	int64_t due = trail->oldest_ms < now_ms ? trail->oldest_ms : now_ms;

	if (trail->records == 0 && trail->counted_seq - trail->stream.cursor_seq < DELIVERY_CURSOR_LAG_MAX)
		return INT64_MAX;
	if (trail->records > 0 && trail->records < DELIVERY_LIMITS.file_records && trail->bytes < DELIVERY_LIMITS.file_bytes
	    && !trail->is_urgent)
		due += deliverer->context.options.delivery_interval_ms;
	if (due < trail->stream.retry_at_ms)
		due = trail->stream.retry_at_ms;
	return due < trail->held_until_ms ? trail->held_until_ms : due;
}

static bool forget(struct deliverer *deliverer, const struct trail_stream *stream)
{
	struct error err = {0};
	bool is_gone = delivery_forget(&deliverer->context, stream, &err) == DELIVERY_COMMITTED;

	if (is_gone)
		atomic_store(&deliverer->has_news, true);        /* the list is read again, soon */
	else
		complain(deliverer, "a deleted trail stays", stream, &err);
	return is_gone;
}

static void give_up(struct deliverer *deliverer, const struct trail_stream *stream)
{
	if (forget(deliverer, stream))
		log_line("a deleted trail is not delivered any more", "account=%.*s trail=%.*s region=%.*s tries=%" PRId64,
		         SLICE_ARG(stream->account), SLICE_ARG(stream->name), SLICE_ARG(stream->only_region),
		         stream->retry_count + 1);
}

static void note_delivery(struct deliverer *deliverer, struct pending_trail *trail, const struct delivery_report *report)
{
	pending_note_delivery(trail, report->to_seq, report->records, report->bytes);
	deliverer->counts.deliveries += report->files > 0;
	deliverer->counts.failures += report->refused;
	deliverer->counts.delivered_files += report->files;
	deliverer->counts.delivered_records += report->records;
}

static void deliver(struct deliverer *deliverer, struct pending_trail *trail, struct journal_view *view)
{
	struct delivery_report report;
	struct error err = {0};

	switch (delivery_make(&deliverer->context, &deliverer->work, &trail->stream, view, &DELIVERY_LIMITS, &report, &err)) {
	case DELIVERY_DONE:
		note_delivery(deliverer, trail, &report);
		break;
	case DELIVERY_FAILED:
		deliverer->counts.failures++;
		if (trail->stream.is_ended && trail->stream.retry_count + 1 >= DELIVERY_TRIES_MAX)
			give_up(deliverer, &trail->stream);
		break;
	case DELIVERY_BROKEN_OFF:
		complain(deliverer, "a delivery was broken off", &trail->stream, &err);
		trail->held_until_ms = delivery_context_now_ms(&deliverer->context) + DELIVERY_HOLD_MS;
		break;
	}
	arena_reset(&deliverer->work, CALL_ARENA_KEEP_BYTES);
}

/* Its last digests need to know where it delivered. */
static void end_stream(struct deliverer *deliverer, const struct pending_trail *trail)
{
	struct delivery_context *context = &deliverer->context;
	const struct trail_stream *stream = &trail->stream;
	struct error err = {0};
	bool is_any = true;

	if (delivery_context_is_quiet(context, stream->account, stream->trail_id)
	    && digest_chains_any(context->reader, stream->account, stream->trail_id, &is_any, &err) && !is_any)
		forget(deliverer, stream);
}

/* ---- a round ---- */

/* A trail that stopped or was deleted has its end delivered at once: its last digests wait for it. */
static bool find_urgent(struct delivery_context *context, struct error *err)
{
	for (size_t i = 0; i < context->pending.count; i++) {
		struct pending_trail *trail = &context->pending.items[i];
		bool is_ending = false;
		if (!digest_chains_is_ending(context->reader, trail->stream.account, trail->stream.trail_id, &is_ending, err))
			return false;
		trail->is_urgent = is_ending || trail->stream.is_ended;
	}
	return true;
}

static bool look(struct deliverer *deliverer, struct journal_view *view, struct error *err)
{
	struct delivery_context *context = &deliverer->context;
	bool has_changes = atomic_exchange(&deliverer->has_changes, false);
	struct trail_stream_list list;
	bool ok = trail_streams_list(context->reader, &deliverer->rows, &list, err);

	if (ok)
		pending_follow(&context->pending, &list);
	arena_reset(&deliverer->rows, CALL_ARENA_KEEP_BYTES);
	if (ok && (!has_changes || find_urgent(context, err)))
		return pending_count(&context->pending, view, err);
	atomic_store(&deliverer->has_changes, true);
	return false;
}

static void take_turns(struct deliverer *deliverer, struct journal_view *view)
{
	struct pending *pending = &deliverer->context.pending;

	for (size_t i = 0; i < pending->count && !atomic_load(&deliverer->is_stopping); i++) {
		struct pending_trail *trail = &pending->items[i];
		if (due_ms(deliverer, trail) <= delivery_context_now_ms(&deliverer->context))
			deliver(deliverer, trail, view);
		if (trail->stream.is_ended && trail->records == 0 && !trail->stream.only_region.ptr)
			end_stream(deliverer, trail);
	}
}

static int64_t next_due_ms(struct deliverer *deliverer)
{
	const struct pending *pending = &deliverer->context.pending;
	int64_t next_ms = INT64_MAX;

	for (size_t i = 0; i < pending->count; i++) {
		int64_t due = due_ms(deliverer, &pending->items[i]);
		next_ms = due < next_ms ? due : next_ms;
	}
	return next_ms;
}

/* Gives when the next one is due, by the lab clock. Where nothing can be committed, because the disk is full for one, nothing
 * is written. */
static int64_t deliver_round(struct deliverer *deliverer)
{
	struct delivery_context *context = &deliverer->context;
	int64_t soon_ms = delivery_context_now_ms(context) + DELIVERY_HOLD_MS, next_ms;
	struct recorder_status status;
	struct error err = {0};

	delivery_context_begin(context);
	recorder_status(context->options.recorder, &status);
	struct journal_view *view = recorder_journal_view(context->options.recorder);
	if (!view || status.state != RECORDER_RECORDING) {
		journal_view_release(view);
		return soon_ms;
	}
	if (look(deliverer, view, &err)) {
		take_turns(deliverer, view);
		next_ms = next_due_ms(deliverer);
	} else {
		log_limited(&deliverer->complaints, clock_monotonic_ms(), "deliveries wait", "reason=\"%s\"", err.message);
		next_ms = soon_ms;
	}
	journal_view_release(view);
	return next_ms;
}

/* ---- what others see ---- */

struct published {
	struct snapshot         snapshot;               /* first */
	struct arena            arena;
	struct deliverer_status status;
};

static void free_published(struct snapshot *snapshot)
{
	struct published *published = (struct published *)snapshot;

	arena_fini(&published->arena);
	free(published);
}

static void copy_status(struct arena *arena, const struct deliverer_status *from, struct deliverer_status *to)
{
	*to = *from;
	to->trails = arena_array(arena, from->trail_count, sizeof *to->trails);
	for (size_t i = 0; i < from->trail_count; i++) {
		to->trails[i] = from->trails[i];
		to->trails[i].account = arena_copy(arena, from->trails[i].account);
		to->trails[i].region = arena_copy(arena, from->trails[i].region);
		to->trails[i].name = arena_copy(arena, from->trails[i].name);
	}
}

/* What is told of a trail is told of all its streams together: the trail's own comes first. */
static void add_stream(struct deliverer_status *status, const struct pending_trail *trail)
{
	struct deliverer_trail *told = status->trail_count ? &status->trails[status->trail_count - 1] : NULL;

	if (!trail->stream.only_region.ptr) {
		status->trails[status->trail_count++] = (struct deliverer_trail){
			.trail_id = trail->stream.trail_id, .account = trail->stream.account, .region = trail->stream.region,
			.name = trail->stream.name, .pending_records = trail->records, .oldest_pending_ms = trail->oldest_ms,
			.retry_count = trail->stream.retry_count,
		};
		return;
	}
	assert(told && told->trail_id == trail->stream.trail_id);
	told->pending_records += trail->records;
	if (trail->oldest_ms && (told->oldest_pending_ms == 0 || trail->oldest_ms < told->oldest_pending_ms))
		told->oldest_pending_ms = trail->oldest_ms;
	if (trail->stream.retry_count > told->retry_count)
		told->retry_count = trail->stream.retry_count;
}

static void publish(struct deliverer *deliverer)
{
	const struct pending *pending = &deliverer->context.pending;
	struct published *published = xcalloc(1, sizeof *published);
	struct deliverer_status now = deliverer->counts;

	now.generation = deliverer->context.generation;
	now.trail_count = 0;
	now.trails = arena_array(&deliverer->work, pending->count, sizeof *now.trails);
	for (size_t i = 0; i < pending->count; i++)
		add_stream(&now, &pending->items[i]);
	published->snapshot = (struct snapshot){ .references = 1, .free = free_published };
	arena_init(&published->arena, PENDING_ARENA_BYTES_MAX);
	copy_status(&published->arena, &now, &published->status);
	arena_reset(&deliverer->work, CALL_ARENA_KEEP_BYTES);
	snapshot_publish(deliverer->published, &published->snapshot);
}

void deliverer_status(struct deliverer *deliverer, struct arena *arena, struct deliverer_status *status)
{
	struct published *published = (struct published *)snapshot_take(deliverer->published);

	*status = (struct deliverer_status){0};
	if (published)
		copy_status(arena, &published->status, status);
	snapshot_release(published ? &published->snapshot : NULL);
}

/* ---- the thread ---- */

void deliverer_note_events(struct deliverer *deliverer)
{
	atomic_store(&deliverer->has_news, true);
	if (atomic_load(&deliverer->is_armed))
		queue_wake(deliverer->wakes);
}

void deliverer_wake(struct deliverer *deliverer)
{
	atomic_store(&deliverer->has_changes, true);
	atomic_store(&deliverer->has_news, true);
	queue_wake(deliverer->wakes);
}

/* First without heed to new events, which may come a thousand times a second; then until there are some. */
static void rest(struct deliverer *deliverer, int64_t until_ms)
{
	int64_t now_ms = delivery_context_now_ms(&deliverer->context);
	int64_t wait_ms = until_ms <= now_ms ? 0 : until_ms - now_ms < DELIVERY_WAIT_MS_MAX ? until_ms - now_ms : DELIVERY_WAIT_MS_MAX;
	int64_t first_ms = wait_ms < DELIVERY_ROUND_MS ? wait_ms : DELIVERY_ROUND_MS;

	if (wait_ms == 0 || atomic_load(&deliverer->is_stopping))
		return;
	queue_take(deliverer->wakes, 1, first_ms);
	atomic_store(&deliverer->is_armed, true);
	if (wait_ms > first_ms && !atomic_load(&deliverer->has_news) && !atomic_load(&deliverer->is_stopping))
		queue_take(deliverer->wakes, 1, wait_ms - first_ms);
	atomic_store(&deliverer->is_armed, false);
}

static void run(void *argument)
{
	struct deliverer *deliverer = argument;

	while (!atomic_load(&deliverer->is_stopping)) {
		atomic_store(&deliverer->has_news, false);
		int64_t delivery_ms = deliver_round(deliverer);
		int64_t digest_ms = digests_round(&deliverer->context, &deliverer->counts.digests);
		publish(deliverer);
		rest(deliverer, delivery_ms < digest_ms ? delivery_ms : digest_ms);
	}
}

struct deliverer *deliverer_start(const struct delivery_options *options, struct error *err)
{
	struct deliverer *deliverer = xcalloc(1, sizeof *deliverer);

	atomic_store(&deliverer->has_changes, true);
	deliverer->wakes = queue_new(1);
	deliverer->published = snapshot_slot_new();
	arena_init(&deliverer->rows, PENDING_ARENA_BYTES_MAX);
	arena_init(&deliverer->work, DELIVERY_ARENA_BYTES_MAX);
	log_limit_init(&deliverer->complaints, clock_monotonic_ms());
	if (delivery_context_init(&deliverer->context, options, err)
	    && thread_start(&deliverer->thread, "deliverer", run, deliverer, err))
		return deliverer;
	deliverer_free(deliverer);
	return NULL;
}

void deliverer_stop(struct deliverer *deliverer)
{
	if (!deliverer)
		return;
	atomic_store(&deliverer->is_stopping, true);
	queue_wake(deliverer->wakes);
	thread_join(&deliverer->thread);
}

void deliverer_free(struct deliverer *deliverer)
{
	if (!deliverer)
		return;
	delivery_context_fini(&deliverer->context);
	snapshot_slot_free(deliverer->published);
	queue_free(deliverer->wakes);
	arena_fini(&deliverer->rows);
	arena_fini(&deliverer->work);
	free(deliverer);
}

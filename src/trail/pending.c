/* trail/pending.c: the pass begins at the trail that is furthest behind, which is almost always where the last one ended. */
#include "trail/pending.h"

#include "base/limits.h"
#include "store/event_frame.h"
#include "store/journal.h"
#include "trail/stamps.h"

void pending_init(struct pending *pending)
{
	*pending = (struct pending){0};
	arena_init(&pending->arena, PENDING_ARENA_BYTES_MAX);
}

void pending_fini(struct pending *pending)
{
	arena_fini(&pending->arena);
}

static bool is_of(const struct pending_trail *trail, struct slice account, uint64_t trail_id)
{
	return trail->stream.trail_id == trail_id && slice_equal(trail->stream.account, account);
}

struct pending_trail *pending_find(struct pending *pending, struct slice account, uint64_t trail_id)
{
	for (size_t i = 0; i < pending->count; i++)
		if (is_of(&pending->items[i], account, trail_id))
			return &pending->items[i];
	return NULL;
}

bool pending_is_none(const struct pending *pending, struct slice account, uint64_t trail_id)
{
	for (size_t i = 0; i < pending->count; i++)
		if (is_of(&pending->items[i], account, trail_id) && pending->items[i].records > 0)
			return false;
	return true;
}

/* ---- the rows ---- */

static struct trail_stream copy_stream(struct arena *arena, const struct trail_stream *stream)
{
	struct trail_stream copy = *stream;

	copy.account = arena_copy(arena, stream->account);
	copy.region = arena_copy(arena, stream->region);
	copy.name = arena_copy(arena, stream->name);
	copy.only_region = arena_copy(arena, stream->only_region);
	copy.apart = arena_copy(arena, stream->apart);
	return copy;
}

static const struct pending_trail *find_known(const struct pending *pending, const struct trail_stream *stream)
{
	for (size_t i = 0; i < pending->count; i++)
		if (is_of(&pending->items[i], stream->account, stream->trail_id)
		    && slice_equal(pending->items[i].stream.only_region, stream->only_region))
			return &pending->items[i];
	return NULL;
}

static struct pending_trail follow(struct pending *pending, struct arena *arena, const struct trail_stream *stream)
{
	const struct pending_trail *known = find_known(pending, stream);
	const struct pending_trail *own = pending_find(pending, stream->account, stream->trail_id);
	struct pending_trail trail = { .counted_seq = stream->cursor_seq, .is_urgent = own && own->is_urgent };

	/* a cursor that is where nobody here moved it, after a reset for one, makes a count worthless; so do regions that part */
	if (known && known->stream.cursor_seq == stream->cursor_seq && slice_equal(known->stream.apart, stream->apart))
		trail = *known;
	trail.stream = copy_stream(arena, stream);
	return trail;
}

void pending_follow(struct pending *pending, const struct trail_stream_list *streams)
{
	struct arena arena;
	struct pending_trail *items;

	arena_init(&arena, PENDING_ARENA_BYTES_MAX);
	items = arena_array(&arena, streams->count, sizeof *items);
	for (size_t i = 0; i < streams->count; i++)
		items[i] = follow(pending, &arena, &streams->items[i]);
	arena_fini(&pending->arena);
	pending->arena = arena;
	pending->items = items;
	pending->count = streams->count;
}

/* ---- the journal ---- */

static bool is_stamped(struct slice stamps, uint64_t trail_id)
{
	for (size_t i = 0; i < stamps_count(stamps); i++)
		if (stamps_at(stamps, i).trail_id == trail_id)
			return true;
	return false;
}

static void count_event(struct pending *pending, uint64_t seq, const struct event_frame *event)
{
	if (stamps_count(event->stamps) == 0)
		return;
	for (size_t i = 0; i < pending->count; i++) {
		struct pending_trail *trail = &pending->items[i];
		if (seq <= trail->counted_seq || !is_stamped(event->stamps, trail->stream.trail_id)
		    || !trail_streams_takes(&trail->stream, event->region))
			continue;
		if (trail->records == 0)
			trail->oldest_ms = event->time_ms;
		trail->records++;
		trail->bytes += event->json.len;
	}
}

static bool count_batch(struct pending *pending, const struct journal_batch *batch, struct error *err)
{
	struct journal_frame frame;
	struct event_frame event;
	struct error damage = {0};
	uint32_t offset = 0;

	if (batch->event_count == 0)
		return true;
	while (journal_batch_next(batch, &offset, &frame, &damage)) {
		if (frame.kind != JOURNAL_EVENT)
			continue;
		if (!event_frame_read(frame.body, &event, err))
			return false;
		count_event(pending, frame.seq, &event);
	}
	return damage.kind == ERR_NONE || fail(err, damage.kind, "%s", damage.message);
}

static uint64_t furthest_behind(const struct pending *pending)
{
	uint64_t seq = UINT64_MAX;

	for (size_t i = 0; i < pending->count; i++)
		if (pending->items[i].counted_seq < seq)
			seq = pending->items[i].counted_seq;
	return seq;
}

/* The file that has what follows `seq`. */
static size_t find_file(struct journal_view *view, uint64_t seq)
{
	size_t count = journal_view_count(view), index = 0;

	while (index + 1 < count && journal_view_file(view, index + 1).first_seq <= seq + 1)
		index++;
	return index;
}

static bool is_at(const struct pending *pending, uint64_t seq, struct journal_file_facts file)
{
	return pending->next_seq == seq + 1 && pending->generation == file.generation
	    && pending->file_first_seq == file.first_seq && pending->file_offset <= file.bytes;
}

static bool count_file(struct pending *pending, struct journal_view *view, size_t index, uint64_t seq, struct error *err)
{
	struct journal_file_facts file = journal_view_file(view, index);
	struct journal_scan scan;
	struct journal_batch batch;
	struct error damage = {0};
	bool ok = true;

	if (!journal_scan_open(&scan, view, index, err))
		return false;
	if (is_at(pending, seq, file))
		scan.offset = pending->file_offset;
	while (ok && journal_scan_next(&scan, &batch, &damage)) {
		ok = journal_batch_last_seq(&batch) <= seq || count_batch(pending, &batch, err);
		pending->next_seq = journal_batch_last_seq(&batch) + 1;
	}
	pending->generation = file.generation;
	pending->file_first_seq = file.first_seq;
	pending->file_offset = scan.offset;
	return ok && (damage.kind == ERR_NONE || fail(err, damage.kind, "%s", damage.message));
}

/* Half a pass counted some trails and not others: all count anew. */
static void forget(struct pending *pending)
{
	pending->next_seq = 0;
	for (size_t i = 0; i < pending->count; i++) {
		struct pending_trail *trail = &pending->items[i];
		*trail = (struct pending_trail){ .stream = trail->stream, .counted_seq = trail->stream.cursor_seq,
		                                 .held_until_ms = trail->held_until_ms, .is_urgent = trail->is_urgent };
	}
}

bool pending_count(struct pending *pending, struct journal_view *view, struct error *err)
{
	uint64_t seq = furthest_behind(pending), end_seq = journal_view_next_seq(view) - 1;

	if (pending->count == 0 || seq >= end_seq)
		return true;
	for (size_t i = find_file(view, seq); i < journal_view_count(view); i++)
		if (!count_file(pending, view, i, seq, err)) {
			forget(pending);
			return false;
		}
	for (size_t i = 0; i < pending->count; i++)
		if (pending->items[i].counted_seq < end_seq)
			pending->items[i].counted_seq = end_seq;
	return true;
}

void pending_note_delivery(struct pending_trail *trail, uint64_t to_seq, uint64_t records, uint64_t bytes)
{
	assert(to_seq <= trail->counted_seq && records <= trail->records);
	trail->stream.cursor_seq = to_seq;
	trail->records -= records;
	trail->bytes -= bytes;
	if (trail->records == 0)
		trail->oldest_ms = 0;
}

/* trail/delivery_plan.c: one pass over the batches behind the cursor; files of a plan are few, so they are found by walking. */
#include "trail/delivery_plan.h"

#include "base/buffer.h"
#include "store/event_frame.h"
#include "store/journal.h"
#include "trail/stamps.h"

const struct delivery_limits DELIVERY_LIMITS = {
	.file_records = 10000, .file_bytes = 16 << 20, .bytes = 64 << 20, .files = 64,
};

static const char OPENING[] = "{\"Records\":[", CLOSING[] = "]}";

struct planning {
	struct delivery_plan         *plan;
	struct arena                 *arena;
	const struct trail_stream    *stream;
	const struct delivery_limits *limits;
	size_t                        bytes;
};

/* False: another trail's, or nobody's. */
static bool find_stamp(struct slice stamps, uint64_t trail_id, uint32_t *target)
{
	for (size_t i = 0; i < stamps_count(stamps); i++) {
		struct stamp stamp = stamps_at(stamps, i);
		if (stamp.trail_id == trail_id) {
			*target = stamp.target;
			return true;
		}
	}
	return false;
}

static struct delivery_file *find_file(struct delivery_plan *plan, uint32_t target, struct slice region)
{
	for (size_t i = 0; i < plan->file_count; i++)
		if (plan->files[i].target == target && slice_equal(plan->files[i].region, region))
			return &plan->files[i];
	return NULL;
}

static void append(struct planning *planning, struct delivery_file *file, const struct event_frame *event)
{
	if (file->record_count == file->record_room) {
		size_t room = file->record_room ? 2 * file->record_room : 64;
		struct slice *more = arena_array(planning->arena, room, sizeof *more);
		if (file->record_count)
			memcpy(more, file->records, file->record_count * sizeof *more);
		file->records = more;
		file->record_room = room;
	}
	if (file->record_count == 0 || event->time_ms < file->oldest_ms)
		file->oldest_ms = event->time_ms;
	if (file->record_count == 0 || event->time_ms > file->newest_ms)
		file->newest_ms = event->time_ms;
	file->records[file->record_count++] = event->json;
	file->bytes += event->json.len;
	planning->bytes += event->json.len;
}

/* False: the plan is full, and the event is not in it. */
static bool add(struct planning *planning, uint32_t target, const struct event_frame *event)
{
	const struct delivery_limits *limits = planning->limits;
	struct delivery_plan *plan = planning->plan;
	struct delivery_file *file = find_file(plan, target, event->region);
	size_t file_bytes = file ? file->bytes : 0;
	bool is_first = plan->file_count == 0;

	if (!is_first && (file_bytes + event->json.len > limits->file_bytes || (file && file->record_count == limits->file_records)
	                  || planning->bytes + event->json.len > limits->bytes || (!file && plan->file_count == limits->files)))
		return false;
	if (!file) {
		file = &plan->files[plan->file_count++];
		*file = (struct delivery_file){ .target = target, .region = event->region };
	}
	append(planning, file, event);
	return true;
}

/* True in *is_full: the plan ends here. */
static bool read_batch(struct planning *planning, const struct journal_batch *batch, bool *is_full, struct error *err)
{
	struct journal_frame frame;
	struct event_frame event;
	struct error damage = {0};
	uint32_t offset = 0, target;

	while (journal_batch_next(batch, &offset, &frame, &damage)) {
		if (frame.seq <= planning->stream->cursor_seq)
			continue;
		if (frame.kind == JOURNAL_EVENT) {
			if (!journal_frame_is_intact(&frame))
				return fail(err, ERR_CORRUPT, "the event of sequence %" PRIu64 " is damaged", frame.seq);
			if (!event_frame_read(frame.body, &event, err))
				return false;
			if (find_stamp(event.stamps, planning->stream->trail_id, &target)
			    && trail_streams_takes(planning->stream, event.region) && !add(planning, target, &event)) {
				*is_full = true;
				return true;
			}
		}
		planning->plan->to_seq = frame.seq;
	}
	return damage.kind == ERR_NONE || fail(err, damage.kind, "%s", damage.message);
}

static bool read_file(struct planning *planning, struct journal_view *view, size_t index, bool *is_full, struct error *err)
{
	struct journal_scan scan;
	struct journal_batch batch;
	struct error damage = {0};

	if (!journal_scan_open(&scan, view, index, err))
		return false;
	while (!*is_full && journal_scan_next(&scan, &batch, &damage)) {
		if (journal_batch_last_seq(&batch) <= planning->stream->cursor_seq)
			continue;
		if (!read_batch(planning, &batch, is_full, err) || !arena_check(planning->arena, err))
			return false;
	}
	return damage.kind == ERR_NONE || fail(err, damage.kind, "%s", damage.message);
}

bool delivery_plan_make(struct delivery_plan *plan, struct arena *arena, struct journal_view *view,
                        const struct trail_stream *stream, const struct delivery_limits *limits, struct error *err)
{
	struct planning planning = { .plan = plan, .arena = arena, .stream = stream, .limits = limits };
	uint64_t from_seq = stream->cursor_seq;
	size_t count = journal_view_count(view), first = 0;

	*plan = (struct delivery_plan){ .to_seq = from_seq, .files = arena_array(arena, limits->files, sizeof *plan->files) };
	while (first + 1 < count && journal_view_file(view, first + 1).first_seq <= from_seq + 1)
		first++;
	for (size_t i = first; i < count && !plan->is_full; i++)
		if (!read_file(&planning, view, i, &plan->is_full, err))
			return false;
	return arena_check(arena, err);
}

struct slice delivery_plan_write(struct arena *arena, const struct delivery_file *file)
{
	struct buffer out;
	size_t commas = file->record_count ? file->record_count - 1 : 0;
	size_t bytes = sizeof OPENING - 1 + file->bytes + commas + sizeof CLOSING - 1;

	buffer_init(&out, arena, bytes);
	buffer_reserve(&out, bytes);                     /* at once: 16 MB by doubling would leave as much behind */
	buffer_add(&out, slice_of(OPENING));
	for (size_t i = 0; i < file->record_count; i++) {
		if (i)
			buffer_add(&out, S(","));
		buffer_add(&out, file->records[i]);
	}
	buffer_add(&out, slice_of(CLOSING));
	assert(!out.is_over);
	return buffer_slice(&out);
}

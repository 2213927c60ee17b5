/* trail/verify_data_journal.c: each file by itself, on all cores, because its header has the chain value before its first
 * batch; the next file's header says where it must end. */
#include "base/file.h"
#include "store/event_frame.h"
#include "trail/verify_data_parts.h"

/* ---- one file, on any thread ---- */

struct place {                                  /* the end of the batches seen so far */
	uint64_t      next_seq;
	unsigned char chain[JOURNAL_CHAIN_BYTES];
};

static bool is_file_fault(const struct journal_file *file, const struct journal_batch *batch, const char *what, struct error *err)
{
	return journal_file_fail(file, batch->file_offset, what, err);
}

/* A batch that is authentic has the frames that were put into it; what is asked here is whether they can be read. */
static bool check_frames(const struct journal_file *file, const struct journal_batch *batch, struct verify_data_file *counts,
                         struct error *err)
{
	struct journal_frame frame = {0};
	struct event_frame event;
	struct error damage = {0};
	uint32_t offset = 0, events = 0, frames = 0;

	while (journal_batch_next(batch, &offset, &frame, &damage)) {
		frames++;
		if (!journal_frame_is_intact(&frame))
			return is_file_fault(file, batch, "a frame of the batch has another checksum", err);
		if (frame.kind != JOURNAL_EVENT)
			continue;
		events++;
		if (!event_frame_read(frame.body, &event, &damage))
			return is_file_fault(file, batch, damage.message, err);
		if (event.time_ms < batch->time_min_ms || event.time_ms > batch->time_max_ms)
			return is_file_fault(file, batch, "an event is of another time than the batch says", err);
	}
	if (damage.kind != ERR_NONE)
		return is_file_fault(file, batch, damage.message, err);
	counts->frames += frames;
	counts->events += events;
	return events == batch->event_count || is_file_fault(file, batch, "the batch has another number of events than it says", err);
}

static bool check_batch(const struct journal_file *file, const struct journal_batch *batch, struct place *place,
                        struct verify_data_file *counts, struct error *err)
{
	if (batch->first_seq != place->next_seq || memcmp(batch->previous_chain, place->chain, sizeof place->chain) != 0)
		return is_file_fault(file, batch, "the batch does not continue what is before it", err);
	if (!journal_batch_is_genuine(batch))
		return is_file_fault(file, batch, "the batch was changed: its hash is not its chain value", err);
	place->next_seq = journal_batch_last_seq(batch) + 1;
	memcpy(place->chain, batch->chain, sizeof place->chain);
	counts->batches++;
	counts->bytes += batch->bytes.len;
	return check_frames(file, batch, counts, err);
}

static void look_for(struct verify_data_mark *mark, const struct journal_batch *batch)
{
	if (!mark->is_wanted || journal_batch_last_seq(batch) != mark->batch.seq)
		return;
	atomic_store(&mark->is_same, memcmp(batch->chain, mark->batch.chain, sizeof batch->chain) == 0);
	atomic_store(&mark->is_found, true);
}

static bool check_file(struct verify_data *data, size_t index, struct error *err)
{
	struct journal_file *file = data->list->items[index];
	const struct journal_file *next = index + 1 < data->list->count ? data->list->items[index + 1] : NULL;
	struct verify_data_file *counts = &data->files[index];
	struct place place = { .next_seq = file->first_seq };
	struct journal_scan scan;
	struct journal_batch batch;
	struct error damage = {0};

	memcpy(place.chain, file->anchor, sizeof place.chain);
	if (!journal_scan_open(&scan, data->view, index, err))
		return false;
	while (journal_scan_next(&scan, &batch, &damage)) {
		if (!check_batch(file, &batch, &place, counts, err))
			return false;
		look_for(&data->position, &batch);
		look_for(&data->head, &batch);
	}
	if (damage.kind != ERR_NONE)
		return fail(err, damage.kind, "%s", damage.message);
	return !next || (next->first_seq == place.next_seq && memcmp(next->anchor, place.chain, sizeof place.chain) == 0)
	    || journal_file_fail(next, 0, "it does not continue the file before it", err);
}

static void check_file_at(struct verify_thread *thread, size_t index)
{
	struct verify_data *data = (struct verify_data *)thread->run;
	struct verify_data_file *file = &data->files[index];
	struct error err = {0};

	file->finding = VERIFY_OK;
	if (!check_file(data, index, &err)) {
		file->finding = err.kind == ERR_CORRUPT ? VERIFY_JOURNAL : VERIFY_UNREADABLE;
		file->detail = arena_copy(&thread->arena, slice_of(err.message));
	}
	atomic_fetch_add(&thread->run->records_done, file->events);
	atomic_fetch_add(&thread->run->inflated_done, file->bytes);
}

/* ---- all of them ---- */

static void check_ends(struct verify_data *data)
{
	const struct journal_file *first = data->list->items[0];
	uint64_t last_seq = data->tail.next_seq - 1;
	struct verify_run *run = &data->run;

	if (first->first_seq != 1)
		verify_add_problem(run, VERIFY_JOURNAL_CUT, S("journal"), "it begins with sequence %" PRIu64 ": what was before is gone",
		                   first->first_seq);
	if (data->position.is_wanted && data->position.batch.seq > last_seq)
		verify_add_problem(run, VERIFY_JOURNAL_CUT, S("journal"), "it ends with sequence %" PRIu64 ", and the catalog knows %" PRIu64,
		                   last_seq, data->position.batch.seq);
	else if (data->position.is_wanted && data->position.is_found && !data->position.is_same)
		verify_add_problem(run, VERIFY_JOURNAL, S("journal"), "the batch that ends with sequence %" PRIu64
		                   " is not the one that the catalog knows", data->position.batch.seq);
	if (data->head.is_wanted && (!data->head.is_found || !data->head.is_same))
		verify_add_problem(run, VERIFY_JOURNAL_CUT, S("journal"), "the expected batch that ends with sequence %" PRIu64 " is %s",
		                   data->head.batch.seq, data->head.is_found ? "another" : "not in it");
}

static void add_up(struct verify_data *data)
{
	struct verify_report *report = data->run.report;
	bool is_sound = true;

	for (size_t i = 0; i < data->list->count; i++) {
		const struct verify_data_file *file = &data->files[i];
		char name[JOURNAL_FILE_NAME_BYTES];
		report->journal_batches += file->batches;
		report->journal_frames += file->frames;
		report->records += file->events;
		report->bytes += file->bytes;
		if (file->finding == VERIFY_OK)
			continue;
		is_sound = false;
		journal_file_name(data->list->items[i]->first_seq, name);
		verify_add_problem(&data->run, (enum verify_finding)file->finding,
		                   arena_format(&data->run.arena, "journal/%s", name), "%.*s", SLICE_ARG(file->detail));
	}
	report->journal_files = data->list->count;
	report->journal_end = (struct verify_mark){ .seq = data->tail.next_seq - 1 };
	memcpy(report->journal_end.chain, data->tail.chain, sizeof data->tail.chain);
	if (is_sound && data->position.is_wanted && !data->position.is_found && data->position.batch.seq <= data->tail.next_seq - 1)
		verify_add_problem(&data->run, VERIFY_JOURNAL, S("journal"), "no batch ends with sequence %" PRIu64
		                   ", which the catalog knows", data->position.batch.seq);
}

/* Damage in a header, a missing file, or a damaged batch before a valid one in the last file: what is behind cannot be
 * placed, so it is not looked at. */
static bool load(struct verify_data *data, struct error *err)
{
	struct error failure = {0};
	int fd = file_exists(data->directory.fd, "journal") ? file_open_dir(data->directory.fd, "journal", err) : -1;

	if (fd < 0 && file_exists(data->directory.fd, "journal"))
		return false;
	if (fd >= 0)
		data->list = journal_file_list_load(NULL, fd, &data->tail, &failure);
	file_close(fd);
	if (failure.kind == ERR_CORRUPT)
		verify_add_problem(&data->run, VERIFY_JOURNAL, S("journal"), "%s", failure.message);
	else if (failure.kind != ERR_NONE)
		return fail(err, failure.kind, "%s", failure.message);
	else if (!data->list || data->list->count == 0)
		verify_add_problem(&data->run, VERIFY_JOURNAL_CUT, S("journal"), "there is none");
	return true;
}

bool verify_data_check_journal(struct verify_data *data, struct error *err)
{
	if (!load(data, err))
		return false;
	if (!data->list || data->list->count == 0)
		return true;
	atomic_fetch_add(&data->list->snapshot.references, 1);
	data->view = journal_view_of(data->list);
	data->files = xcalloc(data->list->count, sizeof *data->files);
	if (!verify_threads_run(data->threads, "journal files", data->list->count, check_file_at, err))
		return false;
	add_up(data);
	check_ends(data);
	return true;
}

/* store/journal_view.c: the readers' side: a view is a list of files, how far each may be read, and its mappings.
 *
 * Mappings belong to the view and not to the file: whoever reads pays for the address space while it reads, and a
 * journal of thousands of files costs an idle process nothing. */
#include "store/journal_view.h"

#include "base/file.h"

struct journal_view {
	struct journal_file_list *list;
	uint64_t                  next_seq;
	struct seen { uint64_t end; const char *map; } files[];
};

struct journal_view *journal_view_of(struct journal_file_list *list)
{
	struct journal_view *view = xcalloc(1, sizeof *view + list->count * sizeof view->files[0]);

	view->list = list;
	for (size_t i = 0; i < list->count; i++) {
		uint64_t frames;
		view->files[i].end = journal_file_published_end(list->items[i], &frames);
		view->next_seq = list->items[i]->first_seq + frames;
	}
	return view;
}

struct journal_view *journal_view_from(struct snapshot_slot *slot)
{
	struct journal_file_list *list = (struct journal_file_list *)snapshot_take(slot);

	return list ? journal_view_of(list) : NULL;
}

struct journal_view *journal_view_open(int journal_dir_fd, struct error *err)
{
	struct journal_tail tail;
	struct journal_file_list *list = journal_file_list_load(NULL, journal_dir_fd, &tail, err);

	return list ? journal_view_of(list) : NULL;
}

void journal_view_release(struct journal_view *view)
{
	if (!view)
		return;
	for (size_t i = 0; i < view->list->count; i++)
		file_unmap(view->files[i].map, (size_t)view->files[i].end);
	snapshot_release(&view->list->snapshot);
	free(view);
}

size_t journal_view_count(const struct journal_view *view)
{
	return view->list->count;
}

struct journal_file_facts journal_view_file(const struct journal_view *view, size_t index)
{
	assert(index < view->list->count);
	return (struct journal_file_facts){
		.generation = view->list->items[index]->generation, .first_seq = view->list->items[index]->first_seq,
		.bytes = view->files[index].end,
	};
}

uint64_t journal_view_next_seq(const struct journal_view *view)
{
	return view->next_seq;
}

bool journal_scan_open(struct journal_scan *scan, struct journal_view *view, size_t file_index, struct error *err)
{
	assert(file_index < view->list->count);
	struct seen *seen = &view->files[file_index];

	if (!seen->map)
		seen->map = journal_file_map(view->list->dir_fd, view->list->items[file_index], seen->end, err);
	*scan = (struct journal_scan){
		.view = view, .file_index = file_index, .bytes = { seen->map, (size_t)seen->end }, .offset = JOURNAL_FILE_HEADER_BYTES,
	};
	return seen->map != NULL;
}

bool journal_scan_next(struct journal_scan *scan, struct journal_batch *batch, struct error *err)
{
	const struct journal_file *file = scan->view->list->items[scan->file_index];
	struct error fault;

	if (scan->offset >= scan->bytes.len)
		return false;
	if (!journal_batch_read(slice_from(scan->bytes, (size_t)scan->offset), batch, &fault))
		return journal_file_fail(file, scan->offset, fault.message, err);
	if (batch->generation != file->generation)
		return journal_file_fail(file, scan->offset, "the batch is of another generation", err);
	batch->file_first_seq = file->first_seq;
	batch->file_offset = scan->offset;
	scan->offset += batch->bytes.len;
	return true;
}

/* ---- replay ---- */

/* Where the walk is: the last batch seen. */
struct place {
	uint64_t      seq;
	unsigned char chain[JOURNAL_CHAIN_BYTES];
};

static bool replay_file(struct journal_scan *scan, struct place *place, journal_each *each, void *user, struct error *err)
{
	const struct journal_file *file = scan->view->list->items[scan->file_index];
	struct journal_batch batch;
	struct error damage = { .kind = ERR_NONE };

	while (journal_scan_next(scan, &batch, &damage)) {
		if (batch.first_seq != place->seq + 1 || memcmp(batch.previous_chain, place->chain, sizeof place->chain) != 0)
			return journal_file_fail(file, batch.file_offset, "the batch does not continue what is before it", err);
		place->seq = journal_batch_last_seq(&batch);
		memcpy(place->chain, batch.chain, sizeof place->chain);
		if (batch.change_offset == 0)
			continue;
		if (!journal_batch_is_genuine(&batch))
			return journal_file_fail(file, batch.file_offset, "the batch was changed: its hash is not its chain value", err);
		if (!each(user, &batch, err))
			return false;
	}
	return damage.kind == ERR_NONE || fail(err, damage.kind, "%s", damage.message);
}

/* The file to begin in, and the place before it. */
static bool find_mark(const struct journal_view *view, const struct journal_mark *mark, size_t *index, struct place *place,
                      struct error *err)
{
	const struct journal_file *first = view->list->items[0];

	*index = 0;
	if (mark->last_seq == 0) {
		memcpy(place->chain, first->anchor, sizeof place->chain);
		return first->first_seq == 1 || journal_file_fail(first, 0, "the batches before it are gone, and the catalog lacks them", err);
	}
	place->seq = mark->last_seq;
	memcpy(place->chain, mark->chain, sizeof place->chain);
	while (*index < view->list->count && view->list->items[*index]->first_seq != mark->file_first_seq)
		++*index;
	return *index < view->list->count
	    || fail(err, ERR_CORRUPT, "the journal has no file that begins with sequence %" PRIu64 ", which the catalog knows",
	            mark->file_first_seq);
}

bool journal_view_replay(struct journal_view *view, const struct journal_mark *mark, journal_each *each, void *user,
                         struct error *err)
{
	struct place place = {0};
	struct journal_scan scan;
	size_t index;

	if (!find_mark(view, mark, &index, &place, err))
		return false;
	for (size_t i = index; i < view->list->count; i++) {
		if (!journal_scan_open(&scan, view, i, err))
			return false;
		if (i == index && mark->last_seq != 0)
			scan.offset = mark->file_offset;
		if (scan.offset > scan.bytes.len)
			return fail(err, ERR_CORRUPT, "the catalog knows sequence %" PRIu64 " and the journal ends before it", mark->last_seq);
		if (!replay_file(&scan, &place, each, user, err))
			return false;
	}
	return place.seq + 1 == view->next_seq
	    || fail(err, ERR_CORRUPT, "the catalog knows sequence %" PRIu64 " and the journal ends with %" PRIu64, place.seq,
	            view->next_seq - 1);
}

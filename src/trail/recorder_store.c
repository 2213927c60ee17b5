/* trail/recorder_store.c: the catalog is a reader of the journal: whatever it lacks is applied when it is opened. */
#include "trail/recorder_store.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/snapshot.h"
#include "trail/checkpointer.h"
#include "trail/recorder.h"

enum { FIRST_GENERATION = 1 };

static struct disk *disk_of(const struct recorder_store *store)
{
	return store->options->directory->disk;
}

void recorder_store_init(struct recorder_store *store, const struct recorder_options *options)
{
	const char *dir = options->directory->path;
	size_t bytes = strlen(dir) + sizeof "/catalog.db";

	*store = (struct recorder_store){ .options = options, .published = snapshot_slot_new() };
	store->catalog_path = xmalloc(bytes);
	snprintf(store->catalog_path, bytes, "%s/catalog.db", dir);
}

void recorder_store_fini(struct recorder_store *store)
{
	recorder_store_abandon(store);
	snapshot_slot_free(store->published);
	free(store->catalog_path);
}

/* ---- the catalog follows the journal ---- */

static void position_of_batch(const struct journal_batch *batch, struct catalog_position *position)
{
	*position = (struct catalog_position){
		.generation = batch->generation, .applied_seq = journal_batch_last_seq(batch), .file_first_seq = batch->file_first_seq,
		.file_offset = batch->file_offset + batch->bytes.len,
	};
	memcpy(position->chain, batch->chain, sizeof position->chain);
}

static bool apply_batch(void *user, const struct journal_batch *batch, struct error *err)
{
	struct recorder_store *store = user;
	struct journal_frame frame;
	struct catalog_position position;

	position_of_batch(batch, &position);
	if (!journal_batch_frame_at(batch, batch->change_offset, &frame, err))
		return false;
	if (frame.kind != JOURNAL_CHANGE || !journal_frame_is_intact(&frame))
		return fail(err, ERR_CORRUPT, "sequence %" PRIu64 " is not the change frame that its batch announces", frame.seq);
	if (!catalog_begin(store->catalog, err))
		return false;
	if (catalog_apply(store->catalog, frame.body, err) && catalog_position_set(store->catalog, &position, err)
	    && catalog_commit(store->catalog, err))
		return true;
	catalog_rollback(store->catalog);
	return false;
}

bool recorder_store_note_position(struct recorder_store *store, struct error *err)
{
	struct journal_mark end = journal_end(store->journal);
	struct catalog_position position = {
		.generation = end.generation, .applied_seq = end.last_seq, .file_first_seq = end.file_first_seq,
		.file_offset = end.file_offset,
	};

	memcpy(position.chain, end.chain, sizeof position.chain);
	return catalog_position_set(store->catalog, &position, err);
}

static bool replay(struct recorder_store *store, struct error *err)
{
	struct catalog_position position;
	struct journal_mark mark;
	bool is_present;

	if (!catalog_position_get(store->catalog, &position, &is_present, err))
		return false;
	mark = (struct journal_mark){
		.generation = is_present ? position.generation : journal_generation(store->journal), .last_seq = position.applied_seq,
		.file_first_seq = position.file_first_seq, .file_offset = position.file_offset,
	};
	memcpy(mark.chain, position.chain, sizeof mark.chain);
	return journal_replay(store->journal, &mark, apply_batch, store, err)
	    && recorder_store_note_position(store, err);
}

static bool migrate(struct recorder_store *store, struct error *err)
{
	return catalog_migrate(store->catalog, store->options->migrations, store->options->migration_count, err);
}

static bool open_catalog(struct recorder_store *store, struct error *err)
{
	int schema;

	store->catalog = catalog_open_writer_on(disk_of(store), store->catalog_path, err);
	if (!store->catalog || !catalog_schema_number(store->catalog, &schema, err))
		return false;
	store->checkpointer = checkpointer_open(disk_of(store), store->catalog_path, store->options->workers,
	                                       store->options->wal_pages, err);
	if (!store->checkpointer)
		return false;
	/* Changes were recorded under the schema of their time, so an old catalog takes them before it is migrated; a new
	 * one has no tables to take them. */
	return schema == 0 ? migrate(store, err) && replay(store, err) : replay(store, err) && migrate(store, err);
}

bool recorder_store_reopen_catalog(struct recorder_store *store, struct error *err)
{
	const struct recorder_options *options = store->options;

	recorder_store_abandon_catalog(store);
	if (open_catalog(store, err) && (!options->opened || options->opened(options->user, store->catalog, err)))
		return true;
	recorder_store_abandon_catalog(store);  /* one that is behind the journal must not look like one that is ready */
	return false;
}

/* ---- opening and closing ---- */

static bool open_journal(struct recorder_store *store, uint64_t generation, struct error *err)
{
	struct directory *directory = store->options->directory;
	struct journal_options options = {
		.disk = directory->disk, .workers = store->options->workers, .file_bytes = store->options->journal_file_bytes,
		.published = store->published, .is_begun_quickly = generation > FIRST_GENERATION,
	};

	if (!file_make_dir(directory->disk, directory->fd, "journal", err))
		return false;
	int fd = file_open_dir(directory->fd, "journal", err);
	if (fd >= 0)
		store->journal = journal_open(&options, fd, generation, err);
	file_close(fd);
	if (!store->journal)
		return false;
	store->generation = journal_generation(store->journal);
	return true;
}

static bool open_both(struct recorder_store *store, uint64_t generation, struct error *err)
{
	/* The catalog comes second: it syncs the directory that both names are in. */
	return open_journal(store, generation, err) && recorder_store_reopen_catalog(store, err);
}

bool recorder_store_open(struct recorder_store *store, struct error *err)
{
	struct directory *directory = store->options->directory;
	uint64_t generation = FIRST_GENERATION;
	bool is_pending = false;

	bool ok = directory_reset_pending(directory, &generation, &is_pending, err)
	       && (!is_pending || directory_reset_begin(directory, generation, err))
	       && open_both(store, is_pending ? generation : FIRST_GENERATION, err)
	       && (!is_pending || directory_reset_end(directory, err));
	if (!ok)
		recorder_store_abandon(store);
	return ok;
}

void recorder_store_abandon_catalog(struct recorder_store *store)
{
	checkpointer_close(store->checkpointer);
	store->checkpointer = NULL;
	if (store->catalog)
		catalog_rollback(store->catalog);
	catalog_abandon(store->catalog);
	store->catalog = NULL;
}

void recorder_store_abandon(struct recorder_store *store)
{
	recorder_store_abandon_catalog(store);
	journal_close(store->journal);
	store->journal = NULL;
}

void recorder_store_close(struct recorder_store *store)
{
	checkpointer_close(store->checkpointer);
	store->checkpointer = NULL;
	if (store->catalog && recorder_store_note_position(store, NULL) && catalog_checkpoint(store->catalog, true, NULL)) {
		catalog_close(store->catalog);
		store->catalog = NULL;
	}
	recorder_store_abandon(store);
}

/* ---- reset ---- */

bool recorder_store_reset_begin(struct recorder_store *store, struct error *err)
{
	uint64_t generation = store->generation + 1;

	recorder_store_abandon(store);
	return directory_reset_begin(store->options->directory, generation, err) && open_both(store, generation, err);
}

bool recorder_store_reset_end(struct recorder_store *store, struct error *err)
{
	return directory_reset_end(store->options->directory, err);
}

/* ---- the reserve ---- */

bool recorder_store_keep_reserve(struct recorder_store *store, struct error *err)
{
	uint64_t wanted = store->options->reserve_file_bytes ? store->options->reserve_file_bytes : RECORDER_RESERVE_BYTES;
	struct disk *disk = disk_of(store);
	int dir_fd = store->options->directory->fd;
	uint64_t bytes = 0;
	bool is_missing;

	int fd = file_open(disk, dir_fd, "RESERVE", O_RDWR, &is_missing, err);
	if (fd < 0 && is_missing)
		fd = file_open(disk, dir_fd, "RESERVE", O_RDWR | O_CREAT | O_EXCL, NULL, err);
	bool ok = fd >= 0 && file_size(fd, &bytes, "RESERVE", err)
	       && (bytes >= wanted || file_write_zeros(disk, fd, bytes, wanted - bytes, "RESERVE", err));
	file_close(fd);
	if (!ok)
		recorder_store_give_reserve(store);     /* half a reserve on a full disk helps nobody */
	return ok;
}

void recorder_store_give_reserve(struct recorder_store *store)
{
	file_unlink(disk_of(store), store->options->directory->fd, "RESERVE", NULL);
}

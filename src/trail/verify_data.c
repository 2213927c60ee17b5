/* trail/verify_data.c: catalog first, because it knows which batch the journal must have; then the journal; then whether the
 * one is made by the other; then objects. */
#include "trail/verify_data.h"

#include "base/file.h"
#include "store/catalog.h"
#include "trail/verify_data_parts.h"

/* ---- the catalog ---- */

/* What the file system or SQLite says of a file that is damaged is a finding; what it cannot read is a doubt. */
static bool note_catalog(struct verify_data *data, const struct error *failure)
{
	verify_add_problem(&data->run, failure->kind == ERR_CORRUPT ? VERIFY_CATALOG : VERIFY_UNREADABLE, S("catalog.db"), "%s",
	                   failure->message);
	return false;
}

static bool check_integrity(struct verify_data *data)
{
	struct error failure = {0};
	struct rows rows = catalog_query(data->catalog, &failure, "PRAGMA integrity_check(1)", "");
	struct slice said = rows_next(&rows) ? rows_text(&rows, 0, &data->run.arena) : SLICE_NONE;

	if (!rows_close(&rows))
		return note_catalog(data, &failure);
	if (!slice_equal(said, S("ok")))
		verify_add_problem(&data->run, VERIFY_CATALOG, S("catalog.db"), "%.*s", SLICE_ARG(said));
	return slice_equal(said, S("ok"));
}

static bool read_position(struct verify_data *data)
{
	struct error failure = {0};
	struct catalog_position position;
	bool is_present;

	if (!catalog_position_get(data->catalog, &position, &is_present, &failure))
		return note_catalog(data, &failure);
	if (!is_present) {
		verify_add_problem(&data->run, VERIFY_CATALOG, S("catalog.db"), "it does not know its place in the journal");
		return true;
	}
	data->position.is_wanted = position.applied_seq > 0;
	data->position.batch.seq = position.applied_seq;
	memcpy(data->position.batch.chain, position.chain, sizeof position.chain);
	return true;
}

/* False: nothing can be asked of it. */
static bool check_catalog(struct verify_data *data)
{
	struct error failure = {0};

	if (!file_exists(data->directory.fd, "catalog.db")) {
		verify_add_problem(&data->run, VERIFY_CATALOG, S("catalog.db"), "there is none");
		return false;
	}
	data->catalog = catalog_open_reader(data->catalog_path, &failure);
	if (!data->catalog)
		return note_catalog(data, &failure);
	return check_integrity(data) && read_position(data);
}

/* ---- all of it ---- */

static bool open_directory(struct verify_data *data, const char *path, struct error *err)
{
	struct error failure = {0};
	uint64_t generation;
	bool is_pending;

	if (!directory_open(&data->directory, NULL, path, DIRECTORY_READING, err))
		return false;
	if (!directory_reset_pending(&data->directory, &generation, &is_pending, &failure))
		return fail(err, failure.kind, "%s", failure.message);
	data->catalog_path = arena_printf(&data->run.arena, "%s/catalog.db", data->directory.path);
	return !is_pending || fail(err, ERR_BUSY, "%s is in the middle of a reset; the next start of the server ends it", path);
}

static bool check_all(struct verify_data *data, struct error *err)
{
	bool has_catalog = check_catalog(data);

	if (!verify_data_check_journal(data, err))
		return false;
	bool is_journal_sound = has_catalog && data->run.report->problem_count == 0;
	return (!is_journal_sound || verify_data_check_rows(data, err)) && (!has_catalog || verify_data_check_objects(data, err));
}

bool verify_data_run(const char *path, const struct verify_options *options, struct verify_report *report, struct error *err)
{
	struct verify_data data = { .directory = { .fd = -1, .lock_fd = -1 } };

	random_init(&data.random);
	verify_run_init(&data.run, options, report);
	report->is_data = true;
	map_init(&data.objects_by_file, random_u64(&data.random));
	data.threads = verify_threads_new(&data.run);
	if (options->journal_head)
		data.head = (struct verify_data_mark){ .is_wanted = true, .batch = *options->journal_head };
	bool ok = open_directory(&data, path, err) && check_all(&data, err);
	verify_threads_free(data.threads);
	map_fini(&data.objects_by_file);
	journal_view_release(data.view);
	if (data.list)
		snapshot_release(&data.list->snapshot);
	catalog_close(data.catalog);
	free(data.files);
	free(data.objects);
	directory_close(&data.directory);
	verify_run_fini(&data.run);
	return ok;
}

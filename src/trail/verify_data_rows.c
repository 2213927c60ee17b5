/* trail/verify_data_rows.c: the catalog made again from the journal's changes, and its tables held against those that are there.
 *
 * Whoever can write to the directory can write SQL. The journal's chain does not hold for that, but the journal has every
 * change that was ever made: applied to empty tables they must make the same rows. Tables are compared by the sum of their
 * rows' hashes, in no order, with a seed that nobody knew before. */
#include "base/buffer.h"
#include "base/limits.h"
#include "store/catalog.h"
#include "trail/verify_data_parts.h"

struct remake {
	struct verify_data *data;
	struct catalog     *scratch;
	uint64_t            seed;
};

struct sum { uint64_t rows, hashes; };

/* ---- the schema ---- */

/* A trigger would change rows without anybody's change. */
static bool copy_entry(struct remake *remake, struct rows *rows, struct error *err)
{
	struct arena *arena = &remake->data->run.arena;
	struct slice type = rows_text(rows, 0, arena), name = rows_text(rows, 1, arena), sql = rows_text(rows, 2, arena);

	if (slice_equal(type, S("table")) || slice_equal(type, S("index")))
		return catalog_run_script(remake->scratch, arena_cstr(arena, sql), err);
	verify_add_problem(&remake->data->run, VERIFY_CATALOG_ROWS, S("catalog.db"), "it has a %.*s, %.*s, which spoor does not make",
	                   SLICE_ARG(type), SLICE_ARG(name));
	return true;
}

static bool copy_schema(struct remake *remake, struct error *err)
{
	struct rows rows = catalog_query(remake->data->catalog, err,
	                                 "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	                                 " ORDER BY type = 'table' DESC", "");
	bool ok = true;

	while (ok && rows_next(&rows))
		ok = copy_entry(remake, &rows, err);
	return rows_close(&rows) && ok;
}

/* ---- the changes ---- */

/* Those behind the catalog's position are not in it yet. */
static bool apply(void *user, const struct journal_batch *batch, struct error *err)
{
	struct remake *remake = user;
	struct journal_frame frame = {0};

	if (journal_batch_last_seq(batch) > remake->data->position.batch.seq)
		return true;
	return journal_batch_frame_at(batch, batch->change_offset, &frame, err)
	    && ((frame.kind == JOURNAL_CHANGE && journal_frame_is_intact(&frame))
	        || fail(err, ERR_CORRUPT, "sequence %" PRIu64 " is not the change frame that its batch announces", frame.seq))
	    && catalog_apply(remake->scratch, frame.body, err);
}

static bool apply_all(struct remake *remake, struct error *err)
{
	const struct journal_mark begin = {0};

	return catalog_begin(remake->scratch, err) && journal_view_replay(remake->data->view, &begin, apply, remake, err)
	    && catalog_commit(remake->scratch, err);
}

/* ---- the tables ---- */

/* Whoever made a table gave it its name. */
static void add_name(struct buffer *sql, struct slice name)
{
	buffer_byte(sql, '"');
	for (size_t i = 0; i < name.len; i++) {
		buffer_byte(sql, name.ptr[i]);
		if (name.ptr[i] == '"')
			buffer_byte(sql, '"');
	}
	buffer_byte(sql, '"');
}

/* "SELECT quote(a), quote(b) FROM t", whose texts tell NULL, numbers, texts and blobs apart. */
static const char *select_all(struct remake *remake, struct slice table, int *columns, struct error *err)
{
	struct arena *arena = &remake->data->run.arena;
	struct rows rows = catalog_query(remake->scratch, err, "SELECT name FROM pragma_table_info(?1)", "t", table);
	struct buffer sql;

	buffer_init(&sql, arena, 64 << 10);
	for (*columns = 0; rows_next(&rows); ++*columns) {
		buffer_add(&sql, *columns ? S(", quote(") : S("SELECT quote("));
		add_name(&sql, rows_text(&rows, 0, arena));
		buffer_byte(&sql, ')');
	}
	buffer_add(&sql, S(" FROM "));
	add_name(&sql, table);
	return rows_close(&rows) && buffer_check(&sql, err) ? arena_cstr(arena, buffer_slice(&sql)) : NULL;
}

static bool add_up(struct remake *remake, struct catalog *catalog, const char *sql, int columns, struct sum *sum, struct error *err)
{
	struct rows rows = catalog_query_once(catalog, err, sql);
	struct arena arena;
	struct buffer text;

	arena_init(&arena, VERIFY_ARENA_BYTES_MAX);
	while (rows_next(&rows)) {
		buffer_init(&text, &arena, SIZE_MAX);
		for (int i = 0; i < columns; i++) {
			buffer_add(&text, rows_text(&rows, i, &arena));
			buffer_byte(&text, '\n');
		}
		sum->rows++;
		sum->hashes += hash64_seeded(buffer_slice(&text), remake->seed);
		arena_reset(&arena, 1 << 20);
	}
	arena_fini(&arena);
	return rows_close(&rows);
}

static bool compare_table(struct remake *remake, struct slice table, struct error *err)
{
	struct sum want = {0}, got = {0};
	int columns = 0;
	const char *sql = select_all(remake, table, &columns, err);

	if (!sql || !add_up(remake, remake->scratch, sql, columns, &want, err)
	    || !add_up(remake, remake->data->catalog, sql, columns, &got, err))
		return false;
	remake->data->run.report->tables++;
	if (got.rows != want.rows)
		verify_add_problem(&remake->data->run, VERIFY_CATALOG_ROWS, S("catalog.db"), "table %.*s has %" PRIu64
		                   " rows, and the changes in the journal make %" PRIu64, SLICE_ARG(table), got.rows, want.rows);
	else if (got.hashes != want.hashes)
		verify_add_problem(&remake->data->run, VERIFY_CATALOG_ROWS, S("catalog.db"),
		                   "table %.*s has other rows than the changes in the journal make", SLICE_ARG(table));
	return true;
}

/* Where the catalog is and which migrations it has seen is no change, and is in no journal. */
static bool compare_all(struct remake *remake, struct error *err)
{
	struct rows rows = catalog_query(remake->scratch, err,
	                                 "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
	                                 " AND name NOT IN ('journal_position', 'applied_migrations') ORDER BY name", "");
	bool ok = true;

	while (ok && rows_next(&rows))
		ok = compare_table(remake, rows_text(&rows, 0, &remake->data->run.arena), err);
	return rows_close(&rows) && ok;
}

/* What keeps the catalog from being made again is a doubt: it may be a change of the schema. */
bool verify_data_check_rows(struct verify_data *data, struct error *err)
{
	struct remake remake = { .data = data, .seed = random_u64(&data->random) };
	struct error failure = {0};

	if (!data->view || !data->position.is_wanted || data->list->items[0]->first_seq != 1)
		return true;
	remake.scratch = catalog_open_scratch(err);
	if (!remake.scratch)
		return false;
	if (!copy_schema(&remake, &failure) || !apply_all(&remake, &failure) || !compare_all(&remake, &failure))
		verify_add_problem(&data->run, VERIFY_UNREADABLE, S("catalog.db"), "it cannot be made again from the journal: %s", failure.message);
	catalog_abandon(remake.scratch);
	return true;
}

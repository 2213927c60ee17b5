/* store/catalog_schema.c: migrations, and the catalog's place in the journal.
 *
 * What the rules for tables (catalog.h) forbid would only show when a changeset is replayed after a crash, so a schema
 * that breaks them is refused when it is made. */
#include "store/catalog.h"

bool catalog_schema_number(struct catalog *catalog, int *number, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "PRAGMA user_version", "");

	*number = rows_next(&rows) ? (int)rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

/* One row for each table that a changeset could not carry: SQLite's session extension passes over tables without a
 * primary key, and over rows with a NULL in it, silently; in STRICT tables the key is never NULL. */
static bool check_tables(struct catalog *catalog, struct error *err)
{
	struct arena arena = { .cap_bytes = 64 << 10 };
	struct rows rows = catalog_query(catalog, err,
		"SELECT l.name, l.strict, (SELECT count(*) FROM pragma_table_info(l.name) WHERE pk > 0)"
		" FROM pragma_table_list AS l"
		" WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'", "");
	bool ok = true;

	while (ok && rows_next(&rows)) {
		struct slice name = rows_text(&rows, 0, &arena);
		const char *fault = rows_i64(&rows, 1) == 0 ? "is not STRICT"
		                  : rows_i64(&rows, 2) == 0 ? "has no PRIMARY KEY" : NULL;
		ok = !fault || fail(err, ERR_INVALID, "catalog: table %.*s %s", SLICE_ARG(name), fault);
	}
	ok = rows_close(&rows) && ok;
	arena_fini(&arena);
	return ok;
}

static bool set_schema_number(struct catalog *catalog, int number, struct error *err)
{
	char sql[64];

	snprintf(sql, sizeof sql, "PRAGMA user_version = %d", number);
	return catalog_run_script(catalog, sql, err);
}

static bool migrate(struct catalog *catalog, const struct migration *list, size_t count, int from, struct error *err)
{
	static const char position_table[] =
		"CREATE TABLE IF NOT EXISTS journal_position ("
		" id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),"
		" generation INTEGER NOT NULL, applied_seq INTEGER NOT NULL, chain BLOB NOT NULL,"
		" file_first_seq INTEGER NOT NULL, file_offset INTEGER NOT NULL) STRICT";

	if (!catalog_run_script(catalog, position_table, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (list[i].number > from && !catalog_run_script(catalog, list[i].sql, err))
			return false;
	return check_tables(catalog, err)
	    && (count == 0 || set_schema_number(catalog, list[count - 1].number, err));
}

bool catalog_migrate(struct catalog *catalog, const struct migration *list, size_t count, struct error *err)
{
	int from, newest = count ? list[count - 1].number : 0;

	for (size_t i = 0; i < count; i++)
		assert(list[i].number > (i ? list[i - 1].number : 0));
	if (!catalog_schema_number(catalog, &from, err))
		return false;
	if (from > newest)
		return fail(err, ERR_INVALID, "the catalog has schema %d and this program knows %d: it is from a newer spoor", from,
		            newest);
	if (!catalog_begin(catalog, err))
		return false;
	if (migrate(catalog, list, count, from, err) && catalog_commit(catalog, err))
		return true;
	catalog_rollback(catalog);
	return false;
}

/* SQLite's integers are signed; the bits are what counts. */
bool catalog_position_get(struct catalog *catalog, struct catalog_position *position, bool *is_present, struct error *err)
{
	struct arena arena = { .cap_bytes = 4096 };
	struct rows rows = catalog_query(catalog, err,
		"SELECT generation, applied_seq, chain, file_first_seq, file_offset FROM journal_position WHERE id = 1", "");
	bool ok = true;

	*position = (struct catalog_position){0};
	*is_present = rows_next(&rows);
	if (*is_present) {
		struct slice chain = rows_blob(&rows, 2, &arena);
		position->generation = (uint64_t)rows_i64(&rows, 0);
		position->applied_seq = (uint64_t)rows_i64(&rows, 1);
		position->file_first_seq = (uint64_t)rows_i64(&rows, 3);
		position->file_offset = (uint64_t)rows_i64(&rows, 4);
		ok = chain.len == sizeof position->chain
		  || fail(err, ERR_CORRUPT, "catalog: the chain value in journal_position has %zu bytes", chain.len);
		if (ok)
			memcpy(position->chain, chain.ptr, sizeof position->chain);
	}
	ok = rows_close(&rows) && ok;
	arena_fini(&arena);
	return ok;
}

bool catalog_position_set(struct catalog *catalog, const struct catalog_position *position, struct error *err)
{
	return catalog_run(catalog, err,
		"INSERT INTO journal_position (id, generation, applied_seq, chain, file_first_seq, file_offset)"
		" VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET generation = excluded.generation,"
		" applied_seq = excluded.applied_seq, chain = excluded.chain,"
		" file_first_seq = excluded.file_first_seq, file_offset = excluded.file_offset", "iibii",
		(int64_t)position->generation, (int64_t)position->applied_seq,
		(struct slice){ (const char *)position->chain, sizeof position->chain }, (int64_t)position->file_first_seq,
		(int64_t)position->file_offset);
}

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

/* Each layer numbers its migrations in a range of its own, so that the newest number does not say which are there. */
static bool is_applied(struct catalog *catalog, int number, bool *is, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT 1 FROM applied_migrations WHERE number = ?1", "i", (int64_t)number);

	*is = rows_next(&rows);
	return rows_close(&rows);
}

static bool apply(struct catalog *catalog, const struct migration *migration, struct error *err)
{
	bool is;

	return is_applied(catalog, migration->number, &is, err)
	    && (is || (catalog_run_script(catalog, migration->sql, err)
	               && catalog_run(catalog, err, "INSERT INTO applied_migrations (number) VALUES (?1)", "i", (int64_t)migration->number)));
}

static bool knows_all(struct catalog *catalog, const struct migration *list, size_t count, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT number FROM applied_migrations ORDER BY number", "");
	int64_t unknown = 0;

	for (size_t i = 0; unknown == 0 && rows_next(&rows); ) {
		int64_t number = rows_i64(&rows, 0);
		while (i < count && list[i].number < number)
			i++;
		if (i == count || list[i].number != number)
			unknown = number;
	}
	return rows_close(&rows)
	    && (unknown == 0
	        || fail(err, ERR_INVALID, "the catalog has migration %" PRId64 ", which this program does not know: it is from a newer spoor",
	                unknown));
}

static bool migrate(struct catalog *catalog, const struct migration *list, size_t count, struct error *err)
{
	static const char own_tables[] =
		"CREATE TABLE IF NOT EXISTS journal_position ("
		" id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),"
		" generation INTEGER NOT NULL, applied_seq INTEGER NOT NULL, chain BLOB NOT NULL,"
		" file_first_seq INTEGER NOT NULL, file_offset INTEGER NOT NULL) STRICT;"
		"CREATE TABLE IF NOT EXISTS applied_migrations (number INTEGER NOT NULL PRIMARY KEY) STRICT";

	if (!catalog_run_script(catalog, own_tables, err) || !knows_all(catalog, list, count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!apply(catalog, &list[i], err))
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
	if (migrate(catalog, list, count, err) && catalog_commit(catalog, err))
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

/* store/catalog_statements.c: statements and their rows.
 *
 * A statement is found by the address of its SQL text: a comparison of pointers instead of a hash of the text on every
 * use. */
#include "store/catalog_connection.h"

#include <sqlite3.h>

enum { CACHE_ROOM_FIRST = 64 };

/* ---- the cache ---- */

void catalog_connection_forget_statements(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->cache_room; i++)
		sqlite3_finalize(catalog->cache[i].statement);
	free(catalog->cache);
	catalog->cache = NULL;
	catalog->cache_count = catalog->cache_room = 0;
}

static struct catalog_prepared *cache_place(struct catalog *catalog, const char *sql)
{
	size_t mask = catalog->cache_room - 1;
	size_t at = (size_t)(((uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;

	while (catalog->cache[at].sql && catalog->cache[at].sql != sql)
		at = (at + 1) & mask;
	return &catalog->cache[at];
}

static void cache_grow(struct catalog *catalog)
{
	struct catalog_prepared *old = catalog->cache;
	size_t old_room = catalog->cache_room;

	catalog->cache_room = old_room ? 2 * old_room : CACHE_ROOM_FIRST;
	catalog->cache = xcalloc(catalog->cache_room, sizeof *catalog->cache);
	for (size_t i = 0; i < old_room; i++)
		if (old[i].sql)
			*cache_place(catalog, old[i].sql) = old[i];
	free(old);
}

static sqlite3_stmt *prepare(struct catalog *catalog, const char *sql, unsigned flags, struct error *err)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v3(catalog->db, sql, -1, flags, &statement, NULL);

	if (code != SQLITE_OK) {
		catalog_connection_fail(catalog, code, err);
		return NULL;
	}
	assert(statement != NULL);              /* an empty text */
	return statement;
}

/* The cached statement, or a private one if that is running (a query inside the loop of the same query). */
static sqlite3_stmt *find_statement(struct catalog *catalog, const char *sql, bool *is_private, struct error *err)
{
	*is_private = false;
	if (!catalog_connection_ensure(catalog, err))
		return NULL;
	if (2 * catalog->cache_count >= catalog->cache_room)
		cache_grow(catalog);

	struct catalog_prepared *place = cache_place(catalog, sql);
	if (!place->sql) {
		sqlite3_stmt *statement = prepare(catalog, sql, SQLITE_PREPARE_PERSISTENT, err);
		if (statement) {
			*place = (struct catalog_prepared){ sql, statement };
			catalog->cache_count++;
		}
		return statement;
	}
	if (sqlite3_stmt_busy(place->statement)) {
		*is_private = true;
		return prepare(catalog, sql, 0, err);
	}
	return place->statement;
}

/* ---- running ---- */

static void bind(sqlite3_stmt *statement, const char *types, va_list args, sqlite3_destructor_type lifetime)
{
	assert(sqlite3_bind_parameter_count(statement) == (int)strlen(types));
	for (int i = 0; types[i]; i++) {
		struct slice s;
		int code;

		switch (types[i]) {
		case 'i':
			code = sqlite3_bind_int64(statement, i + 1, va_arg(args, int64_t));
			break;
		case 't':
			s = va_arg(args, struct slice);
			code = sqlite3_bind_text64(statement, i + 1, s.ptr, s.len, lifetime, SQLITE_UTF8);
			break;
		case 'b':
			s = va_arg(args, struct slice);
			code = sqlite3_bind_blob64(statement, i + 1, s.ptr, s.len, lifetime);
			break;
		default:
			assert_failed("types has t, b and i only", __FILE__, __LINE__);
		}
		assert(code == SQLITE_OK);      /* TOOBIG: values are bounded far below SQLite's limit of 1 GB */
	}
}

bool catalog_run(struct catalog *catalog, struct error *err, const char *sql, const char *types, ...)
{
	bool is_private;
	sqlite3_stmt *statement = find_statement(catalog, sql, &is_private, err);
	va_list args;
	int code;

	if (!statement)
		return false;
	va_start(args, types);
	bind(statement, types, args, SQLITE_STATIC);
	va_end(args);
	do
		code = sqlite3_step(statement);
	while (code == SQLITE_ROW);

	bool ok = code == SQLITE_DONE || catalog_connection_fail(catalog, code, err);
	sqlite3_reset(statement);
	if (is_private)
		sqlite3_finalize(statement);
	return ok;
}

int64_t catalog_changes(const struct catalog *catalog)
{
	return sqlite3_changes64(catalog->db);
}

struct rows catalog_query(struct catalog *catalog, struct error *err, const char *sql, const char *types, ...)
{
	struct rows rows = { .catalog = catalog, .err = err };
	sqlite3_stmt *statement = find_statement(catalog, sql, &rows.is_private, err);
	va_list args;

	rows.statement = statement;
	rows.has_failed = !statement;
	if (statement) {
		va_start(args, types);
		bind(statement, types, args, SQLITE_TRANSIENT);     /* rows may outlive the arguments */
		va_end(args);
		catalog->open_rows++;
	}
	return rows;
}

struct rows catalog_query_once(struct catalog *catalog, struct error *err, const char *sql)
{
	struct rows rows = { .catalog = catalog, .err = err, .is_private = true };

	rows.statement = catalog_connection_ensure(catalog, err) ? prepare(catalog, sql, 0, err) : NULL;
	rows.has_failed = !rows.statement;
	catalog->open_rows += rows.statement != NULL;
	return rows;
}

/* ---- rows ---- */

static void end_rows(struct rows *rows)
{
	if (!rows->statement)
		return;
	sqlite3_reset(rows->statement);
	if (rows->is_private)
		sqlite3_finalize(rows->statement);
	rows->statement = NULL;
	rows->catalog->open_rows--;
}

bool rows_next(struct rows *rows)
{
	if (!rows->statement)
		return false;
	int code = sqlite3_step(rows->statement);
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE) {
		rows->has_failed = true;
		catalog_connection_fail(rows->catalog, code, rows->err);
	}
	end_rows(rows);
	return false;
}

bool rows_close(struct rows *rows)
{
	end_rows(rows);
	return !rows->has_failed;
}

struct slice rows_text(struct rows *rows, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(rows->statement, column);

	if (!text)
		return SLICE_NONE;
	return arena_copy(arena, (struct slice){ text, (size_t)sqlite3_column_bytes(rows->statement, column) });
}

struct slice rows_blob(struct rows *rows, int column, struct arena *arena)
{
	const char *blob = sqlite3_column_blob(rows->statement, column);

	if (sqlite3_column_type(rows->statement, column) == SQLITE_NULL)
		return SLICE_NONE;
	return arena_copy(arena, blob ? (struct slice){ blob, (size_t)sqlite3_column_bytes(rows->statement, column) } : S(""));
}

int64_t rows_i64(struct rows *rows, int column)
{
	return sqlite3_column_int64(rows->statement, column);
}

bool rows_is_null(struct rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

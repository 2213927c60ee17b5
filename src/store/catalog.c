/* store/catalog.c: the only file but store/catalog_vfs.c that knows SQLite.
 *
 * Statements are found by the address of their SQL text: a comparison of pointers instead of a hash of the text on
 * every use. The session extension turns the changes of a transaction into the changeset that the journal keeps. */
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include "store/catalog.h"
#include "store/catalog_vfs.h"

#include "base/file.h"

#include <sqlite3.h>

enum { CACHE_ROOM_FIRST = 64, BUSY_MS = 2000 };

struct prepared {
	const char   *sql;                      /* its address is the key */
	sqlite3_stmt *statement;
};

struct catalog {
	sqlite3     *db;                        /* NULL: a reader whose file does not exist yet */
	char        *path;
	bool         is_reader;
	struct disk *disk;

	struct prepared *cache;                 /* open addressing, room is a power of two */
	size_t           cache_count, cache_room;
	int              open_rows;

	sqlite3_session *session;
	void            *changeset;
	size_t           wal_pages;

	const _Atomic uint64_t *followed;
	uint64_t                opened_generation;
};

static bool fail_sqlite(struct catalog *catalog, int code, struct error *err)
{
	enum error_kind kind;

	switch (code & 0xff) {
	case SQLITE_BUSY: case SQLITE_LOCKED:
		kind = ERR_BUSY;
		break;
	case SQLITE_FULL: case SQLITE_IOERR: case SQLITE_CANTOPEN: case SQLITE_READONLY: case SQLITE_PERM: case SQLITE_AUTH:
	case SQLITE_PROTOCOL: case SQLITE_NOLFS:
		kind = ERR_IO;
		break;
	case SQLITE_CONSTRAINT:
		kind = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID
		     ? ERR_CONFLICT : ERR_INVALID;
		break;
	case SQLITE_TOOBIG:
		kind = ERR_LIMIT;
		break;
	case SQLITE_NOMEM:
		abort();
	default:                                /* a damaged file or schema, or a statement that is wrong */
		kind = ERR_CORRUPT;
		break;
	}
	return fail(err, kind, "catalog: %s", catalog->db ? sqlite3_errmsg(catalog->db) : sqlite3_errstr(code));
}

/* ---- opening and closing ---- */

static int note_wal_pages(void *user, sqlite3 *db, const char *name, int pages)
{
	struct catalog *catalog = user;

	(void)db, (void)name;
	catalog->wal_pages = pages > 0 ? (size_t)pages : 0;
	return SQLITE_OK;
}

static bool execute(struct catalog *catalog, const char *sql, struct error *err)
{
	int code = sqlite3_exec(catalog->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK || fail_sqlite(catalog, sqlite3_extended_errcode(catalog->db), err);
}

static bool open_connection(struct catalog *catalog, struct error *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
	          | (catalog->is_reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	const char *vfs = catalog->disk ? catalog_vfs_register(catalog->disk) : CATALOG_VFS_OF_ONE_PROCESS;
	int code = sqlite3_open_v2(catalog->path, &catalog->db, flags, vfs);

	if (code != SQLITE_OK)
		return fail_sqlite(catalog, code, err);
	sqlite3_busy_timeout(catalog->db, BUSY_MS);
	sqlite3_db_config(catalog->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(catalog->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(catalog->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(catalog->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (catalog->is_reader) {
		sqlite3_db_config(catalog->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		return execute(catalog, "PRAGMA temp_store = MEMORY; PRAGMA query_only = 1;", err);
	}
	/* The journal is what makes a change durable, so a COMMIT need not sync; a checkpoint does, in the right order. */
	if (!execute(catalog, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
	                      "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16384;"
	                      "PRAGMA journal_size_limit = 67108864;", err))
		return false;
	sqlite3_wal_hook(catalog->db, note_wal_pages, catalog);
	return true;
}

static void end_session(struct catalog *catalog)
{
	if (catalog->session)
		sqlite3session_delete(catalog->session);
	sqlite3_free(catalog->changeset);
	catalog->session = NULL;
	catalog->changeset = NULL;
}

static void close_connection(struct catalog *catalog)
{
	end_session(catalog);
	for (size_t i = 0; i < catalog->cache_room; i++)
		sqlite3_finalize(catalog->cache[i].statement);
	free(catalog->cache);
	int code = sqlite3_close(catalog->db);
	assert(code == SQLITE_OK);              /* rows were left open */
	catalog->cache = NULL;
	catalog->cache_count = catalog->cache_room = 0;
	catalog->db = NULL;
}

static struct catalog *new_catalog(const char *path, bool is_reader, struct disk *disk)
{
	struct catalog *catalog = xcalloc(1, sizeof *catalog);
	size_t bytes = strlen(path) + 1;

	catalog->path = xmalloc(bytes);
	memcpy(catalog->path, path, bytes);
	catalog->is_reader = is_reader;
	catalog->disk = disk;
	return catalog;
}

/* A new file's name must survive a crash before anything relies on it, and SQLite syncs the names of its logs only. */
static bool sync_name(struct disk *disk, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	if (slash && (size_t)(slash - path) >= sizeof dir)
		return fail(err, ERR_IO, "%s: the path is too long", path);
	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	int dir_fd = file_open_dir(AT_FDCWD, dir[0] ? dir : "/", err);
	bool ok = dir_fd >= 0 && file_sync_dir(disk, dir_fd, "catalog: name", err);
	file_close(dir_fd);
	return ok;
}

struct catalog *catalog_open_writer_on(struct disk *disk, const char *path, struct error *err)
{
	struct catalog *catalog = new_catalog(path, false, disk);

	/* Whether the name is new cannot be known for certain after a crash, so it is synced at every start. */
	if (!open_connection(catalog, err) || !sync_name(disk, path, err)) {
		catalog_abandon(catalog);
		return NULL;
	}
	return catalog;
}

struct catalog *catalog_open_writer(const char *path, struct error *err)
{
	return catalog_open_writer_on(NULL, path, err);
}

struct catalog *catalog_open_reader(const char *path, struct error *err)
{
	(void)err;                              /* opened at the first use: the file may not exist yet */
	return new_catalog(path, true, NULL);
}

void catalog_close(struct catalog *catalog)
{
	if (!catalog)
		return;
	close_connection(catalog);
	free(catalog->path);
	free(catalog);
}

void catalog_abandon(struct catalog *catalog)
{
	if (catalog && catalog->db)
		sqlite3_db_config(catalog->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	catalog_close(catalog);
}

void catalog_follow(struct catalog *reader, const _Atomic uint64_t *generation)
{
	reader->followed = generation;
	reader->opened_generation = atomic_load_explicit(generation, memory_order_acquire);
}

/* Makes sure that there is a connection, and that a reader's is to the file of this generation. */
static bool connect(struct catalog *catalog, struct error *err)
{
	if (catalog->followed && catalog->open_rows == 0) {
		uint64_t generation = atomic_load_explicit(catalog->followed, memory_order_acquire);
		if (generation != catalog->opened_generation && !catalog_in_transaction(catalog)) {
			close_connection(catalog);
			catalog->opened_generation = generation;
		}
	}
	if (catalog->db)
		return true;
	if (open_connection(catalog, err))
		return true;
	close_connection(catalog);              /* the next use tries again */
	return false;
}

/* ---- statements ---- */

static struct prepared *cache_place(struct catalog *catalog, const char *sql)
{
	size_t mask = catalog->cache_room - 1;
	size_t at = (size_t)(((uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;

	while (catalog->cache[at].sql && catalog->cache[at].sql != sql)
		at = (at + 1) & mask;
	return &catalog->cache[at];
}

static void cache_grow(struct catalog *catalog)
{
	struct prepared *old = catalog->cache;
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
		fail_sqlite(catalog, code, err);
		return NULL;
	}
	assert(statement != NULL);              /* an empty text */
	return statement;
}

/* The cached statement, or a private one if that is running (a query inside the loop of the same query). */
static sqlite3_stmt *find_statement(struct catalog *catalog, const char *sql, bool *is_private, struct error *err)
{
	*is_private = false;
	if (!connect(catalog, err))
		return NULL;
	if (2 * catalog->cache_count >= catalog->cache_room)
		cache_grow(catalog);

	struct prepared *place = cache_place(catalog, sql);
	if (!place->sql) {
		sqlite3_stmt *statement = prepare(catalog, sql, SQLITE_PREPARE_PERSISTENT, err);
		if (statement) {
			*place = (struct prepared){ sql, statement };
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

bool catalog_run_script(struct catalog *catalog, const char *sql, struct error *err)
{
	return connect(catalog, err) && execute(catalog, sql, err);
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

	bool ok = code == SQLITE_DONE || fail_sqlite(catalog, code, err);
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
		fail_sqlite(rows->catalog, code, rows->err);
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

/* ---- transactions ---- */

bool catalog_in_transaction(const struct catalog *catalog)
{
	return catalog->db && !sqlite3_get_autocommit(catalog->db);
}

bool catalog_begin(struct catalog *catalog, struct error *err)
{
	return catalog->is_reader ? catalog_run(catalog, err, "BEGIN", "") : catalog_run(catalog, err, "BEGIN IMMEDIATE", "");
}

bool catalog_commit(struct catalog *catalog, struct error *err)
{
	end_session(catalog);
	return catalog_run(catalog, err, "COMMIT", "");
}

void catalog_rollback(struct catalog *catalog)
{
	end_session(catalog);
	/* Some failures have rolled back already, and a rollback that fails leaves nothing that a close would keep. */
	if (catalog_in_transaction(catalog))
		(void)catalog_run(catalog, NULL, "ROLLBACK", "");
}

bool catalog_savepoint(struct catalog *catalog, struct error *err)
{
	return catalog_run(catalog, err, "SAVEPOINT job", "");
}

bool catalog_release(struct catalog *catalog, struct error *err)
{
	return catalog_run(catalog, err, "RELEASE job", "");
}

bool catalog_rollback_to(struct catalog *catalog, struct error *err)
{
	return catalog_run(catalog, err, "ROLLBACK TO job", "") && catalog_release(catalog, err);
}

/* ---- changesets ---- */

static int is_recorded(void *user, const char *table)
{
	(void)user;
	return strcmp(table, "journal_position") != 0 && strcmp(table, "applied_migrations") != 0;
}

bool catalog_record(struct catalog *catalog, struct error *err)
{
	end_session(catalog);
	int code = sqlite3session_create(catalog->db, "main", &catalog->session);
	if (code == SQLITE_OK) {
		sqlite3session_table_filter(catalog->session, is_recorded, NULL);
		code = sqlite3session_attach(catalog->session, NULL);
	}
	return code == SQLITE_OK || fail_sqlite(catalog, code, err);
}

bool catalog_changeset(struct catalog *catalog, struct slice *changeset, struct error *err)
{
	int bytes = 0;

	assert(catalog->session != NULL);
	sqlite3_free(catalog->changeset);
	catalog->changeset = NULL;
	int code = sqlite3session_changeset(catalog->session, &bytes, &catalog->changeset);
	if (code != SQLITE_OK)
		return fail_sqlite(catalog, code, err);
	*changeset = (struct slice){ catalog->changeset ? catalog->changeset : "", (size_t)bytes };
	return true;
}

static int refuse_conflict(void *user, int conflict, sqlite3_changeset_iter *change)
{
	(void)user, (void)conflict, (void)change;
	return SQLITE_CHANGESET_ABORT;
}

/* SQLite leaves out the changes of a table that it does not find, so what was applied is counted. */
static int count_changes(struct slice changeset, int64_t *count)
{
	sqlite3_changeset_iter *change = NULL;
	int code = sqlite3changeset_start(&change, (int)changeset.len, (void *)(uintptr_t)changeset.ptr);

	*count = 0;
	while (code == SQLITE_OK && (code = sqlite3changeset_next(change)) == SQLITE_ROW) {
		code = SQLITE_OK;
		++*count;
	}
	int final = sqlite3changeset_finalize(change);
	return code == SQLITE_DONE || code == SQLITE_OK ? final : code;
}

bool catalog_apply(struct catalog *catalog, struct slice changeset, struct error *err)
{
	int64_t count = 0, before = sqlite3_total_changes64(catalog->db);

	assert(catalog_in_transaction(catalog));
	if (changeset.len > INT_MAX || count_changes(changeset, &count) != SQLITE_OK)
		return fail(err, ERR_CORRUPT, "catalog: a changeset is damaged");
	int code = sqlite3changeset_apply(catalog->db, (int)changeset.len, (void *)(uintptr_t)changeset.ptr, NULL,
	                                  refuse_conflict, NULL);
	if (code == SQLITE_ABORT || code == SQLITE_CONSTRAINT)
		return fail(err, ERR_CORRUPT, "catalog: a changeset does not fit what is there");
	if (code != SQLITE_OK)
		return fail_sqlite(catalog, code, err);
	if (sqlite3_total_changes64(catalog->db) - before != count)
		return fail(err, ERR_CORRUPT, "catalog: a changeset is for a table that is not there");
	return true;
}

/* ---- checkpoints ---- */

size_t catalog_wal_pages(const struct catalog *catalog)
{
	return catalog->wal_pages;
}

bool catalog_checkpoint(struct catalog *catalog, bool is_final, struct error *err)
{
	int mode = is_final ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;

	sqlite3_busy_timeout(catalog->db, 0);
	int code = sqlite3_wal_checkpoint_v2(catalog->db, "main", mode, NULL, NULL);
	sqlite3_busy_timeout(catalog->db, BUSY_MS);
	if (code == SQLITE_OK)
		catalog->wal_pages = 0;
	return code == SQLITE_OK || code == SQLITE_BUSY || fail_sqlite(catalog, code, err);
}

/* store/catalog.c: connections, transactions, changesets, checkpoints.
 *
 * The session extension turns the changes of a transaction into the changeset that the journal keeps. Nothing but the
 * files that begin with catalog knows SQLite. */
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include "store/catalog_connection.h"
#include "store/catalog_vfs.h"

#include "base/file.h"

#include <sqlite3.h>

enum { BUSY_MS = 2000 };

bool catalog_connection_fail(struct catalog *catalog, int code, struct error *err)
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

	return code == SQLITE_OK || catalog_connection_fail(catalog, sqlite3_extended_errcode(catalog->db), err);
}

static bool open_connection(struct catalog *catalog, struct error *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
	          | (catalog->is_reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	const char *vfs = catalog->disk ? catalog_vfs_register(catalog->disk) : CATALOG_VFS_OF_ONE_PROCESS;
	int code = sqlite3_open_v2(catalog->path, &catalog->db, flags, vfs);

	if (code != SQLITE_OK)
		return catalog_connection_fail(catalog, code, err);
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
	catalog_connection_forget_statements(catalog);
	int code = sqlite3_close(catalog->db);
	assert(code == SQLITE_OK);              /* rows were left open */
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

struct catalog *catalog_open_scratch(struct error *err)
{
	struct catalog *catalog = new_catalog("", false, NULL);

	if (open_connection(catalog, err))
		return catalog;
	catalog_abandon(catalog);
	return NULL;
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

bool catalog_connection_ensure(struct catalog *catalog, struct error *err)
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

bool catalog_run_script(struct catalog *catalog, const char *sql, struct error *err)
{
	return catalog_connection_ensure(catalog, err) && execute(catalog, sql, err);
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
	return code == SQLITE_OK || catalog_connection_fail(catalog, code, err);
}

bool catalog_changeset(struct catalog *catalog, struct slice *changeset, struct error *err)
{
	int bytes = 0;

	assert(catalog->session != NULL);
	sqlite3_free(catalog->changeset);
	catalog->changeset = NULL;
	int code = sqlite3session_changeset(catalog->session, &bytes, &catalog->changeset);
	if (code != SQLITE_OK)
		return catalog_connection_fail(catalog, code, err);
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
		return catalog_connection_fail(catalog, code, err);
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
	return code == SQLITE_OK || code == SQLITE_BUSY || catalog_connection_fail(catalog, code, err);
}

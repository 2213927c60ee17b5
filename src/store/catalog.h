/* store/catalog.h: the state of everything that is not an event: one SQLite connection, transactions, migrations.
 *
 * One writer (owned by the recorder's thread) and any number of readers (one a thread) work on the same file in WAL
 * mode. A connection is used by one thread at a time. Statements are prepared once a connection and found again by the
 * address of their SQL text, so `sql` is always a string literal.
 *
 * Rules for tables, because changes travel as changesets and are replayed: STRICT, a declared PRIMARY KEY that begins
 * with the account (columns of it are never NULL), WITHOUT ROWID where natural, times are integer milliseconds; no
 * AUTOINCREMENT, no DEFAULT that reads a clock, no triggers, no foreign keys, no random() in SQL.
 *
 * Errors: ERR_CONFLICT a UNIQUE or PRIMARY KEY rule was broken; ERR_INVALID another constraint; ERR_BUSY another
 * process holds the file; ERR_IO disk full, read-only, failing; ERR_CORRUPT the file or the schema is not what it
 * should be (a wrong statement is this too: it can only be a bug). */
#ifndef SPOOR_STORE_CATALOG_H
#define SPOOR_STORE_CATALOG_H

#include "base/arena.h"

struct catalog;
struct disk;

/* Creates the file if it is missing. The schema comes from catalog_migrate. Errors: ERR_IO, ERR_CORRUPT. */
struct catalog *catalog_open_writer(const char *path, struct error *err);

/* Works before the file exists: the first use after its creation opens it, uses before fail with ERR_IO. */
struct catalog *catalog_open_reader(const char *path, struct error *err);

/* One of its own, in a file without a name that is gone when it is closed. Errors: ERR_IO. */
struct catalog *catalog_open_scratch(struct error *err);

void catalog_close(struct catalog *catalog);            /* accepts NULL */

/* A reader that follows `generation` opens its file again when the value has changed and none of its statements is
 * running: a reset replaces the file. The word must outlive the reader; see recorder_generation(). */
void catalog_follow(struct catalog *reader, const _Atomic uint64_t *generation);

/* ---- statements ----
 * `types` has one letter an argument: t text (struct slice; SLICE_NONE binds NULL), b blob (struct slice), i int64_t.
 * Mind the type of literals: catalog_run(c, err, "...", "ti", name, (int64_t)1). */

/* INSERT, UPDATE, DELETE and the like. */
bool catalog_run(struct catalog *catalog, struct error *err, const char *sql, const char *types, ...);

/* Several statements without arguments, for schemas and settings. */
bool catalog_run_script(struct catalog *catalog, const char *sql, struct error *err);

int64_t catalog_changes(const struct catalog *catalog); /* rows changed by the last catalog_run */

struct rows {                                           /* the answer to a query, read row by row */
	struct catalog *catalog;
	void           *statement;
	struct error   *err;
	bool            has_failed;
	bool            is_private;                     /* the cached statement was in use: nested queries are fine */
};

/* while (rows_next(&rows)) ...; return rows_close(&rows); A failure of the query itself shows in rows_next and rows_close. */
struct rows catalog_query(struct catalog *catalog, struct error *err, const char *sql, const char *types, ...);

/* The same of a text that was made up, and that is prepared for this use only. */
struct rows catalog_query_once(struct catalog *catalog, struct error *err, const char *sql);
bool rows_next(struct rows *rows);                      /* false at the end or on error */
bool rows_close(struct rows *rows);                     /* false if anything failed; `err` of catalog_query is filled */

/* Of the current row. Copied into `arena`; SLICE_NONE for NULL. */
struct slice rows_text(struct rows *rows, int column, struct arena *arena);
struct slice rows_blob(struct rows *rows, int column, struct arena *arena);
int64_t      rows_i64(struct rows *rows, int column);   /* 0 for NULL */
bool         rows_is_null(struct rows *rows, int column);

/* ---- transactions (writer; a reader may use begin and rollback around several queries for one view) ---- */
bool catalog_begin(struct catalog *catalog, struct error *err);
bool catalog_commit(struct catalog *catalog, struct error *err);
void catalog_rollback(struct catalog *catalog);         /* also after a failed commit; without transaction it does nothing */
bool catalog_in_transaction(const struct catalog *catalog);

bool catalog_savepoint(struct catalog *catalog, struct error *err);
bool catalog_release(struct catalog *catalog, struct error *err);       /* keeps what was done since the savepoint */
bool catalog_rollback_to(struct catalog *catalog, struct error *err);   /* undoes it, and releases */

/* ---- changesets: what a transaction changed, as bytes that can be applied to a copy ---- */

/* Between catalog_begin and the first change. Every table is recorded but journal_position. */
bool catalog_record(struct catalog *catalog, struct error *err);

/* Before catalog_commit. The bytes live until the next catalog_record, commit or rollback; empty: nothing changed. */
bool catalog_changeset(struct catalog *catalog, struct slice *changeset, struct error *err);

/* Applies a changeset inside the current transaction. Any conflict is ERR_CORRUPT: the catalog is not the one that
 * the changes were made on. The bytes must be those that catalog_changeset gave: SQLite 3.40 does not survive foreign
 * ones, so the caller checks their checksum first. */
bool catalog_apply(struct catalog *catalog, struct slice changeset, struct error *err);

/* ---- schema ---- */
struct migration {
	int         number;        /* ascending in its list, never reused; each layer has a range of its own */
	const char *sql;           /* one or more statements */
};

/* Applies, in one transaction, those that table applied_migrations does not have. ERR_INVALID: the file is from a newer
 * program. */
bool catalog_migrate(struct catalog *catalog, const struct migration *list, size_t count, struct error *err);
bool catalog_schema_number(struct catalog *catalog, int *number, struct error *err);   /* 0: nothing applied yet */

/* ---- the place in the journal up to which changes are in the catalog; kept in the table journal_position ---- */
struct catalog_position {
	uint64_t      generation;
	uint64_t      applied_seq;         /* last sequence number of the last batch whose changes are in */
	unsigned char chain[32];           /* that batch's chain value */
	uint64_t      file_first_seq;      /* where to look: the journal file that holds it, ... */
	uint64_t      file_offset;         /* ... and the offset behind it */
};

/* *is_present is false in a new catalog. */
bool catalog_position_get(struct catalog *catalog, struct catalog_position *position, bool *is_present, struct error *err);
bool catalog_position_set(struct catalog *catalog, const struct catalog_position *position, struct error *err);

/* ---- checkpoints: the WAL's pages into the file, both synced ---- */
size_t catalog_wal_pages(const struct catalog *catalog);                /* as of the last commit of this connection */

/* Never blocks readers. With `is_final` also empties the WAL if no reader is in the way. */
bool catalog_checkpoint(struct catalog *catalog, bool is_final, struct error *err);

/* ---- for the recorder and the tests of durability ---- */

/* As catalog_open_writer, with every file operation of SQLite going through `disk` (base/file.h) unless it is NULL. */
struct catalog *catalog_open_writer_on(struct disk *disk, const char *path, struct error *err);

/* Leaves the files as they are: no checkpoint, no deletion of the WAL. For a catalog that is moved away or has failed. */
void catalog_abandon(struct catalog *catalog);

#endif

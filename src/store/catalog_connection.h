/* store/catalog_connection.h: what the files of the catalog share: the connection, and how it fails. */
#ifndef SPOOR_STORE_CATALOG_CONNECTION_H
#define SPOOR_STORE_CATALOG_CONNECTION_H

#include "store/catalog.h"

struct sqlite3;
struct sqlite3_session;
struct sqlite3_stmt;

struct catalog_prepared {
	const char          *sql;               /* its address is the key */
	struct sqlite3_stmt *statement;
};

struct catalog {
	struct sqlite3 *db;                     /* NULL: a reader whose file does not exist yet */
	char           *path;
	bool            is_reader;
	struct disk    *disk;

	struct catalog_prepared *cache;         /* open addressing, room is a power of two */
	size_t                   cache_count, cache_room;
	int                      open_rows;

	struct sqlite3_session *session;
	void                   *changeset;
	size_t                  wal_pages;

	const _Atomic uint64_t *followed;
	uint64_t                opened_generation;
};

/* Turns a code of SQLite into an error. Always false. */
bool catalog_connection_fail(struct catalog *catalog, int code, struct error *err);

/* Makes sure that there is a connection, and that a reader's is to the file of this generation. */
bool catalog_connection_ensure(struct catalog *catalog, struct error *err);

/* Before it is closed. */
void catalog_connection_forget_statements(struct catalog *catalog);

#endif

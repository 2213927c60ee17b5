/* auth/accounts.c: few rows, made by `spoor init` and the laboratory. */
#include "auth/accounts.h"

#include "auth/page.h"
#include "store/catalog.h"

const char accounts_table[] =
	"CREATE TABLE accounts ("
	" account TEXT NOT NULL PRIMARY KEY,"
	" created_ms INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID";

bool accounts_insert(struct catalog *catalog, struct slice account, int64_t created_ms, struct error *err)
{
	if (!catalog_run(catalog, err, "INSERT INTO accounts (account, created_ms) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
	                 "ti", account, created_ms))
		return false;
	return catalog_changes(catalog) == 1
	    || fail(err, ERR_CONFLICT, "account %.*s exists already", SLICE_ARG(account));
}

bool accounts_exists(struct catalog *catalog, struct slice account, bool *exists, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT 1 FROM accounts WHERE account = ?1", "t", account);

	*exists = rows_next(&rows);
	return rows_close(&rows);
}

bool accounts_created(struct catalog *catalog, struct slice account, int64_t *created_ms, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT created_ms FROM accounts WHERE account = ?1", "t", account);

	*created_ms = rows_next(&rows) ? rows_i64(&rows, 0) : -1;
	return rows_close(&rows);
}

bool accounts_list(struct catalog *catalog, struct arena *arena, struct account_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT account, created_ms FROM accounts ORDER BY account", "");

	*list = (struct account_list){ 0 };
	while (rows_next(&rows)) {
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		list->items[list->count++] = (struct account){
			.account = rows_text(&rows, 0, arena), .created_ms = rows_i64(&rows, 1)
		};
	}
	return rows_close(&rows);
}

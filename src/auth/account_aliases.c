/* auth/account_aliases.c: unique over all accounts, one an account. */
#include "auth/account_aliases.h"

#include "store/catalog.h"

const char account_aliases_table[] =
	"CREATE TABLE account_aliases ("
	" account TEXT NOT NULL PRIMARY KEY,"
	" alias TEXT NOT NULL UNIQUE"
	") STRICT, WITHOUT ROWID";

static bool one_text(struct rows rows, struct arena *arena, struct slice *text)
{
	*text = rows_next(&rows) ? rows_text(&rows, 0, arena) : SLICE_NONE;
	return rows_close(&rows);
}

bool account_aliases_set(struct catalog *catalog, struct slice account, struct slice alias, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT 1 FROM account_aliases WHERE alias = ?1", "t", alias);
	bool is_taken = rows_next(&rows);

	if (!rows_close(&rows))
		return false;
	if (is_taken)
		return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "The account alias %.*s already exists.", SLICE_ARG(alias));
	return catalog_run(catalog, err,
	                   "INSERT INTO account_aliases (account, alias) VALUES (?1, ?2)"
	                   " ON CONFLICT (account) DO UPDATE SET alias = excluded.alias", "tt", account, alias);
}

bool account_aliases_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice *alias,
                         struct error *err)
{
	return one_text(catalog_query(catalog, err, "SELECT alias FROM account_aliases WHERE account = ?1", "t", account),
	                arena, alias);
}

bool account_aliases_find(struct catalog *catalog, struct arena *arena, struct slice alias, struct slice *account,
                          struct error *err)
{
	return one_text(catalog_query(catalog, err, "SELECT account FROM account_aliases WHERE alias = ?1", "t", alias),
	                arena, account);
}

bool account_aliases_delete(struct catalog *catalog, struct slice account, struct slice alias, struct error *err)
{
	if (!catalog_run(catalog, err, "DELETE FROM account_aliases WHERE account = ?1 AND alias = ?2", "tt", account, alias))
		return false;
	return catalog_changes(catalog) == 1
	    || fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "The Account Alias %.*s cannot be found.", SLICE_ARG(alias));
}

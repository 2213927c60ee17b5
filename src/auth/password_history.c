/* auth/password_history.c: numbered upwards, trimmed from below. */
#include "auth/password_history.h"

#include "auth/page.h"
#include "base/limits.h"
#include "store/catalog.h"

const char password_history_table[] =
	"CREATE TABLE password_history ("
	" account TEXT NOT NULL,"
	" user_id TEXT NOT NULL,"
	" number INTEGER NOT NULL,"
	" password_hash TEXT NOT NULL,"
	" PRIMARY KEY (account, user_id, number)"
	") STRICT, WITHOUT ROWID";

bool password_history_add(struct catalog *catalog, struct slice account, struct slice user_id,
                          struct slice password_hash, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO password_history (account, user_id, number, password_hash)"
	                   " SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3 FROM password_history"
	                   " WHERE account = ?1 AND user_id = ?2", "ttt", account, user_id, password_hash)
	    && catalog_run(catalog, err,
	                   "DELETE FROM password_history WHERE account = ?1 AND user_id = ?2 AND number <="
	                   " (SELECT max(number) FROM password_history WHERE account = ?1 AND user_id = ?2) - ?3", "tti",
	                   account, user_id, (int64_t)IAM_PASSWORD_HISTORY_MAX);
}

bool password_history_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice user_id,
                           int64_t limit, struct password_hashes *hashes, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT password_hash FROM password_history WHERE account = ?1 AND user_id = ?2"
	                                 " ORDER BY number DESC LIMIT ?3", "tti", account, user_id, limit);

	*hashes = (struct password_hashes){ 0 };
	while (rows_next(&rows)) {
		hashes->items = page_grow(arena, hashes->items, hashes->count, sizeof *hashes->items);
		hashes->items[hashes->count++] = rows_text(&rows, 0, arena);
	}
	return rows_close(&rows);
}

bool password_history_delete(struct catalog *catalog, struct slice account, struct slice user_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM password_history WHERE account = ?1 AND user_id = ?2", "tt", account,
	                   user_id);
}

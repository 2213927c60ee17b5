/* auth/policy_versions.c: at most five rows a policy, so lists are never paged here. */
#include "auth/policy_versions.h"

#include "store/catalog.h"

const char policy_versions_table[] =
	"CREATE TABLE policy_versions ("
	" account TEXT NOT NULL,"
	" policy_id TEXT NOT NULL,"
	" version INTEGER NOT NULL,"
	" document TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, policy_id, version)"
	") STRICT, WITHOUT ROWID";

bool policy_versions_insert(struct catalog *catalog, struct slice account, struct slice policy_id,
                            const struct policy_version *version, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO policy_versions (account, policy_id, version, document, created_ms)"
	                   " VALUES (?1, ?2, ?3, ?4, ?5)", "ttiti", account, policy_id, version->version,
	                   version->document, version->created_ms);
}

static void read_version(struct rows *rows, struct arena *arena, struct policy_version *version)
{
	*version = (struct policy_version){
		.version = rows_i64(rows, 0),
		.document = rows_text(rows, 1, arena),
		.created_ms = rows_i64(rows, 2),
	};
}

const struct policy_version *policy_versions_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                                  struct slice policy_id, int64_t version, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT version, document, created_ms FROM policy_versions"
	                                 " WHERE account = ?1 AND policy_id = ?2 AND version = ?3", "tti", account,
	                                 policy_id, version);
	struct policy_version *found = NULL;

	if (rows_next(&rows)) {
		found = arena_new(arena, struct policy_version);
		read_version(&rows, arena, found);
	}
	return rows_close(&rows) ? found : NULL;
}

bool policy_versions_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice policy_id,
                          struct policy_version_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT version, document, created_ms FROM policy_versions"
	                                 " WHERE account = ?1 AND policy_id = ?2 ORDER BY version DESC", "tt", account,
	                                 policy_id);

	*list = (struct policy_version_list){ 0 };
	while (rows_next(&rows)) {
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_version(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

bool policy_versions_delete(struct catalog *catalog, struct slice account, struct slice policy_id, int64_t version,
                            bool *deleted, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "DELETE FROM policy_versions WHERE account = ?1 AND policy_id = ?2 AND version = ?3", "tti", account,
	                 policy_id, version))
		return false;
	*deleted = catalog_changes(catalog) == 1;
	return true;
}

bool policy_versions_count(struct catalog *catalog, struct slice account, int64_t *count, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT count(*) FROM policy_versions WHERE account = ?1", "t",
	                                 account);

	*count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

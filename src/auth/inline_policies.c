/* auth/inline_policies.c: one statement a function. */
#include "auth/inline_policies.h"

#include "store/catalog.h"

const char inline_policies_table[] =
	"CREATE TABLE inline_policies ("
	" account TEXT NOT NULL,"
	" entity_id TEXT NOT NULL,"
	" name_key TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" document TEXT NOT NULL,"
	" PRIMARY KEY (account, entity_id, name_key)"
	") STRICT, WITHOUT ROWID";

bool inline_policies_put(struct catalog *catalog, struct slice account, struct slice entity_id,
                         const struct inline_policy *policy, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO inline_policies (account, entity_id, name_key, name, document)"
	                   " VALUES (?1, ?2, lower(?3), ?3, ?4) ON CONFLICT (account, entity_id, name_key)"
	                   " DO UPDATE SET name = excluded.name, document = excluded.document", "tttt", account, entity_id,
	                   policy->name, policy->document);
}

static void read_policy(struct rows *rows, struct arena *arena, struct inline_policy *policy)
{
	*policy = (struct inline_policy){ .name = rows_text(rows, 0, arena), .document = rows_text(rows, 1, arena) };
}

const struct inline_policy *inline_policies_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                                 struct slice entity_id, struct slice name, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT name, document FROM inline_policies"
	                                 " WHERE account = ?1 AND entity_id = ?2 AND name_key = lower(?3)", "ttt", account,
	                                 entity_id, name);
	struct inline_policy *policy = NULL;

	if (rows_next(&rows)) {
		policy = arena_new(arena, struct inline_policy);
		read_policy(&rows, arena, policy);
	}
	return rows_close(&rows) ? policy : NULL;
}

bool inline_policies_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice entity_id,
                          const struct page *page, struct inline_policy_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT name, document FROM inline_policies"
	                                 " WHERE account = ?1 AND entity_id = ?2 AND name_key > ?3"
	                                 " ORDER BY name_key LIMIT ?4", "ttti", account, entity_id, page_after(page),
	                                 page_probe(page));

	*list = (struct inline_policy_list){ 0 };
	while (rows_next(&rows)) {
		if (list->count == page->limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_policy(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

bool inline_policies_delete(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice name,
                            bool *deleted, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "DELETE FROM inline_policies WHERE account = ?1 AND entity_id = ?2 AND name_key = lower(?3)", "ttt",
	                 account, entity_id, name))
		return false;
	*deleted = catalog_changes(catalog) == 1;
	return true;
}

bool inline_policies_any(struct catalog *catalog, struct slice account, struct slice entity_id, bool *any,
                         struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT 1 FROM inline_policies WHERE account = ?1 AND entity_id = ?2 LIMIT 1",
	                                 "tt", account, entity_id);

	*any = rows_next(&rows);
	return rows_close(&rows);
}

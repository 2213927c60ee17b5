/* auth/entity_tags.c: `key_fold` is what keys are compared by; SQLite's lower() folds ASCII, as tag keys need. */
#include "auth/entity_tags.h"

#include "auth/entity.h"
#include "store/catalog.h"

const char entity_tags_table[] =
	"CREATE TABLE entity_tags ("
	" account TEXT NOT NULL,"
	" entity_id TEXT NOT NULL,"
	" key_fold TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" value TEXT NOT NULL,"
	" PRIMARY KEY (account, entity_id, key_fold)"
	") STRICT, WITHOUT ROWID";

bool entity_tags_ignore_case(struct slice entity_id)
{
	enum entity_kind kind;

	return entity_kind_of_id(entity_id, &kind) && (kind == ENTITY_USER || kind == ENTITY_ROLE);
}

struct slice entity_tags_fold(struct arena *arena, struct slice entity_id, struct slice key)
{
	return entity_tags_ignore_case(entity_id) ? entity_key(arena, key) : key;
}

bool entity_tags_put(struct catalog *catalog, struct slice account, struct slice entity_id,
                     const struct entity_tag *tag, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO entity_tags (account, entity_id, key_fold, key, value)"
	                   " VALUES (?1, ?2, iif(?5, lower(?3), ?3), ?3, ?4) ON CONFLICT (account, entity_id, key_fold)"
	                   " DO UPDATE SET key = excluded.key, value = excluded.value", "tttti", account, entity_id, tag->key,
	                   tag->value.ptr ? tag->value : S(""), (int64_t)entity_tags_ignore_case(entity_id));
}

bool entity_tags_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice entity_id,
                      const struct page *page, struct entity_tag_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT key, value FROM entity_tags WHERE account = ?1 AND entity_id = ?2"
	                                 " AND key_fold > ?3 ORDER BY key_fold LIMIT ?4", "ttti", account, entity_id,
	                                 page_after(page), page_probe(page));

	*list = (struct entity_tag_list){ 0 };
	while (rows_next(&rows)) {
		if (list->count == page->limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		list->items[list->count++] = (struct entity_tag){
			.key = rows_text(&rows, 0, arena), .value = rows_text(&rows, 1, arena)
		};
	}
	return rows_close(&rows);
}

bool entity_tags_count(struct catalog *catalog, struct slice account, struct slice entity_id, int64_t *count,
                       struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT count(*) FROM entity_tags WHERE account = ?1 AND entity_id = ?2", "tt",
	                                 account, entity_id);

	*count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

bool entity_tags_delete(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice key,
                        struct error *err)
{
	return catalog_run(catalog, err,
	                   "DELETE FROM entity_tags WHERE account = ?1 AND entity_id = ?2"
	                   " AND key_fold = iif(?4, lower(?3), ?3)", "ttti", account, entity_id, key,
	                   (int64_t)entity_tags_ignore_case(entity_id));
}

bool entity_tags_delete_all(struct catalog *catalog, struct slice account, struct slice entity_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM entity_tags WHERE account = ?1 AND entity_id = ?2", "tt", account,
	                   entity_id);
}

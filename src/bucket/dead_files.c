/* bucket/dead_files.c: who else names a file is two looks into an index. */
#include "bucket/dead_files.h"

#include "auth/page.h"
#include "store/catalog.h"

const char dead_files_table[] =
	"CREATE TABLE dead_files ("
	" account TEXT NOT NULL,"
	" file TEXT NOT NULL,"
	" died_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, file)"
	") STRICT, WITHOUT ROWID";

bool dead_files_add(struct catalog *catalog, struct slice account, struct slice file, int64_t now_ms, struct error *err)
{
	return !file.ptr
	    || catalog_run(catalog, err,
	                   "INSERT INTO dead_files (account, file, died_ms) SELECT ?1, ?2, ?3"
	                   " WHERE NOT EXISTS (SELECT 1 FROM object_versions v WHERE v.file = ?2)"
	                   " AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.file = ?2) ON CONFLICT DO NOTHING", "tti", account,
	                   file, now_ms);
}

bool dead_files_list(struct catalog *catalog, struct arena *arena, size_t limit, struct dead_file_list *list,
                     struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT account, file, died_ms FROM dead_files LIMIT ?1", "i",
	                                 (int64_t)limit);

	*list = (struct dead_file_list){ 0 };
	while (rows_next(&rows)) {
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		list->items[list->count++] = (struct dead_file){
			rows_text(&rows, 0, arena), rows_text(&rows, 1, arena), rows_i64(&rows, 2),
		};
	}
	return rows_close(&rows);
}

bool dead_files_forget(struct catalog *catalog, const struct dead_file_list *list, struct error *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (!catalog_run(catalog, err, "DELETE FROM dead_files WHERE account = ?1 AND file = ?2", "tt",
		                 list->items[i].account, list->items[i].file))
			return false;
	return true;
}

bool dead_files_is_named(void *user, struct slice file, bool *is_named, struct error *err)
{
	struct rows rows = catalog_query(user, err,
	                                 "SELECT 1 WHERE EXISTS (SELECT 1 FROM object_versions v WHERE v.file = ?1)"
	                                 " OR EXISTS (SELECT 1 FROM parts p WHERE p.file = ?1)", "t", file);

	*is_named = rows_next(&rows);
	return rows_close(&rows);
}

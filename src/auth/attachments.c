/* auth/attachments.c: pairs of an entity's id and a policy's ARN; AWS's own policies have no other row here. */
#include "auth/attachments.h"

#include "store/catalog.h"

const char attachments_table[] =
	"CREATE TABLE attachments ("
	" account TEXT NOT NULL,"
	" entity_id TEXT NOT NULL,"
	" policy_arn TEXT NOT NULL,"
	" PRIMARY KEY (account, entity_id, policy_arn)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX attachments_by_policy ON attachments (account, policy_arn)";

static bool read_count(struct rows rows, int64_t *count)
{
	*count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

static bool read_list(struct rows rows, struct arena *arena, struct attachment_list *list)
{
	*list = (struct attachment_list){ 0 };
	while (rows_next(&rows)) {
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		list->items[list->count++] = rows_text(&rows, 0, arena);
	}
	return rows_close(&rows);
}

bool attachments_insert(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice policy_arn,
                        int64_t *count, struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO attachments (account, entity_id, policy_arn) VALUES (?1, ?2, ?3)"
	                   " ON CONFLICT DO NOTHING", "ttt", account, entity_id, policy_arn)
	    && read_count(catalog_query(catalog, err,
	                                "SELECT count(*) FROM attachments WHERE account = ?1 AND entity_id = ?2", "tt",
	                                account, entity_id), count);
}

bool attachments_delete(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice policy_arn,
                        bool *deleted, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "DELETE FROM attachments WHERE account = ?1 AND entity_id = ?2 AND policy_arn = ?3", "ttt", account,
	                 entity_id, policy_arn))
		return false;
	*deleted = catalog_changes(catalog) == 1;
	return true;
}

static struct slice name_of(struct slice arn)
{
	size_t slash = slice_rfind_byte(arn, '/');

	return slash == SLICE_NPOS ? arn : slice_from(arn, slash + 1);
}

static int compare_arns(const void *a, const void *b)
{
	const struct slice *left = a, *right = b;
	int order = slice_compare_nocase(name_of(*left), name_of(*right));

	return order ? order : slice_compare(*left, *right);
}

bool attachments_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice entity_id,
                      struct attachment_list *list, struct error *err)
{
	if (!read_list(catalog_query(catalog, err,
	                             "SELECT policy_arn FROM attachments WHERE account = ?1 AND entity_id = ?2", "tt",
	                             account, entity_id), arena, list))
		return false;
	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, compare_arns);
	return true;
}

bool attachments_entities(struct catalog *catalog, struct arena *arena, struct slice account, struct slice policy_arn,
                          struct attachment_list *list, struct error *err)
{
	return read_list(catalog_query(catalog, err,
	                               "SELECT entity_id FROM attachments WHERE account = ?1 AND policy_arn = ?2", "tt",
	                               account, policy_arn), arena, list);
}

bool attachments_count(struct catalog *catalog, struct slice account, struct slice policy_arn, int64_t *count,
                       struct error *err)
{
	return read_count(catalog_query(catalog, err,
	                                "SELECT count(*) FROM attachments WHERE account = ?1 AND policy_arn = ?2", "tt",
	                                account, policy_arn), count);
}

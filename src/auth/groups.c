/* auth/groups.c: one statement a function. */
#include "auth/groups.h"

#include "auth/entity.h"
#include "auth/quotas.h"
#include "store/catalog.h"

const char groups_table[] =
	"CREATE TABLE groups ("
	" account TEXT NOT NULL,"
	" name_key TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" path TEXT NOT NULL,"
	" group_id TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, name_key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX groups_by_id ON groups (account, group_id)";

#define FROM_GROUPS "SELECT " GROUPS_COLUMNS " FROM groups g "

static bool fail_exists(struct slice name, struct error *err)
{
	return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "Group with name %.*s already exists.", SLICE_ARG(name));
}

bool groups_insert(struct catalog *catalog, struct slice account, const struct group *group, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "INSERT INTO groups (account, name_key, name, path, group_id, created_ms)"
	                 " VALUES (?1, lower(?2), ?2, ?3, ?4, ?5) ON CONFLICT (account, name_key) DO NOTHING",
	                 "tttti", account, group->name, group->path, group->group_id, group->created_ms))
		return false;
	if (catalog_changes(catalog) == 0)
		return fail_exists(group->name, err);
	return quotas_take(catalog, account, QUOTA_GROUPS, err);
}

static void read_group(struct rows *rows, struct arena *arena, struct group *group)
{
	*group = (struct group){
		.name = rows_text(rows, 0, arena),
		.path = rows_text(rows, 1, arena),
		.group_id = rows_text(rows, 2, arena),
		.created_ms = rows_i64(rows, 3),
	};
}

bool groups_read_list(struct rows *rows, struct arena *arena, const struct page *page, struct group_list *list)
{
	*list = (struct group_list){ 0 };
	while (rows_next(rows)) {
		if (list->count == page->limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_group(rows, arena, &list->items[list->count++]);
	}
	return rows_close(rows);
}

static const struct group *read_one(struct rows rows, struct arena *arena)
{
	struct group *group = NULL;

	if (rows_next(&rows)) {
		group = arena_new(arena, struct group);
		read_group(&rows, arena, group);
	}
	return rows_close(&rows) ? group : NULL;
}

const struct group *groups_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                                struct error *err)
{
	return read_one(catalog_query(catalog, err, FROM_GROUPS "WHERE g.account = ?1 AND g.name_key = lower(?2)", "tt",
	                              account, name), arena);
}

const struct group *groups_find_by_id(struct catalog *catalog, struct arena *arena, struct slice account,
                                      struct slice group_id, struct error *err)
{
	return read_one(catalog_query(catalog, err, FROM_GROUPS "WHERE g.account = ?1 AND g.group_id = ?2", "tt", account,
	                              group_id), arena);
}

const struct group *groups_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                               struct error *err)
{
	const struct group *group = groups_find(catalog, arena, account, name, err);

	if (!group)
		entity_fail_absent(ENTITY_GROUP, name, err);
	return group;
}

bool groups_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                 struct group_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_GROUPS "WHERE g.account = ?1 AND g.name_key > ?2"
	                                 " AND substr(g.path, 1, length(?3)) = ?3 ORDER BY g.name_key LIMIT ?4",
	                                 "ttti", account, page_after(page), page_path_prefix(page), page_probe(page));

	return groups_read_list(&rows, arena, page, list);
}

bool groups_rename(struct catalog *catalog, struct slice account, struct slice group_id, struct slice name,
                   struct slice path, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "UPDATE OR IGNORE groups SET name_key = lower(?3), name = ?3, path = ?4"
	                 " WHERE account = ?1 AND group_id = ?2", "tttt", account, group_id, name, path))
		return false;
	return catalog_changes(catalog) == 1 || fail_exists(name, err);
}

bool groups_delete(struct catalog *catalog, struct slice account, struct slice group_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM groups WHERE account = ?1 AND group_id = ?2", "tt", account, group_id)
	    && (catalog_changes(catalog) == 0 || quotas_give_back(catalog, account, QUOTA_GROUPS, err));
}

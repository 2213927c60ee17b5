/* auth/group_members.c: pairs of ids, so that renaming either side changes nothing here. */
#include "auth/group_members.h"

#include "base/limits.h"
#include "store/catalog.h"

const char group_members_table[] =
	"CREATE TABLE group_members ("
	" account TEXT NOT NULL,"
	" group_id TEXT NOT NULL,"
	" user_id TEXT NOT NULL,"
	" PRIMARY KEY (account, group_id, user_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX group_members_by_user ON group_members (account, user_id)";

static bool any_row(struct rows rows, bool *any)
{
	*any = rows_next(&rows);
	return rows_close(&rows);
}

bool group_members_insert(struct catalog *catalog, struct slice account, struct slice group_id, struct slice user_id,
                          struct error *err)
{
	struct rows rows;
	int64_t count;

	if (!catalog_run(catalog, err,
	                 "INSERT INTO group_members (account, group_id, user_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
	                 "ttt", account, group_id, user_id))
		return false;
	if (catalog_changes(catalog) == 0)
		return true;
	rows = catalog_query(catalog, err, "SELECT count(*) FROM group_members WHERE account = ?1 AND user_id = ?2", "tt",
	                     account, user_id);
	count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows)
	    && (count <= IAM_GROUPS_PER_USER_MAX
	        || fail_as(err, ERR_CONFLICT, "LimitExceeded", "Cannot exceed quota for GroupsPerUser: %d",
	                   IAM_GROUPS_PER_USER_MAX));
}

bool group_members_delete(struct catalog *catalog, struct slice account, struct slice group_id, struct slice user_id,
                          struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM group_members WHERE account = ?1 AND group_id = ?2 AND user_id = ?3",
	                   "ttt", account, group_id, user_id);
}

bool group_members_users(struct catalog *catalog, struct arena *arena, struct slice account, struct slice group_id,
                         const struct page *page, struct user_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT " USERS_COLUMNS " FROM group_members m"
	                                 " JOIN users u ON u.account = m.account AND u.user_id = m.user_id"
	                                 " WHERE m.account = ?1 AND m.group_id = ?2 AND u.name_key > ?3"
	                                 " ORDER BY u.name_key LIMIT ?4",
	                                 "ttti", account, group_id, page_after(page), page_probe(page));

	return users_read_list(&rows, arena, page, list);
}

bool group_members_groups(struct catalog *catalog, struct arena *arena, struct slice account, struct slice user_id,
                          const struct page *page, struct group_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT " GROUPS_COLUMNS " FROM group_members m"
	                                 " JOIN groups g ON g.account = m.account AND g.group_id = m.group_id"
	                                 " WHERE m.account = ?1 AND m.user_id = ?2 AND g.name_key > ?3"
	                                 " ORDER BY g.name_key LIMIT ?4",
	                                 "ttti", account, user_id, page_after(page), page_probe(page));

	return groups_read_list(&rows, arena, page, list);
}

bool group_members_any_user(struct catalog *catalog, struct slice account, struct slice group_id, bool *any,
                            struct error *err)
{
	return any_row(catalog_query(catalog, err,
	                             "SELECT 1 FROM group_members WHERE account = ?1 AND group_id = ?2 LIMIT 1", "tt",
	                             account, group_id), any);
}

bool group_members_any_group(struct catalog *catalog, struct slice account, struct slice user_id, bool *any,
                             struct error *err)
{
	return any_row(catalog_query(catalog, err,
	                             "SELECT 1 FROM group_members WHERE account = ?1 AND user_id = ?2 LIMIT 1", "tt",
	                             account, user_id), any);
}

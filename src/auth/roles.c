/* auth/roles.c: one statement a function. */
#include "auth/roles.h"

#include "auth/entity.h"
#include "auth/quotas.h"
#include "store/catalog.h"

const char roles_table[] =
	"CREATE TABLE roles ("
	" account TEXT NOT NULL,"
	" name_key TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" path TEXT NOT NULL,"
	" role_id TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" trust_policy TEXT NOT NULL,"
	" description TEXT,"
	" max_session_s INTEGER NOT NULL,"
	" boundary_arn TEXT,"
	" last_used_ms INTEGER,"
	" last_used_region TEXT,"
	" PRIMARY KEY (account, name_key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX roles_by_id ON roles (account, role_id);"
	"CREATE INDEX roles_by_boundary ON roles (account, boundary_arn) WHERE boundary_arn IS NOT NULL";

#define FROM_ROLES "SELECT " ROLES_COLUMNS " FROM roles r "
#define UPDATE_ROLE(assignments) "UPDATE roles SET " assignments " WHERE account = ?1 AND role_id = ?2"

bool roles_insert(struct catalog *catalog, struct slice account, const struct role *role, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "INSERT INTO roles (account, name_key, name, path, role_id, created_ms, trust_policy, description,"
	                 " max_session_s, boundary_arn) VALUES (?1, lower(?2), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	                 " ON CONFLICT (account, name_key) DO NOTHING",
	                 "ttttittit", account, role->name, role->path, role->role_id, role->created_ms,
	                 role->trust_policy, role->description, role->max_session_s, role->boundary_arn))
		return false;
	if (catalog_changes(catalog) == 0)
		return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "Role with name %.*s already exists.",
		               SLICE_ARG(role->name));
	return quotas_take(catalog, account, QUOTA_ROLES, err);
}

static void read_role(struct rows *rows, struct arena *arena, struct role *role)
{
	*role = (struct role){
		.name = rows_text(rows, 0, arena),
		.path = rows_text(rows, 1, arena),
		.role_id = rows_text(rows, 2, arena),
		.created_ms = rows_i64(rows, 3),
		.trust_policy = rows_text(rows, 4, arena),
		.description = rows_text(rows, 5, arena),
		.max_session_s = rows_i64(rows, 6),
		.boundary_arn = rows_text(rows, 7, arena),
		.last_used_ms = rows_i64(rows, 8),
		.last_used_region = rows_text(rows, 9, arena),
	};
}

bool roles_read_list(struct rows *rows, struct arena *arena, const struct page *page, struct role_list *list)
{
	*list = (struct role_list){ 0 };
	while (rows_next(rows)) {
		if (list->count == page->limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_role(rows, arena, &list->items[list->count++]);
	}
	return rows_close(rows);
}

static const struct role *read_one(struct rows rows, struct arena *arena)
{
	struct role *role = NULL;

	if (rows_next(&rows)) {
		role = arena_new(arena, struct role);
		read_role(&rows, arena, role);
	}
	return rows_close(&rows) ? role : NULL;
}

const struct role *roles_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                              struct error *err)
{
	return read_one(catalog_query(catalog, err, FROM_ROLES "WHERE r.account = ?1 AND r.name_key = lower(?2)", "tt",
	                              account, name), arena);
}

const struct role *roles_find_by_id(struct catalog *catalog, struct arena *arena, struct slice account,
                                    struct slice role_id, struct error *err)
{
	return read_one(catalog_query(catalog, err, FROM_ROLES "WHERE r.account = ?1 AND r.role_id = ?2", "tt", account,
	                              role_id), arena);
}

const struct role *roles_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                             struct error *err)
{
	const struct role *role = roles_find(catalog, arena, account, name, err);

	if (!role)
		entity_fail_absent(ENTITY_ROLE, name, err);
	return role;
}

bool roles_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                struct role_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_ROLES "WHERE r.account = ?1 AND r.name_key > ?2"
	                                 " AND substr(r.path, 1, length(?3)) = ?3 ORDER BY r.name_key LIMIT ?4",
	                                 "ttti", account, page_after(page), page_path_prefix(page), page_probe(page));

	return roles_read_list(&rows, arena, page, list);
}

bool roles_set_trust_policy(struct catalog *catalog, struct slice account, struct slice role_id,
                            struct slice trust_policy, struct error *err)
{
	return catalog_run(catalog, err, UPDATE_ROLE("trust_policy = ?3"), "ttt", account, role_id, trust_policy);
}

bool roles_set_description(struct catalog *catalog, struct slice account, struct slice role_id,
                           struct slice description, struct error *err)
{
	return catalog_run(catalog, err, UPDATE_ROLE("description = ?3"), "ttt", account, role_id, description);
}

bool roles_set_max_session(struct catalog *catalog, struct slice account, struct slice role_id, int64_t max_session_s,
                           struct error *err)
{
	return catalog_run(catalog, err, UPDATE_ROLE("max_session_s = ?3"), "tti", account, role_id, max_session_s);
}

bool roles_set_boundary(struct catalog *catalog, struct slice account, struct slice role_id, struct slice boundary_arn,
                        struct error *err)
{
	return catalog_run(catalog, err, UPDATE_ROLE("boundary_arn = ?3"), "ttt", account, role_id, boundary_arn);
}

bool roles_set_last_used(struct catalog *catalog, struct slice account, struct slice role_id, int64_t ms,
                         struct slice region, struct error *err)
{
	return catalog_run(catalog, err, UPDATE_ROLE("last_used_ms = ?3, last_used_region = ?4"), "ttit", account, role_id,
	                   ms, region);
}

bool roles_delete(struct catalog *catalog, struct slice account, struct slice role_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM roles WHERE account = ?1 AND role_id = ?2", "tt", account, role_id)
	    && (catalog_changes(catalog) == 0 || quotas_give_back(catalog, account, QUOTA_ROLES, err));
}

bool roles_list_by_boundary(struct catalog *catalog, struct arena *arena, struct slice account, struct slice boundary_arn,
                           struct role_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, FROM_ROLES "WHERE r.account = ?1 AND r.boundary_arn = ?2", "tt",
	                                 account, boundary_arn);

	return roles_read_list(&rows, arena, &PAGE_ALL, list);
}

bool roles_count_by_boundary(struct catalog *catalog, struct slice account, struct slice boundary_arn, int64_t *count,
                             struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT count(*) FROM roles WHERE account = ?1 AND boundary_arn = ?2", "tt",
	                                 account, boundary_arn);

	*count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

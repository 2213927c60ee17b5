/* auth/users.c: one statement a function; the quota of users is counted in auth/quotas.h. */
#include "auth/users.h"

#include "auth/entity.h"
#include "auth/quotas.h"
#include "store/catalog.h"

const char users_table[] =
	"CREATE TABLE users ("
	" account TEXT NOT NULL,"
	" name_key TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" path TEXT NOT NULL,"
	" user_id TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" boundary_arn TEXT,"
	" password_last_used_ms INTEGER,"
	" PRIMARY KEY (account, name_key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX users_by_id ON users (account, user_id);"
	"CREATE INDEX users_by_boundary ON users (account, boundary_arn) WHERE boundary_arn IS NOT NULL";

#define FROM_USERS "SELECT " USERS_COLUMNS " FROM users u "

static bool fail_exists(struct slice name, struct error *err)
{
	return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "User with name %.*s already exists.", SLICE_ARG(name));
}

bool users_insert(struct catalog *catalog, struct slice account, const struct user *user, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "INSERT INTO users (account, name_key, name, path, user_id, created_ms, boundary_arn)"
	                 " VALUES (?1, lower(?2), ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account, name_key) DO NOTHING",
	                 "ttttit", account, user->name, user->path, user->user_id, user->created_ms, user->boundary_arn))
		return false;
	if (catalog_changes(catalog) == 0)
		return fail_exists(user->name, err);
	return quotas_take(catalog, account, QUOTA_USERS, err);
}

void users_read(struct rows *rows, struct arena *arena, struct user *user)
{
	*user = (struct user){
		.name = rows_text(rows, 0, arena),
		.path = rows_text(rows, 1, arena),
		.user_id = rows_text(rows, 2, arena),
		.created_ms = rows_i64(rows, 3),
		.boundary_arn = rows_text(rows, 4, arena),
		.password_last_used_ms = rows_i64(rows, 5),
	};
}

bool users_read_list(struct rows *rows, struct arena *arena, const struct page *page, struct user_list *list)
{
	*list = (struct user_list){ 0 };
	while (rows_next(rows)) {
		if (list->count == page->limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		users_read(rows, arena, &list->items[list->count++]);
	}
	return rows_close(rows);
}

static const struct user *read_one(struct rows rows, struct arena *arena)
{
	struct user *user = NULL;

	if (rows_next(&rows)) {
		user = arena_new(arena, struct user);
		users_read(&rows, arena, user);
	}
	return rows_close(&rows) ? user : NULL;
}

const struct user *users_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                              struct error *err)
{
	return read_one(catalog_query(catalog, err, FROM_USERS "WHERE u.account = ?1 AND u.name_key = lower(?2)", "tt",
	                              account, name), arena);
}

const struct user *users_find_by_id(struct catalog *catalog, struct arena *arena, struct slice account,
                                    struct slice user_id, struct error *err)
{
	return read_one(catalog_query(catalog, err, FROM_USERS "WHERE u.account = ?1 AND u.user_id = ?2", "tt", account,
	                              user_id), arena);
}

const struct user *users_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                             struct error *err)
{
	const struct user *user = users_find(catalog, arena, account, name, err);

	if (!user)
		entity_fail_absent(ENTITY_USER, name, err);
	return user;
}

bool users_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                struct user_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_USERS "WHERE u.account = ?1 AND u.name_key > ?2"
	                                 " AND substr(u.path, 1, length(?3)) = ?3 ORDER BY u.name_key LIMIT ?4",
	                                 "ttti", account, page_after(page), page_path_prefix(page), page_probe(page));

	return users_read_list(&rows, arena, page, list);
}

bool users_rename(struct catalog *catalog, struct slice account, struct slice user_id, struct slice name,
                  struct slice path, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "UPDATE OR IGNORE users SET name_key = lower(?3), name = ?3, path = ?4"
	                 " WHERE account = ?1 AND user_id = ?2", "tttt", account, user_id, name, path))
		return false;
	return catalog_changes(catalog) == 1 || fail_exists(name, err);
}

bool users_set_boundary(struct catalog *catalog, struct slice account, struct slice user_id, struct slice boundary_arn,
                        struct error *err)
{
	return catalog_run(catalog, err, "UPDATE users SET boundary_arn = ?3 WHERE account = ?1 AND user_id = ?2", "ttt",
	                   account, user_id, boundary_arn);
}

bool users_set_password_last_used(struct catalog *catalog, struct slice account, struct slice user_id, int64_t ms,
                                  struct error *err)
{
	return catalog_run(catalog, err, "UPDATE users SET password_last_used_ms = ?3 WHERE account = ?1 AND user_id = ?2",
	                   "tti", account, user_id, ms);
}

bool users_delete(struct catalog *catalog, struct slice account, struct slice user_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM users WHERE account = ?1 AND user_id = ?2", "tt", account, user_id)
	    && (catalog_changes(catalog) == 0 || quotas_give_back(catalog, account, QUOTA_USERS, err));
}

bool users_list_by_boundary(struct catalog *catalog, struct arena *arena, struct slice account, struct slice boundary_arn,
                           struct user_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, FROM_USERS "WHERE u.account = ?1 AND u.boundary_arn = ?2", "tt",
	                                 account, boundary_arn);

	return users_read_list(&rows, arena, &PAGE_ALL, list);
}

bool users_count_by_boundary(struct catalog *catalog, struct slice account, struct slice boundary_arn, int64_t *count,
                             struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT count(*) FROM users WHERE account = ?1 AND boundary_arn = ?2", "tt",
	                                 account, boundary_arn);

	*count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}

struct slice users_key(struct arena *arena, const struct user *user)
{
	return entity_key(arena, user->name);
}

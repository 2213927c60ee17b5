/* auth/instance_profiles.c: one statement a function. */
#include "auth/instance_profiles.h"

#include "auth/entity.h"
#include "auth/quotas.h"
#include "store/catalog.h"

const char instance_profiles_table[] =
	"CREATE TABLE instance_profiles ("
	" account TEXT NOT NULL,"
	" name_key TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" path TEXT NOT NULL,"
	" profile_id TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" role_id TEXT,"
	" PRIMARY KEY (account, name_key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX instance_profiles_by_id ON instance_profiles (account, profile_id);"
	"CREATE INDEX instance_profiles_by_role ON instance_profiles (account, role_id) WHERE role_id IS NOT NULL";

#define FROM_INSTANCE_PROFILES "SELECT i.name, i.path, i.profile_id, i.created_ms, i.role_id FROM instance_profiles i "

bool instance_profiles_insert(struct catalog *catalog, struct slice account, const struct instance_profile *profile,
                              struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "INSERT INTO instance_profiles (account, name_key, name, path, profile_id, created_ms)"
	                 " VALUES (?1, lower(?2), ?2, ?3, ?4, ?5) ON CONFLICT (account, name_key) DO NOTHING",
	                 "tttti", account, profile->name, profile->path, profile->profile_id, profile->created_ms))
		return false;
	if (catalog_changes(catalog) == 0)
		return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "Instance Profile %.*s already exists.",
		               SLICE_ARG(profile->name));
	return quotas_take(catalog, account, QUOTA_INSTANCE_PROFILES, err);
}

static void read_profile(struct rows *rows, struct arena *arena, struct instance_profile *profile)
{
	*profile = (struct instance_profile){
		.name = rows_text(rows, 0, arena),
		.path = rows_text(rows, 1, arena),
		.profile_id = rows_text(rows, 2, arena),
		.created_ms = rows_i64(rows, 3),
		.role_id = rows_text(rows, 4, arena),
	};
}

const struct instance_profile *instance_profiles_find(struct catalog *catalog, struct arena *arena,
                                                      struct slice account, struct slice name, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_INSTANCE_PROFILES "WHERE i.account = ?1 AND i.name_key = lower(?2)", "tt",
	                                 account, name);
	struct instance_profile *profile = NULL;

	if (rows_next(&rows)) {
		profile = arena_new(arena, struct instance_profile);
		read_profile(&rows, arena, profile);
	}
	return rows_close(&rows) ? profile : NULL;
}

const struct instance_profile *instance_profiles_get(struct catalog *catalog, struct arena *arena, struct slice account,
                                                     struct slice name, struct error *err)
{
	const struct instance_profile *profile = instance_profiles_find(catalog, arena, account, name, err);

	if (!profile)
		entity_fail_absent(ENTITY_INSTANCE_PROFILE, name, err);
	return profile;
}

bool instance_profiles_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice role_id,
                            const struct page *page, struct instance_profile_list *list, struct error *err)
{
	struct rows rows = role_id.ptr
		? catalog_query(catalog, err,
		                FROM_INSTANCE_PROFILES "WHERE i.account = ?1 AND i.role_id = ?2 AND i.name_key > ?3"
		                " ORDER BY i.name_key LIMIT ?4",
		                "ttti", account, role_id, page_after(page), page_probe(page))
		: catalog_query(catalog, err,
		                FROM_INSTANCE_PROFILES "WHERE i.account = ?1 AND i.name_key > ?2"
		                " AND substr(i.path, 1, length(?3)) = ?3 ORDER BY i.name_key LIMIT ?4",
		                "ttti", account, page_after(page), page_path_prefix(page), page_probe(page));

	*list = (struct instance_profile_list){ 0 };
	while (rows_next(&rows)) {
		if (list->count == page->limit) {
			list->is_truncated = true;
			break;
		}
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_profile(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

bool instance_profiles_set_role(struct catalog *catalog, struct slice account, struct slice profile_id,
                                struct slice role_id, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE instance_profiles SET role_id = ?3 WHERE account = ?1 AND profile_id = ?2",
	                   "ttt", account, profile_id, role_id);
}

bool instance_profiles_delete(struct catalog *catalog, struct slice account, struct slice profile_id,
                              struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM instance_profiles WHERE account = ?1 AND profile_id = ?2", "tt",
	                   account, profile_id)
	    && (catalog_changes(catalog) == 0 || quotas_give_back(catalog, account, QUOTA_INSTANCE_PROFILES, err));
}

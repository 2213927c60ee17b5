/* auth/policies.c: found by ARN, because that is how every operation names them. */
#include "auth/policies.h"

#include "auth/quotas.h"
#include "store/catalog.h"

const char policies_table[] =
	"CREATE TABLE policies ("
	" account TEXT NOT NULL,"
	" name_key TEXT NOT NULL,"
	" name TEXT NOT NULL,"
	" path TEXT NOT NULL,"
	" policy_id TEXT NOT NULL,"
	" arn TEXT NOT NULL,"
	" description TEXT,"
	" created_ms INTEGER NOT NULL,"
	" updated_ms INTEGER NOT NULL,"
	" default_version INTEGER NOT NULL,"
	" next_version INTEGER NOT NULL,"
	" PRIMARY KEY (account, name_key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX policies_by_arn ON policies (account, arn);"
	"CREATE UNIQUE INDEX policies_by_id ON policies (account, policy_id)";

#define FROM_POLICIES \
	"SELECT p.name, p.path, p.policy_id, p.arn, p.description, p.created_ms, p.updated_ms, p.default_version," \
	" p.next_version FROM policies p "

bool policies_insert(struct catalog *catalog, struct slice account, const struct managed_policy *policy,
                     struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "INSERT INTO policies (account, name_key, name, path, policy_id, arn, description, created_ms,"
	                 " updated_ms, default_version, next_version)"
	                 " VALUES (?1, lower(?2), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
	                 " ON CONFLICT (account, name_key) DO NOTHING",
	                 "ttttttiiii", account, policy->name, policy->path, policy->policy_id, policy->arn,
	                 policy->description, policy->created_ms, policy->updated_ms, policy->default_version,
	                 policy->next_version))
		return false;
	if (catalog_changes(catalog) == 0)
		return fail_as(err, ERR_CONFLICT, "EntityAlreadyExists",
		               "A policy called %.*s already exists. Duplicate names are not allowed.", SLICE_ARG(policy->name));
	return quotas_take(catalog, account, QUOTA_POLICIES, err);
}

static void read_policy(struct rows *rows, struct arena *arena, struct managed_policy *policy)
{
	*policy = (struct managed_policy){
		.name = rows_text(rows, 0, arena),
		.path = rows_text(rows, 1, arena),
		.policy_id = rows_text(rows, 2, arena),
		.arn = rows_text(rows, 3, arena),
		.description = rows_text(rows, 4, arena),
		.created_ms = rows_i64(rows, 5),
		.updated_ms = rows_i64(rows, 6),
		.default_version = rows_i64(rows, 7),
		.next_version = rows_i64(rows, 8),
	};
}

const struct managed_policy *policies_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                           struct slice arn, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, FROM_POLICIES "WHERE p.account = ?1 AND p.arn = ?2", "tt", account,
	                                 arn);
	struct managed_policy *policy = NULL;

	if (rows_next(&rows)) {
		policy = arena_new(arena, struct managed_policy);
		read_policy(&rows, arena, policy);
	}
	return rows_close(&rows) ? policy : NULL;
}

/* Bits: 1 wants attached ones, 2 those in use as a boundary. */
#define IN_USE \
	" AND (?5 = 0" \
	" OR (?5 & 1 AND EXISTS (SELECT 1 FROM attachments a WHERE a.account = p.account AND a.policy_arn = p.arn))" \
	" OR (?5 & 2 AND (EXISTS (SELECT 1 FROM users u WHERE u.account = p.account AND u.boundary_arn = p.arn)" \
	" OR EXISTS (SELECT 1 FROM roles r WHERE r.account = p.account AND r.boundary_arn = p.arn))))"

bool policies_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                   enum policies_use use, struct policy_list *list, struct error *err)
{
	static const int64_t bits[] = { [POLICIES_USE_ATTACHED] = 1, [POLICIES_USE_BOUNDARY] = 2, [POLICIES_USE_EITHER] = 3 };
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_POLICIES "WHERE p.account = ?1 AND p.name_key > ?2"
	                                 " AND substr(p.path, 1, length(?3)) = ?3" IN_USE " ORDER BY p.name_key LIMIT ?4",
	                                 "tttii", account, page_after(page), page_path_prefix(page), page_probe(page),
	                                 bits[use]);

	*list = (struct policy_list){ 0 };
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

bool policies_set_versions(struct catalog *catalog, struct slice account, const struct managed_policy *policy,
                           struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE policies SET updated_ms = ?3, default_version = ?4, next_version = ?5"
	                   " WHERE account = ?1 AND policy_id = ?2", "ttiii", account, policy->policy_id,
	                   policy->updated_ms, policy->default_version, policy->next_version);
}

bool policies_delete(struct catalog *catalog, struct slice account, struct slice policy_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM policies WHERE account = ?1 AND policy_id = ?2", "tt", account,
	                   policy_id)
	    && (catalog_changes(catalog) == 0 || quotas_give_back(catalog, account, QUOTA_POLICIES, err));
}

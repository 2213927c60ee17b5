/* auth/quotas.c: one upsert a creation; only a refusal reads the row. */
#include "auth/quotas.h"

#include "base/limits.h"
#include "store/catalog.h"

const char quotas_table[] =
	"CREATE TABLE quotas ("
	" account TEXT NOT NULL,"
	" kind TEXT NOT NULL,"
	" used INTEGER NOT NULL,"
	" allowed INTEGER,"                     /* NULL: the default below */
	" PRIMARY KEY (account, kind)"
	") STRICT, WITHOUT ROWID";

static const struct row {
	struct slice kind;
	const char  *wire_name;                 /* as the refusal names it */
	int64_t      allowed;
} rows[] = {
	[QUOTA_USERS]             = { S_INIT("users"),             "UsersPerAccount",            IAM_USERS_MAX },
	[QUOTA_GROUPS]            = { S_INIT("groups"),            "GroupsPerAccount",           IAM_GROUPS_MAX },
	[QUOTA_ROLES]             = { S_INIT("roles"),             "RolesPerAccount",            IAM_ROLES_MAX },
	[QUOTA_POLICIES]          = { S_INIT("policies"),          "PoliciesPerAccount",         IAM_POLICIES_MAX },
	[QUOTA_INSTANCE_PROFILES] = { S_INIT("instance_profiles"), "InstanceProfilesPerAccount", IAM_INSTANCE_PROFILES_MAX },
	[QUOTA_BUCKETS]           = { S_INIT("buckets"),           "BucketsPerAccount",          S3_BUCKETS_MAX },
};
_Static_assert(COUNT(rows) == QUOTA_COUNT, "a row for each quota");

bool quotas_take(struct catalog *catalog, struct slice account, enum quota quota, struct error *err)
{
	const struct row *row = &rows[quota];
	int64_t used, allowed;

	if (!catalog_run(catalog, err,
	                 "INSERT INTO quotas (account, kind, used) VALUES (?1, ?2, 1)"
	                 " ON CONFLICT (account, kind) DO UPDATE SET used = used + 1 WHERE used < coalesce(allowed, ?3)",
	                 "tti", account, row->kind, row->allowed))
		return false;
	if (catalog_changes(catalog) == 1)
		return true;
	return quotas_get(catalog, account, quota, &used, &allowed, err)
	    && fail_as(err, ERR_CONFLICT, "LimitExceeded", "Cannot exceed quota for %s: %" PRId64, row->wire_name, allowed);
}

bool quotas_give_back(struct catalog *catalog, struct slice account, enum quota quota, struct error *err)
{
	return catalog_run(catalog, err, "UPDATE quotas SET used = used - 1 WHERE account = ?1 AND kind = ?2 AND used > 0",
	                   "tt", account, rows[quota].kind);
}

bool quotas_get(struct catalog *catalog, struct slice account, enum quota quota, int64_t *used, int64_t *allowed,
                struct error *err)
{
	struct rows found = catalog_query(catalog, err,
	                                  "SELECT used, coalesce(allowed, ?3) FROM quotas WHERE account = ?1 AND kind = ?2",
	                                  "tti", account, rows[quota].kind, rows[quota].allowed);

	*used = 0;
	*allowed = rows[quota].allowed;
	if (rows_next(&found)) {
		*used = rows_i64(&found, 0);
		*allowed = rows_i64(&found, 1);
	}
	return rows_close(&found);
}

bool quotas_set_allowed(struct catalog *catalog, struct slice account, enum quota quota, int64_t allowed,
                        struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT INTO quotas (account, kind, used, allowed) VALUES (?1, ?2, 0, ?3)"
	                   " ON CONFLICT (account, kind) DO UPDATE SET allowed = excluded.allowed",
	                   "tti", account, rows[quota].kind, allowed);
}

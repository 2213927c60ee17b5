/* auth/login_profiles.c: one row a user who may sign in. */
#include "auth/login_profiles.h"

#include "store/catalog.h"

const char login_profiles_table[] =
	"CREATE TABLE login_profiles ("
	" account TEXT NOT NULL,"
	" user_id TEXT NOT NULL,"
	" password_hash TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" changed_ms INTEGER NOT NULL,"
	" is_reset_required INTEGER NOT NULL,"
	" PRIMARY KEY (account, user_id)"
	") STRICT, WITHOUT ROWID";

bool login_profiles_insert(struct catalog *catalog, struct slice account, const struct login_profile *profile,
                           struct slice user_name, struct error *err)
{
	if (!catalog_run(catalog, err,
	                 "INSERT INTO login_profiles (account, user_id, password_hash, created_ms, changed_ms,"
	                 " is_reset_required) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING", "tttiii", account,
	                 profile->user_id, profile->password_hash, profile->created_ms, profile->changed_ms,
	                 (int64_t)profile->is_reset_required))
		return false;
	return catalog_changes(catalog) == 1
	    || fail_as(err, ERR_CONFLICT, "EntityAlreadyExists", "Login Profile for user %.*s already exists.",
	               SLICE_ARG(user_name));
}

const struct login_profile *login_profiles_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                                struct slice user_id, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT password_hash, created_ms, changed_ms, is_reset_required"
	                                 " FROM login_profiles WHERE account = ?1 AND user_id = ?2", "tt", account, user_id);
	struct login_profile *profile = NULL;

	if (rows_next(&rows)) {
		profile = arena_new(arena, struct login_profile);
		*profile = (struct login_profile){
			.user_id = user_id,
			.password_hash = rows_text(&rows, 0, arena),
			.created_ms = rows_i64(&rows, 1),
			.changed_ms = rows_i64(&rows, 2),
			.is_reset_required = rows_i64(&rows, 3) != 0,
		};
	}
	return rows_close(&rows) ? profile : NULL;
}

const struct login_profile *login_profiles_get(struct catalog *catalog, struct arena *arena, struct slice account,
                                               struct slice user_id, struct slice user_name, struct error *err)
{
	const struct login_profile *profile = login_profiles_find(catalog, arena, account, user_id, err);

	if (!profile && err->kind == ERR_NONE)
		fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "Login Profile for User %.*s cannot be found.",
		        SLICE_ARG(user_name));
	return profile;
}

bool login_profiles_update(struct catalog *catalog, struct slice account, const struct login_profile *profile,
                           struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE login_profiles SET password_hash = ?3, changed_ms = ?4, is_reset_required = ?5"
	                   " WHERE account = ?1 AND user_id = ?2", "tttii", account, profile->user_id,
	                   profile->password_hash, profile->changed_ms, (int64_t)profile->is_reset_required);
}

bool login_profiles_delete(struct catalog *catalog, struct slice account, struct slice user_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM login_profiles WHERE account = ?1 AND user_id = ?2", "tt", account,
	                   user_id);
}

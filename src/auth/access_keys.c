/* auth/access_keys.c: found by key id alone when a call arrives, by owner when keys are managed. */
#include "auth/access_keys.h"

#include "auth/keyring.h"
#include "base/limits.h"
#include "store/catalog.h"

const char access_keys_table[] =
	"CREATE TABLE access_keys ("
	" account TEXT NOT NULL,"
	" access_key_id TEXT NOT NULL UNIQUE,"
	" owner_id TEXT NOT NULL,"
	" is_active INTEGER NOT NULL,"
	" secret BLOB NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" last_used_ms INTEGER,"
	" last_used_service TEXT,"
	" last_used_region TEXT,"
	" PRIMARY KEY (account, access_key_id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX access_keys_by_owner ON access_keys (account, owner_id)";

#define FROM_ACCESS_KEYS \
	"SELECT k.account, k.access_key_id, k.owner_id, k.is_active, k.secret, k.created_ms, k.last_used_ms," \
	" k.last_used_service, k.last_used_region FROM access_keys k "

/* What a sealed secret is bound to: a row copied to another key or account does not open. */
static struct slice associated(struct arena *arena, struct slice account, struct slice access_key_id)
{
	return arena_format(arena, "%.*s/%.*s", SLICE_ARG(account), SLICE_ARG(access_key_id));
}

bool access_keys_insert(struct catalog *catalog, struct arena *arena, const struct keyring *keyring,
                        struct random *random, const struct access_key *key, struct slice secret, struct error *err)
{
	struct slice box = keyring_seal(keyring, KEYRING_CATALOG_SECRET,
	                                associated(arena, key->account, key->access_key_id), secret, random, arena);
	struct rows rows;
	int64_t count;

	if (!catalog_run(catalog, err,
	                 "INSERT INTO access_keys (account, access_key_id, owner_id, is_active, secret, created_ms)"
	                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "tttibi", key->account, key->access_key_id, key->owner_id,
	                 (int64_t)key->is_active, box, key->created_ms))
		return false;
	rows = catalog_query(catalog, err, "SELECT count(*) FROM access_keys WHERE account = ?1 AND owner_id = ?2", "tt",
	                     key->account, key->owner_id);
	count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows)
	    && (count <= IAM_ACCESS_KEYS_PER_USER_MAX
	        || fail_as(err, ERR_CONFLICT, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: %d",
	                   IAM_ACCESS_KEYS_PER_USER_MAX));
}

static void read_key(struct rows *rows, struct arena *arena, struct access_key *key)
{
	*key = (struct access_key){
		.account = rows_text(rows, 0, arena),
		.access_key_id = rows_text(rows, 1, arena),
		.owner_id = rows_text(rows, 2, arena),
		.is_active = rows_i64(rows, 3) != 0,
		.sealed_secret = rows_blob(rows, 4, arena),
		.created_ms = rows_i64(rows, 5),
		.last_used_ms = rows_i64(rows, 6),
		.last_used_service = rows_text(rows, 7, arena),
		.last_used_region = rows_text(rows, 8, arena),
	};
}

const struct access_key *access_keys_find(struct catalog *catalog, struct arena *arena, struct slice access_key_id,
                                          struct error *err)
{
	struct rows rows = catalog_query(catalog, err, FROM_ACCESS_KEYS "WHERE k.access_key_id = ?1", "t", access_key_id);
	struct access_key *key = NULL;

	if (rows_next(&rows)) {
		key = arena_new(arena, struct access_key);
		read_key(&rows, arena, key);
	}
	return rows_close(&rows) ? key : NULL;
}

const struct access_key *access_keys_get(struct catalog *catalog, struct arena *arena, struct slice account,
                                         struct slice owner_id, struct slice access_key_id, struct error *err)
{
	const struct access_key *key = access_keys_find(catalog, arena, access_key_id, err);

	if (key && slice_equal(key->account, account) && slice_equal(key->owner_id, owner_id))
		return key;
	if (err->kind == ERR_NONE)
		fail_as(err, ERR_NOT_FOUND, "NoSuchEntity", "The Access Key with id %.*s cannot be found.",
		        SLICE_ARG(access_key_id));
	return NULL;
}

struct slice access_keys_secret(const struct access_key *key, const struct keyring *keyring, struct arena *arena,
                                struct error *err)
{
	return keyring_unseal(keyring, KEYRING_CATALOG_SECRET, associated(arena, key->account, key->access_key_id),
	                      key->sealed_secret, arena, err);
}

bool access_keys_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice owner_id,
                      struct access_key_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 FROM_ACCESS_KEYS "WHERE k.account = ?1 AND k.owner_id = ?2"
	                                 " ORDER BY k.created_ms, k.access_key_id", "tt", account, owner_id);

	*list = (struct access_key_list){ 0 };
	while (rows_next(&rows)) {
		list->items = page_grow(arena, list->items, list->count, sizeof *list->items);
		read_key(&rows, arena, &list->items[list->count++]);
	}
	return rows_close(&rows);
}

bool access_keys_set_active(struct catalog *catalog, struct slice account, struct slice access_key_id, bool is_active,
                            struct error *err)
{
	return catalog_run(catalog, err, "UPDATE access_keys SET is_active = ?3 WHERE account = ?1 AND access_key_id = ?2",
	                   "tti", account, access_key_id, (int64_t)is_active);
}

bool access_keys_set_last_used(struct catalog *catalog, struct slice account, struct slice access_key_id, int64_t ms,
                               struct slice service, struct slice region, struct error *err)
{
	return catalog_run(catalog, err,
	                   "UPDATE access_keys SET last_used_ms = ?3, last_used_service = ?4, last_used_region = ?5"
	                   " WHERE account = ?1 AND access_key_id = ?2", "ttitt", account, access_key_id, ms, service, region);
}

bool access_keys_delete(struct catalog *catalog, struct slice account, struct slice access_key_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM access_keys WHERE account = ?1 AND access_key_id = ?2", "tt", account,
	                   access_key_id);
}

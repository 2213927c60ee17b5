/* trail/signing_keys.c: the fingerprint names the row and binds the box in it. */
#include "trail/signing_keys.h"

#include "codec/hex.h"
#include "store/catalog.h"

const char signing_keys_table[] =
	"CREATE TABLE signing_keys ("
	" account TEXT NOT NULL,"
	" fingerprint TEXT NOT NULL,"
	" public_der BLOB NOT NULL,"
	" sealed_secret BLOB NOT NULL,"
	" start_ms INTEGER NOT NULL,"
	" end_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account, fingerprint)"
	") STRICT, WITHOUT ROWID";

static const int64_t SECOND_MS = 1000;

#define COLUMNS "fingerprint, public_der, sealed_secret, start_ms, end_ms"

static struct slice associated(struct arena *arena, struct slice fingerprint)
{
	return arena_format(arena, "signing key %.*s", SLICE_ARG(fingerprint));
}

struct signing_key signing_keys_make(struct arena *arena, const struct keyring *keyring, struct random *random,
                                     int64_t start_ms, int64_t end_ms)
{
	unsigned char secret[RSA_PRIVATE_BYTES], md5[MD5_BYTES];
	struct signing_key key = { .start_ms = start_ms, .end_ms = end_ms };
	struct error err;

	rsa_make(random, secret);
	struct rsa_signer *signer = rsa_signer_new(secret, &err);
	assert(signer);
	key.public_der = rsa_public_der(signer, arena);
	digest_md5(key.public_der, md5);
	key.fingerprint = hex_text(arena, (struct slice){ (const char *)md5, sizeof md5 });
	key.sealed_secret = keyring_seal(keyring, KEYRING_CATALOG_SECRET, associated(arena, key.fingerprint),
	                                 (struct slice){ (const char *)secret, sizeof secret }, random, arena);
	digest_wipe(secret, sizeof secret);
	rsa_signer_free(signer);
	return key;
}

struct rsa_signer *signing_keys_open(struct arena *arena, const struct keyring *keyring, const struct signing_key *key,
                                     struct error *err)
{
	struct slice secret = keyring_unseal(keyring, KEYRING_CATALOG_SECRET, associated(arena, key->fingerprint),
	                                     key->sealed_secret, arena, err);

	if (!secret.ptr)
		return NULL;
	if (secret.len != RSA_PRIVATE_BYTES) {
		fail(err, ERR_CORRUPT, "signing key %.*s has %zu bytes", SLICE_ARG(key->fingerprint), secret.len);
		return NULL;
	}
	struct rsa_signer *signer = rsa_signer_new((const unsigned char *)secret.ptr, err);
	digest_wipe((void *)(uintptr_t)secret.ptr, secret.len);
	return signer;
}

bool signing_keys_insert(struct catalog *catalog, const struct signing_key *key, struct error *err)
{
	return catalog_run(catalog, err, "INSERT INTO signing_keys (account, " COLUMNS ") VALUES ('', ?1, ?2, ?3, ?4, ?5)", "tbbii",
	                   key->fingerprint, key->public_der, key->sealed_secret, key->start_ms, key->end_ms);
}

static struct signing_key read_key(struct rows *rows, struct arena *arena)
{
	return (struct signing_key){
		.fingerprint = rows_text(rows, 0, arena), .public_der = rows_blob(rows, 1, arena),
		.sealed_secret = rows_blob(rows, 2, arena), .start_ms = rows_i64(rows, 3), .end_ms = rows_i64(rows, 4),
	};
}

static const struct signing_key *read_one(struct rows *rows, struct arena *arena)
{
	struct signing_key *key = NULL;

	if (rows_next(rows)) {
		key = arena_new(arena, struct signing_key);
		*key = read_key(rows, arena);
	}
	return rows_close(rows) ? key : NULL;
}

/* The oldest that is valid for half an overlap more: a later key never takes the place of one that has signed. */
const struct signing_key *signing_keys_at(struct catalog *catalog, struct arena *arena, int64_t end_ms, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT " COLUMNS " FROM signing_keys WHERE account = '' AND end_ms > ?1"
	                                 " ORDER BY start_ms, fingerprint LIMIT 1",
	                                 "i", end_ms + SIGNING_KEY_OVERLAP_MS / 2);

	return read_one(&rows, arena);
}

bool signing_keys_need(struct catalog *catalog, struct arena *arena, int64_t now_ms, struct signing_key_need *need,
                       struct error *err)
{
	struct error failure = {0};
	struct rows rows = catalog_query(catalog, &failure,
	                                 "SELECT " COLUMNS " FROM signing_keys WHERE account = ''"
	                                 " ORDER BY end_ms DESC, fingerprint LIMIT 1", "");
	const struct signing_key *newest = read_one(&rows, arena);
	const int64_t signs_ms = SIGNING_KEY_VALID_MS - SIGNING_KEY_OVERLAP_MS;

	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	*need = (struct signing_key_need){ .start_ms = now_ms - now_ms % SECOND_MS };
	if (newest) {
		need->start_ms = newest->end_ms - SIGNING_KEY_OVERLAP_MS;
		need->due_ms = need->start_ms;
	}
	need->is_missing = need->start_ms <= now_ms;
	need->end_ms = need->start_ms + SIGNING_KEY_VALID_MS;
	if (need->start_ms + signs_ms <= now_ms)
		need->end_ms = now_ms - now_ms % SECOND_MS + SIGNING_KEY_VALID_MS;
	return true;
}

bool signing_keys_list(struct catalog *catalog, struct arena *arena, int64_t start_ms, int64_t end_ms,
                       struct signing_key_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT " COLUMNS " FROM signing_keys WHERE account = '' AND start_ms <= ?2"
	                                 " AND end_ms >= ?1 ORDER BY start_ms, fingerprint",
	                                 "ii", start_ms, end_ms);
	size_t room = 0;

	*list = (struct signing_key_list){0};
	while (rows_next(&rows)) {
		if (list->count == room) {
			struct signing_key *more = arena_array(arena, room ? 2 * room : 4, sizeof *more);
			if (room)
				memcpy(more, list->items, room * sizeof *more);
			list->items = more;
			room = room ? 2 * room : 4;
		}
		list->items[list->count++] = read_key(&rows, arena);
	}
	return rows_close(&rows);
}

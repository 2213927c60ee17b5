/* auth/principals.c: a table of entries, each with an arena of its own; the least recently used goes first. */
#include "auth/principals.h"

#include "auth/keyring.h"
#include "auth/principals_load.h"
#include "auth/session.h"
#include "base/limits.h"
#include "base/map.h"
#include "codec/digest.h"
#include "store/catalog.h"

enum { ENTRY_BYTES_MAX = 4 << 20 };

struct entry {
	struct credential credential;         /* first: principals_release finds the entry by it */
	struct arena      arena;
	struct slice      key;                /* access key id, NUL, session token */
	uint64_t          epoch;
	size_t            holders;
	int64_t           noted_ms;           /* when its use was last put into the catalog */
	bool              is_listed;          /* in the table; else freed with its last holder */
	struct entry     *newer, *older;
};

struct principals {
	const struct keyring *keyring;
	struct policy_cache  *policies;
	struct map            by_key;
	struct entry         *newest, *oldest;
	size_t                count_max;
	uint64_t              loaded;
};

struct principals *principals_new(const struct keyring *keyring, struct policy_cache *policies, size_t count_max,
                                  uint64_t seed)
{
	struct principals *principals = xcalloc(1, sizeof *principals);

	*principals = (struct principals){ .keyring = keyring, .policies = policies, .count_max = count_max };
	map_init(&principals->by_key, seed);
	return principals;
}

static void free_entry(struct principals *principals, struct entry *entry)
{
	principals_load_release(principals->policies, &entry->credential.principal);
	if (entry->credential.secret.len)
		digest_wipe((void *)(uintptr_t)entry->credential.secret.ptr, entry->credential.secret.len);
	arena_fini(&entry->arena);
	free(entry);
}

static void unlink_entry(struct principals *principals, struct entry *entry)
{
	*(entry->newer ? &entry->newer->older : &principals->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &principals->oldest) = entry->newer;
	entry->newer = entry->older = NULL;
}

static void link_newest(struct principals *principals, struct entry *entry)
{
	entry->newer = NULL;
	entry->older = principals->newest;
	*(principals->newest ? &principals->newest->newer : &principals->oldest) = entry;
	principals->newest = entry;
}

static void forget(struct principals *principals, struct entry *entry)
{
	map_remove(&principals->by_key, entry->key);
	unlink_entry(principals, entry);
	entry->is_listed = false;
	if (entry->holders == 0)
		free_entry(principals, entry);
}

void principals_forget(struct principals *principals)
{
	while (principals->oldest)
		forget(principals, principals->oldest);
}

void principals_free(struct principals *principals)
{
	if (!principals)
		return;
	for (const struct entry *entry = principals->oldest; entry; entry = entry->newer)
		assert(entry->holders == 0);
	principals_forget(principals);
	map_fini(&principals->by_key);
	free(principals);
}

static bool is_temporary_key(struct slice access_key_id)
{
	return slice_has_prefix(access_key_id, S("ASIA"));
}

static enum principals_found load(struct principals *principals, struct entry *entry, struct catalog *reader,
                                  struct slice access_key_id, struct slice token, int64_t now_ms, struct error *err)
{
	struct principals_source source = {
		.arena = &entry->arena, .reader = reader, .keyring = principals->keyring, .policies = principals->policies,
	};

	bool is_temporary = is_temporary_key(access_key_id);

	if (token.len && !is_temporary)
		return PRINCIPALS_BAD_TOKEN;
	/* One view for all queries: a Deny that came first must not be missed beside an Allow that came after it. */
	principals->loaded++;
	if (!catalog_begin(reader, err))
		return PRINCIPALS_FAILED;
	enum principals_found found = is_temporary
		? principals_load_session(&source, access_key_id, token, now_ms, &entry->credential, err)
		: principals_load_long_term(&source, access_key_id, &entry->credential, err);
	catalog_rollback(reader);
	return found;
}

static enum principals_found load_new(struct principals *principals, struct catalog *reader, uint64_t epoch,
                                      struct slice key, struct slice access_key_id, struct slice token, int64_t now_ms,
                                      struct entry **out, struct error *err)
{
	struct entry *entry = xcalloc(1, sizeof *entry);

	arena_init(&entry->arena, ENTRY_BYTES_MAX);
	entry->key = arena_copy(&entry->arena, key);
	entry->epoch = epoch;
	struct slice own_id = slice_sub(entry->key, 0, access_key_id.len);
	enum principals_found found = load(principals, entry, reader, own_id, token, now_ms, err);
	if (found == PRINCIPALS_FOUND && !arena_check(&entry->arena, err))
		found = PRINCIPALS_FAILED;
	if (found != PRINCIPALS_FOUND) {
		free_entry(principals, entry);
		return found;
	}
	map_put(&principals->by_key, entry->key, entry);
	link_newest(principals, entry);
	entry->is_listed = true;
	if (principals->by_key.count > principals->count_max)
		forget(principals, principals->oldest);
	*out = entry;
	return PRINCIPALS_FOUND;
}

enum principals_found principals_take(struct principals *principals, struct catalog *reader, uint64_t epoch,
                                      struct slice access_key_id, struct slice token, int64_t now_ms,
                                      const struct credential **credential, struct error *err)
{
	char key_bytes[SESSION_TOKEN_BYTES_MAX + 256];

	if (access_key_id.len > 128 || token.len > SESSION_TOKEN_BYTES_MAX)
		return token.len ? PRINCIPALS_BAD_TOKEN : PRINCIPALS_UNKNOWN;
	memcpy(key_bytes, access_key_id.ptr, access_key_id.len);
	key_bytes[access_key_id.len] = 0;
	if (token.len)
		memcpy(key_bytes + access_key_id.len + 1, token.ptr, token.len);
	struct slice key = { key_bytes, access_key_id.len + 1 + token.len };

	int64_t noted_ms = 0;
	struct entry *entry = map_find(&principals->by_key, key);
	if (entry && entry->epoch != epoch) {
		noted_ms = entry->noted_ms;
		forget(principals, entry);
		entry = NULL;
	}
	if (entry && entry != principals->newest) {
		unlink_entry(principals, entry);
		link_newest(principals, entry);
	}
	if (!entry) {
		enum principals_found found = load_new(principals, reader, epoch, key, access_key_id, token, now_ms, &entry, err);
		if (found != PRINCIPALS_FOUND)
			return found;
		entry->noted_ms = noted_ms;
	}
	if (entry->credential.principal.is_temporary && now_ms >= entry->credential.principal.expires_ms)
		return PRINCIPALS_EXPIRED;
	entry->holders++;
	*credential = &entry->credential;
	return PRINCIPALS_FOUND;
}

void principals_release(struct principals *principals, const struct credential *credential)
{
	struct entry *entry = (struct entry *)(uintptr_t)credential;

	assert(entry->holders > 0);
	if (--entry->holders == 0 && !entry->is_listed)
		free_entry(principals, entry);
}

bool principals_note_use(const struct credential *credential, int64_t now_ms)
{
	struct entry *entry = (struct entry *)(uintptr_t)credential;

	if (now_ms >= entry->noted_ms && now_ms - entry->noted_ms < LAST_USE_NOTE_MS)
		return false;                    /* a clock that was set back must not silence it for years */
	entry->noted_ms = now_ms;
	return true;
}

uint64_t principals_loaded(const struct principals *principals)
{
	return principals->loaded;
}

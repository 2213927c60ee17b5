/* trail/verify_keys.c: a list, because an installation has one key a month. */
#include "trail/verify_keys.h"

#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "codec/rsa.h"

enum { KEYS_ARENA_BYTES_MAX = 64 << 20, FINGERPRINT_DIGITS = 2 * MD5_BYTES };

struct entry {
	char                 fingerprint[FINGERPRINT_DIGITS];
	struct rsa_verifier *verifier;
};

struct verify_keys {
	struct arena  arena;
	struct entry *entries;
	size_t        count, room;
};

static bool read_entry(struct verify_keys *keys, const struct json *json, struct error *err)
{
	struct entry entry;
	struct slice claimed = json_get_text(json, S("Fingerprint")), value = json_get_text(json, S("Value"));
	unsigned char md5[MD5_BYTES];

	if (!claimed.ptr || !value.ptr)
		return fail(err, ERR_INVALID, "a key of the list has no Fingerprint or no Value");
	struct slice der = base64_decode(&keys->arena, value, err);
	if (!der.ptr)
		return false;
	digest_md5(der, md5);
	if (!slice_equal(hex_encode(md5, sizeof md5, entry.fingerprint), claimed))
		return fail(err, ERR_INVALID, "the fingerprint %.*s is not that of its key", SLICE_ARG(slice_sub(claimed, 0, 64)));
	if (verify_keys_find(keys, claimed))
		return true;                            /* the list of another region has it too */
	entry.verifier = rsa_verifier_new(der, err);
	if (!entry.verifier)
		return false;
	if (keys->count == keys->room) {
		keys->room = keys->room ? 2 * keys->room : 16;
		keys->entries = xrealloc(keys->entries, keys->room * sizeof *keys->entries);
	}
	keys->entries[keys->count++] = entry;
	return true;
}

struct verify_keys *verify_keys_new(void)
{
	struct verify_keys *keys = xcalloc(1, sizeof *keys);

	arena_init(&keys->arena, KEYS_ARENA_BYTES_MAX);
	return keys;
}

bool verify_keys_add(struct verify_keys *keys, const struct json *list, struct error *err)
{
	const struct json *items = json_get(list, S("PublicKeyList"));

	if (!items || items->kind != JSON_ARRAY)
		return fail(err, ERR_INVALID, "there is no PublicKeyList, as `aws cloudtrail list-public-keys` prints it");
	for (const struct json *item = items->first; item; item = item->next)
		if (!read_entry(keys, item, err))
			return false;
	return arena_check(&keys->arena, err);
}

struct verify_keys *verify_keys_read(struct slice text, struct error *err)
{
	struct verify_keys *keys = verify_keys_new();
	const struct json *list = json_parse(&keys->arena, text, &JSON_LIMITS_DEFAULT, err);

	if (list && verify_keys_add(keys, list, err))
		return keys;
	verify_keys_free(keys);
	return NULL;
}

void verify_keys_free(struct verify_keys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->count; i++)
		rsa_verifier_free(keys->entries[i].verifier);
	free(keys->entries);
	arena_fini(&keys->arena);
	free(keys);
}

size_t verify_keys_count(const struct verify_keys *keys)
{
	return keys->count;
}

const struct rsa_verifier *verify_keys_find(const struct verify_keys *keys, struct slice fingerprint)
{
	for (size_t i = 0; i < keys->count; i++)
		if (slice_equal(fingerprint, (struct slice){ keys->entries[i].fingerprint, FINGERPRINT_DIGITS }))
			return keys->entries[i].verifier;
	return NULL;
}

/* auth/sigv4_keys.c: four-way sets; the least recently used key of a full set goes.
 *
 * A slot remembers a hash of the secret that made its key: when the secret changes, the slot no longer matches. */
#include "auth/sigv4_keys.h"
#include "base/limits.h"

enum { WAYS = 4, NAME_BYTES_MAX = 192 };

struct slot {
	uint64_t                  used_at;            /* in calls; 0: free */
	struct digest_hmac_sha256 key;
	unsigned char             fingerprint[SHA256_BYTES];
	uint32_t                  name_len;
	char                      name[NAME_BYTES_MAX];  /* access key id/date/region/service */
};

struct sigv4_keys {
	struct slot *slots;
	size_t       set_mask;
	uint64_t     seed, calls;
};

struct sigv4_keys *sigv4_keys_new(size_t count, uint64_t seed)
{
	struct sigv4_keys *keys = xcalloc(1, sizeof *keys);
	size_t sets = 1;

	while (sets * WAYS < count)
		sets *= 2;
	keys->slots = xcalloc(sets * WAYS, sizeof *keys->slots);
	keys->set_mask = sets - 1;
	keys->seed = seed;
	return keys;
}

void sigv4_keys_free(struct sigv4_keys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < (keys->set_mask + 1) * WAYS; i++)
		if (keys->slots[i].used_at)
			digest_wipe(&keys->slots[i], sizeof keys->slots[i]);
	free(keys->slots);
	free(keys);
}

void sigv4_keys_derive(const struct sigv4_claim *claim, struct slice secret, struct digest_hmac_sha256 *key)
{
	char first[4 + SIGV4_SECRET_BYTES_MAX] = "AWS4";
	unsigned char step[SHA256_BYTES];
	struct slice so_far = { (const char *)step, sizeof step };

	assert(secret.len <= SIGV4_SECRET_BYTES_MAX);
	memcpy(first + 4, secret.ptr, secret.len);
	digest_hmac_sha256((struct slice){ first, 4 + secret.len }, claim->date, step);
	digest_hmac_sha256(so_far, claim->region, step);
	digest_hmac_sha256(so_far, claim->service, step);
	digest_hmac_sha256(so_far, S("aws4_request"), step);
	digest_hmac_sha256_init(key, so_far);
	digest_wipe(first, sizeof first);
	digest_wipe(step, sizeof step);
}

/* SLICE_NONE for a name too long to keep. */
static struct slice name_of(const struct sigv4_claim *claim, char out[NAME_BYTES_MAX])
{
	const struct slice parts[] = { claim->access_key_id, claim->date, claim->region, claim->service };
	size_t at = 0;

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (parts[i].len + 1 > NAME_BYTES_MAX - at)
			return SLICE_NONE;
		memcpy(out + at, parts[i].ptr, parts[i].len);
		at += parts[i].len;
		out[at++] = '/';
	}
	return (struct slice){ out, at };
}

static struct slot *set_of(struct sigv4_keys *keys, struct slice name)
{
	return &keys->slots[(hash64_seeded(name, keys->seed) & keys->set_mask) * WAYS];
}

static struct slot *find_slot(struct slot *set, struct slice name)
{
	for (int i = 0; i < WAYS; i++)
		if (set[i].used_at && slice_equal((struct slice){ set[i].name, set[i].name_len }, name))
			return &set[i];
	return NULL;
}

bool sigv4_keys_find(struct sigv4_keys *keys, const struct sigv4_claim *claim, struct slice secret,
                     struct digest_hmac_sha256 *key)
{
	char room[NAME_BYTES_MAX];
	unsigned char fingerprint[SHA256_BYTES];
	struct slice name = name_of(claim, room);
	struct slot *slot = name.ptr ? find_slot(set_of(keys, name), name) : NULL;

	if (!slot)
		return false;
	digest_sha256(secret, fingerprint);
	if (!slice_equal_secret((struct slice){ (const char *)fingerprint, sizeof fingerprint },
	                        (struct slice){ (const char *)slot->fingerprint, sizeof slot->fingerprint }))
		return false;
	slot->used_at = ++keys->calls;
	*key = slot->key;
	return true;
}

void sigv4_keys_keep(struct sigv4_keys *keys, const struct sigv4_claim *claim, struct slice secret,
                     const struct digest_hmac_sha256 *key)
{
	char room[NAME_BYTES_MAX];
	struct slice name = name_of(claim, room);

	if (!name.ptr)
		return;
	struct slot *set = set_of(keys, name), *slot = find_slot(set, name);
	if (!slot) {
		slot = set;
		for (int i = 1; i < WAYS; i++)
			if (set[i].used_at < slot->used_at)
				slot = &set[i];
	}
	slot->used_at = ++keys->calls;
	slot->key = *key;
	slot->name_len = (uint32_t)name.len;
	memcpy(slot->name, name.ptr, name.len);
	digest_sha256(secret, slot->fingerprint);
}

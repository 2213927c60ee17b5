/* auth/keyring.c: keys derived from one, and boxes that name the key they were made with.
 *
 * A box is: form (1 byte), id of the master key (4), nonce (12), ciphertext, tag (16). */
#include "auth/keyring.h"
#include "auth/keyring_file.h"

enum { BOX_FORM = 1, KEY_ID_BYTES = 4, BOX_NONCE_AT = 1 + KEY_ID_BYTES, BOX_CIPHER_AT = BOX_NONCE_AT + GCM_NONCE_BYTES };
_Static_assert(BOX_CIPHER_AT + GCM_TAG_BYTES == KEYRING_BOX_OVERHEAD_BYTES, "the layout of a box is stored");

/* Stored boxes hang on these words: never change one. */
static const struct slice purpose_names[] = {
	[KEYRING_SESSION_TOKEN]  = S_INIT("session token"),
	[KEYRING_SESSION_SECRET] = S_INIT("session secret"),
	[KEYRING_CATALOG_SECRET] = S_INIT("catalog secret"),
	[KEYRING_PAGING_TOKEN]   = S_INIT("paging token"),
	[KEYRING_OBJECT_KEY]     = S_INIT("object key"),
};
_Static_assert(COUNT(purpose_names) == KEYRING_PURPOSE_COUNT, "a name for each purpose");

struct keyring {
	unsigned char key_id[KEY_ID_BYTES];
	struct {
		struct digest_gcm         seal;
		struct digest_hmac_sha256 mac;
	} purposes[KEYRING_PURPOSE_COUNT];
};

static void derive(const unsigned char *master, struct slice salt, struct slice info, unsigned char *out, size_t bytes)
{
	digest_hkdf_sha256((struct slice){ (const char *)master, AES256_KEY_BYTES }, salt, info, out, bytes);
}

struct keyring *keyring_from_key(const unsigned char master[AES256_KEY_BYTES])
{
	struct keyring *keyring = xcalloc(1, sizeof *keyring);
	unsigned char key[AES256_KEY_BYTES];

	derive(master, S("spoor key id"), S(""), keyring->key_id, sizeof keyring->key_id);
	for (size_t i = 0; i < KEYRING_PURPOSE_COUNT; i++) {
		derive(master, S("spoor seal"), purpose_names[i], key, sizeof key);
		digest_gcm_init(&keyring->purposes[i].seal, key);
		derive(master, S("spoor mac"), purpose_names[i], key, sizeof key);
		digest_hmac_sha256_init(&keyring->purposes[i].mac, (struct slice){ (const char *)key, sizeof key });
	}
	digest_wipe(key, sizeof key);
	return keyring;
}

struct keyring *keyring_open(struct disk *disk, int dir_fd, struct random *random, struct error *err)
{
	unsigned char master[AES256_KEY_BYTES];
	bool is_read = keyring_file_get(disk, dir_fd, random, master, err);
	struct keyring *keyring = is_read ? keyring_from_key(master) : NULL;

	digest_wipe(master, sizeof master);
	return keyring;
}

void keyring_close(struct keyring *keyring)
{
	if (!keyring)
		return;
	digest_wipe(keyring, sizeof *keyring);
	free(keyring);
}

struct slice keyring_seal(const struct keyring *keyring, enum keyring_purpose purpose, struct slice associated,
                          struct slice plain, struct random *random, struct arena *arena)
{
	unsigned char *box = arena_alloc(arena, plain.len + KEYRING_BOX_OVERHEAD_BYTES);

	box[0] = BOX_FORM;
	memcpy(box + 1, keyring->key_id, KEY_ID_BYTES);
	random_bytes(random, box + BOX_NONCE_AT, GCM_NONCE_BYTES);
	digest_gcm_seal(&keyring->purposes[purpose].seal, box + BOX_NONCE_AT, associated, plain, box + BOX_CIPHER_AT);
	return (struct slice){ (const char *)box, plain.len + KEYRING_BOX_OVERHEAD_BYTES };
}

struct slice keyring_unseal(const struct keyring *keyring, enum keyring_purpose purpose, struct slice associated,
                            struct slice box, struct arena *arena, struct error *err)
{
	const unsigned char *bytes = (const unsigned char *)box.ptr;

	if (box.len < KEYRING_BOX_OVERHEAD_BYTES || bytes[0] != BOX_FORM) {
		fail(err, ERR_INVALID, "This was not sealed here.");
		return SLICE_NONE;
	}
	if (memcmp(bytes + 1, keyring->key_id, KEY_ID_BYTES) != 0) {
		fail(err, ERR_NOT_FOUND, "This was sealed with another master key; is keys/master.key the right one?");
		return SLICE_NONE;
	}
	size_t count = box.len - KEYRING_BOX_OVERHEAD_BYTES;
	unsigned char *plain = arena_alloc(arena, count + 1);
	if (!digest_gcm_open(&keyring->purposes[purpose].seal, bytes + BOX_NONCE_AT, associated,
	                     slice_from(box, BOX_CIPHER_AT), plain)) {
		fail(err, ERR_INVALID, "This was altered, or belongs elsewhere.");
		return SLICE_NONE;
	}
	return (struct slice){ (const char *)plain, count };
}

void keyring_mac(const struct keyring *keyring, enum keyring_purpose purpose, struct slice data,
                 unsigned char mac[SHA256_BYTES])
{
	struct digest_hmac_sha256 ready = keyring->purposes[purpose].mac;     /* the shared one stays constant */

	digest_hmac_sha256_add(&ready, data);
	digest_hmac_sha256_final(&ready, mac);
	digest_wipe(&ready, sizeof ready);
}

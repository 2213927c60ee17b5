/* codec/digest.c: the only file that knows nettle.
 *
 * Nettle's contexts are plain structs, so hashing takes no lock and no allocation; Debian's build picks the SHA-NI and
 * AES-NI code at start. Our structs are as large as nettle's, with room to spare, to keep its headers in here. */
#include "codec/digest.h"
#include "codec/hex.h"

#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct digest_sha256), "room for nettle's state");
_Static_assert(sizeof(struct sha1_ctx) <= sizeof(struct digest_sha1), "room for nettle's state");
_Static_assert(sizeof(struct md5_ctx) <= sizeof(struct digest_md5), "room for nettle's state");
_Static_assert(sizeof(struct hmac_sha256_ctx) <= sizeof(struct digest_hmac_sha256), "room for nettle's state");
_Static_assert(sizeof(struct gcm_aes256_ctx) <= sizeof(struct digest_gcm), "room for nettle's state");
_Static_assert(_Alignof(struct gcm_aes256_ctx) <= 16, "our states are aligned to 16 bytes");
_Static_assert(SHA256_BYTES == SHA256_DIGEST_SIZE && SHA1_BYTES == SHA1_DIGEST_SIZE && MD5_BYTES == MD5_DIGEST_SIZE
               && GCM_NONCE_BYTES == GCM_IV_SIZE && GCM_TAG_BYTES == GCM_DIGEST_SIZE,
               "nettle's sizes");

static const uint8_t *bytes_of(struct slice s)
{
	return (const uint8_t *)(s.ptr ? s.ptr : "");
}

void digest_wipe(void *bytes, size_t count)
{
	explicit_bzero(bytes, count);
}

void digest_sha256(struct slice data, unsigned char out[SHA256_BYTES])
{
	struct sha256_ctx sha256;

	sha256_init(&sha256);
	sha256_update(&sha256, data.len, bytes_of(data));
	sha256_digest(&sha256, SHA256_BYTES, out);
}

struct slice digest_sha256_hex(struct slice data, char out[SHA256_HEX_BYTES])
{
	unsigned char hash[SHA256_BYTES];

	digest_sha256(data, hash);
	return hex_encode(hash, sizeof hash, out);
}

static struct sha256_ctx *sha256_of(struct digest_sha256 *sha256)
{
	return (struct sha256_ctx *)(void *)sha256->state;
}

void digest_sha256_init(struct digest_sha256 *sha256)
{
	sha256_init(sha256_of(sha256));
}

void digest_sha256_add(struct digest_sha256 *sha256, struct slice data)
{
	sha256_update(sha256_of(sha256), data.len, bytes_of(data));
}

void digest_sha256_final(struct digest_sha256 *sha256, unsigned char out[SHA256_BYTES])
{
	sha256_digest(sha256_of(sha256), SHA256_BYTES, out);
}

static struct sha1_ctx *sha1_of(struct digest_sha1 *sha1)
{
	return (struct sha1_ctx *)(void *)sha1->state;
}

void digest_sha1_init(struct digest_sha1 *sha1)
{
	sha1_init(sha1_of(sha1));
}

void digest_sha1_add(struct digest_sha1 *sha1, struct slice data)
{
	sha1_update(sha1_of(sha1), data.len, bytes_of(data));
}

void digest_sha1_final(struct digest_sha1 *sha1, unsigned char out[SHA1_BYTES])
{
	sha1_digest(sha1_of(sha1), SHA1_BYTES, out);
}

static struct md5_ctx *md5_of(struct digest_md5 *md5)
{
	return (struct md5_ctx *)(void *)md5->state;
}

void digest_md5_init(struct digest_md5 *md5)
{
	md5_init(md5_of(md5));
}

void digest_md5_add(struct digest_md5 *md5, struct slice data)
{
	md5_update(md5_of(md5), data.len, bytes_of(data));
}

void digest_md5_final(struct digest_md5 *md5, unsigned char out[MD5_BYTES])
{
	md5_digest(md5_of(md5), MD5_BYTES, out);
}

void digest_md5(struct slice data, unsigned char out[MD5_BYTES])
{
	struct digest_md5 md5;

	digest_md5_init(&md5);
	digest_md5_add(&md5, data);
	digest_md5_final(&md5, out);
}

void digest_hmac_sha256(struct slice key, struct slice data, unsigned char out[SHA256_BYTES])
{
	struct hmac_sha256_ctx hmac;

	hmac_sha256_set_key(&hmac, key.len, bytes_of(key));
	hmac_sha256_update(&hmac, data.len, bytes_of(data));
	hmac_sha256_digest(&hmac, SHA256_BYTES, out);
	digest_wipe(&hmac, sizeof hmac);
}

void digest_hmac_sha1(struct slice key, struct slice data, unsigned char out[SHA1_BYTES])
{
	struct hmac_sha1_ctx hmac;

	hmac_sha1_set_key(&hmac, key.len, bytes_of(key));
	hmac_sha1_update(&hmac, data.len, bytes_of(data));
	hmac_sha1_digest(&hmac, SHA1_BYTES, out);
	digest_wipe(&hmac, sizeof hmac);
}

static struct hmac_sha256_ctx *hmac_of(struct digest_hmac_sha256 *hmac)
{
	return (struct hmac_sha256_ctx *)(void *)hmac->state;
}

void digest_hmac_sha256_init(struct digest_hmac_sha256 *hmac, struct slice key)
{
	hmac_sha256_set_key(hmac_of(hmac), key.len, bytes_of(key));
}

void digest_hmac_sha256_add(struct digest_hmac_sha256 *hmac, struct slice data)
{
	hmac_sha256_update(hmac_of(hmac), data.len, bytes_of(data));
}

void digest_hmac_sha256_final(struct digest_hmac_sha256 *hmac, unsigned char out[SHA256_BYTES])
{
	hmac_sha256_digest(hmac_of(hmac), SHA256_BYTES, out);
}

void digest_hkdf_sha256(struct slice key, struct slice salt, struct slice info, void *out, size_t bytes)
{
	struct hmac_sha256_ctx hmac;
	unsigned char pseudorandom_key[SHA256_BYTES];

	assert(bytes <= 255 * SHA256_BYTES);
	hmac_sha256_set_key(&hmac, salt.len, bytes_of(salt));
	hkdf_extract(&hmac, (nettle_hash_update_func *)hmac_sha256_update,
	             (nettle_hash_digest_func *)hmac_sha256_digest, SHA256_BYTES, key.len, bytes_of(key),
	             pseudorandom_key);
	hmac_sha256_set_key(&hmac, sizeof pseudorandom_key, pseudorandom_key);
	hkdf_expand(&hmac, (nettle_hash_update_func *)hmac_sha256_update,
	            (nettle_hash_digest_func *)hmac_sha256_digest, SHA256_BYTES, info.len, bytes_of(info), bytes, out);
	digest_wipe(&hmac, sizeof hmac);
	digest_wipe(pseudorandom_key, sizeof pseudorandom_key);
}

void digest_gcm_init(struct digest_gcm *gcm, const unsigned char key[AES256_KEY_BYTES])
{
	gcm_aes256_set_key((struct gcm_aes256_ctx *)(void *)gcm->state, key);
}

/* The key part is shared and constant; counter and hash are a message's own. */
static struct gcm_ctx begin_message(const struct gcm_aes256_ctx *shared, const unsigned char *nonce, struct slice associated)
{
	struct gcm_ctx message;

	gcm_set_iv(&message, &shared->key, GCM_NONCE_BYTES, nonce);
	gcm_update(&message, &shared->key, associated.len, bytes_of(associated));
	return message;
}

static void end_message(struct gcm_ctx *message, const struct gcm_aes256_ctx *shared, unsigned char *tag)
{
	gcm_digest(message, &shared->key, &shared->cipher, (nettle_cipher_func *)aes256_encrypt, GCM_TAG_BYTES, tag);
}

void digest_gcm_seal(const struct digest_gcm *gcm, const unsigned char nonce[GCM_NONCE_BYTES], struct slice associated,
                     struct slice plain, unsigned char *sealed)
{
	const struct gcm_aes256_ctx *shared = (const struct gcm_aes256_ctx *)(const void *)gcm->state;
	struct gcm_ctx message = begin_message(shared, nonce, associated);

	gcm_encrypt(&message, &shared->key, &shared->cipher, (nettle_cipher_func *)aes256_encrypt, plain.len, sealed,
	            bytes_of(plain));
	end_message(&message, shared, sealed + plain.len);
}

bool digest_gcm_open(const struct digest_gcm *gcm, const unsigned char nonce[GCM_NONCE_BYTES], struct slice associated,
                     struct slice sealed, unsigned char *plain)
{
	const struct gcm_aes256_ctx *shared = (const struct gcm_aes256_ctx *)(const void *)gcm->state;
	unsigned char tag[GCM_TAG_BYTES];

	if (sealed.len < GCM_TAG_BYTES)
		return false;
	struct gcm_ctx message = begin_message(shared, nonce, associated);
	size_t bytes = sealed.len - GCM_TAG_BYTES;
	gcm_decrypt(&message, &shared->key, &shared->cipher, (nettle_cipher_func *)aes256_encrypt, bytes, plain,
	            bytes_of(sealed));
	end_message(&message, shared, tag);
	if (memeql_sec(tag, sealed.ptr + bytes, GCM_TAG_BYTES))
		return true;
	digest_wipe(plain, bytes);
	return false;
}

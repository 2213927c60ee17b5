/* codec/digest.h: hashes, message authentication and sealing: SHA-256, SHA-1, MD5, HMAC, HKDF, AES-256-GCM.
 *
 * The states live on the caller's stack or inside its structs and hold no lock; none needs to be freed. What held a
 * key is wiped with digest_wipe(). */
#ifndef SPOOR_CODEC_DIGEST_H
#define SPOOR_CODEC_DIGEST_H

#include "base/base.h"

enum {
	SHA1_BYTES          = 20,
	SHA256_BYTES        = 32,
	MD5_BYTES           = 16,
	SHA256_HEX_BYTES    = 64,
	AES256_KEY_BYTES    = 32,
	GCM_NONCE_BYTES     = 12,
	GCM_TAG_BYTES       = 16,
};

#define SHA256_EMPTY_HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" /* of no bytes */

void digest_wipe(void *bytes, size_t count);

/* ---- SHA-256 (FIPS 180-4) ---- */

struct digest_sha256 {
	_Alignas(16) unsigned char state[128];
};

void digest_sha256(struct slice data, unsigned char out[SHA256_BYTES]);
struct slice digest_sha256_hex(struct slice data, char out[SHA256_HEX_BYTES]); /* lower case, no NUL; returns `out` */

void digest_sha256_init(struct digest_sha256 *sha256);
void digest_sha256_add(struct digest_sha256 *sha256, struct slice data);
void digest_sha256_final(struct digest_sha256 *sha256, unsigned char out[SHA256_BYTES]); /* and starts anew */

/* ---- SHA-1 (FIPS 180-4) and MD5 (RFC 1321): only where AWS asks for them; they protect nothing ---- */

struct digest_sha1 {
	_Alignas(16) unsigned char state[112];
};

struct digest_md5 {
	_Alignas(16) unsigned char state[112];
};

void digest_sha1_init(struct digest_sha1 *sha1);
void digest_sha1_add(struct digest_sha1 *sha1, struct slice data);
void digest_sha1_final(struct digest_sha1 *sha1, unsigned char out[SHA1_BYTES]);        /* and starts anew */

void digest_md5(struct slice data, unsigned char out[MD5_BYTES]);
void digest_md5_init(struct digest_md5 *md5);
void digest_md5_add(struct digest_md5 *md5, struct slice data);
void digest_md5_final(struct digest_md5 *md5, unsigned char out[MD5_BYTES]);            /* and starts anew */

/* ---- HMAC-SHA-256 (RFC 2104) ---- */

/* A key made ready: as many messages as wanted, two compressions less each. */
struct digest_hmac_sha256 {
	_Alignas(16) unsigned char state[352];
};

void digest_hmac_sha256(struct slice key, struct slice data, unsigned char out[SHA256_BYTES]);

void digest_hmac_sha256_init(struct digest_hmac_sha256 *hmac, struct slice key);
void digest_hmac_sha256_add(struct digest_hmac_sha256 *hmac, struct slice data);
void digest_hmac_sha256_final(struct digest_hmac_sha256 *hmac, unsigned char out[SHA256_BYTES]); /* keeps the key */

/* HMAC-SHA-1, only for the one-time codes of authenticator apps (RFC 4226), which know no other. */
void digest_hmac_sha1(struct slice key, struct slice data, unsigned char out[SHA1_BYTES]);

/* HKDF-SHA-256 (RFC 5869), extract and expand; `bytes` at most 255 * 32. */
void digest_hkdf_sha256(struct slice key, struct slice salt, struct slice info, void *out, size_t bytes);

/* ---- AES-256-GCM (NIST SP 800-38D), 96-bit nonce, 128-bit tag ---- */

struct digest_gcm {
	_Alignas(16) unsigned char state[4608];
};

void digest_gcm_init(struct digest_gcm *gcm, const unsigned char key[AES256_KEY_BYTES]);

/* A nonce is used once a key. `sealed` receives plain.len + GCM_TAG_BYTES bytes: the ciphertext, then the tag. */
void digest_gcm_seal(const struct digest_gcm *gcm, const unsigned char nonce[GCM_NONCE_BYTES], struct slice associated,
                     struct slice plain, unsigned char *sealed);

/* Writes sealed.len - GCM_TAG_BYTES bytes to `plain`. False, with `plain` wiped, unless key, nonce, associated data
 * and every sealed byte are those of the sealing. */
bool digest_gcm_open(const struct digest_gcm *gcm, const unsigned char nonce[GCM_NONCE_BYTES], struct slice associated,
                     struct slice sealed, unsigned char *plain);

#endif

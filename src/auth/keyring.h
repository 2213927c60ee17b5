/* auth/keyring.h: the server's master key and what is sealed with keys made from it.
 *
 * DIR/keys/master.key is the one secret on disk; every purpose has a key of its own derived from it, so that a box made
 * for one purpose never opens as another. Immutable after open, shared by all threads. Losing the file loses every
 * session and every stored secret, so back it up apart from the catalog. */
#ifndef SPOOR_AUTH_KEYRING_H
#define SPOOR_AUTH_KEYRING_H

#include "base/arena.h"
#include "base/random.h"
#include "codec/digest.h"

struct disk;
struct keyring;

enum keyring_purpose {
	KEYRING_SESSION_TOKEN,            /* auth/session.h: tokens */
	KEYRING_SESSION_SECRET,           /* auth/session.h: secret access keys of sessions */
	KEYRING_CATALOG_SECRET,           /* secrets in catalog rows */
	KEYRING_PAGING_TOKEN,             /* NextToken and its kin */
	KEYRING_OBJECT_KEY,               /* data keys of objects in catalog rows, bound to the file's name */
	KEYRING_PURPOSE_COUNT
};

enum { KEYRING_BOX_OVERHEAD_BYTES = 1 + 4 + GCM_NONCE_BYTES + GCM_TAG_BYTES };

/* Reads keys/master.key below `dir_fd`, or makes it: 0600, file and directories synced before it is used. Errors:
 * ERR_DENIED when others than the owner may read it; ERR_CORRUPT; ERR_IO. */
struct keyring *keyring_open(struct disk *disk, int dir_fd, struct random *random, struct error *err);

struct keyring *keyring_from_key(const unsigned char master[AES256_KEY_BYTES]);
void keyring_close(struct keyring *keyring);                      /* wipes; accepts NULL */

/* Seals `plain` with a fresh nonce; it opens only under the same purpose with the same `associated` data, such as the
 * name of the row that holds it. The box is in `arena`, plain.len + KEYRING_BOX_OVERHEAD_BYTES bytes long. */
struct slice keyring_seal(const struct keyring *keyring, enum keyring_purpose purpose, struct slice associated,
                          struct slice plain, struct random *random, struct arena *arena);

/* SLICE_NONE and an error unless every bit is as sealed. Errors: ERR_INVALID altered or misplaced; ERR_NOT_FOUND sealed
 * with a master key that is not this one. */
struct slice keyring_unseal(const struct keyring *keyring, enum keyring_purpose purpose, struct slice associated,
                            struct slice box, struct arena *arena, struct error *err);

/* HMAC-SHA-256 under the purpose's own key; compare with slice_equal_secret(). */
void keyring_mac(const struct keyring *keyring, enum keyring_purpose purpose, struct slice data,
                 unsigned char mac[SHA256_BYTES]);

#endif

/* trail/signing_keys.h: the keys that digests are signed with (SQL table `signing_keys`), private halves sealed.
 *
 * They are the installation's, not an account's: the account column, which every table begins with, is empty. Public halves
 * are kept for ever, because digests are validated years later.
 *
 * Validities overlap and have no gaps from the first key on. A key takes over in the middle of an overlap: a validator asks
 * for the keys of the time that it looks at and then reads digests up to an hour beyond it, so a key has to be valid well
 * before and after what it signs. After a time without spoor, or a jump of a lab's clock, one longer validity bridges it.
 * Source: CloudTrail API Reference (2013-11-01), ListPublicKeys, PublicKey. */
#ifndef SPOOR_TRAIL_SIGNING_KEYS_H
#define SPOOR_TRAIL_SIGNING_KEYS_H

#include "auth/keyring.h"
#include "codec/rsa.h"

struct catalog;

enum { SIGNING_KEY_FINGERPRINT_BYTES = 2 * MD5_BYTES };

#define SIGNING_KEY_VALID_MS   (INT64_C(31) * 24 * 3600 * 1000)
#define SIGNING_KEY_OVERLAP_MS (INT64_C(24) * 3600 * 1000)        /* so a new one every 30 days */

struct signing_key {
	struct slice fingerprint;               /* MD5 of public_der in 32 lower-case hex digits */
	struct slice public_der;                /* PKCS#1's RSAPublicKey */
	struct slice sealed_secret;             /* under KEYRING_CATALOG_SECRET, bound to the fingerprint */
	int64_t      start_ms, end_ms;          /* of validity */
};

struct signing_key_list { struct signing_key *items; size_t count; };

extern const char signing_keys_table[];

/* Is one missing at `now_ms`? Then from when until when it has to be valid; else `due_ms` tells when one will be. */
struct signing_key_need { bool is_missing; int64_t start_ms, end_ms, due_ms; };
bool signing_keys_need(struct catalog *catalog, struct arena *arena, int64_t now_ms, struct signing_key_need *need,
                       struct error *err);

/* A fresh one, in the arena. Takes up to a second: for no thread that somebody waits for. */
struct signing_key signing_keys_make(struct arena *arena, const struct keyring *keyring, struct random *random,
                                     int64_t start_ms, int64_t end_ms);

/* Errors: those of keyring_unseal, rsa_signer_new. */
struct rsa_signer *signing_keys_open(struct arena *arena, const struct keyring *keyring, const struct signing_key *key,
                                     struct error *err);

bool signing_keys_insert(struct catalog *catalog, const struct signing_key *key, struct error *err);

/* The one that signs a digest whose window ends then; always the same for the same time. NULL: there is none yet; also on
 * failure (then `err`, clean before, is filled). */
const struct signing_key *signing_keys_at(struct catalog *catalog, struct arena *arena, int64_t end_ms, struct error *err);

/* Those that are valid at some time from `start_ms` to `end_ms`, oldest first. */
bool signing_keys_list(struct catalog *catalog, struct arena *arena, int64_t start_ms, int64_t end_ms,
                       struct signing_key_list *list, struct error *err);

#endif

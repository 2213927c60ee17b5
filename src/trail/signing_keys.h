/* trail/signing_keys.h: the keys that digests are signed with (SQL table `signing_keys`), private halves sealed.
 *
 * They are the installation's, not an account's: the account column, which every table begins with, is empty. Public halves
 * are kept for ever, because digests are validated years later.
 * Source: CloudTrail API Reference (2013-11-01), ListPublicKeys, PublicKey. */
#ifndef SPOOR_TRAIL_SIGNING_KEYS_H
#define SPOOR_TRAIL_SIGNING_KEYS_H

#include "auth/keyring.h"
#include "codec/rsa.h"

struct catalog;

enum { SIGNING_KEY_FINGERPRINT_BYTES = 2 * MD5_BYTES };

#define SIGNING_KEY_SIGNS_MS (INT64_C(30) * 24 * 3600 * 1000)     /* then a new one takes over */
#define SIGNING_KEY_VALID_MS (INT64_C(31) * 24 * 3600 * 1000)     /* as ListPublicKeys tells it: a day of overlap */

struct signing_key {
	struct slice fingerprint;               /* MD5 of public_der in 32 lower-case hex digits */
	struct slice public_der;                /* PKCS#1's RSAPublicKey */
	struct slice sealed_secret;             /* under KEYRING_CATALOG_SECRET, bound to the fingerprint */
	int64_t      start_ms, end_ms;          /* of validity */
};

struct signing_key_list { struct signing_key *items; size_t count; };

extern const char signing_keys_table[];

/* A fresh key, valid from `now_ms`, in the arena. Takes up to a second: for a worker. */
struct signing_key signing_keys_make(struct arena *arena, const struct keyring *keyring, struct random *random,
                                     int64_t now_ms);

/* Errors: those of keyring_unseal, rsa_signer_new. */
struct rsa_signer *signing_keys_open(struct arena *arena, const struct keyring *keyring, const struct signing_key *key,
                                     struct error *err);

bool signing_keys_insert(struct catalog *catalog, const struct signing_key *key, struct error *err);

/* The one to sign with at that time: the newest that has begun and is not older than SIGNING_KEY_SIGNS_MS. NULL: there is
 * none, make one; also on failure (then `err`, clean before, is filled). */
const struct signing_key *signing_keys_current(struct catalog *catalog, struct arena *arena, int64_t now_ms,
                                               struct error *err);

/* Those that are valid at some time from `start_ms` to `end_ms`, oldest first. */
bool signing_keys_list(struct catalog *catalog, struct arena *arena, int64_t start_ms, int64_t end_ms,
                       struct signing_key_list *list, struct error *err);

#endif

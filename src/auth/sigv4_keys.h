/* auth/sigv4_keys.h: signing keys, and a bounded cache of them that one front owns.
 *
 * A key is four HMACs away from the secret and good for a day, a region and a service. Only keys that made a good
 * signature are kept, so that requests with made-up scopes push nobody out. */
#ifndef SPOOR_AUTH_SIGV4_KEYS_H
#define SPOOR_AUTH_SIGV4_KEYS_H

#include "auth/sigv4.h"

/* `count` is rounded up to a power of two; some 600 bytes each. `seed` is random. */
struct sigv4_keys *sigv4_keys_new(size_t count, uint64_t seed);
void sigv4_keys_free(struct sigv4_keys *keys);               /* wipes; accepts NULL */

/* Makes the signing key of the claim's scope from `secret`. */
void sigv4_keys_derive(const struct sigv4_claim *claim, struct slice secret, struct digest_hmac_sha256 *key);

/* The same from the cache: false where it is not there, or was made from another secret. */
bool sigv4_keys_find(struct sigv4_keys *keys, const struct sigv4_claim *claim, struct slice secret,
                     struct digest_hmac_sha256 *key);
void sigv4_keys_keep(struct sigv4_keys *keys, const struct sigv4_claim *claim, struct slice secret,
                     const struct digest_hmac_sha256 *key);

#endif

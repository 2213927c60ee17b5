/* trail/verify_keys.h: the public keys that digests are checked with, by fingerprint: the reply of ListPublicKeys, kept. */
#ifndef SPOOR_TRAIL_VERIFY_KEYS_H
#define SPOOR_TRAIL_VERIFY_KEYS_H

#include "base/arena.h"

struct json;
struct rsa_verifier;
struct verify_keys;

/* From the JSON that `aws cloudtrail list-public-keys` prints. A key whose fingerprint is not the MD5 of its bytes is
 * refused: somebody changed one of them. Errors: ERR_INVALID. */
struct verify_keys *verify_keys_read(struct slice json, struct error *err);

/* The same of several replies. */
struct verify_keys *verify_keys_new(void);
bool verify_keys_add(struct verify_keys *keys, const struct json *list, struct error *err);
void verify_keys_free(struct verify_keys *keys);        /* accepts NULL */

size_t verify_keys_count(const struct verify_keys *keys);

/* NULL if there is none. */
const struct rsa_verifier *verify_keys_find(const struct verify_keys *keys, struct slice fingerprint);

#endif

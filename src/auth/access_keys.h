/* auth/access_keys.h: long-term credentials of users and of root (SQL table `access_keys`).
 *
 * The secret is stored sealed (auth/keyring.h), bound to account and key id, because checking a signature needs it in
 * the clear. Key ids are unique over all accounts. */
#ifndef SPOOR_AUTH_ACCESS_KEYS_H
#define SPOOR_AUTH_ACCESS_KEYS_H

#include "auth/page.h"

struct catalog;
struct keyring;
struct random;

struct access_key {
	struct slice account;
	struct slice access_key_id;
	struct slice owner_id;                 /* AIDA...; of root the account */
	bool         is_active;
	struct slice sealed_secret;
	int64_t      created_ms;
	int64_t      last_used_ms;             /* 0: never */
	struct slice last_used_service, last_used_region;
};

struct access_key_list { struct access_key *items; size_t count; };

extern const char access_keys_table[];

/* `key` without sealed_secret; `secret` in the clear is sealed here. Errors: ERR_CONFLICT "LimitExceeded" beyond two
 * keys an owner. */
bool access_keys_insert(struct catalog *catalog, struct arena *arena, const struct keyring *keyring,
                        struct random *random, const struct access_key *key, struct slice secret, struct error *err);

/* In any account. NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct access_key *access_keys_find(struct catalog *catalog, struct arena *arena, struct slice access_key_id,
                                          struct error *err);

/* Of that owner; absence is ERR_NOT_FOUND "NoSuchEntity". */
const struct access_key *access_keys_get(struct catalog *catalog, struct arena *arena, struct slice account,
                                         struct slice owner_id, struct slice access_key_id, struct error *err);

/* The secret in the clear; SLICE_NONE and an error if it does not open. */
struct slice access_keys_secret(const struct access_key *key, const struct keyring *keyring, struct arena *arena,
                                struct error *err);

/* Oldest first. */
bool access_keys_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice owner_id,
                      struct access_key_list *list, struct error *err);

bool access_keys_set_active(struct catalog *catalog, struct slice account, struct slice access_key_id, bool is_active,
                            struct error *err);
bool access_keys_set_last_used(struct catalog *catalog, struct slice account, struct slice access_key_id, int64_t ms,
                               struct slice service, struct slice region, struct error *err);
bool access_keys_delete(struct catalog *catalog, struct slice account, struct slice access_key_id, struct error *err);

#endif

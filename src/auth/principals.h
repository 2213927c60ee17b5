/* auth/principals.h: access key -> who asks and with which secret, from the catalog, kept until authority changes.
 *
 * One a front, used on its thread alone, so it has no lock. What it built is immutable and stays while somebody holds
 * it; the recorder's authority epoch says when what is kept may no longer be true. Between two changes of authority
 * a call costs one look into a table; after one, a few point queries for each principal that calls.
 * Source: IAM User Guide, "Identifiers", "Temporary security credentials". */
#ifndef SPOOR_AUTH_PRINCIPALS_H
#define SPOOR_AUTH_PRINCIPALS_H

#include "auth/principal.h"
#include "base/arena.h"

struct catalog;
struct keyring;
struct policy_cache;
struct principals;

struct credential {
	struct slice     secret;              /* clear text; wiped when forgotten */
	struct principal principal;
};

struct principals *principals_new(const struct keyring *keyring, struct policy_cache *policies, size_t count_max,
                                  uint64_t seed);
void principals_free(struct principals *principals);   /* nothing may be held any more */

enum principals_found {
	PRINCIPALS_FOUND,
	PRINCIPALS_UNKNOWN,        /* no such key, key inactive, no such user or role any more */
	PRINCIPALS_BAD_TOKEN,      /* a token with a long-term key; none with a temporary one; not one of ours */
	PRINCIPALS_EXPIRED,        /* the session's time is over */
	PRINCIPALS_FAILED,         /* the catalog could not be read: `err` says why */
};

/* `epoch` is recorder_authority_epoch() read before this call. `token` is SLICE_NONE where none was sent. On
 * PRINCIPALS_FOUND the credential is held until principals_release. `now_ms` is the lab clock. */
enum principals_found principals_take(struct principals *principals, struct catalog *reader, uint64_t epoch,
                                      struct slice access_key_id, struct slice token, int64_t now_ms,
                                      const struct credential **credential, struct error *err);

void principals_release(struct principals *principals, const struct credential *credential);

/* Forgets everybody: what it was read from is not there any more. Who is held stays until released. */
void principals_forget(struct principals *principals);

/* Notes that the credential was used at `now_ms`. True now and then (LAST_USE_NOTE_MS): then the caller puts it into the
 * catalog, for GetAccessKeyLastUsed and RoleLastUsed, which at AWS lag behind too. */
bool principals_note_use(const struct credential *credential, int64_t now_ms);

/* How many were read from the catalog so far. */
uint64_t principals_loaded(const struct principals *principals);

#endif

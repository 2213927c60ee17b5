/* auth/password_history.h: the hashes of earlier passwords, so that they are not used again (SQL table
 * `password_history`). As many are kept as any password policy can ask for. */
#ifndef SPOOR_AUTH_PASSWORD_HISTORY_H
#define SPOOR_AUTH_PASSWORD_HISTORY_H

#include "base/arena.h"

struct catalog;

struct password_hashes { struct slice *items; size_t count; };

extern const char password_history_table[];

/* Adds the newest and forgets those beyond IAM_PASSWORD_HISTORY_MAX. */
bool password_history_add(struct catalog *catalog, struct slice account, struct slice user_id,
                          struct slice password_hash, struct error *err);

/* The newest `limit`, newest first. */
bool password_history_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice user_id,
                           int64_t limit, struct password_hashes *hashes, struct error *err);

bool password_history_delete(struct catalog *catalog, struct slice account, struct slice user_id, struct error *err);

#endif

/* auth/login_profiles.h: console passwords of users, as argon2id hashes (SQL table `login_profiles`). */
#ifndef SPOOR_AUTH_LOGIN_PROFILES_H
#define SPOOR_AUTH_LOGIN_PROFILES_H

#include "base/arena.h"

struct catalog;

struct login_profile {
	struct slice user_id;
	struct slice password_hash;            /* codec/password.h */
	int64_t      created_ms;               /* of the profile */
	int64_t      changed_ms;               /* of the password */
	bool         is_reset_required;        /* at the next sign-in */
};

extern const char login_profiles_table[];

/* Errors: ERR_CONFLICT "EntityAlreadyExists"; `user_name` is for the message. */
bool login_profiles_insert(struct catalog *catalog, struct slice account, const struct login_profile *profile,
                           struct slice user_name, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct login_profile *login_profiles_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                                struct slice user_id, struct error *err);

/* As login_profiles_find; absence is ERR_NOT_FOUND "NoSuchEntity". */
const struct login_profile *login_profiles_get(struct catalog *catalog, struct arena *arena, struct slice account,
                                               struct slice user_id, struct slice user_name, struct error *err);

/* Password, its time and whether it must be changed. */
bool login_profiles_update(struct catalog *catalog, struct slice account, const struct login_profile *profile,
                           struct error *err);

bool login_profiles_delete(struct catalog *catalog, struct slice account, struct slice user_id, struct error *err);

#endif

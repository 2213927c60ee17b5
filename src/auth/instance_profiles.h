/* auth/instance_profiles.h: containers that hand a role to a machine (SQL table `instance_profiles`). Names behave as
 * those of users, see auth/users.h. A profile holds at most one role. */
#ifndef SPOOR_AUTH_INSTANCE_PROFILES_H
#define SPOOR_AUTH_INSTANCE_PROFILES_H

#include "auth/page.h"

struct catalog;

struct instance_profile {
	struct slice name, path;
	struct slice profile_id;               /* AIPA... */
	int64_t      created_ms;
	struct slice role_id;                  /* SLICE_NONE: none */
};

struct instance_profile_list { struct instance_profile *items; size_t count; bool is_truncated; };

extern const char instance_profiles_table[];

/* Errors: ERR_CONFLICT "EntityAlreadyExists", "LimitExceeded". */
bool instance_profiles_insert(struct catalog *catalog, struct slice account, const struct instance_profile *profile,
                              struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct instance_profile *instance_profiles_find(struct catalog *catalog, struct arena *arena,
                                                      struct slice account, struct slice name, struct error *err);

/* As instance_profiles_find; absence is ERR_NOT_FOUND "NoSuchEntity". */
const struct instance_profile *instance_profiles_get(struct catalog *catalog, struct arena *arena, struct slice account,
                                                     struct slice name, struct error *err);

/* All, or (role_id present) those that hold a role. */
bool instance_profiles_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice role_id,
                            const struct page *page, struct instance_profile_list *list, struct error *err);

bool instance_profiles_set_role(struct catalog *catalog, struct slice account, struct slice profile_id,
                                struct slice role_id, struct error *err);    /* SLICE_NONE: none */

bool instance_profiles_delete(struct catalog *catalog, struct slice account, struct slice profile_id,
                              struct error *err);

#endif

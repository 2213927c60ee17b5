/* auth/roles.h: IAM roles (SQL table `roles`). Names behave as those of users, see auth/users.h.
 *
 * The trust policy is stored with users and roles named by unique id, so that somebody who later gets the name of a
 * deleted user does not inherit the trust (auth/trust_principals.h). */
#ifndef SPOOR_AUTH_ROLES_H
#define SPOOR_AUTH_ROLES_H

#include "auth/page.h"

struct catalog;
struct rows;

struct role {
	struct slice name, path;
	struct slice role_id;                  /* AROA... */
	int64_t      created_ms;
	struct slice trust_policy;             /* as stored */
	struct slice description;              /* SLICE_NONE: none */
	int64_t      max_session_s;
	struct slice boundary_arn;             /* SLICE_NONE: none */
	int64_t      last_used_ms;             /* 0: never */
	struct slice last_used_region;
};

struct role_list { struct role *items; size_t count; bool is_truncated; };

extern const char roles_table[];

/* Errors: ERR_CONFLICT "EntityAlreadyExists", "LimitExceeded". */
bool roles_insert(struct catalog *catalog, struct slice account, const struct role *role, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct role *roles_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                              struct error *err);
const struct role *roles_find_by_id(struct catalog *catalog, struct arena *arena, struct slice account,
                                    struct slice role_id, struct error *err);

/* As roles_find; absence is ERR_NOT_FOUND "NoSuchEntity". */
const struct role *roles_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                             struct error *err);

bool roles_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                struct role_list *list, struct error *err);

bool roles_set_trust_policy(struct catalog *catalog, struct slice account, struct slice role_id,
                            struct slice trust_policy, struct error *err);
bool roles_set_description(struct catalog *catalog, struct slice account, struct slice role_id,
                           struct slice description, struct error *err);
bool roles_set_max_session(struct catalog *catalog, struct slice account, struct slice role_id, int64_t max_session_s,
                           struct error *err);
bool roles_set_boundary(struct catalog *catalog, struct slice account, struct slice role_id, struct slice boundary_arn,
                        struct error *err);    /* SLICE_NONE: none */
bool roles_set_last_used(struct catalog *catalog, struct slice account, struct slice role_id, int64_t ms,
                         struct slice region, struct error *err);

bool roles_delete(struct catalog *catalog, struct slice account, struct slice role_id, struct error *err);

/* Those that a policy is the boundary of. */
bool roles_list_by_boundary(struct catalog *catalog, struct arena *arena, struct slice account, struct slice boundary_arn,
                           struct role_list *list, struct error *err);
/* Of a policy as boundary: how many roles it limits. */
bool roles_count_by_boundary(struct catalog *catalog, struct slice account, struct slice boundary_arn, int64_t *count,
                             struct error *err);

/* For queries of other tables that end in roles: ROLES_COLUMNS of alias `r`, first in the row. */
#define ROLES_COLUMNS "r.name, r.path, r.role_id, r.created_ms, r.trust_policy, r.description, r.max_session_s," \
	" r.boundary_arn, r.last_used_ms, r.last_used_region"
bool roles_read_list(struct rows *rows, struct arena *arena, const struct page *page, struct role_list *list);

#endif

/* auth/users.h: IAM users (SQL table `users`).
 *
 * Names are unique in an account whatever their case, and keep the case they were given; every lookup by name ignores
 * case. A user is known to other tables by the unique id, which survives renaming and is never used again.
 * Source: IAM User Guide, "IAM identifiers". */
#ifndef SPOOR_AUTH_USERS_H
#define SPOOR_AUTH_USERS_H

#include "auth/page.h"

struct catalog;
struct rows;

struct user {
	struct slice name, path;
	struct slice user_id;                  /* AIDA... */
	int64_t      created_ms;
	struct slice boundary_arn;             /* SLICE_NONE: none */
	int64_t      password_last_used_ms;    /* 0: never */
};

struct user_list { struct user *items; size_t count; bool is_truncated; };

extern const char users_table[];

/* Errors: ERR_CONFLICT "EntityAlreadyExists", "LimitExceeded". */
bool users_insert(struct catalog *catalog, struct slice account, const struct user *user, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct user *users_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                              struct error *err);
const struct user *users_find_by_id(struct catalog *catalog, struct arena *arena, struct slice account,
                                    struct slice user_id, struct error *err);

/* As users_find; absence is ERR_NOT_FOUND "NoSuchEntity". */
const struct user *users_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                             struct error *err);

/* By name. The key of a page is the lower-case name. */
bool users_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                struct user_list *list, struct error *err);

/* Errors: ERR_CONFLICT "EntityAlreadyExists" if another user has the new name. */
bool users_rename(struct catalog *catalog, struct slice account, struct slice user_id, struct slice name,
                  struct slice path, struct error *err);

bool users_set_boundary(struct catalog *catalog, struct slice account, struct slice user_id, struct slice boundary_arn,
                        struct error *err);    /* SLICE_NONE: none */
bool users_set_password_last_used(struct catalog *catalog, struct slice account, struct slice user_id, int64_t ms,
                                  struct error *err);

bool users_delete(struct catalog *catalog, struct slice account, struct slice user_id, struct error *err);

/* Those that a policy is the boundary of. */
bool users_list_by_boundary(struct catalog *catalog, struct arena *arena, struct slice account, struct slice boundary_arn,
                           struct user_list *list, struct error *err);
/* Of a policy as boundary: how many users it limits. */
bool users_count_by_boundary(struct catalog *catalog, struct slice account, struct slice boundary_arn, int64_t *count,
                             struct error *err);

/* For queries of other tables that end in users: USERS_COLUMNS of alias `u`, first in the row. */
#define USERS_COLUMNS "u.name, u.path, u.user_id, u.created_ms, u.boundary_arn, u.password_last_used_ms"
void users_read(struct rows *rows, struct arena *arena, struct user *user);
bool users_read_list(struct rows *rows, struct arena *arena, const struct page *page, struct user_list *list);

/* The key by which a listing goes on after `user`. */
struct slice users_key(struct arena *arena, const struct user *user);

#endif

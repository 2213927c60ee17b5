/* auth/groups.h: IAM groups (SQL table `groups`). Names behave as those of users, see auth/users.h. */
#ifndef SPOOR_AUTH_GROUPS_H
#define SPOOR_AUTH_GROUPS_H

#include "auth/page.h"

struct catalog;
struct rows;

struct group {
	struct slice name, path;
	struct slice group_id;                 /* AGPA... */
	int64_t      created_ms;
};

struct group_list { struct group *items; size_t count; bool is_truncated; };

extern const char groups_table[];

/* Errors: ERR_CONFLICT "EntityAlreadyExists", "LimitExceeded". */
bool groups_insert(struct catalog *catalog, struct slice account, const struct group *group, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct group *groups_find(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                                struct error *err);
const struct group *groups_find_by_id(struct catalog *catalog, struct arena *arena, struct slice account,
                                      struct slice group_id, struct error *err);

/* As groups_find; absence is ERR_NOT_FOUND "NoSuchEntity". */
const struct group *groups_get(struct catalog *catalog, struct arena *arena, struct slice account, struct slice name,
                               struct error *err);

bool groups_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct page *page,
                 struct group_list *list, struct error *err);

/* Errors: ERR_CONFLICT "EntityAlreadyExists". */
bool groups_rename(struct catalog *catalog, struct slice account, struct slice group_id, struct slice name,
                   struct slice path, struct error *err);

bool groups_delete(struct catalog *catalog, struct slice account, struct slice group_id, struct error *err);

/* For queries of other tables that end in groups: GROUPS_COLUMNS of alias `g`, first in the row. */
#define GROUPS_COLUMNS "g.name, g.path, g.group_id, g.created_ms"
bool groups_read_list(struct rows *rows, struct arena *arena, const struct page *page, struct group_list *list);

#endif

/* auth/group_members.h: which users are in which groups (SQL table `group_members`). */
#ifndef SPOOR_AUTH_GROUP_MEMBERS_H
#define SPOOR_AUTH_GROUP_MEMBERS_H

#include "auth/groups.h"
#include "auth/users.h"

extern const char group_members_table[];

/* Adding a member again changes nothing. Errors: ERR_CONFLICT "LimitExceeded" beyond the groups a user may be in. */
bool group_members_insert(struct catalog *catalog, struct slice account, struct slice group_id, struct slice user_id,
                          struct error *err);

/* Removing someone who is not in it changes nothing. */
bool group_members_delete(struct catalog *catalog, struct slice account, struct slice group_id, struct slice user_id,
                          struct error *err);

/* By name. */
bool group_members_users(struct catalog *catalog, struct arena *arena, struct slice account, struct slice group_id,
                         const struct page *page, struct user_list *list, struct error *err);
bool group_members_groups(struct catalog *catalog, struct arena *arena, struct slice account, struct slice user_id,
                          const struct page *page, struct group_list *list, struct error *err);

/* Is anybody in the group; is the user in any group? */
bool group_members_any_user(struct catalog *catalog, struct slice account, struct slice group_id, bool *any,
                            struct error *err);
bool group_members_any_group(struct catalog *catalog, struct slice account, struct slice user_id, bool *any,
                             struct error *err);

#endif

/* auth/inline_policies.h: policies that are part of one user, group or role (SQL table `inline_policies`).
 * Names are unique in the entity whatever their case. */
#ifndef SPOOR_AUTH_INLINE_POLICIES_H
#define SPOOR_AUTH_INLINE_POLICIES_H

#include "auth/page.h"

struct catalog;

struct inline_policy { struct slice name, document; };

struct inline_policy_list { struct inline_policy *items; size_t count; bool is_truncated; };

extern const char inline_policies_table[];

/* Adds or replaces. */
bool inline_policies_put(struct catalog *catalog, struct slice account, struct slice entity_id,
                         const struct inline_policy *policy, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct inline_policy *inline_policies_find(struct catalog *catalog, struct arena *arena, struct slice account,
                                                 struct slice entity_id, struct slice name, struct error *err);

/* By name. The key of a page is the lower-case name. */
bool inline_policies_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice entity_id,
                          const struct page *page, struct inline_policy_list *list, struct error *err);

/* *deleted is false if there was none. */
bool inline_policies_delete(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice name,
                            bool *deleted, struct error *err);

bool inline_policies_any(struct catalog *catalog, struct slice account, struct slice entity_id, bool *any,
                         struct error *err);

#endif

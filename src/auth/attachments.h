/* auth/attachments.h: which managed policies are attached to which user, group or role (SQL table `attachments`). */
#ifndef SPOOR_AUTH_ATTACHMENTS_H
#define SPOOR_AUTH_ATTACHMENTS_H

#include "auth/page.h"

struct catalog;

extern const char attachments_table[];

struct attachment_list { struct slice *items; size_t count; };       /* policy ARNs, or entity ids */

/* Attaching again changes nothing. *count is how many the entity then has. */
bool attachments_insert(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice policy_arn,
                        int64_t *count, struct error *err);

/* *deleted is false if it was not attached. */
bool attachments_delete(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice policy_arn,
                        bool *deleted, struct error *err);

/* The ARNs of an entity's policies, by the policy's name. */
bool attachments_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice entity_id,
                      struct attachment_list *list, struct error *err);

/* The ids of all entities that have the policy. */
bool attachments_entities(struct catalog *catalog, struct arena *arena, struct slice account, struct slice policy_arn,
                          struct attachment_list *list, struct error *err);

/* How many entities have the policy. */
bool attachments_count(struct catalog *catalog, struct slice account, struct slice policy_arn, int64_t *count,
                       struct error *err);

#endif

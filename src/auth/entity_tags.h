/* auth/entity_tags.h: tags of users, roles, policies and instance profiles (SQL table `entity_tags`).
 *
 * Keys keep their case. Those of users and roles are the same whatever their case, those of the others are not, as AWS
 * has it. Source: IAM User Guide, "Tags for AWS Identity and Access Management resources". */
#ifndef SPOOR_AUTH_ENTITY_TAGS_H
#define SPOOR_AUTH_ENTITY_TAGS_H

#include "auth/page.h"

struct catalog;

struct entity_tag { struct slice key, value; };

struct entity_tag_list { struct entity_tag *items; size_t count; bool is_truncated; };

extern const char entity_tags_table[];

/* Adds or replaces. */
bool entity_tags_put(struct catalog *catalog, struct slice account, struct slice entity_id,
                     const struct entity_tag *tag, struct error *err);

/* By key. The key of a page is entity_tags_fold of the last tag's key. */
bool entity_tags_list(struct catalog *catalog, struct arena *arena, struct slice account, struct slice entity_id,
                      const struct page *page, struct entity_tag_list *list, struct error *err);

bool entity_tags_count(struct catalog *catalog, struct slice account, struct slice entity_id, int64_t *count,
                       struct error *err);

/* A key that the entity does not have is no error. */
bool entity_tags_delete(struct catalog *catalog, struct slice account, struct slice entity_id, struct slice key,
                        struct error *err);
bool entity_tags_delete_all(struct catalog *catalog, struct slice account, struct slice entity_id, struct error *err);

/* Are keys of this entity the same whatever their case? By the kind that the unique id names. */
bool entity_tags_ignore_case(struct slice entity_id);
struct slice entity_tags_fold(struct arena *arena, struct slice entity_id, struct slice key);

#endif

/* trail/trail_tags.h: tags of trails (SQL table `trail_tags`), in the order in which they were first set.
 * Source: CloudTrail API Reference (2013-11-01), AddTags, Tag. */
#ifndef SPOOR_TRAIL_TRAIL_TAGS_H
#define SPOOR_TRAIL_TRAIL_TAGS_H

#include "base/arena.h"

struct catalog;

enum { TRAIL_TAGS_MAX = 50 };

struct trail_tag {
	struct slice key, value;                /* value SLICE_NONE: a key alone */
};

struct trail_tag_list { struct trail_tag *items; size_t count; };

extern const char trail_tags_table[];

/* Errors: ERR_INVALID "InvalidTagParameterException" (length, aws:, twice in the list). */
bool trail_tags_check(const struct trail_tag *tags, size_t count, struct error *err);

/* Adds, and replaces values of keys that are there. Errors: ERR_LIMIT "TagsLimitExceededException". */
bool trail_tags_set(struct catalog *catalog, struct slice account, uint64_t trail_id, const struct trail_tag *tags,
                    size_t count, struct error *err);

bool trail_tags_remove(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice key, struct error *err);
bool trail_tags_delete_all(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err);
bool trail_tags_list(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                     struct trail_tag_list *list, struct error *err);

#endif

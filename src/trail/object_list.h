/* trail/object_list.h: one page of ListObjectsV2 as XML -> its keys. Source: Amazon S3 API Reference, ListObjectsV2. */
#ifndef SPOOR_TRAIL_OBJECT_LIST_H
#define SPOOR_TRAIL_OBJECT_LIST_H

#include "base/arena.h"

struct object_list_entry {
	struct slice key;
	int64_t      modified_ms;
	int64_t      bytes;                    /* -1: it is not said */
};

struct object_list {
	struct object_list_entry *entries;
	size_t                    count;
	struct slice              next;        /* the token of the next page; SLICE_NONE: this is the last */
};

/* Keys as with encoding-type=url are decoded. Everything lives in `arena`. Errors: ERR_INVALID, ERR_LIMIT. */
bool object_list_read(struct arena *arena, struct slice xml, struct object_list *list, struct error *err);

#endif

/* archive/fields_tree.h: a set of paths as a tree of steps; between its builder and its reader.
 *
 * A step is found by a hash of its key, so a member costs the same whether one path is wanted or a thousand. */
#ifndef SPOOR_ARCHIVE_FIELDS_TREE_H
#define SPOOR_ARCHIVE_FIELDS_TREE_H

#include "archive/fields.h"

enum { FIELDS_NO_VALUE = -1, FIELDS_KEY_BYTES_MAX = 1024 };

struct node;

struct edge {
	struct slice key;               /* ptr NULL: an empty place of a table */
	uint32_t     index;             /* of an array's element, where that is what it is */
	struct node *node;
};

struct edges {
	struct edge *items;
	size_t       count, room;
};

struct node {
	int          value;             /* where it goes, or FIELDS_NO_VALUE */
	struct edges keys, indexes;
	struct edge *table;             /* of the keys; NULL if there are none */
	uint32_t     mask;
	uint64_t     filter;            /* a bit for the hash of each: without it a key need not be looked for */
	size_t       below, below_count; /* in fields->order, the values of all nodes below: gone when the node's key comes again */
	bool         is_sealed;
};

struct fields {
	struct arena     *arena;
	enum field_naming naming;
	struct node      *root;
	size_t            count, leaves_max;
	int              *order;        /* values as their nodes stand in the tree */
	size_t            ordered;
	bool              is_sealed;
};

/* Of few bytes, because it is made of every key of every record: the length, both ends and the third last, which tells eventName,
 * eventTime and eventType apart. */
static inline uint32_t fields_tree_hash(struct slice key)
{
	const unsigned char *bytes = (const unsigned char *)key.ptr;
	size_t third_last = key.len >= 3 ? key.len - 3 : 0;

	if (key.len == 0)
		return 0;
	return ((uint32_t)key.len * 37 + bytes[0] * 11u + bytes[key.len - 1] * 5u + bytes[third_last] * 3u) * UINT32_C(2654435761) >> 8;
}

static inline uint64_t fields_tree_filter(uint32_t hash)
{
	return UINT64_C(1) << hash % 64;
}

#endif

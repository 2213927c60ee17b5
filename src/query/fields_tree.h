/* query/fields_tree.h: a set of paths as a tree of steps; between its builder and its reader.
 *
 * A step is found by a hash of its key's ends, so a member costs the same whether one path is wanted or a thousand. */
#ifndef SPOOR_QUERY_FIELDS_TREE_H
#define SPOOR_QUERY_FIELDS_TREE_H

#include "query/fields.h"

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
	size_t       mask;
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

/* Names have long common beginnings, hence the end too. */
static inline size_t fields_tree_hash(struct slice key)
{
	uint64_t head = 0, tail = 0;

	if (key.len >= 8) {
		memcpy(&head, key.ptr, 8);
		memcpy(&tail, key.ptr + key.len - 8, 8);
	} else if (key.len >= 4) {
		memcpy(&head, key.ptr, 4);
		memcpy(&tail, key.ptr + key.len - 4, 4);
	} else if (key.len > 0) {
		head = (unsigned char)key.ptr[0];
		tail = (uint64_t)(unsigned char)key.ptr[key.len / 2] << 8 | (unsigned char)key.ptr[key.len - 1];
	}
	head = (head ^ (tail << 23 | tail >> 41) ^ key.len) * UINT64_C(0x9E3779B97F4A7C15);
	return (size_t)(head >> 32);
}

#endif

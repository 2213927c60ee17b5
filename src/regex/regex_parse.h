/* regex/regex_parse.h: the tree of a regular expression, between its text and its program. */
#ifndef SPOOR_REGEX_REGEX_PARSE_H
#define SPOOR_REGEX_REGEX_PARSE_H

#include "regex/regex_program.h"

enum regex_node_kind { NODE_NOTHING, NODE_SET, NODE_ASSERT, NODE_SEQUENCE, NODE_CHOICE, NODE_REPEAT, NODE_GROUP };

#define REGEX_UNBOUNDED UINT32_MAX

struct regex_node {
	enum regex_node_kind     kind;
	struct regex_set         set;
	enum regex_assertion     assertion;
	struct regex_node       *first;         /* SEQUENCE, CHOICE: the parts; REPEAT, GROUP: what is in it */
	struct regex_node       *next;          /* part */
	uint32_t                 min, max;      /* REPEAT */
	bool                     is_lazy;
	size_t                   group;         /* GROUP: its number, if it has a name */
};

struct regex_tree {
	struct regex_node *root;
	struct slice      *names;               /* REGEX_GROUPS_MAX of room */
	size_t             group_count;
};

bool regex_parse(struct arena *arena, struct slice body, struct regex_tree *tree, struct regex_fault *fault);

#endif

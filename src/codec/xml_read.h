/* codec/xml_read.h: XML text -> a tree of elements, bounded.
 *
 * For small documents that clients send. A DTD is refused, so there are no entities but the five of XML and no way to
 * grow; names lose their namespace prefix, since clients choose prefixes freely and the documents read here have one
 * vocabulary. Text between child elements is dropped if it is blank, and an error elsewhere: nothing mixes them. */
#ifndef SPOOR_CODEC_XML_READ_H
#define SPOOR_CODEC_XML_READ_H

#include "base/arena.h"

struct xml_attribute {
	struct slice                name;      /* without prefix; "xmlns" for the default namespace, other xmlns: are dropped */
	struct slice                value;
	const struct xml_attribute *next;
};

struct xml_element {
	struct slice                name;      /* without prefix */
	struct slice                text;      /* of an element without children: never SLICE_NONE; else SLICE_NONE */
	const struct xml_attribute *attributes;
	const struct xml_element   *first, *next;
	uint32_t                    count;     /* children */
};

struct xml_limits {
	uint32_t depth_max;                    /* the root has depth 1 */
	uint32_t nodes_max;                    /* elements and attributes */
};

/* The root; everything lives in `arena`. Errors: ERR_INVALID, with the line; ERR_LIMIT. */
const struct xml_element *xml_read(struct arena *arena, struct slice text, const struct xml_limits *limits, struct error *err);

/* The first child of that name; NULL if there is none, or if `element` is NULL. */
const struct xml_element *xml_read_child(const struct xml_element *element, struct slice name);

#endif

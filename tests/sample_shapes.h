/* tests/sample_shapes.h: a small made-up input with the kinds of members that few served operations have. */
#ifndef SPOOR_TESTS_SAMPLE_SHAPES_H
#define SPOOR_TESTS_SAMPLE_SHAPES_H

#include "services/shape.h"

struct sample_inner { struct slice name; struct maybe_i64 number; };
struct sample_map_entry { struct slice key; struct slice value; };
struct sample_map { struct sample_map_entry *items; size_t count; bool is_set; };
struct sample_inner_map_entry { struct slice key; struct sample_inner value; };
struct sample_inner_map { struct sample_inner_map_entry *items; size_t count; bool is_set; };

struct sample {
	struct slice            text, blob;
	struct maybe_bool       flag;
	struct maybe_i64        number, big;
	struct maybe_double     fraction;
	struct maybe_time       time;
	struct sample_inner    *inner;
	struct text_list        texts, flat;
	struct sample_map       map;
	struct sample_inner_map inner_map;
};


static const struct shape sample_text = { .name = S_INIT("Text"), .kind = SHAPE_STRING, .flags = SHAPE_HAS_MAX | SHAPE_CONSTRAINED, .max = 8 };
static const struct shape sample_blob = { .name = S_INIT("Blob"), .kind = SHAPE_BLOB };
static const struct shape sample_flag = { .name = S_INIT("Flag"), .kind = SHAPE_BOOLEAN };
static const struct shape sample_number = { .name = S_INIT("Number"), .kind = SHAPE_INTEGER };
static const struct shape sample_big = { .name = S_INIT("Big"), .kind = SHAPE_LONG };
static const struct shape sample_fraction = { .name = S_INIT("Fraction"), .kind = SHAPE_DOUBLE };
static const struct shape sample_time = { .name = S_INIT("Time"), .kind = SHAPE_TIMESTAMP };

#define SAMPLE_MEMBER(wire, record, of, at) \
	{ .name = S_INIT(wire), .query_name = S_INIT(wire), .ec2_name = S_INIT(wire), .xml_name = S_INIT(wire), \
	  .record_name = S_INIT(record), .shape = &(of), .offset = (at) }

static const struct shape_member sample_inner_members[] = {
	SAMPLE_MEMBER("Name", "name", sample_text, offsetof(struct sample_inner, name)),
	SAMPLE_MEMBER("Number", "number", sample_number, offsetof(struct sample_inner, number)),
};
static const struct shape sample_inner = { .name = S_INIT("Inner"), .kind = SHAPE_STRUCTURE, .flags = SHAPE_CONSTRAINED,
	.members = sample_inner_members, .member_count = 2, .bytes = sizeof(struct sample_inner) };

static const struct shape_member sample_item[] = { SAMPLE_MEMBER("member", "member", sample_text, 0) };
static const struct shape sample_texts = { .name = S_INIT("Texts"), .kind = SHAPE_LIST, .flags = SHAPE_CONSTRAINED, .members = sample_item,
	.member_count = 1, .bytes = sizeof(struct slice) };
static const struct shape sample_flat = { .name = S_INIT("Flat"), .kind = SHAPE_LIST, .flags = SHAPE_FLATTENED | SHAPE_CONSTRAINED,
	.members = sample_item, .member_count = 1, .bytes = sizeof(struct slice) };

static const struct shape_member sample_map_members[] = {
	SAMPLE_MEMBER("key", "key", sample_text, 0),
	SAMPLE_MEMBER("value", "value", sample_text, offsetof(struct sample_map_entry, value)),
};
static const struct shape sample_map = { .name = S_INIT("Map"), .kind = SHAPE_MAP, .flags = SHAPE_CONSTRAINED, .members = sample_map_members,
	.member_count = 2, .bytes = sizeof(struct sample_map_entry) };
static const struct shape_member sample_inner_map_members[] = {
	SAMPLE_MEMBER("key", "key", sample_text, 0),
	SAMPLE_MEMBER("value", "value", sample_inner, offsetof(struct sample_inner_map_entry, value)),
};
static const struct shape sample_inner_map = { .name = S_INIT("InnerMap"), .kind = SHAPE_MAP, .flags = SHAPE_CONSTRAINED,
	.members = sample_inner_map_members, .member_count = 2, .bytes = sizeof(struct sample_inner_map_entry) };

static const struct shape_member sample_members[] = {
	SAMPLE_MEMBER("Text", "text", sample_text, offsetof(struct sample, text)),
	SAMPLE_MEMBER("Blob", "blob", sample_blob, offsetof(struct sample, blob)),
	SAMPLE_MEMBER("Flag", "flag", sample_flag, offsetof(struct sample, flag)),
	SAMPLE_MEMBER("Number", "number", sample_number, offsetof(struct sample, number)),
	SAMPLE_MEMBER("Big", "big", sample_big, offsetof(struct sample, big)),
	SAMPLE_MEMBER("Fraction", "fraction", sample_fraction, offsetof(struct sample, fraction)),
	SAMPLE_MEMBER("Time", "time", sample_time, offsetof(struct sample, time)),
	SAMPLE_MEMBER("Inner", "inner", sample_inner, offsetof(struct sample, inner)),
	SAMPLE_MEMBER("Texts", "texts", sample_texts, offsetof(struct sample, texts)),
	SAMPLE_MEMBER("Flat", "flat", sample_flat, offsetof(struct sample, flat)),
	SAMPLE_MEMBER("Map", "map", sample_map, offsetof(struct sample, map)),
	SAMPLE_MEMBER("InnerMap", "innerMap", sample_inner_map, offsetof(struct sample, inner_map)),
};
static const struct shape sample_shape = { .name = S_INIT("Sample"), .kind = SHAPE_STRUCTURE, .flags = SHAPE_CONSTRAINED,
	.members = sample_members, .member_count = COUNT(sample_members), .bytes = sizeof(struct sample) };

#endif

/* archive/fields.c: makes the tree of steps that a set of paths is.
 *
 * Joined names make more edges than steps: a name a.b.c is reached by the keys a, b, c, by a.b and c, by a and b.c, by a.b.c. */
#include "archive/fields_tree.h"

#include "base/limits.h"

enum { ROOM_MIN = 4 };

static struct node *node_new(struct arena *arena)
{
	struct node *node = arena_new(arena, struct node);

	node->value = FIELDS_NO_VALUE;
	return node;
}

struct fields *fields_new(struct arena *arena, enum field_naming naming)
{
	struct fields *fields = arena_new(arena, struct fields);

	fields->arena = arena;
	fields->naming = naming;
	fields->root = node_new(arena);
	return fields;
}

static bool is_same_step(const struct edge *edge, struct slice key, uint32_t index)
{
	return key.ptr ? slice_equal(edge->key, key) : edge->index == index;
}

/* The node behind that edge; a missing edge is made, to `node` or, if that is NULL, to a new one. */
static struct node *edge_to(struct fields *fields, struct edges *edges, struct slice key, uint32_t index, struct node *node)
{
	for (size_t i = 0; i < edges->count; i++)
		if (is_same_step(&edges->items[i], key, index))
			return edges->items[i].node;
	if (edges->count == edges->room) {
		size_t room = edges->room ? edges->room * 2 : ROOM_MIN;
		struct edge *items = arena_array(fields->arena, room, sizeof *items);
		if (edges->count)
			memcpy(items, edges->items, edges->count * sizeof *items);
		edges->items = items;
		edges->room = room;
	}
	if (!node)
		node = node_new(fields->arena);
	edges->items[edges->count++] = (struct edge){ key.ptr ? arena_copy(fields->arena, key) : key, index, node };
	return node;
}

static bool take_value(struct fields *fields, struct node *node, size_t *number, struct error *err)
{
	if (node->value == FIELDS_NO_VALUE) {
		if (fields->count == FIELDS_MAX)
			return fail(err, ERR_LIMIT, "more than %d fields are named", FIELDS_MAX);
		node->value = (int)fields->count++;
	}
	*number = (size_t)node->value;
	return true;
}

bool fields_add_steps(struct fields *fields, const struct field_step *steps, size_t count, size_t *number, struct error *err)
{
	struct node *node = fields->root;

	assert(!fields->is_sealed && fields->naming == FIELD_STEPS);
	if (count > FIELD_STEPS_MAX)
		return fail(err, ERR_LIMIT, "a field has more than %d steps", FIELD_STEPS_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct field_step *step = &steps[i];
		if (step->key.ptr && step->key.len > FIELDS_KEY_BYTES_MAX)
			return fail(err, ERR_LIMIT, "a key has more than %d bytes", FIELDS_KEY_BYTES_MAX);
		node = edge_to(fields, step->key.ptr ? &node->keys : &node->indexes, step->key, step->index, NULL);
	}
	return take_value(fields, node, number, err);
}

/* As an array's index is written: digits, without zeros before it. */
static bool is_index(struct slice text, uint32_t *index)
{
	uint64_t value;

	if (!slice_to_u64(text, &value) || value >= UINT32_MAX || (text.len > 1 && text.ptr[0] == '0'))
		return false;
	*index = (uint32_t)value;
	return true;
}

bool fields_add_name(struct fields *fields, struct slice name, size_t *number, struct error *err)
{
	struct node *nodes[FIELD_STEPS_MAX + 1] = { fields->root };
	size_t starts[FIELD_STEPS_MAX + 1] = {0}, count = 0;
	struct slice rest = name;

	assert(!fields->is_sealed && fields->naming == FIELD_JOINED);
	if (name.len > FIELDS_KEY_BYTES_MAX)
		return fail(err, ERR_LIMIT, "a field's name has more than %d bytes", FIELDS_KEY_BYTES_MAX);
	for (struct slice step; rest.ptr; ) {
		uint32_t index;
		if (count == FIELD_STEPS_MAX)
			return fail(err, ERR_LIMIT, "a field has more than %d steps", FIELD_STEPS_MAX);
		rest = slice_cut(rest, '.', &step);
		nodes[count + 1] = edge_to(fields, &nodes[count]->keys, step, 0, NULL);
		if (is_index(step, &index))
			edge_to(fields, &nodes[count]->indexes, SLICE_NONE, index, nodes[count + 1]);
		count++;
		starts[count] = (size_t)(step.ptr - name.ptr) + step.len + 1;
		for (size_t from = 0; from + 1 < count; from++)
			edge_to(fields, &nodes[from]->keys,
			        slice_sub(name, starts[from], starts[count] - 1 - starts[from]), 0, nodes[count]);
	}
	return take_value(fields, nodes[count], number, err);
}

void fields_limit_leaves(struct fields *fields, size_t leaves_max)
{
	fields->leaves_max = leaves_max;
}

size_t fields_count(const struct fields *fields)
{
	return fields->count;
}

static void make_table(struct arena *arena, struct node *node)
{
	size_t room = ROOM_MIN;

	while (room < node->keys.count * 4)              /* most keys of a record are not in it: let them find an empty place */
		room *= 2;
	node->table = arena_array(arena, room, sizeof *node->table);
	node->mask = (uint32_t)room - 1;
	for (size_t i = 0; i < node->keys.count; i++) {
		uint32_t hash = fields_tree_hash(node->keys.items[i].key), at = hash >> 6 & node->mask;
		node->filter |= fields_tree_filter(hash);
		while (node->table[at].key.ptr)
			at = (at + 1) & node->mask;
		node->table[at] = node->keys.items[i];
	}
}

static void seal(struct fields *fields, struct node *node);

static void seal_edges(struct fields *fields, const struct edges *edges)
{
	for (size_t i = 0; i < edges->count; i++)
		if (!edges->items[i].node->is_sealed)
			seal(fields, edges->items[i].node);
}

/* In the order in which edges were made, the first way to a node is the one step by step: so these ways are a tree, and what is
 * below a node stands together. */
static void seal(struct fields *fields, struct node *node)
{
	node->is_sealed = true;
	if (node->value != FIELDS_NO_VALUE)
		fields->order[fields->ordered++] = node->value;
	node->below = fields->ordered;
	seal_edges(fields, &node->keys);
	seal_edges(fields, &node->indexes);
	node->below_count = fields->ordered - node->below;
	if (node->keys.count)
		make_table(fields->arena, node);
}

void fields_seal(struct fields *fields)
{
	fields->order = arena_array(fields->arena, fields->count + 1, sizeof *fields->order);
	seal(fields, fields->root);
	fields->is_sealed = true;
}

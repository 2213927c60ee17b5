/* detect/pattern_fields.c: selectors as one tree of steps, walked along the message's own tree.
 *
 * Selectors that begin alike share their steps, so each object is searched once for all of its wanted members. */
#include "detect/pattern_fields.h"

#include "base/limits.h"

enum { NO_SELECTOR = -1 };

struct branch {
	struct pattern_step step;
	int                 selector;            /* the one that ends here, or NO_SELECTOR */
	struct branch      *children, *next;
};

struct pattern_fields {
	struct branch *root;
	size_t         count;
};

static bool step_equals(const struct pattern_step *a, const struct pattern_step *b)
{
	return a->kind == b->kind && a->index == b->index && slice_equal(a->name, b->name);
}

bool pattern_selector_equals(const struct pattern_selector *a, const struct pattern_selector *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!step_equals(&a->steps[i], &b->steps[i]))
			return false;
	return true;
}

static struct branch *branch_of(struct arena *arena, struct branch *parent, const struct pattern_step *step)
{
	struct branch **tail = &parent->children;

	for (; *tail; tail = &(*tail)->next)
		if (step_equals(&(*tail)->step, step))
			return *tail;
	*tail = arena_new(arena, struct branch);
	(*tail)->step = *step;
	(*tail)->selector = NO_SELECTOR;
	return *tail;
}

const struct pattern_fields *pattern_fields_compile(struct arena *arena, const struct pattern_selector *const *selectors,
                                                    size_t count)
{
	struct pattern_fields *fields = arena_new(arena, struct pattern_fields);

	fields->count = count;
	fields->root = arena_new(arena, struct branch);
	fields->root->selector = NO_SELECTOR;
	for (size_t i = 0; i < count; i++) {
		struct branch *branch = fields->root;
		for (size_t k = 0; k < selectors[i]->count; k++)
			branch = branch_of(arena, branch, &selectors[i]->steps[k]);
		assert(branch->selector == NO_SELECTOR);
		branch->selector = (int)i;
	}
	return fields;
}

/* ---- one message ---- */

static struct pattern_field field_of(const struct json *node)
{
	switch (node->kind) {
	case JSON_TRUE:   return (struct pattern_field){ JSON_TRUE, S("true") };
	case JSON_FALSE:  return (struct pattern_field){ JSON_FALSE, S("false") };
	case JSON_NUMBER:
	case JSON_STRING: return (struct pattern_field){ node->kind, node->text };
	default:          return (struct pattern_field){ node->kind, SLICE_NONE };
	}
}

/* The array grows by doubling, so its room is the power of two that holds `count`. */
static void add(struct pattern_found *found, const struct json *node, struct arena *scratch)
{
	struct pattern_field *fields;

	if ((found->count & (found->count - 1)) == 0) {
		fields = arena_array(scratch, found->count ? found->count * 2 : 1, sizeof *fields);
		if (found->count)
			memcpy(fields, found->fields, found->count * sizeof *fields);
		found->fields = fields;
	} else {
		fields = (struct pattern_field *)(uintptr_t)found->fields;
	}
	fields[found->count++] = field_of(node);
}

static void walk(const struct branch *branch, const struct json *node, struct arena *scratch, struct pattern_found *found);

static void walk_object(const struct branch *branch, const struct json *object, struct arena *scratch,
                        struct pattern_found *found)
{
	for (const struct branch *child = branch->children; child; child = child->next) {
		const struct json *last = NULL;
		for (const struct json *member = object->first; member; member = member->next)
			if (child->step.kind == STEP_ANY_MEMBER)
				walk(child, member, scratch, found);
			else if (child->step.kind == STEP_NAME && slice_equal(member->key, child->step.name))
				last = member;
		if (last)
			walk(child, last, scratch, found);
	}
}

static void walk_array(const struct branch *branch, const struct json *array, struct arena *scratch,
                       struct pattern_found *found)
{
	for (const struct branch *child = branch->children; child; child = child->next) {
		uint64_t index = 0;
		for (const struct json *element = array->first; element; element = element->next, index++)
			if (child->step.kind == STEP_ANY_ELEMENT || (child->step.kind == STEP_INDEX && child->step.index == index))
				walk(child, element, scratch, found);
	}
}

static void walk(const struct branch *branch, const struct json *node, struct arena *scratch, struct pattern_found *found)
{
	if (branch->selector != NO_SELECTOR)
		add(&found[branch->selector], node, scratch);
	if (node->kind == JSON_OBJECT)
		walk_object(branch, node, scratch, found);
	else if (node->kind == JSON_ARRAY)
		walk_array(branch, node, scratch, found);
}

bool pattern_fields_find(const struct pattern_fields *fields, struct slice message, struct arena *scratch,
                         struct pattern_found *found)
{
	static const struct json_limits limits = { .depth_max = PATTERN_MESSAGE_DEPTH_MAX, .nodes_max = UINT32_MAX,
	                                           .allow_duplicate_keys = true };
	const struct json *root = json_parse(scratch, message, &limits, NULL);

	memset(found, 0, fields->count * sizeof *found);
	if (!root || (root->kind != JSON_OBJECT && root->kind != JSON_ARRAY))
		return false;
	walk(fields->root, root, scratch, found);
	return !arena_is_over(scratch);
}

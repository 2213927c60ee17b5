/* detect/pattern_fields.c: selectors over the path sets of archive/fields.
 *
 * All that is fixed in a selector is a path of one set, found in one walk over the record. From its wildcard on (or what is too
 * long for a path) a selector is followed step by step below what the path found: few have one, and few records have
 * anything there. */
#include "detect/pattern_fields.h"

#include "base/limits.h"
#include "codec/json_check.h"

enum { PATH_KEY_BYTES_MAX = 256 };               /* longer names than any record has */

struct target {
	size_t                     number;       /* of the path in the set */
	const struct pattern_step *tail;         /* what is left of the selector behind it */
	size_t                     tail_count;
};

struct pattern_fields {
	const struct fields *set;
	struct target       *targets;            /* one a selector */
	size_t               count;
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

/* ---- compiling ---- */

/* Can it be a step of a path? */
static bool path_step(const struct pattern_step *step, struct field_step *path)
{
	*path = (struct field_step){ .key = step->kind == STEP_NAME ? step->name : SLICE_NONE, .index = (uint32_t)step->index };
	return (step->kind == STEP_NAME && step->name.len <= PATH_KEY_BYTES_MAX)
	    || (step->kind == STEP_INDEX && step->index < UINT32_MAX);
}

const struct pattern_fields *pattern_fields_compile(struct arena *arena, const struct pattern_selector *const *selectors,
                                                    size_t count)
{
	struct pattern_fields *fields = arena_new(arena, struct pattern_fields);
	struct fields *set = fields_new(arena, FIELD_STEPS);
	size_t root;

	fields->set = set;
	bool is_added = fields_add_steps(set, NULL, 0, &root, NULL);
	assert(is_added);                                /* the first path of a set fits */
	fields->count = count;
	fields->targets = arena_array(arena, count, sizeof *fields->targets);
	for (size_t i = 0; i < count; i++) {
		struct field_step path[FIELD_STEPS_MAX];
		struct target *target = &fields->targets[i];
		size_t length = 0, bytes = selectors[i]->count * sizeof *selectors[i]->steps;
		while (length < selectors[i]->count && length < FIELD_STEPS_MAX
		       && path_step(&selectors[i]->steps[length], &path[length]))
			length++;
		if (!fields_add_steps(set, path, length, &target->number, NULL)) {
			target->number = root;           /* as many paths as a set can have: follow all of its steps */
			length = 0;
		}
		target->tail = (const struct pattern_step *)memcpy(arena_alloc(arena, bytes), selectors[i]->steps, bytes) + length;
		target->tail_count = selectors[i]->count - length;
	}
	fields_seal(set);
	return fields;
}

/* ---- one record ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool pattern_record_open(struct pattern_record *record, struct json_index *index, struct slice message)
{
	while (message.len > 0 && is_blank(message.ptr[0]))
		message = slice_from(message, 1);
	while (message.len > 0 && is_blank(message.ptr[message.len - 1]))
		message.len--;
	if (message.len < 2 || message.len >= UINT32_MAX || (message.ptr[0] != '{' && message.ptr[0] != '['))
		return false;
	json_index_build(index, message, json_index_fastest());
	*record = (struct pattern_record){ .index = index, .text = message };
	return index->faults == 0;
}

bool pattern_record_is_json(const struct pattern_record *record, struct arena *scratch)
{
	return json_check(record->index, record->text, scratch);
}

/* The array grows by doubling, so its room is the power of two that holds `count`. */
static void add(struct pattern_found *found, const struct field *node, struct arena *scratch)
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
	fields[found->count++] = (struct pattern_field){ .kind = node->kind, .text = fields_text(node, scratch) };
}

static bool has_children_for(const struct pattern_step *step, const struct field *node)
{
	return node->kind == (step->kind == STEP_NAME || step->kind == STEP_ANY_MEMBER ? FIELD_OBJECT : FIELD_ARRAY);
}

/* Every child that the first step of `tail` means, and from there on. False: broken JSON. */
static bool follow(const struct json_index *index, const struct field *node, const struct pattern_step *tail, size_t tail_count,
                   struct arena *scratch, struct pattern_found *found)
{
	struct field key, child, last = { .kind = FIELD_ABSENT };
	uint64_t position = 0;

	if (tail_count == 0) {
		add(found, node, scratch);
		return true;
	}
	if (!has_children_for(tail, node))
		return true;
	struct field_children children = fields_children(index, node);
	for (; fields_next(&children, &key, &child); position++) {
		bool is_it = tail->kind == STEP_INDEX ? position == tail->index
		           : tail->kind == STEP_NAME && slice_equal(fields_text(&key, scratch), tail->name);
		if (is_it)
			last = child;
		else if (tail->kind >= STEP_ANY_MEMBER && !follow(index, &child, tail + 1, tail_count - 1, scratch, found))
			return false;
	}
	return !children.is_broken
	    && (last.kind == FIELD_ABSENT || follow(index, &last, tail + 1, tail_count - 1, scratch, found));
}

bool pattern_fields_find(const struct pattern_fields *fields, const struct pattern_record *record, struct arena *scratch,
                         struct pattern_found *found)
{
	struct field *values = arena_alloc(scratch, fields_count(fields->set) * sizeof *values);
	struct pattern_field *singles = arena_alloc(scratch, fields->count * sizeof *singles);

	if (!fields_read(fields->set, record->index, record->text, values))
		return false;
	for (size_t i = 0; i < fields->count; i++) {
		const struct target *target = &fields->targets[i];
		const struct field *value = &values[target->number];
		found[i] = (struct pattern_found){ NULL, 0 };
		if (value->kind == FIELD_ABSENT)
			continue;
		if (target->tail_count == 0) {
			singles[i] = (struct pattern_field){ .kind = value->kind, .text = fields_text(value, scratch) };
			found[i] = (struct pattern_found){ &singles[i], 1 };
		} else if (!follow(record->index, value, target->tail, target->tail_count, scratch, &found[i])) {
			return false;
		}
	}
	return !arena_is_over(scratch);
}

/* services/shape.c: looking things up in the generated tables, and running the models' patterns. */
#include "services/shape.h"

#include "codec/utf8.h"

const struct operation_shape *service_shape_find(const struct service_shape *service, struct slice name)
{
	size_t low = 0, high = service->operation_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = slice_compare(service->operations[middle]->name, name);
		if (order == 0)
			return service->operations[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool service_shape_knows(const struct service_shape *service, struct slice name)
{
	for (size_t i = 0; i < service->known_count; i++)
		if (slice_equal(service->known_names[i], name))
			return true;
	return false;
}

const struct shape_member *shape_member_find(const struct shape *shape, struct slice name)
{
	for (size_t i = 0; i < shape->member_count; i++)
		if (slice_equal(shape->members[i].name, name))
			return &shape->members[i];
	return NULL;
}

static uint32_t class_of(const struct shape_pattern *pattern, uint32_t code_point)
{
	size_t low = 0, high = pattern->range_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (pattern->ranges[middle].first <= code_point)
			low = middle;
		else
			high = middle;
	}
	return pattern->ranges[low].class_index;
}

bool shape_pattern_matches(const struct shape_pattern *pattern, struct slice text)
{
	const char *at = text.ptr, *end = text.ptr + text.len;
	uint32_t state = 1;

	while (at < end && state != 0) {
		uint32_t class_index;
		unsigned char c = (unsigned char)*at;
		if (c < 0x80) {
			class_index = pattern->ascii_classes[c];
			at++;
		} else {
			uint32_t code_point;
			size_t bytes = utf8_decode((struct slice){ at, (size_t)(end - at) }, &code_point);
			if (bytes == 0)
				return false;
			class_index = class_of(pattern, code_point);
			at += bytes;
		}
		state = pattern->next[state * pattern->class_count + class_index];
	}
	return pattern->accepts[state] != 0;
}

const void *shape_value(const struct shape_member *member, const void *owner)
{
	const char *field = (const char *)owner + member->offset;
	struct any_list list;
	struct slice text;
	const void *pointer;
	bool is_set;

	switch ((enum shape_kind)member->shape->kind) {
	case SHAPE_STRUCTURE:
		memcpy(&pointer, field, sizeof pointer);
		return pointer;
	case SHAPE_LIST:
	case SHAPE_MAP:
		memcpy(&list, field, sizeof list);
		return list.is_set || list.count > 0 ? field : NULL;
	case SHAPE_STRING:
	case SHAPE_BLOB:
		memcpy(&text, field, sizeof text);
		return text.ptr ? field : NULL;
	default:
		memcpy(&is_set, field, sizeof is_set);   /* every maybe_ begins with it */
		return is_set ? field : NULL;
	}
}

const void *shape_item(const struct shape *list, const void *value, size_t index)
{
	struct any_list items;

	memcpy(&items, value, sizeof items);
	assert(index < items.count);
	return (const char *)items.items + index * list->bytes;
}

_Static_assert(offsetof(struct maybe_bool, is_set) == 0 && offsetof(struct maybe_i64, is_set) == 0
	&& offsetof(struct maybe_double, is_set) == 0 && offsetof(struct maybe_time, is_set) == 0, "shape_value reads it there");
_Static_assert(sizeof(struct any_list) == sizeof(struct text_list)
	&& offsetof(struct any_list, count) == offsetof(struct text_list, count)
	&& offsetof(struct any_list, is_set) == offsetof(struct text_list, is_set), "any list is read as struct any_list");

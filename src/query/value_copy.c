/* query/value_copy.c: each part behind the one before, aligned. */
#include "query/value_copy.h"

void *value_copy_place(struct value_copy *copy, size_t bytes)
{
	size_t at = copy->bytes;

	copy->bytes += (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	return copy->room ? copy->room + at : NULL;
}

struct slice value_copy_text(struct value_copy *copy, struct slice text)
{
	struct slice from = copy->from;

	if (!text.ptr)
		return text;
	if (from.ptr && text.ptr >= from.ptr && text.ptr + text.len <= from.ptr + from.len)
		return copy->room ? (struct slice){ copy->to.ptr + (text.ptr - from.ptr), text.len } : text;
	char *at = value_copy_place(copy, text.len > 0 ? text.len : 1);
	if (!at)
		return text;
	if (text.len > 0)
		memcpy(at, text.ptr, text.len);
	return (struct slice){ at, text.len };
}

/* What an array or object is made from is not kept: its children say it all. */
static const struct json *copy_json(struct value_copy *copy, const struct json *json)
{
	struct json *node = value_copy_place(copy, sizeof *node);
	bool is_scalar = json->kind != JSON_ARRAY && json->kind != JSON_OBJECT;
	struct json whole = { .kind = json->kind, .count = json->count, .key = value_copy_text(copy, json->key),
	                      .text = is_scalar ? value_copy_text(copy, json->text) : SLICE_NONE };
	const struct json **last = &whole.first;

	for (const struct json *child = json->first; child; child = child->next) {
		const struct json *copied = copy_json(copy, child);
		if (copied) {
			*last = copied;
			last = &((struct json *)copied)->next;
		}
	}
	if (node)
		*node = whole;
	return node;
}

struct value value_copy_value(struct value_copy *copy, const struct value *value)
{
	struct value result = *value;

	if (value->kind == VALUE_JSON)
		result.json = copy_json(copy, value->json);
	else
		result.text = value_copy_text(copy, value->text);
	return result;
}

/* services/decode_json.c: a walk along the parsed JSON and the shape table together.
 *
 * Types are strict, as AWS's are: no text for a number, no number for a text. */
#include "services/decode_json.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/json.h"

static const char SERIALIZATION[] = "SerializationException";

static const char *const type_names[SHAPE_KIND_COUNT] = {
	[SHAPE_STRUCTURE] = "a structure", [SHAPE_LIST] = "a list", [SHAPE_MAP] = "a map", [SHAPE_STRING] = "a String",
	[SHAPE_BLOB] = "a Blob", [SHAPE_BOOLEAN] = "a Boolean", [SHAPE_INTEGER] = "an Integer", [SHAPE_LONG] = "a Long",
	[SHAPE_FLOAT] = "a Float", [SHAPE_DOUBLE] = "a Double", [SHAPE_TIMESTAMP] = "a Timestamp",
};

static const char *const token_names[] = {
	[JSON_NULL] = "NULL_VALUE", [JSON_FALSE] = "FALSE_VALUE", [JSON_TRUE] = "TRUE_VALUE", [JSON_NUMBER] = "NUMBER_VALUE",
	[JSON_STRING] = "STRING_VALUE", [JSON_ARRAY] = "START_ARRAY", [JSON_OBJECT] = "START_OBJECT",
};

static bool wrong_type(const struct json *json, const struct shape *shape, struct error *err)
{
	return fail_as(err, ERR_INVALID, SERIALIZATION, "%s can not be converted to %s", token_names[json->kind],
		type_names[shape->kind]);
}

static bool read_value(struct arena *arena, const struct shape *shape, const struct json *json, void *out, struct error *err);

static bool read_blob(struct arena *arena, const struct shape *shape, const struct json *json, struct slice *out,
                      struct error *err)
{
	if (json->kind != JSON_STRING)
		return wrong_type(json, shape, err);
	*out = base64_decode(arena, json->text, NULL);
	return out->ptr || fail_as(err, ERR_INVALID, SERIALIZATION, "A Blob must be base64.");
}

static bool read_integer(const struct shape *shape, const struct json *json, struct maybe_i64 *out, struct error *err)
{
	bool is_short = shape->kind == SHAPE_INTEGER;

	if (json->kind != JSON_NUMBER)
		return wrong_type(json, shape, err);
	out->is_set = true;
	return (json_to_i64(json, &out->value) && (!is_short || (out->value >= INT32_MIN && out->value <= INT32_MAX)))
		|| fail_as(err, ERR_INVALID, SERIALIZATION, "%.*s can not be converted to %s",
			(int)(json->text.len < 64 ? json->text.len : 64), json->text.ptr, type_names[shape->kind]);
}

static bool read_time(const struct shape *shape, const struct json *json, struct maybe_time *out, struct error *err)
{
	double seconds = 0;

	out->is_set = true;
	if (json->kind == JSON_STRING)               /* ours: AWS takes numbers only */
		return time_parse_iso(json->text, &out->ms) || wrong_type(json, shape, err);
	if (json->kind != JSON_NUMBER || !json_to_double(json, &seconds))
		return wrong_type(json, shape, err);
	if (seconds < TIME_S_MIN || seconds > TIME_S_MAX)
		return fail_as(err, ERR_INVALID, SERIALIZATION, "%.*s is no time between the years 0 and 9999",
			(int)(json->text.len < 64 ? json->text.len : 64), json->text.ptr);
	out->ms = llround(seconds * 1000);
	return true;
}

static bool read_structure(struct arena *arena, const struct shape *shape, const struct json *json, void *out,
                           struct error *err)
{
	if (json->kind != JSON_OBJECT)
		return wrong_type(json, shape, err);
	for (const struct json *child = json->first; child; child = child->next) {
		const struct shape_member *member = shape_member_find(shape, child->key);
		if (!member || child->kind == JSON_NULL)
			continue;
		void *field = (char *)out + member->offset;
		if (member->shape->kind == SHAPE_STRUCTURE) {
			void *inner = arena_zalloc(arena, member->shape->bytes);
			memcpy(field, &inner, sizeof inner);
			field = inner;
		}
		if (!read_value(arena, member->shape, child, field, err))
			return false;
	}
	return true;
}

static bool read_list(struct arena *arena, const struct shape *shape, const struct json *json, void *out, struct error *err)
{
	if (json->kind != JSON_ARRAY)
		return wrong_type(json, shape, err);
	struct any_list list = { arena_array(arena, json->count, shape->bytes), json->count, true };
	char *item = list.items;
	memcpy(out, &list, sizeof list);
	if (!arena_check(arena, err))
		return false;
	for (const struct json *child = json->first; child; child = child->next, item += shape->bytes)
		if (!read_value(arena, shape->members[0].shape, child, item, err))
			return false;
	return true;
}

static bool read_map(struct arena *arena, const struct shape *shape, const struct json *json, void *out, struct error *err)
{
	const struct shape_member *value = &shape->members[1];

	if (json->kind != JSON_OBJECT)
		return wrong_type(json, shape, err);
	struct any_list list = { arena_array(arena, json->count, shape->bytes), json->count, true };
	char *entry = list.items;
	memcpy(out, &list, sizeof list);
	if (!arena_check(arena, err))
		return false;
	for (const struct json *child = json->first; child; child = child->next, entry += shape->bytes) {
		memcpy(entry, &child->key, sizeof child->key);
		if (!read_value(arena, value->shape, child, entry + value->offset, err))
			return false;
	}
	return true;
}

static bool read_value(struct arena *arena, const struct shape *shape, const struct json *json, void *out, struct error *err)
{
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRUCTURE:
		return read_structure(arena, shape, json, out, err);
	case SHAPE_LIST:
		return read_list(arena, shape, json, out, err);
	case SHAPE_MAP:
		return read_map(arena, shape, json, out, err);
	case SHAPE_STRING:
		if (json->kind != JSON_STRING)
			return wrong_type(json, shape, err);
		*(struct slice *)out = json->text;
		return true;
	case SHAPE_BLOB:
		return read_blob(arena, shape, json, out, err);
	case SHAPE_BOOLEAN:
		if (json->kind != JSON_TRUE && json->kind != JSON_FALSE)
			return wrong_type(json, shape, err);
		*(struct maybe_bool *)out = SET_BOOL(json->kind == JSON_TRUE);
		return true;
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		return read_integer(shape, json, out, err);
	case SHAPE_FLOAT:
	case SHAPE_DOUBLE:
		((struct maybe_double *)out)->is_set = true;
		return json_to_double(json, &((struct maybe_double *)out)->value) || wrong_type(json, shape, err);
	case SHAPE_TIMESTAMP:
		return read_time(shape, json, out, err);
	case SHAPE_KIND_COUNT:
		break;
	}
	assert(false);                               /* a shape of no kind */
	return false;
}

void *decode_json(struct arena *arena, const struct shape *input, struct slice body, struct error *err)
{
	static const struct json_limits limits = { .depth_max = REQUEST_DEPTH_MAX, .nodes_max = REQUEST_VALUES_MAX };
	void *out = arena_zalloc(arena, input ? input->bytes : sizeof(int64_t));
	struct error why;

	if (body.len == 0)
		body = S("{}");
	const struct json *json = json_parse(arena, body, &limits, &why);
	if (!json) {
		fail_as(err, ERR_INVALID, SERIALIZATION, "%s", why.message);
		return NULL;
	}
	if (json->kind != JSON_OBJECT) {
		fail_as(err, ERR_INVALID, SERIALIZATION, "%s can not be converted to a structure", token_names[json->kind]);
		return NULL;
	}
	if (input && !read_structure(arena, input, json, out, err))
		return NULL;
	return arena_check(arena, err) ? out : NULL;
}

/* archive/fields_fuzz.c: no text makes the reader leave its bounds; where codec/json accepts it, both find the same. */
#include "archive/fields.h"

#include "codec/json.h"
#include "tests/fuzz.h"

enum { PATHS_MAX = 200, DEPTH_MAX = 30 };

struct found {
	struct fields     *fields;
	const struct json *values[PATHS_MAX];
	struct field_step  steps[DEPTH_MAX];
	size_t             count;
};

static bool is_container(const struct json *json)
{
	return json->kind == JSON_OBJECT || json->kind == JSON_ARRAY;
}

/* A path for every value but those behind a key that comes again. */
static void add_paths(struct found *found, const struct json *json, size_t depth)
{
	uint32_t index = 0;
	size_t number;

	if (found->count == PATHS_MAX || !fields_add_steps(found->fields, found->steps, depth, &number, NULL))
		return;
	CHECK_FUZZ(found, number == found->count);
	found->values[found->count++] = json;
	for (const struct json *child = json->first; is_container(json) && child && depth < DEPTH_MAX; child = child->next, index++) {
		bool comes_again = false;
		for (const struct json *later = child->next; child->key.ptr && later; later = later->next)
			comes_again = comes_again || slice_equal(later->key, child->key);
		found->steps[depth] = (struct field_step){ .key = child->key, .index = index };
		if (!comes_again)
			add_paths(found, child, depth + 1);
	}
}

static void check_same(struct fuzz *f, const struct field *field, const struct json *json)
{
	static const enum field_kind kinds[] = {
		[JSON_NULL] = FIELD_NULL, [JSON_FALSE] = FIELD_FALSE, [JSON_TRUE] = FIELD_TRUE, [JSON_NUMBER] = FIELD_NUMBER,
		[JSON_STRING] = FIELD_STRING, [JSON_ARRAY] = FIELD_ARRAY, [JSON_OBJECT] = FIELD_OBJECT,
	};
	CHECK_FUZZ(f, field->kind == kinds[json->kind]);
	if (json->kind == JSON_STRING || json->kind == JSON_NUMBER)
		CHECK_FUZZ(f, slice_equal(fields_text(field, &f->arena), json->text));
	if (is_container(json))
		CHECK_FUZZ(f, slice_equal(field->raw, json->text));
}

FUZZ(fields)
{
	struct json_limits limits = { .depth_max = 64, .nodes_max = 20000, .allow_duplicate_keys = true };
	const struct json *json = json_parse(&f->arena, f->input, &limits, &f->err);
	struct found found = { .fields = fields_new(&f->arena, FIELD_STEPS) };
	struct fields *joined = fields_new(&f->arena, FIELD_JOINED);
	struct json_index index = {0};
	struct slice record = slice_trim(f->input);
	struct field values[PATHS_MAX];
	size_t number;

	if (json && is_container(json)) {
		add_paths(&found, json, 0);
		record = json->text;
	}
	fields_seal(found.fields);
	CHECK_FUZZ(f, fields_add_name(joined, S("a.b.0"), &number, &f->err) && fields_add_name(joined, S("a"), &number, &f->err));
	fields_limit_leaves(joined, 3);
	fields_seal(joined);
	json_index_build(&index, f->input, json_index_fastest());
	if (record.len > 0) {
		bool is_read = fields_read(found.fields, &index, record, values);
		for (size_t i = 0; i < found.count; i++) {
			CHECK_FUZZ(f, is_read);
			check_same(f, &values[i], found.values[i]);
		}
		struct field parent = { .raw = record, .kind = FIELD_OBJECT }, child;
		struct field_children children = fields_children(&index, &parent);
		while (fields_next(&children, NULL, &child))
			CHECK_FUZZ(f, child.raw.ptr >= record.ptr && child.raw.ptr + child.raw.len <= record.ptr + record.len);
		bool is_joined = fields_read(joined, &index, record, values);
		CHECK_FUZZ(f, is_joined || found.count == 0);
	}
	json_index_fini(&index);
}

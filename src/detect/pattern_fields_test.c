/* detect/pattern_fields_test.c: each selector finds its nodes, whatever the others look for. */
#include "detect/pattern_fields.h"

#include "base/limits.h"
#include "detect/pattern_json.h"
#include "tests/test.h"

static const struct pattern_selector *selector(struct test *t, const char *text)
{
	struct pattern_reader reader = { .arena = &t->arena, .text = slice_of(text), .end = strlen(text), .err = &t->err };

	return pattern_json_selector(&reader);
}

static bool find(struct test *t, const struct pattern_fields *fields, struct slice message, struct pattern_found *found)
{
	struct json_index index = {0};
	struct pattern_record record;
	bool is_found = pattern_record_open(&record, &index, message) && pattern_fields_find(fields, &record, &t->arena, found)
	             && pattern_record_is_json(&record, &t->arena);

	json_index_fini(&index);
	return is_found;
}

static struct slice describe(struct test *t, const struct pattern_found *found)
{
	static const char *const kinds[] = { "absent", "null", "false", "true", "number", "string", "object", "array" };
	struct buffer out;

	buffer_init(&out, &t->arena, 1024);
	for (size_t i = 0; i < found->count; i++)
		buffer_printf(&out, "%s%s:%.*s", i ? " " : "", kinds[found->fields[i].kind], SLICE_ARG(found->fields[i].text));
	return buffer_slice(&out);
}

TEST(pattern_fields_finds_each_selectors_nodes_in_one_pass)
{
	static const struct { const char *selector, *want; } rows[] = {
		{ "$.a", "number:2" }, { "$.b", "object:" }, { "$.b.c", "string:x\"y" }, { "$.b.c.d", "" }, { "$.b.*", "string:x\"y array: null:" },
		{ "$.b.l", "array:" }, { "$.b.l[0]", "number:1" }, { "$.b.l[2]", "" }, { "$.b.l[*]", "number:1 object:" }, { "$.b.l[*].k", "true:true" },
		{ "$.b.l[99999999999999999999999]", "" }, { "$.*", "number:2 object: string: false:false" }, { "$['']", "string:" }, { "$.no", "" },
		{ "$[0]", "" }, { "$[*]", "" }, { "$.f", "false:false" }, { "$.b['l'][1].k", "" },
	};
	const struct pattern_selector *selectors[COUNT(rows)];
	struct pattern_found found[COUNT(rows)];

	for (size_t i = 0; i < COUNT(rows); i++)
		REQUIRE(t, (selectors[i] = selector(t, rows[i].selector)) != NULL);
	const struct pattern_fields *fields = pattern_fields_compile(&t->arena, selectors, COUNT(rows) - 1);
	REQUIRE(t, find(t, fields, S(" {\"a\": 2, \"b\": {\"c\": \"x\\\"y\", \"l\": [1, {\"k\": true}], \"n\": null}, \"\": \"\", \"f\": false} "), found));
	for (size_t i = 0; i < COUNT(rows) - 1; i++)
		if (!slice_equal(describe(t, &found[i]), slice_of(rows[i].want)))
			test_failed(t, __FILE__, __LINE__, "%s: %.*s", rows[i].selector, SLICE_ARG(describe(t, &found[i])));
	CHECK(t, pattern_selector_equals(selector(t, "$.b['l'][1].k"), selector(t, "$.b.l.[1].['k']")));
	CHECK(t, !pattern_selector_equals(selector(t, "$.b['1']"), selector(t, "$.b[1]")));
}

TEST(pattern_fields_takes_the_last_of_equal_names_at_every_depth)
{
	const struct pattern_selector *selectors[] = { selector(t, "$.a.b"), selector(t, "$.a") };
	const struct pattern_fields *fields = pattern_fields_compile(&t->arena, selectors, 2);
	struct pattern_found found[2];

	CHECK(t, find(t, fields, S("{\"a\":{\"b\":1,\"b\":2},\"\\u0061\":{\"b\":3,\"b\":4}}"), found));
	CHECK_TEXT(t, describe(t, &found[0]), S("number:4"));
	CHECK(t, find(t, fields, S("{\"a\":{\"b\":1},\"a\":5}"), found));
	CHECK_TEXT(t, describe(t, &found[0]), S(""));
	CHECK_TEXT(t, describe(t, &found[1]), S("number:5"));
	CHECK(t, find(t, fields, S("{\"a\":{\"b\":1},\"a\":{}}"), found));
	CHECK_TEXT(t, describe(t, &found[0]), S(""));
}

TEST(pattern_fields_wants_one_object_or_array)
{
	static const char *const not_json[] = { "", " ", "x", "1", "\"a\"", "null", "{", "{}x", "{} {}", "{\"a\":1,}", "{\"a\":01}", "[1", "prefix {}",
		"{\"a\":\"\n\"}", "{\"a\":\"\xFF\"}", "{'a':1}", "\xEF\xBB\xBF{}" };
	const struct pattern_selector *selectors[] = { selector(t, "$.a") };
	const struct pattern_fields *fields = pattern_fields_compile(&t->arena, selectors, 1);
	struct pattern_found found;

	for (size_t i = 0; i < COUNT(not_json); i++)
		if (find(t, fields, slice_of(not_json[i]), &found))
			test_failed(t, __FILE__, __LINE__, "%s", not_json[i]);
	CHECK(t, find(t, fields, S("\r\n\t {}\n"), &found) && found.count == 0);
	CHECK(t, find(t, fields, S("[]"), &found) && found.count == 0);
}

/* Who is watched must not hide an event by nesting something in it. */
TEST(pattern_fields_looks_into_deeply_nested_messages)
{
	const struct pattern_selector *selectors[] = { selector(t, "$.a") };
	const struct pattern_fields *fields = pattern_fields_compile(&t->arena, selectors, 1);
	struct pattern_found found;
	struct buffer message;

	buffer_init(&message, &t->arena, 1 << 20);
	buffer_add(&message, S("{\"deep\":"));
	for (int i = 0; i < 100000; i++)
		buffer_byte(&message, '[');
	for (int i = 0; i < 100000; i++)
		buffer_byte(&message, ']');
	buffer_add(&message, S(",\"a\":1}"));
	CHECK(t, find(t, fields, buffer_slice(&message), &found) && found.count == 1);
}

/* What is too long for a path, or behind a wildcard, is followed step by step; the rules are the same. */
TEST(pattern_fields_follows_long_selectors)
{
	struct buffer text, message;
	char name[301] = {0};

	memset(name, 'n', sizeof name - 1);
	for (int steps = 30; steps <= 40; steps++) {
		struct pattern_found found;
		buffer_init(&text, &t->arena, 1 << 20);
		buffer_init(&message, &t->arena, 1 << 20);
		buffer_add(&text, S("$"));
		for (int i = 0; i < steps; i++) {
			buffer_printf(&text, i % 2 ? "[1]" : i == 20 ? ".['%s']" : ".a", name);
			buffer_printf(&message, i % 2 ? "[0," : i == 20 ? "{\"%s\":7,\"%s\":" : "{\"b\":[],\"a\":", name, name);
		}
		buffer_add(&message, S("\"x\""));
		for (int i = steps - 1; i >= 0; i--)
			buffer_add(&message, i % 2 ? S("]") : S("}"));
		const struct pattern_selector *selectors[] = { selector(t, arena_cstr(&t->arena, buffer_slice(&text))) };
		REQUIRE(t, selectors[0] != NULL);
		CHECK(t, find(t, pattern_fields_compile(&t->arena, selectors, 1), buffer_slice(&message), &found));
		CHECK_TEXT(t, describe(t, &found), S("string:x"));
	}
}

TEST(pattern_fields_keeps_a_record_with_half_a_surrogate)
{
	const struct pattern_selector *selectors[] = { selector(t, "$.a") };
	struct pattern_found found;

	CHECK(t, find(t, pattern_fields_compile(&t->arena, selectors, 1), S("{\"userAgent\":\"\\ud800\",\"a\":\"\\udc00\"}"), &found));
	CHECK_TEXT(t, describe(t, &found), S("string:\xEF\xBF\xBD"));
}

TEST(pattern_fields_has_no_limit_of_selectors)
{
	enum { SELECTORS = FIELDS_MAX + 10 };
	const struct pattern_selector **selectors = arena_array(&t->arena, SELECTORS, sizeof(const struct pattern_selector *));
	struct pattern_found *found = arena_array(&t->arena, SELECTORS, sizeof *found);

	for (size_t i = 0; i < SELECTORS; i++)
		selectors[i] = selector(t, arena_printf(&t->arena, "$.a[%zu]", i));
	const struct pattern_fields *fields = pattern_fields_compile(&t->arena, selectors, SELECTORS);
	struct buffer message;
	buffer_init(&message, &t->arena, 1 << 20);
	for (size_t i = 0; i < SELECTORS; i++)
		buffer_printf(&message, "%s%zu", i ? "," : "{\"a\":[", i);
	buffer_add(&message, S("]}"));
	REQUIRE(t, find(t, fields, buffer_slice(&message), found));
	for (size_t i = 0; i < SELECTORS; i++)
		CHECK_TEXT(t, describe(t, &found[i]), arena_format(&t->arena, "number:%zu", i));
}

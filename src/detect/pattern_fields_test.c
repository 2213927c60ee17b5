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

static struct slice describe(struct test *t, const struct pattern_found *found)
{
	static const char *const kinds[] = { "null", "false", "true", "number", "string", "array", "object" };
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
	REQUIRE(t, pattern_fields_find(fields, S(" {\"a\": 2, \"b\": {\"c\": \"x\\\"y\", \"l\": [1, {\"k\": true}], \"n\": null}, \"\": \"\", \"f\": false} "),
	                               &t->arena, found));
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

	CHECK(t, pattern_fields_find(fields, S("{\"a\":{\"b\":1,\"b\":2},\"\\u0061\":{\"b\":3,\"b\":4}}"), &t->arena, found));
	CHECK_TEXT(t, describe(t, &found[0]), S("number:4"));
	CHECK(t, pattern_fields_find(fields, S("{\"a\":{\"b\":1},\"a\":5}"), &t->arena, found));
	CHECK_TEXT(t, describe(t, &found[0]), S(""));
	CHECK_TEXT(t, describe(t, &found[1]), S("number:5"));
}

TEST(pattern_fields_wants_one_object_or_array)
{
	static const char *const not_json[] = { "", " ", "x", "1", "\"a\"", "null", "{", "{}x", "{} {}", "{\"a\":1,}", "{\"a\":01}", "[1", "prefix {}",
		"{\"a\":\"\n\"}", "{\"a\":\"\xFF\"}", "{'a':1}", "\xEF\xBB\xBF{}" };
	const struct pattern_selector *selectors[] = { selector(t, "$.a") };
	const struct pattern_fields *fields = pattern_fields_compile(&t->arena, selectors, 1);
	struct pattern_found found;

	for (size_t i = 0; i < COUNT(not_json); i++)
		if (pattern_fields_find(fields, slice_of(not_json[i]), &t->arena, &found))
			test_failed(t, __FILE__, __LINE__, "%s", not_json[i]);
	CHECK(t, pattern_fields_find(fields, S("\r\n\t {}\n"), &t->arena, &found) && found.count == 0);
	CHECK(t, pattern_fields_find(fields, S("[]"), &t->arena, &found) && found.count == 0);
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
	for (int i = 0; i < PATTERN_MESSAGE_DEPTH_MAX - 2; i++)
		buffer_byte(&message, '[');
	for (int i = 0; i < PATTERN_MESSAGE_DEPTH_MAX - 2; i++)
		buffer_byte(&message, ']');
	buffer_add(&message, S(",\"a\":1}"));
	CHECK(t, pattern_fields_find(fields, buffer_slice(&message), &t->arena, &found) && found.count == 1);
}

/* codec/json_check_test.c: what the reader of codec/json takes is JSON, and what it refuses is not, but for three rules. */
#include "codec/json_check.h"

#include "codec/json.h"
#include "tests/test.h"

static bool is_json(struct test *t, struct slice text)
{
	struct json_index index = {0};

	json_index_build(&index, text, json_index_fastest());
	bool is = json_check(&index, text, &t->arena);
	json_index_fini(&index);
	return is;
}

TEST(json_check_takes_json_and_nothing_else)
{
	static const char *const yes[] = {
		"{}", "[]", "0", "-0", "1.5e+10", "1E5", "true", "false", "null", "\"\"", "\"\\u00e9\\n\\\"\\\\\\/\\b\\f\\r\\t\"", "[ ]", "{ }",
		"[1,2]", "[ 1 , [ ] , { } ]", "{\"a\":1}", "{ \"a\" : { \"b\" : [ { } ] } , \"c\" : null }", "[[[[]]]]", "{\"a\":1,\"a\":2}", "\"\\ud800\"",
		"[1\n,\t2\r]", "{\"\":\"\"}", " {} ",
	};
	static const char *const no[] = {
		"", "{", "}", "[", "]", "[}", "{]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{1:2}", "{\"a\" 1}",
		"{\"a\"::1}", "01", "+1", "1.", ".5", "1e", "1e+", "-", "0x1", "tru", "nul", "True", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
		"\"\n\"", "\"\xFF\"", "{} x", "{}{}", "[]]", "'a'", "[\"\\\"]", "1 1", "\"a\"b", "\xEF\xBB\xBF{}", "[1]]", "{\"a\":[}]", "[\"\\u123",
	};
	for (size_t i = 0; i < COUNT(yes); i++)
		if (!is_json(t, slice_of(yes[i])))
			test_failed(t, __FILE__, __LINE__, "refused: %s", yes[i]);
	for (size_t i = 0; i < COUNT(no); i++)
		if (is_json(t, slice_of(no[i])))
			test_failed(t, __FILE__, __LINE__, "taken: %s", no[i]);
}

TEST(json_check_is_bounded_by_no_depth)
{
	enum { DEPTH = 100000 };
	char *text = arena_alloc(&t->arena, 2 * DEPTH);

	memset(text, '[', DEPTH);
	memset(text + DEPTH, ']', DEPTH);
	CHECK(t, is_json(t, (struct slice){ text, 2 * DEPTH }));
	CHECK(t, !is_json(t, (struct slice){ text, 2 * DEPTH - 1 }));
	text[2 * DEPTH - 1] = '}';
	CHECK(t, !is_json(t, (struct slice){ text, 2 * DEPTH }));
}

TEST(json_check_looks_at_one_record_of_a_text)
{
	struct json_index index = {0};
	struct slice text = S("[{\"a\":1},{\"a\":,},{\"a\":\"\x01\"},{\"a\":[2]}]");
	static const struct { size_t from, len; bool is; } rows[] = { { 1, 7, true }, { 9, 7, false }, { 17, 9, false }, { 27, 9, true } };

	json_index_build(&index, text, JSON_SCALAR);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK(t, json_check(&index, slice_sub(text, rows[i].from, rows[i].len), &t->arena) == rows[i].is);
	json_index_fini(&index);
}

/* What is read in windows ends anywhere, within a string or a character too. */
TEST(json_check_looks_at_a_record_of_a_text_that_was_cut)
{
	struct json_index index = {0};
	struct slice texts[] = { S("{\"a\":1}{\"a\":\"\x01\"}\"open"), S("{\"a\":1}{\"a\":\"\x01\"}\"open\xC3") };

	for (size_t i = 0; i < COUNT(texts); i++) {
		json_index_build(&index, texts[i], json_index_fastest());
		CHECK(t, index.faults & JSON_OPEN_STRING);
		CHECK(t, json_check(&index, slice_sub(texts[i], 0, 7), &t->arena));
		CHECK(t, !json_check(&index, slice_sub(texts[i], 7, 9), &t->arena));
		CHECK(t, !json_check(&index, slice_from(texts[i], 16), &t->arena));
	}
	/* Behind an open string the index has all brackets inside strings, and says nothing of a control character in one. */
	struct slice inverted = S("\"{\"a\":\"\x01\"}");
	json_index_build(&index, inverted, json_index_fastest());
	CHECK(t, !json_check(&index, slice_from(inverted, 1), &t->arena));
	json_index_fini(&index);
}

/* Each byte of a record in turn is replaced: both readers must agree on what is left. */
TEST(json_check_agrees_with_the_reader_on_every_damaged_record)
{
	static const char record[] = "{\"eventVersion\":\"1.08\",\"a\\u00e9\":[1,-2.5e3,true,null,{\"x\":{}}],\"b\":\"\\\"q\\\"\",\"c\":[]}";
	static const char damage[] = "\"\\{}[],: 0-.eEtn\x01/";
	static const struct json_limits limits = { .depth_max = 100, .nodes_max = 1000, .allow_duplicate_keys = true };
	struct error ignored;

	for (size_t at = 0; at < sizeof record - 1; at++)
		for (size_t i = 0; i < sizeof damage - 1; i++) {
			char *copy = arena_alloc(&t->arena, sizeof record);
			memcpy(copy, record, sizeof record);
			copy[at] = damage[i];
			struct slice text = { copy, sizeof record - 1 };
			if (is_json(t, text) != (json_parse(&t->arena, text, &limits, &ignored) != NULL))
				test_failed(t, __FILE__, __LINE__, "%s", copy);
		}
}

/* codec/json_test.c: what is accepted, what is refused, and that writing undoes reading. */
#include "codec/json.h"
#include "tests/test.h"

TEST(json_accepts_and_refuses_as_rfc_8259)
{
	static const struct { const char *text; bool valid; } rows[] = {
		{ "{}", true }, { " [ ] ", true }, { "0", true }, { "-0.5e+3", true }, { "\"\"", true }, { "null", true },
		{ "{\"a\":[1,{\"b\":null}]}", true }, { "\"\\ud83d\\ude00\"", true }, { "\"\xF0\x9F\x98\x80\"", true },
		{ "", false }, { "{", false }, { "[1,]", false }, { "{\"a\":1,}", false }, { "01", false }, { "1.", false },
		{ ".5", false }, { "+1", false }, { "1e", false }, { "nul", false }, { "nulll", false }, { "'a'", false },
		{ "\"\x01\"", false }, { "\"\\x\"", false }, { "\"\\ud83d\"", false }, { "\"\\ude00\"", false },
		{ "\"\xC0\x80\"", false }, { "\"\xED\xA0\x80\"", false }, { "\"abc", false }, { "{\"a\":1,\"a\":2}", false },
		{ "{a:1}", false }, { "[1 2]", false }, { "\xEF\xBB\xBF{}", false }, { "NaN", false }, { "\"\\u12\"", false },
		{ "\"\\", false }, { "{\"\\u0061\":1,\"a\":2}", false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool valid = json_parse(&t->arena, slice_of(rows[i].text), &JSON_LIMITS_DEFAULT, &t->err) != NULL;
		if (valid != rows[i].valid)
			test_failed(t, __FILE__, __LINE__, "%s: %s", rows[i].text, valid ? "accepted" : t->err.message);
	}
}

TEST(json_error_names_the_byte)
{
	CHECK(t, !json_parse(&t->arena, S("{\"a\": tru}"), &JSON_LIMITS_DEFAULT, &t->err));
	CHECK_TEXT(t, slice_of(t->err.message), S("JSON, byte 6: expected a value"));
}

TEST(json_depth_and_count_are_bounded)
{
	char deep[200];
	const struct json_limits few = { .depth_max = 64, .nodes_max = 3 };

	memset(deep, '[', 100);
	memset(deep + 100, ']', 100);
	CHECK(t, !json_parse(&t->arena, (struct slice){ deep, 200 }, &JSON_LIMITS_DEFAULT, &t->err));
	CHECK(t, t->err.kind == ERR_LIMIT);
	CHECK(t, !json_parse(&t->arena, S("[1,2,3]"), &few, &t->err) && t->err.kind == ERR_LIMIT);
}

TEST(json_duplicate_keys_are_found_among_many)
{
	struct buffer text;

	buffer_init(&text, &t->arena, 1 << 20);
	buffer_byte(&text, '{');
	for (int i = 0; i < 1000; i++)
		buffer_printf(&text, "\"key%d\":%d,", i, i);
	struct slice unique = arena_format(&t->arena, "%.*s\"last\":0}", SLICE_ARG(buffer_slice(&text)));
	struct slice twice = arena_format(&t->arena, "%.*s\"key500\":0}", SLICE_ARG(buffer_slice(&text)));
	CHECK(t, json_parse(&t->arena, unique, &JSON_LIMITS_DEFAULT, &t->err) != NULL);
	CHECK(t, json_parse(&t->arena, twice, &JSON_LIMITS_DEFAULT, &t->err) == NULL);
}

TEST(json_numbers_stay_exact)
{
	static const struct { const char *text; bool exact; int64_t value; } rows[] = {
		{ "9223372036854775807", true, INT64_MAX }, { "9223372036854775808", false, 0 },
		{ "9007199254740993", true, 9007199254740993 }, { "1e3", true, 1000 }, { "1.0", true, 1 },
		{ "1.5", false, 0 }, { "-0", true, 0 }, { "1e400", false, 0 }, { "1e18", false, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t value = 0;
		const struct json *node = json_parse(&t->arena, slice_of(rows[i].text), &JSON_LIMITS_DEFAULT, &t->err);
		CHECK(t, json_to_i64(node, &value) == rows[i].exact);
		CHECK_NUMBER(t, value, rows[i].value);
	}
}

TEST(json_writing_undoes_reading)
{
	static const char *rows[] = {
		"{\"a\":[1,2.50,-3e7,true,false,null,\"x\"],\"b\":{\"c\":\"\\\"\\\\\\n\\u0001\"},\"\":[]}",
		"[[[]],{},\"\xC3\xA9\xF0\x9F\x98\x80\"]",
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer out;
		struct json_writer writer;
		buffer_init(&out, &t->arena, 1 << 16);
		json_writer_init(&writer, &out);
		const struct json *value = json_parse(&t->arena, slice_of(rows[i]), &JSON_LIMITS_DEFAULT, &t->err);
		REQUIRE(t, value != NULL);
		json_value(&writer, value);
		CHECK_TEXT(t, buffer_slice(&out), slice_of(rows[i]));
	}
}

TEST(json_writer_replaces_bytes_that_are_not_utf8)
{
	struct buffer out;
	struct json_writer writer;

	buffer_init(&out, &t->arena, 100);
	json_writer_init(&writer, &out);
	json_string(&writer, S("a\xFF\xC3z"));
	CHECK_TEXT(t, buffer_slice(&out), S("\"a\xEF\xBF\xBD\xEF\xBF\xBDz\""));
}

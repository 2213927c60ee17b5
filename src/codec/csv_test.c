/* codec/csv_test.c: what a cell of CSV is written like. */
#include "codec/csv.h"

#include "tests/test.h"

static struct slice cell(struct test *t, struct slice text, bool is_raw)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 256);
	csv_text(&out, text, is_raw);
	return out.len ? buffer_slice(&out) : SLICE_NONE;
}

TEST(csv_text_stands_in_quotes)
{
	CHECK_TEXT(t, cell(t, S("a b"), false), S("\"a b\""));
	CHECK_TEXT(t, cell(t, S("a,\"b\"\r\nc"), false), S("\"a,\"\"b\"\"\r\nc\""));
	CHECK_TEXT(t, cell(t, S(""), false), S("\"\""));
	CHECK(t, !cell(t, SLICE_NONE, false).ptr);
	CHECK_TEXT(t, cell(t, S("a\xFF\"z"), false), S("\"a\xEF\xBF\xBD\"\"z\""));
	CHECK_TEXT(t, cell(t, S("\"a\"\""), false), S("\"\"\"a\"\"\"\"\""));
}

TEST(csv_formulas_are_texts)
{
	static const char *const formulas[] = { "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "=", "\xEF\xBC\x9D" "1",
	                                        "\xEF\xBC\x8B" "1", "\xEF\xBC\x8D" "1", "\xEF\xBC\xA0" "1" };

	for (size_t i = 0; i < COUNT(formulas); i++) {
		CHECK_TEXT(t, cell(t, slice_of(formulas[i]), false), arena_format(&t->arena, "\"'%s\"", formulas[i]));
		CHECK_TEXT(t, cell(t, slice_of(formulas[i]), true), arena_format(&t->arena, "\"%s\"", formulas[i]));
	}
	CHECK_TEXT(t, cell(t, S("a=1"), false), S("\"a=1\""));
	CHECK_TEXT(t, cell(t, S("'=1"), false), S("\"'=1\""));
}

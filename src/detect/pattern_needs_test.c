/* detect/pattern_needs_test.c: which texts a pattern cannot match without. */
#include "detect/pattern_needs.h"

#include "base/buffer.h"
#include "tests/test.h"

enum { TEXTS_MAX = 4 };

/* The texts of all patterns, each on its own line of `text`, joined by blanks. */
static struct slice needs(struct test *t, const char *text)
{
	const struct pattern *patterns[8];
	struct slice rest = slice_of(text), line, texts[TEXTS_MAX];
	struct buffer out;
	size_t count = 0;

	do {
		rest = slice_cut(rest, '\n', &line);
		patterns[count] = pattern_compile(&t->arena, line, NULL, &t->err);
		CHECK(t, patterns[count++] != NULL);
	} while (rest.ptr);
	buffer_init(&out, &t->arena, 4096);
	count = pattern_needs(patterns, count, texts, TEXTS_MAX);
	for (size_t i = 0; i < count; i++)
		buffer_printf(&out, "%s%.*s", i ? " " : "", SLICE_ARG(texts[i]));
	return (struct slice){ out.len ? out.ptr : "", out.len };
}

TEST(pattern_needs_one_text_of_what_must_hold)
{
	static const struct { const char *pattern, *texts; } rows[] = {
		{ "{ $.a = x }", "x" }, { "{ $.a = \"*Denied\" }", "Denied" }, { "{ $.a = Access* }", "Access" }, { "{ $.a = *cc* }", "cc" },
		{ "{ $.a = ab && $.b = abc }", "abc" }, { "{ $.a = ab || $.b = c }", "ab c" },
		{ "{ ($.a = abc || $.b = c) && $.d = ab }", "ab" }, { "{ $.a = abc && $.b != c && $.c NOT EXISTS }", "abc" },
		{ "Error \"not authorized\" -kms", "not authorized" }, { "?a ?bc", "a bc" }, { "?a bc", "bc" },
		{ "{ $.a = x }\nword\n{ $.b = y }", "x word y" },
	};
	static const char *const nothing[] = {
		"{ $.a = * }", "{ $.a != x }", "{ $.a = 5 }", "{ $.a > 5 }", "{ $.a IS NULL }", "{ $.a IS TRUE }", "{ $.a NOT EXISTS }", "{ $.a = %x% }",
		"{ $.a = x || $.b != y }", "{ $.a = x || $.a = 5 }", "", "-a", "?a ?%b%", "%a%", "[a, b = x]", "{ $.a = x }\n-b",
		"{ $.a = 1x || $.a = 2x || $.a = 3x || $.a = 4x || $.a = 5x }", "?a ?b ?c ?d ?e", "\"  \"",
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, needs(t, rows[i].pattern), slice_of(rows[i].texts));
	for (size_t i = 0; i < COUNT(nothing); i++)
		CHECK_TEXT(t, needs(t, nothing[i]), S(""));
}

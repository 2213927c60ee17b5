/* detect/pattern_test.c: filter patterns do what is documented, recorded or decided of them, and refuse the rest. */
#include "detect/pattern.h"

#include "base/limits.h"
#include "tests/test.h"

static bool matches(struct test *t, struct slice text, struct slice message)
{
	struct pattern_fault fault = { 0, "" };
	const struct pattern *pattern = pattern_compile(&t->arena, text, &fault, &t->err);

	if (!pattern) {
		test_failed(t, __FILE__, __LINE__, "%.*s: byte %zu: %s", SLICE_ARG(text), fault.at_byte, fault.reason);
		return false;
	}
	return pattern_matches(pattern, message, &t->arena);
}

static struct slice value_of(const struct pattern_value *values, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(values[i].name, name))
			return values[i].text;
	return SLICE_NONE;
}

VECTORS(filter_pattern_matches_as_documented, "filter-patterns.jsonl", .kind = "match")
{
	const struct pattern *pattern = pattern_compile(&t->arena, field_text(t, "pattern"), NULL, &t->err);
	const struct json *extracted = field(t, "extracted");
	static const char *const forms[] = { "text", "json", "delimited" };
	struct pattern_value *values;

	REQUIRE(t, pattern != NULL);
	CHECK_TEXT(t, slice_of(forms[pattern_form(pattern)]), field_text(t, "form"));
	CHECK(t, pattern_matches(pattern, field_text(t, "event"), &t->arena) == field_bool(t, "match"));
	size_t count = pattern_extract(pattern, field_text(t, "event"), &t->arena, &values);
	if (!field_bool(t, "match"))
		CHECK_NUMBER(t, count, 0);
	if (!extracted)
		return;
	CHECK_NUMBER(t, count, extracted->count);
	for (const struct json *want = extracted->first; want; want = want->next)
		CHECK_TEXT(t, value_of(values, count, want->key), want->text);
}

VECTORS(filter_pattern_is_refused_in_awss_words, "filter-patterns.jsonl", .kind = "invalid")
{
	struct pattern_fault fault = { SIZE_MAX, NULL };
	struct slice text = field_text(t, "pattern"), want = field_text(t, "messageContains");

	REQUIRE(t, pattern_compile(&t->arena, text, &fault, &t->err) == NULL);
	CHECK(t, t->err.kind == ERR_INVALID);
	CHECK_TEXT(t, slice_of(t->err.name), field_text(t, "error"));
	CHECK(t, slice_find(slice_of(t->err.message), want) != SLICE_NPOS);
	CHECK(t, fault.at_byte <= text.len && fault.reason != NULL);
}

/* What of a datapoint a pattern decides: which events give one, its value and its dimensions. When it is reported, and that
 * a quiet minute reports the default, is the metric filter's. */
VECTORS(filter_pattern_gives_a_metric_its_values, "filter-patterns.jsonl", .kind = "metric")
{
	const struct pattern *pattern = pattern_compile(&t->arena, field_text(t, "pattern"), NULL, &t->err);
	const struct json *transform = field(t, "transform"), *emit = field(t, "emit")->first;
	struct slice value_text = json_get_text(transform, S("metricValue"));
	double want, value;

	REQUIRE(t, pattern != NULL);
	for (const struct json *event = field(t, "events")->first; event; event = event->next) {
		struct slice message = json_get_text(event, S("message")), text = value_text;
		if (!pattern_matches(pattern, message, &t->arena))
			continue;
		REQUIRE(t, emit != NULL);
		if (text.ptr[0] == '$')
			text = pattern_reference_find(pattern_reference_compile(&t->arena, pattern, text, NULL, &t->err), message,
			                              &t->arena);
		value = strtod(arena_cstr(&t->arena, text), NULL);
		CHECK(t, json_to_double(json_get(emit, S("value")), &want) && value == want);
		const struct json *dimensions = json_get(transform, S("dimensions"));
		for (const struct json *dimension = dimensions ? dimensions->first : NULL; dimension; dimension = dimension->next) {
			const struct pattern_reference *reference =
				pattern_reference_compile(&t->arena, pattern, dimension->text, NULL, &t->err);
			REQUIRE(t, reference != NULL);
			CHECK_TEXT(t, pattern_reference_find(reference, message, &t->arena),
			           json_get_text(json_get(emit, S("dimensions")), dimension->key));
		}
		emit = emit->next;
	}
	CHECK(t, emit == NULL);
}

TEST(filter_pattern_walks_into_no_trap)
{
	static const struct { const char *trap, *pattern, *message; bool match; } rows[] = {
		{ "1 != on an absent key", "{ $.a != \"b\" }", "{\"x\":1}", false },
		{ "2 != on an array", "{ $.a != \"b\" }", "{\"a\":[1]}", false },
		{ "2 != on an object", "{ $.a != \"b\" }", "{\"a\":{\"b\":1}}", false },
		{ "3 != on null", "{ $.a != \"b\" }", "{\"a\":null}", false },
		{ "3 NOT EXISTS on null", "{ $.a NOT EXISTS }", "{\"a\":null}", false },
		{ "4 IS NULL on an absent key", "{ $.a IS NULL }", "{\"b\":null}", false },
		{ "5 IS FALSE on an absent key", "{ $.a IS FALSE }", "{}", false },
		{ "5 IS FALSE on a string", "{ $.a IS FALSE }", "{\"a\":\"false\"}", false },
		{ "6 an inner * is itself", "{ $.a = \"Ev*ent\" }", "{\"a\":\"EvXent\"}", false },
		{ "6 an inner * is itself", "{ $.a = \"*Ev*ent*\" }", "{\"a\":\"an Ev*ent.\"}", true },
		{ "7 quoted ends are wild", "{ $.a = \"*UnauthorizedOperation\" }", "{\"a\":\"Client.UnauthorizedOperation\"}", true },
		{ "8 = * matches numbers", "{ $.a = * }", "{\"a\":0}", true },
		{ "8 = * matches no null", "{ $.a = * }", "{\"a\":null}", false },
		{ "9 terms are parts of words", "ERROR", "ERRORCODE", true },
		{ "10 terms know capitals", "ERROR", "error", false },
		{ "11 ? beside others is ignored", "?a ?b c", "c", true },
		{ "11 ? beside others is ignored", "?a ?b c", "a b", false },
		{ "12 a blank phrase is in every event", "\" \"", "noblank", true },
		{ "16 a regex is searched", "%b%", "abc", true },
		{ "17 dots are wild", "%10.10.0.1%", "10010,051", true },
		{ "18 a hyphen is part of a name", "{ $.detail-type = x }", "{\"detail-type\":\"x\"}", true },
		{ "19 a dot is not part of a name", "{ $.cluster.name = c }", "{\"cluster.name\":\"c\"}", false },
		{ "20 && binds tighter", "{ $.a = 1 || $.a = 2 && $.b = 3 }", "{\"a\":1,\"b\":0}", true },
		{ "20 && binds tighter", "{ $.b = 3 && $.a = 2 || $.a = 1 }", "{\"a\":1,\"b\":0}", true },
		{ "21 no blanks at all", "{($.a=X)||($.a=Y)}", "{\"a\":\"Y\"}", true },
		{ "21 a blank on one side", "{ ($.a =X) }", "{\"a\":\"X\"}", true },
		{ "22 NOT EXISTS and no JSON", "{ $.a NOT EXISTS }", "text", false },
		{ "22 NOT EXISTS and a scalar", "{ $.a NOT EXISTS }", "\"text\"", false },
		{ "22 NOT EXISTS and no field", "{ $.a NOT EXISTS }", "{}", true },
		{ "23 marks are stripped", "[a=\"x y\", b=\"1 2\"]", "[x y] \"1 2\"", true },
		{ "24 the last takes the rest", "[a, b=\"y z\"]", "x y z", true },
		{ "24 too few", "[a, b, c]", "x y", false },
		{ "25 ... of nothing", "[a=x, ..., b=y]", "x y", true },
		{ "28 < on a string", "{ $.a < 5 }", "{\"a\":\"4\"}", false },
		{ "28 > on a string", "{ $.a > 5 }", "{\"a\":\"6\"}", false },
		{ "29 by value", "{ $.a = 1e-3 }", "{\"a\":0.001}", true },
		{ "a number literal and a string", "{ $.a = 007 }", "{\"a\":\"007\"}", true },
		{ "a number literal and a string", "{ $.a = 007 }", "{\"a\":\"7\"}", false },
		{ "a string literal and a number", "{ $.a = \"400\" }", "{\"a\":400.0}", false },
		{ "of equal keys the last", "{ $.a = 2 }", "{\"a\":1,\"a\":2}", true },
		{ "of equal keys the last", "{ $.a.b NOT EXISTS }", "{\"a\":{\"b\":1},\"a\":{}}", true },
		{ "escapes are resolved", "{ $.a = \"x/\xC3\xA9\" }", "{\"\\u0061\":\"x\\/\\u00e9\"}", true },
		{ "any member", "{ $.a.* = 2 }", "{\"a\":{\"x\":1,\"y\":2}}", true },
		{ "any member, no element", "{ $.a.* = 2 }", "{\"a\":[2]}", false },
		{ "any element, no member", "{ $.a[*] = 2 }", "{\"a\":{\"x\":2}}", false },
		{ "a wildcard that finds none", "{ $.a[*] NOT EXISTS }", "{\"a\":[]}", true },
		{ "an array at the top", "{ $[1].a = 2 }", "[0,{\"a\":2}]", true },
		{ "keywords in any case", "{ $.a is Null && $.b not exists }", "{\"a\":null}", true },
		{ "blanks around it", " \n{ $.a = 1 }\t", "{\"a\":1}", true },
		{ "columns: nothing named", "[]", "anything at all", true },
		{ "columns: empty line", "[a]", "  ", false },
		{ "columns: the rest is from the mark on", "[a, b=\"[y*\"]", "x [y z] w", true },
		{ "columns: unclosed marks are text", "[a=\"[x\", b]", "[x \"y", true },
		{ "columns: no number, !=", "[a != 5]", "x", true },
		{ "columns: no number, =", "[a = 5]", "x", false },
		{ "columns: && before ||", "[a=1 || a=2 && a=3]", "1", true },
		{ "text: phrase with marks", "\"say \\\"hi\\\" C:\\temp\"", "say \"hi\" C:\\temp", true },
		{ "text: nothing may occur everywhere", "-\" \"", "x", false },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (matches(t, slice_of(rows[i].pattern), slice_of(rows[i].message)) != rows[i].match)
			test_failed(t, __FILE__, __LINE__, "%s: %s on %s", rows[i].trap, rows[i].pattern, rows[i].message);
}

TEST(filter_pattern_says_where_it_is_wrong)
{
	static const struct { const char *pattern; size_t at_byte; const char *message; } rows[] = {
		{ "foo-bar", 3, "Invalid character(s) in term '-'" },                     /* trap 14 */
		{ "a:b", 1, "Invalid character(s) in term ':'" },                         /* trap 13 */
		{ "a/b", 1, "Invalid character(s) in term '/'" },
		{ "a@b", 1, "Invalid character(s) in term '@'" },
		{ "a.b", 1, "Invalid character(s) in term '.'" },
		{ "ok \xC3\xBC" "ber", 3, "Invalid character(s) in term '\xC3\xBC'" },
		{ "\"open", 0, "Invalid filter pattern" },
		{ "a -", 3, "Invalid filter pattern" },
		{ "--a", 1, "Invalid character(s) in term '-'" },
		{ "100%", 3, "Invalid character(s) in term '%'" },
		{ "%\\(%", 2, "Invalid character(s) in term '('" },                       /* trap 15 */
		{ "%a\xC3\xA9%", 2, "Invalid character(s) in term '\xC3\xA9'" },
		{ "%%", 1, "Invalid filter pattern" },
		{ "  { $.a = 1", 11, "If a filter pattern starts with '{' it must end with '}'" },
		{ "[a, b", 5, "If a filter pattern starts with '[' it must end with ']'" },
		{ "{}", 1, "Invalid filter pattern" },
		{ "{ $.a IS NOT NULL }", 9, "Invalid filter pattern" },
		{ "{ $.a EXISTS }", 6, "Invalid filter pattern" },
		{ "{ a = 1 }", 2, "Invalid filter pattern" },
		{ "{ $.\"a-b\" = 1 }", 2, "Invalid character(s) in term '$.\"'" },
		{ "{ $.a == 1 }", 7, "Invalid filter pattern" },
		{ "{ $.a in 1 }", 6, "Invalid filter pattern" },
		{ "{ ($.a = 1 }", 11, "Invalid filter pattern" },
		{ "{ $.a = 1 && }", 13, "Invalid filter pattern" },
		{ "{ $.a > \"x\" }", 8, "Invalid filter pattern" },
		{ "{ $.a < %x% }", 8, "Invalid filter pattern" },
		{ "{ $.a = x!y }", 9, "Invalid character(s) in term '!'" },
		{ "{ $.a = $.b }", 8, "Invalid filter pattern" },
		{ "{ $.a = 1 } }", 10, "Invalid filter pattern" },
		{ "{ $.a = 1 $.b = 1 }", 10, "Invalid filter pattern" },
		{ "{ $ = 1 }", 2, "Invalid character(s) in term '$ '" },
		{ "{ $.a[1 = 1 }", 2, "Invalid character(s) in term '$.a[1 '" },
		{ "{ $.a[*].* = 1 }", 2, "Invalid filter pattern" },
		{ "{ $.a[*]=1 && $.b[*]=1 && $.c[*]=1 && $.d[*]=1 }", 38, "Invalid filter pattern" },
		{ "{ $.a = %x% && $.b = %y% && $.c = %z% }", 32, "Invalid filter pattern" },
		{ "[a, ..., b, ...]", 12, "Invalid filter pattern" },
		{ "[code = 4* && bytes > 1000]", 14, "Invalid filter pattern" },              /* trap 27 */
		{ "[1a]", 1, "Invalid filter pattern" },
		{ "[a=%x%, b=%y%, c=%z%]", 16, "Invalid filter pattern" },
		{ "[a = x y]", 7, "Invalid filter pattern" },
		{ "\xFF", 0, "Invalid filter pattern" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pattern_fault fault = { SIZE_MAX, NULL };
		CHECK(t, pattern_compile(&t->arena, slice_of(rows[i].pattern), &fault, &t->err) == NULL);
		if (fault.at_byte != rows[i].at_byte || !slice_equal(slice_of(t->err.message), slice_of(rows[i].message)))
			test_failed(t, __FILE__, __LINE__, "%s: byte %zu: %s", rows[i].pattern, fault.at_byte, t->err.message);
		CHECK_TEXT(t, slice_of(t->err.name), S("InvalidParameterException"));
	}
}

TEST(filter_pattern_has_1024_characters_at_most)
{
	char text[2 * PATTERN_CHARACTERS_MAX + 3];

	text[0] = text[2 * PATTERN_CHARACTERS_MAX - 3] = '"';
	for (size_t i = 1; i < 2 * PATTERN_CHARACTERS_MAX - 3; i += 2)
		memcpy(text + i, "\xC3\xA9", 2);                /* two bytes, one character */
	CHECK(t, pattern_compile(&t->arena, (struct slice){ text, 2 * PATTERN_CHARACTERS_MAX - 2 }, NULL, &t->err) != NULL);
	text[2 * PATTERN_CHARACTERS_MAX - 2] = ' ';             /* blanks count */
	CHECK(t, pattern_compile(&t->arena, (struct slice){ text, 2 * PATTERN_CHARACTERS_MAX - 1 }, NULL, &t->err) == NULL);
	CHECK(t, slice_has_suffix(slice_of(t->err.message), S("Member must have length less than or equal to 1024")));
}

TEST(filter_pattern_nests_128_parentheses_and_no_more)
{
	char text[600];

	for (int depth = 128; depth <= 129; depth++) {
		int len = snprintf(text, sizeof text, "{%.*s$.a=1%.*s}", depth,
			"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
			depth,
			"))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))");
		const struct pattern *pattern = pattern_compile(&t->arena, (struct slice){ text, (size_t)len }, NULL, &t->err);
		CHECK(t, (pattern != NULL) == (depth == 128));
	}
}

/* AWS bounds the number of expressions in the other forms only; what a message costs must be bounded in all. */
TEST(filter_pattern_of_terms_bounds_its_expressions_together)
{
	CHECK(t, pattern_compile(&t->arena, S("%a{1000}% %b{1000}%"), NULL, &t->err) != NULL);
	CHECK(t, pattern_compile(&t->arena, S("%a{1000}% %b{1000}% %c{50}%"), NULL, &t->err) == NULL);
	CHECK(t, pattern_compile(&t->arena, S("%a% %b% %c% %d% ?%e% -%f%"), NULL, &t->err) != NULL);
}

TEST(filter_pattern_extracts_the_fields_it_names)
{
	const struct pattern *pattern = pattern_compile(&t->arena, S("{ $.a = * && $.['b'].c != 5 && ($.a = x* || $.d IS TRUE) && "
		"$.e NOT EXISTS && $.f[*] = * && $.g = * || $.a = y }"), NULL, &t->err);
	struct slice message = S("{\"a\":\"xyz\",\"b\":{\"c\":1.50},\"d\":true,\"f\":[null,\"first\",\"second\"],\"g\":\"\"}");
	static const struct pattern_value want[] = {
		{ S_INIT("$.a"), S_INIT("xyz") }, { S_INIT("$.['b'].c"), S_INIT("1.50") }, { S_INIT("$.d"), S_INIT("true") },
		{ S_INIT("$.f[*]"), S_INIT("first") }, { S_INIT("$.g"), S_INIT("") },
	};
	struct pattern_value *values;

	REQUIRE(t, pattern != NULL);
	size_t count = pattern_extract(pattern, message, &t->arena, &values);
	REQUIRE(t, count == COUNT(want));
	for (size_t i = 0; i < count; i++) {
		CHECK_TEXT(t, values[i].name, want[i].name);
		CHECK_TEXT(t, values[i].text, want[i].text);
	}
}

TEST(filter_pattern_extracts_a_column_of_two_names_once)
{
	const struct pattern *pattern = pattern_compile(&t->arena, S("[a, , a, ..., b]"), NULL, &t->err);
	struct pattern_value *values;

	REQUIRE(t, pattern != NULL);
	CHECK_NUMBER(t, pattern_extract(pattern, S("1 2 3 4 5 6"), &t->arena, &values), 5);
	CHECK_TEXT(t, value_of(values, 5, S("$a")), S("3"));
	CHECK_TEXT(t, value_of(values, 5, S("$2")), S("2"));            /* trap 26 */
	CHECK_TEXT(t, value_of(values, 5, S("$4")), S("4"));
	CHECK_TEXT(t, value_of(values, 5, S("$5")), S("5"));
	CHECK_TEXT(t, value_of(values, 5, S("$b")), S("6"));
}

TEST(filter_pattern_references_are_those_of_its_form)
{
	static const struct { const char *pattern, *reference; bool is_valid; } rows[] = {
		{ "{ $.a = 1 }", "$.b.c[0]", true }, { "{ $.a = 1 }", "$b", false }, { "{ $.a = 1 }", "$.b = 1", false },
		{ "{ $.a = 1 }", "b", false }, { "[a]", "$a", true }, { "[a]", "$7", true }, { "[a]", "a", false }, { "[a]", "$", false },
		{ "[a]", "$.a", false }, { "ERROR", "$a", false }, { "ERROR", "$.a", false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct pattern *pattern = pattern_compile(&t->arena, slice_of(rows[i].pattern), NULL, &t->err);
		bool is_valid = pattern_reference_compile(&t->arena, pattern, slice_of(rows[i].reference), NULL, &t->err) != NULL;
		if (is_valid != rows[i].is_valid)
			test_failed(t, __FILE__, __LINE__, "%s beside %s", rows[i].reference, rows[i].pattern);
	}
}

TEST(filter_pattern_does_not_match_what_its_scratch_cannot_hold)
{
	const struct pattern *pattern = pattern_compile(&t->arena, S("{ $.b[*] = 1 }"), NULL, &t->err);
	struct slice message = S("{\"b\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}");
	struct arena scratch;

	arena_init(&scratch, 1024);
	CHECK(t, !pattern_matches(pattern, message, &scratch));
	CHECK(t, arena_is_over(&scratch));
	CHECK(t, pattern_matches(pattern, message, &t->arena));
	arena_fini(&scratch);
}

/* Fields are found without reading the rest; a match is said only of what is JSON throughout. */
TEST(filter_pattern_matches_no_message_that_is_broken_where_nobody_looks)
{
	CHECK(t, matches(t, S("{ $.a = 1 }"), S("{\"a\":1,\"b\":[{\"c\":1}]}")));
	CHECK(t, !matches(t, S("{ $.a = 1 }"), S("{\"a\":1,\"b\":[{\"c\":1,}]}")));
	CHECK(t, !matches(t, S("{ $.a NOT EXISTS }"), S("{\"b\":[1 2]}")));
	CHECK(t, !matches(t, S("{ $.a = 1 }"), S("{\"a\":1,\"b\":[\"\\x\"]}")));
}

/* Patterns as people type them, from guides and scripts found in public. */
VECTORS(filter_pattern_of_a_guide_works_as_typed, "filter-patterns-guides.jsonl", .kind = "match")
{
	CHECK(t, matches(t, field_text(t, "pattern"), field_text(t, "event")) == field_bool(t, "match"));
}

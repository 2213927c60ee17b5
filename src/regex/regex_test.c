/* regex/regex_test.c: regular expressions find what RE2's would, and take no longer for hostile ones. */
#include "regex/regex.h"

#include "base/limits.h"
#include "regex/regex_dfa.h"
#include "tests/test.h"

/* The match in brackets, then the named groups: [whole]name=text,... */
static struct slice found(struct test *t, const char *expression, const char *text)
{
	struct regex_fault fault = { 0, 0, NULL };
	const struct regex *regex = regex_compile(&t->arena, slice_of(expression), &fault);
	struct slice groups[REGEX_GROUPS_MAX], whole;
	struct buffer out;

	if (!regex)
		return arena_format(&t->arena, "%zu-%zu %s", fault.from, fault.to, fault.reason);
	bool finds = regex_finds(regex, slice_of(text));
	CHECK(t, finds == regex_run_finds(regex, slice_of(text), 0));
	CHECK(t, !regex->dfa || finds == regex_dfa_finds(regex->dfa, slice_of(text), 0));
	CHECK(t, finds == regex_search(regex, slice_of(text), 0, &whole, groups));
	if (!finds)
		return S("none");
	buffer_init(&out, &t->arena, 1 << 16);
	buffer_printf(&out, "[%.*s]", SLICE_ARG(whole));
	for (size_t i = 0; i < regex_group_count(regex); i++)
		if (groups[i].ptr)
			buffer_printf(&out, " %.*s=%.*s", SLICE_ARG(regex_group_name(regex, i)), SLICE_ARG(groups[i]));
	return buffer_slice(&out);
}

static const struct {
	const char *expression, *text, *want;
} finds[] = {
	{ "b+", "abbbc", "[bbb]" },                     { "b+?", "abbbc", "[b]" },
	{ "", "abc", "[]" },                            { "x*", "abc", "[]" },
	{ "a|ab", "abc", "[a]" },                       { "ab|a", "abc", "[ab]" },
	{ "(?:a|ab)(?:c|bcd)", "abcd", "[abcd]" },      { "^b", "ab", "none" },
	{ "b$", "ab", "[b]" },                          { "^$", "", "[]" },
	{ "a.c", "a\nc", "none" },                      { "(?s)a.c", "a\nc", "[a\nc]" },
	{ "^b", "a\nb", "none" },                       { "(?m)^b$", "a\nb\nc", "[b]" },
	{ "(?i)ADMIN", "an Admin", "[Admin]" },         { "(?i:a)b", "AB", "none" },
	{ "(?i:a)b", "Ab", "[Ab]" },                    { "a(?i)b", "aB", "[aB]" },
	{ "[^a-c]+", "abcdef", "[def]" },               { "[]a]+", "x]a", "[]a]" },
	{ "[a\\]]+", "x]a", "[]a]" },                   { "[\\d-]+", "a1-2", "[1-2]" },
	{ "[[:alpha:]]+", "12ab3", "[ab]" },            { "[^[:^digit:]]+", "ab12", "[12]" },
	{ "\\w+\\s\\d", "a b 1", "[b 1]" },             { "\\bfoo\\b", "a foo.", "[foo]" },
	{ "\\bfoo\\b", "afoo", "none" },                { "\\Boo", "foo", "[oo]" },
	{ "\\x41\\x{42}", "AB", "[AB]" },               { "\\Qa.b\\E+", "a.b", "7-8 there is nothing to its left that could be repeated" },
	{ "\\Qa.b\\Ec", "xa.bc", "[a.bc]" },            { "a{2}", "aaa", "[aa]" },
	{ "a{2,}", "aaa", "[aaa]" },                    { "a{1,2}?", "aaa", "[a]" },
	{ "a{,2}", "a{,2}", "[a{,2}]" },                { "a{x", "a{x", "[a{x]" },
	{ "caf.", "caf\xc3\xa9s", "[caf\xc3\xa9]" },    { "[\xc3\xa0-\xc3\xbf]", "caf\xc3\xa9", "[\xc3\xa9]" },
	{ "[^x]{4}$", "caf\xc3\xa9", "[caf\xc3\xa9]" }, { "\\W", "\xc3\xa9", "[\xc3\xa9]" },
	{ "(?i)CAF\xc3\x89", "un caf\xc3\xa9", "[caf\xc3\xa9]" },             /* É and é */
	{ "(?i)[\xc3\x80-\xc3\x96]+", "\xc3\xa0\xc3\xa9x", "[\xc3\xa0\xc3\xa9]" },
	{ "(?i)[^\xc3\xa9]", "\xc3\x89", "none" },
	{ "(?i)\xcf\x83", "\xcf\x82\xce\xa3", "[\xcf\x82]" },                /* sigma, and the one at the end of words */
	{ "(?i)kilo", "\xe2\x84\xaailo", "[\xe2\x84\xaailo]" },              /* the Kelvin sign is a k */
	{ "(?i)\xc5\xbf", "S", "[S]" },                                        /* the long s */
	{ "(?i)\xd0\xb4\xd0\x90", "\xd0\x94\xd0\xb0", "[\xd0\x94\xd0\xb0]" },
	{ "(?i)\xc3\x9f", "SS", "none" },                                      /* one letter is never two */
	{ "(?i)\xf0\x90\x90\xa8", "\xf0\x90\x90\x80", "[\xf0\x90\x90\x80]" },
	{ "(?i)i", "\xc4\xb0\xc4\xb1", "none" },                             /* Turkish ones are letters of their own */
	{ "(?i:\xc3\xa9)\xc3\xa9", "\xc3\x89\xc3\x89", "none" },
	{ "[\xc3\xa9\xc3\xa0-\xc3\xa2\xc3\xa1-\xc3\xa5]+", "\xc3\xa5\xc3\xa9", "[\xc3\xa5\xc3\xa9]" },
	{ "(?<a>x+)(?<b>y)?", "xx", "[xx] a=xx" },      { "(?P<a>a|(?<b>b))+", "ab", "[ab] a=b b=b" },
	{ "(?<a>a*?)(?<b>a*)", "aa", "[aa] a= b=aa" },  { "(?U)(?<a>a+)(?<b>a*?)", "aaa", "[aaa] a=a b=aa" },
	{ "(?<l>\\[.*\\]) (?<m>.*)", "[x] [y] z", "[[x] [y] z] l=[x] [y] m=z" },
	{ "(a*)*b", "aaab", "[aaab]" },                 { "(?:)*", "a", "[]" },
	{ "(|a)+b", "aab", "[aab]" },
};

TEST(regex_finds_what_re2_would)
{
	for (size_t i = 0; i < COUNT(finds); i++) {
		struct slice got = found(t, finds[i].expression, finds[i].text);
		if (!slice_equal(got, slice_of(finds[i].want)))
			test_failed(t, __FILE__, __LINE__, "/%s/ in '%s': want %s, got %.*s", finds[i].expression, finds[i].text,
			            finds[i].want, SLICE_ARG(got));
	}
}

static const struct {
	const char *expression;
	size_t      from, to;
} refused[] = {
	{ "(a", 0, 1 },       { "a)", 1, 2 },      { "[a", 0, 1 },       { "*a", 0, 1 },      { "a**", 1, 3 },
	{ "a\\", 1, 2 },      { "(a)\\1", 3, 5 },  { "(?=a)", 0, 3 },    { "(?<=a)", 0, 4 },  { "(?<!a)", 0, 4 },
	{ "[z-a]", 1, 4 },    { "\\pL", 0, 2 },    { "a{2,1}", 1, 6 },   { "a{1001}", 1, 7 }, { "(?<a>x)(?<a>y)", 7, 11 },
	{ "(?<>x)", 0, 3 },   { "(?<a x)", 0, 3 }, { "\\x4", 0, 3 },     { "[[:foo:]]", 1, 3 },
	{ "(?:a{1000}){1000}", 0, 17 },            { "(?:(?:(?:){1000}){1000}){1000}", 0, 30 },
};

TEST(regex_refuses_what_is_none_with_its_place)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct regex_fault fault = { 99, 99, NULL };
		const struct regex *regex = regex_compile(&t->arena, slice_of(refused[i].expression), &fault);
		if (regex || !fault.reason || fault.from != refused[i].from || fault.to != refused[i].to)
			test_failed(t, __FILE__, __LINE__, "/%s/: %s at %zu-%zu", refused[i].expression,
			            regex ? "taken" : fault.reason, fault.from, fault.to);
	}
}

/* What makes engines that backtrack run for ever. */
TEST(regex_takes_time_in_proportion_to_the_text)
{
	static char text[20000];

	memset(text, 'a', sizeof text);
	struct slice long_text = { text, sizeof text };
	CHECK(t, !regex_finds(regex_compile(&t->arena, S("(a+)+b"), NULL), long_text));
	CHECK(t, !regex_finds(regex_compile(&t->arena, S("(a|aa|aaa)*b"), NULL), long_text));
	CHECK(t, regex_finds(regex_compile(&t->arena, S("a?a?a?a?a?a?a?a?a{8}$"), NULL), long_text));
}

/* ---- what makes plain searches fast ---- */

TEST(regex_knows_the_text_that_every_match_has)
{
	static const struct { const char *expression, *literal; bool is_first, is_all; } expressions[] = {
		{ "abc", "abc", true, true },           { "(?<x>ab)c", "abc", true, true },     { "a\\.b", "a.b", true, true },
		{ "abc+", "ab", true, false },          { "x*abc", "abc", false, false },       { "ab.*cde", "cde", false, false },
		{ "ab|cd", "", false, false },          { "(?:ab|cd)efg", "efg", false, false }, { "(?i)abc", "", false, false },
		{ "\\bab\\b", "ab", true, false },      { "^ab$", "ab", true, false },          { "[a]b", "ab", true, true },
		{ "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9", true, true },                    { "", "", true, false },
		{ "a\\x{fffd}bc", "bc", false, false }, /* that is also what broken UTF-8 is taken for */
	};

	for (size_t i = 0; i < COUNT(expressions); i++) {
		const struct regex *regex = regex_compile(&t->arena, slice_of(expressions[i].expression), NULL);
		REQUIRE(t, regex != NULL);
		CHECK_TEXT(t, regex->literal, slice_of(expressions[i].literal));
		CHECK(t, regex->literal.len == 0 || regex->literal_is_first == expressions[i].is_first);
		CHECK(t, regex->literal_is_all == expressions[i].is_all);
	}
}

TEST(regex_finds_the_same_with_and_without_its_table)
{
	static const char *const expressions[] = { "a.c|\\x{fffd}", "\\bab\\b", "(?m)^a$", "a\\z", "^(?:a|b)*$", "[^\\x00-\\x7f]", "\\B",
	                                           "(?i)\xc3\xa9k", "\\w\\W\\w", "$^", "a{3}b{2}" };
	static const char *const texts[] = { "", "a", "ab", "xab ", "ab", "b\na\nc", "\xc3\xa9", "\xc3", "a\xffz", "abab", "\xc3\x89\xe2\x84\xaa",
	                                     "aaabb", "\n", "a\n" };

	for (size_t i = 0; i < COUNT(expressions); i++) {
		const struct regex *regex = regex_compile(&t->arena, slice_of(expressions[i]), NULL);
		REQUIRE(t, regex && regex->dfa);
		for (size_t j = 0; j < COUNT(texts); j++)
			for (size_t from = 0; from <= strlen(texts[j]); from++)
				if (regex_dfa_finds(regex->dfa, slice_of(texts[j]), from) != regex_run_finds(regex, slice_of(texts[j]), from))
					test_failed(t, __FILE__, __LINE__, "/%s/ in text %zu from %zu", expressions[i], j, from);
	}
}

TEST(regex_has_no_table_that_is_too_large_and_finds_all_the_same)
{
	static const char *const expressions[] = { "a.{20}b", "(?:a|b)*a(?:a|b){12}c",          /* states, */
	                                           "\\w{900}x",                                /* work, */
	                                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789<>,x*" };      /* classes */
	char text[1000];

	memset(text, 'a', sizeof text);
	for (size_t i = 0; i < COUNT(expressions); i++) {
		const struct regex *regex = regex_compile(&t->arena, slice_of(expressions[i]), NULL);
		REQUIRE(t, regex != NULL);
		CHECK(t, regex->dfa == NULL);
		CHECK(t, !regex_finds(regex, (struct slice){ text, sizeof text }));
	}
	text[30] = 'b';
	CHECK(t, regex_finds(regex_compile(&t->arena, S("a.{20}b"), NULL), (struct slice){ text, sizeof text }));
}

TEST(regex_replace_gives_up_where_each_match_looks_far_ahead)
{
	size_t bytes = 200000;
	char *text = arena_alloc(&t->arena, bytes);
	struct buffer out;

	memset(text, 'a', bytes);
	buffer_init(&out, &t->arena, 1 << 20);
	CHECK(t, !regex_replace(regex_compile(&t->arena, S("a(?:.*b)?"), NULL), (struct slice){ text, bytes }, S("x"), &out));
	buffer_truncate(&out, 0);
	CHECK(t, regex_replace(regex_compile(&t->arena, S("a(?:.*b)?"), NULL), (struct slice){ text, 300 }, S("x"), &out));
	CHECK_NUMBER(t, out.len, 300);
	buffer_truncate(&out, 0);
	CHECK(t, regex_replace(regex_compile(&t->arena, S("aa?"), NULL), (struct slice){ text, bytes }, S("x"), &out));
	CHECK_NUMBER(t, out.len, bytes / 2);
	buffer_truncate(&out, 0);
	CHECK(t, regex_replace(regex_compile(&t->arena, S("b"), NULL), (struct slice){ text, bytes }, S("x"), &out));
	CHECK_NUMBER(t, out.len, bytes);
}

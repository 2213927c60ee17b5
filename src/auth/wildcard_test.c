/* auth/wildcard_test.c: patterns against their definition, and variables inside them. */
#include "auth/context.h"
#include "auth/wildcard.h"
#include "base/clock.h"
#include "tests/test.h"

static bool matches(struct test *t, const char *pattern, const char *text)
{
	return wildcard_match(wildcard_compile(&t->arena, slice_of(pattern), WILDCARD_STARS).text, slice_of(text));
}

TEST(wildcard_matches_whole_texts)
{
	static const struct { const char *pattern, *text; bool want; } rows[] = {
		{ "", "", true },            { "", "a", false },          { "a", "", false },
		{ "abc", "abc", true },      { "abc", "abcd", false },    { "abc", "xabc", false },
		{ "*", "", true },           { "*", "anything:/", true }, { "**", "", true },
		{ "a*", "a", true },         { "a*", "ba", false },       { "*a", "ba", true },
		{ "*a", "ab", false },       { "a*b", "ab", true },       { "a*b", "a/:b", true },
		{ "a*b", "abc", false },     { "a*a", "a", false },       { "a*a", "aa", true },
		{ "?", "a", true },          { "?", "", false },          { "?", "ab", false },
		{ "?", "\xC3\xA9", true },   { "??", "\xC3\xA9", false }, { "a?c", "abc", true },
		{ "*?", "a", true },         { "*?", "", false },         { "?*", "a", true },
		{ "*?x", "\xC3\xA9x", true }, { "*?*?*", "a", false },    { "*?*?*", "\xC3\xA9", false },
		{ "*b*", "abc", true },      { "*b*d*", "abcd", true },   { "*b*d*", "adcb", false },
		{ "*ab?d", "abcabcd", true }, { "*a?c*", "xxabc", true }, { "*a?c*e", "xxabcde", true },
		{ "a*b*c", "a-b-b-c", true }, { "*aab", "aaab", true },   { "*aa*aa", "aaa", false },
		{ "*.gz", "a.gz.gz", true }, { "x*yz", "xyz", true },     { "xy*yz", "xyz", false },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (matches(t, rows[i].pattern, rows[i].text) != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s against %s", rows[i].pattern, rows[i].text);
}

/* The slow, obvious definition. */
static bool matches_by_definition(const char *pattern, const char *text)
{
	if (*pattern == '\0')
		return *text == '\0';
	if (*pattern == '*')
		return matches_by_definition(pattern + 1, text) || (*text && matches_by_definition(pattern, text + 1));
	return *text && (*pattern == '?' || *pattern == *text) && matches_by_definition(pattern + 1, text + 1);
}

TEST(wildcard_agrees_with_its_definition_on_all_short_patterns)
{
	static const char letters[] = "ab*?";
	char pattern[6], text[6];

	for (int p = 0; p < 4 * 4 * 4 * 4 * 4; p++) {
		size_t pattern_len = (size_t)p % 6;
		for (size_t i = 0, rest = (size_t)p; i < 5; i++, rest /= 4)
			pattern[i] = letters[rest % 4];
		pattern[pattern_len < 5 ? pattern_len + 1 : 5] = '\0';
		for (int x = 0; x < 64; x++) {
			for (size_t i = 0; i < 5; i++)
				text[i] = x >> i & 1 ? 'b' : 'a';
			text[x % 6] = '\0';
			bool want = matches_by_definition(pattern, text);
			if (matches(t, pattern, text) != want)
				test_failed(t, __FILE__, __LINE__, "%s against %s", pattern, text);
		}
	}
}

TEST(wildcard_does_not_explode_on_adversarial_patterns)
{
	enum { STARS = 3000, LETTERS = 4000 };
	char *pattern = arena_alloc(&t->arena, 2 * STARS + 4), *text = arena_alloc(&t->arena, LETTERS + 1);
	uint64_t began = clock_monotonic_ns();

	for (int i = 0; i < STARS; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	memcpy(pattern + 2 * STARS, "*b", 3);
	memset(text, 'a', LETTERS);
	text[LETTERS] = '\0';
	CHECK(t, !matches(t, pattern, text));
	for (int i = 0; i < STARS; i++)
		memcpy(pattern + 2 * i, "*?", 2);
	memcpy(pattern + 2 * STARS, "b", 2);
	CHECK(t, !matches(t, pattern, text));
	for (int i = 1; i < 2 * STARS - 1; i++)
		pattern[i] = 'a';
	pattern[0] = '*', pattern[2 * STARS - 1] = '?', pattern[2 * STARS] = 'b', pattern[2 * STARS + 1] = '*';
	pattern[2 * STARS + 2] = '\0';
	CHECK(t, !matches(t, pattern, text));
	CHECK(t, clock_monotonic_ns() - began < 2000000000u);     /* exponential would take for ever */
}

TEST(wildcard_compares_arns_part_by_part)
{
	static const struct { const char *pattern, *arn; bool want; } rows[] = {
		{ "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/ops", true },
		{ "arn:aws:iam::*/ops", "arn:aws:iam::111122223333:role/ops", false },
		{ "arn:*:ops", "arn:aws:iam::111122223333:ops", false },
		{ "*", "arn:aws:iam::111122223333:role/ops", true },
		{ "*", "no arn", false },
		{ "arn:aws:logs:*:*:log-group:*", "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s", true },
		{ "arn:aws:logs:*:*:log-group", "arn:aws:logs:us-east-1:111122223333:log-group:g", false },
		{ "arn:aws:s3:::b?t/*", "arn:aws:s3:::bat/x:y", true },
		{ "arn:aws:iam", "arn:aws:iam::111122223333:role/ops", false },
		{ "arn:aws:iam::111122223333:role/ops", "arn:aws:iam::111122223333:role/OPS", false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice pattern = wildcard_compile(&t->arena, slice_of(rows[i].pattern), WILDCARD_STARS).text;
		if (wildcard_match_arn(pattern, slice_of(rows[i].arn)) != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s against %s", rows[i].pattern, rows[i].arn);
	}
}

TEST(wildcard_fills_in_policy_variables)
{
	static const struct { const char *pattern, *text; bool want; } rows[] = {
		{ "home/${aws:username}/*", "home/alice/x", true },
		{ "home/${AWS:UserName}", "home/alice", true },
		{ "home/${ aws:username }", "home/alice", true },
		{ "${aws:username}${aws:username}", "alicealice", true },
		{ "a/${aws:none}/*", "a//x", false },
		{ "a/${aws:none, 'dflt'}/*", "a/dflt/x", true },
		{ "a/${aws:none,'dflt'}/*", "a/dflt/x", true },
		{ "a/${aws:none, ''}/*", "a//x", true },
		{ "a/${aws:username, 'dflt'}", "a/dflt", false },
		{ "${many}", "one", false },
		{ "${many, 'd'}", "d", false },
		{ "${single}", "one", false },                    /* a multi-valued key stays one with a single value */
		{ "x${star}z", "x*z", true },                     /* wildcards in a value are plain */
		{ "x${star}z", "xyz", false },
		{ "${*}${?}${$}", "*?$", true },
		{ "${*}", "a", false },
		{ "a${*}*", "a*bc", true },
		{ "${aws:username", "${aws:username", true },     /* not closed: plain text */
		{ "${}", "${}", true },
		{ "${a, b}", "${a, b}", true },
		{ "$x${$}{y}", "$x${y}", true },
		{ "${mark}x", "yx", false },                      /* a stray byte of a value is no wildcard */
	};
	static const struct slice both[] = { S_INIT("one"), S_INIT("two") };
	struct context context;
	struct buffer scratch;

	context_init(&context, &t->arena);
	context_set(&context, S("aws:username"), S("alice"));
	context_set(&context, S("star"), S("*"));
	context_set(&context, S("mark"), S("\xFE"));
	context_set_list(&context, S("many"), both, 2);
	context_set_list(&context, S("single"), both, 1);
	buffer_init(&scratch, &t->arena, 4096);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct wildcard wildcard = wildcard_compile(&t->arena, slice_of(rows[i].pattern),
		                                            WILDCARD_STARS | WILDCARD_VARIABLES);
		struct slice text = slice_of(rows[i].text), pattern;
		bool got = wildcard_expand(&wildcard, &context, text.len, &scratch, &pattern) && wildcard_match(pattern, text);
		if (got != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s against %s", rows[i].pattern, rows[i].text);
	}
}

TEST(wildcard_gives_up_when_the_value_is_longer_than_the_text)
{
	struct context context;
	struct buffer scratch;
	struct slice pattern, value = { arena_zalloc(&t->arena, 8000), 8000 };
	struct wildcard wildcard;

	context_init(&context, &t->arena);
	context_set(&context, S("a:b"), value);
	buffer_init(&scratch, &t->arena, 1000);
	wildcard = wildcard_compile(&t->arena, S("*${a:b}*"), WILDCARD_STARS | WILDCARD_VARIABLES);
	CHECK(t, !wildcard_expand(&wildcard, &context, 100, &scratch, &pattern));
	CHECK(t, !scratch.is_over);
}

/* detect/pattern_regex_test.c: regular expressions of filter patterns find what a plain backtracking reader of them finds. */
#include "detect/pattern_regex.h"

#include "base/buffer.h"
#include "tests/test.h"

static const struct pattern_regex *compile(struct test *t, const char *body, struct pattern_regex_fault *fault)
{
	return pattern_regex_compile(&t->arena, slice_of(body), fault);
}

TEST(pattern_regex_finds_as_documented)
{
	static const struct { const char *regex, *text; bool found; } rows[] = {
		{ "AUTH", "UNAUTHORIZED", true }, { "AUTH", "auth", false }, { "^[hc]at", "hat", true }, { "^[hc]at", "a hat", false },
		{ "[hc]at$", "the cat", true }, { "[hc]at$", "cats", false }, { "colou?r", "color", true }, { "colou?r", "colouur", false },
		{ "[hc]?at", "at", true }, { "[hc]*at", "hchcat", true }, { "[hc]+at", "at", false }, { "[hc]+at", "ccat", true },
		{ "gra|ey", "gray", true }, { "gra|ey", "grey", true }, { "gra|ey", "green", false },
		{ "^a|b$", "ax", true }, { "^a|b$", "xb", true }, { "^a|b$", "xax", false },              /* anchors bind to one branch */
		{ "[^b]at", "hat", true }, { "[^b]at", "bat", false }, { "[^b]at", "at", false },
		{ "\\d{3}", "ab123", true }, { "\\d{3}", "12 3", false }, { "^\\d{2,}$", "1", false }, { "^\\d{2,}$", "12345", true },
		{ "^\\d{,2}$", "", true }, { "^\\d{,2}$", "12", true }, { "^\\d{,2}$", "123", false }, { "^a{0}b$", "b", true },
		{ "^a{2,3}$", "aa", true }, { "^a{2,3}$", "aaa", true }, { "^a{2,3}$", "aaaa", false }, { "^a{2,3}$", "a", false },
		{ "\\D", "12", false }, { "\\D", "1a", true }, { "\\s", "a\tb", true }, { "\\s", "a\nb", true }, { "\\s", "ab", false },
		{ "\\S", " \t\n", false }, { "\\w", "-", false }, { "\\w", "_", true }, { "\\W", "a-", true }, { "\\W", "aZ0_", false },
		{ "\\x28x\\x29", "f(x)", true }, { "\\x4A", "J", true }, { "a\\.b", "a.b", true }, { "a\\.b", "axb", false },
		{ "a\\\\b", "a\\b", true }, { "\\[\\]\\{\\}\\^\\$\\?\\*\\+\\|", "[]{}^$?*+|", true }, { "\\/x\\-", "/x-", true },
		{ "[a-c]", "b", true }, { "[a-c]", "d", false }, { "[c-]", "-", true }, { "[-c]", "-", true }, { "[\\d.]", ".", true },
		{ "[\\]x]", "]", true }, { "[$.*]", "*", true }, { "[\\x41-\\x43]", "B", true }, { "[a^]", "^", true },
		{ "^.$", "\xC3\xA9", true }, { "^..$", "\xC3\xA9", false }, { "^[^a]$", "\xE2\x82\xAC", true }, { "^\\W$", "\xE2\x82\xAC", true },
		{ "^\\w$", "\xE2\x82\xAC", false }, { "a.b", "a\nb", true }, { "a$", "a\n", false },
		{ "^$", "", true }, { "^$", "x", false }, { "$^", "", true }, { "^^a$$", "a", true }, { "a^b", "ab", false }, { "x*^a", "a", true },
		{ "x*^a", "xa", false }, { "a$x*", "a", true }, { "a*", "", true }, { "a*", "b", true }, { "a?b?c?", "", true },
		{ "some thing", "some thing", true }, { "10.10.0.1", "10010,051", true }, { "", "x", false },
	};
	struct pattern_regex_fault fault;

	for (size_t i = 0; i + 1 < COUNT(rows); i++) {
		const struct pattern_regex *regex = compile(t, rows[i].regex, &fault);
		if (!regex || pattern_regex_finds(regex, slice_of(rows[i].text)) != rows[i].found)
			test_failed(t, __FILE__, __LINE__, "%s in \"%s\"%s", rows[i].regex, rows[i].text, regex ? "" : " is refused");
	}
}

TEST(pattern_regex_refuses_what_is_not_in_the_language)
{
	static const struct { const char *regex; size_t from, to; } rows[] = {
		{ "", 0, 0 }, { "a|", 2, 2 }, { "|a", 0, 0 }, { "a||b", 2, 2 }, { "(a)", 0, 1 }, { "\\(a\\)", 1, 2 }, { "a!", 1, 2 }, { "a\"", 1, 2 },
		{ "a\tb", 1, 2 }, { "\xC3\xA9", 0, 1 }, { "[\xC3\xA9]", 1, 2 }, { "*a", 0, 1 }, { "a**", 2, 3 }, { "a+?", 2, 3 }, { "a??", 2, 3 },
		{ "a{2}{3}", 4, 5 }, { "^*", 1, 2 }, { "$?", 1, 2 }, { "a{", 1, 2 }, { "a{}", 1, 2 }, { "a{,}", 1, 2 }, { "a{3,2}", 1, 2 }, { "a{x}", 1, 2 },
		{ "a{-1}", 1, 2 }, { "}", 0, 1 }, { "]", 0, 1 }, { "{2}", 0, 1 }, { "[", 0, 1 }, { "[]", 0, 2 }, { "[^]", 0, 3 }, { "[a", 0, 1 }, { "[[]", 1, 2 },
		{ "[b-a]", 1, 4 }, { "[\\d-z]", 1, 5 }, { "[a-\\d]", 1, 5 }, { "\\", 0, 1 }, { "\\b", 1, 2 }, { "\\n", 1, 2 }, { "\\1", 1, 2 },
		{ "\\x2", 0, 2 }, { "\\x", 0, 2 }, { "\\x80", 0, 2 }, { "\\xg0", 0, 2 }, { "a{1025}", 0, 0 }, { "a{99999999999}", 0, 0 },
		{ "(?i)a", 0, 1 }, { "a{1,1024}b{1,1024}", 0, 0 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct pattern_regex_fault fault = { SIZE_MAX, SIZE_MAX, NULL };
		bool is_refused = compile(t, rows[i].regex, &fault) == NULL;
		if (!is_refused || fault.from != rows[i].from || fault.to != rows[i].to || !fault.reason)
			test_failed(t, __FILE__, __LINE__, "%s: %s at %zu to %zu", rows[i].regex, is_refused ? "refused" : "taken", fault.from, fault.to);
	}
}

/* ---- random expressions, matched by trying everything ---- */

static const struct { const char *text; size_t bytes; } ALPHABET[] = { { "a", 1 }, { "b", 1 }, { "1", 1 }, { "-", 1 }, { "\xC3\xA9", 2 } };

static const struct atom { const char *text; unsigned takes; /* bit i: ALPHABET[i] */ } ATOMS[] = {
	{ "a", 1 }, { "b", 2 }, { ".", 31 }, { "[ab]", 3 }, { "[^a]", 30 }, { "\\d", 4 }, { "\\W", 24 }, { "\\x62", 2 }, { "-", 8 }, { "[0-9a-]", 13 },
};

static const struct quantifier { const char *text; size_t min, max; } QUANTIFIERS[] = {
	{ "", 1, 1 }, { "", 1, 1 }, { "", 1, 1 }, { "?", 0, 1 }, { "*", 0, SIZE_MAX }, { "+", 1, SIZE_MAX }, { "{2}", 2, 2 }, { "{1,3}", 1, 3 },
	{ "{2,}", 2, SIZE_MAX }, { "{,2}", 0, 2 }, { "{0}", 0, 0 }, { "{20,40}", 20, 40 }, { "{,50}", 0, 50 },
};

struct item {
	char                     anchor;       /* or 0 */
	const struct atom       *atom;
	const struct quantifier *quantifier;
};

struct sample {
	struct item items[5];                  /* of one branch */
	size_t      item_count;
	uint8_t     text[128];                 /* indices of ALPHABET */
	size_t      length;
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

static bool matches_from(const struct sample *sample, size_t item, size_t at)
{
	if (item == sample->item_count)
		return true;
	const struct item *this = &sample->items[item];
	if (this->anchor)
		return at == (this->anchor == '^' ? 0 : sample->length) && matches_from(sample, item + 1, at);
	for (size_t taken = 0;; taken++, at++) {
		if (taken >= this->quantifier->min && matches_from(sample, item + 1, at))
			return true;
		if (taken == this->quantifier->max || at == sample->length || !(this->atom->takes >> sample->text[at] & 1))
			return false;
	}
}

static bool found_somewhere(const struct sample *sample)
{
	for (size_t at = 0; at <= sample->length; at++)
		if (matches_from(sample, 0, at))
			return true;
	return false;
}

static void draw_branch(struct sample *sample, uint64_t *seed, struct buffer *regex)
{
	sample->item_count = 1 + draw(seed, COUNT(sample->items));
	for (size_t i = 0; i < sample->item_count; i++) {
		struct item *item = &sample->items[i];
		uint32_t anchor = draw(seed, 12);
		item->anchor = anchor == 0 ? '^' : anchor == 1 ? '$' : 0;
		item->atom = &ATOMS[draw(seed, COUNT(ATOMS))];
		item->quantifier = &QUANTIFIERS[draw(seed, COUNT(QUANTIFIERS))];
		if (item->anchor)
			buffer_byte(regex, item->anchor);
		else
			buffer_printf(regex, "%s%s", item->atom->text, item->quantifier->text);
	}
}

TEST(pattern_regex_finds_what_trying_everything_finds)
{
	uint64_t seed = 20260115;
	size_t found = 0, wide = 0, rounds = 6000;

	for (size_t round = 0; round < rounds && t->failed_checks == 0; round++) {
		struct sample sample = { .length = draw(&seed, round % 8 == 0 ? 60 : 7) };
		struct pattern_regex_fault fault = { 0, 0, "" };
		struct buffer regex, text;
		bool want = false;
		uint32_t branches = 1 + draw(&seed, 3), letters = 1 + draw(&seed, COUNT(ALPHABET));

		buffer_init(&regex, &t->arena, 1024);
		buffer_init(&text, &t->arena, 1024);
		for (size_t i = 0; i < sample.length; i++) {
			sample.text[i] = (uint8_t)draw(&seed, letters);
			buffer_add(&text, (struct slice){ ALPHABET[sample.text[i]].text, ALPHABET[sample.text[i]].bytes });
		}
		for (uint32_t branch = 0; branch < branches; branch++) {
			if (branch > 0)
				buffer_byte(&regex, '|');
			draw_branch(&sample, &seed, &regex);
			want = want || found_somewhere(&sample);
		}
		const struct pattern_regex *compiled = pattern_regex_compile(&t->arena, buffer_slice(&regex), &fault);
		if (!compiled || pattern_regex_finds(compiled, buffer_slice(&text)) != want)
			test_failed(t, __FILE__, __LINE__, "%.*s in \"%.*s\": want %d %s", SLICE_ARG(buffer_slice(&regex)),
			            SLICE_ARG(buffer_slice(&text)), want, fault.reason);
		found += want;
		wide += slice_find(buffer_slice(&regex), S("{20,40}")) != SLICE_NPOS;
	}
	CHECK(t, found > rounds / 5 && found < rounds - rounds / 5 && wide > rounds / 10);    /* both answers, often */
}

TEST(pattern_regex_takes_as_many_positions_as_it_says)
{
	struct pattern_regex_fault fault;
	const struct pattern_regex *regex = compile(t, "a{1023}", &fault);     /* and the end of the branch */
	char *text = arena_alloc(&t->arena, 5000);

	REQUIRE(t, regex != NULL);
	CHECK(t, compile(t, "a{1024}", &fault) == NULL);
	memset(text, 'a', 5000);
	CHECK(t, !pattern_regex_finds(regex, (struct slice){ text, 1022 }));
	CHECK(t, pattern_regex_finds(regex, (struct slice){ text, 1023 }));
	text[1000] = 'b';
	CHECK(t, !pattern_regex_finds(regex, (struct slice){ text, 2023 }));
	CHECK(t, pattern_regex_finds(regex, (struct slice){ text, 2024 }));
}

/* What takes a backtracking matcher longer than the universe is old. The bound is work, not time: one pass. */
TEST(pattern_regex_reads_a_hostile_text_once)
{
	struct pattern_regex_fault fault;
	const struct pattern_regex *regex = compile(t, "a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", &fault);
	char *text = arena_alloc(&t->arena, 1 << 20);

	REQUIRE(t, regex != NULL);
	memset(text, 'a', 1 << 20);
	CHECK(t, !pattern_regex_finds(regex, (struct slice){ text, 1 << 20 }));
}

/* server/flags_test.c: how the words of a command line are read, and times as people write them. */
#include "server/flags.h"

#include "base/clock.h"
#include "server/inputs.h"
#include "tests/test.h"

struct seen {
	const char *text;
	bool        is_a, is_b;
	int         turns;
	char        words[64];
};

static bool take_turn(void *user, const char *value, struct error *err)
{
	(void)err;
	((struct seen *)user)->turns += value ? atoi(value) : 1;
	return true;
}

static const struct flag ROWS[] = {
	{ "-a, --all", NULL, "all", offsetof(struct seen, is_a), NULL },
	{ "-b", NULL, "b", offsetof(struct seen, is_b), NULL },
	{ "-t, --text", "TEXT", "a text", offsetof(struct seen, text), NULL },
	{ "--turn", "N", "turns", 0, take_turn },
	{ "-x", NULL, "turns once", 0, take_turn },
};

static bool take_word(void *user, const char *word, const struct flag *after, struct error *err)
{
	struct seen *seen = user;
	size_t len = strlen(seen->words);

	(void)err;
	snprintf(seen->words + len, sizeof seen->words - len, "%s%s ", after == &ROWS[2] ? "t:" : "", word);
	return true;
}

static bool read_words(struct test *t, struct seen *seen, const char *line, bool *wants_help)
{
	struct flag_group group = { ROWS, COUNT(ROWS), seen };
	struct flags flags = { .command = "test", .groups = &group, .group_count = 1, .word = take_word, .user = seen };
	struct slice rest = slice_of(line), word;
	char *argv[16];
	int argc = 0;

	*seen = (struct seen){ .text = NULL };
	t->err.kind = ERR_NONE;
	while (rest.ptr && rest.len > 0) {
		rest = slice_cut(rest, ' ', &word);
		argv[argc++] = (char *)(uintptr_t)arena_cstr(&t->arena, word);
	}
	return flags_read(&flags, argc, argv, wants_help, &t->err);
}

TEST(flags_stand_anywhere)
{
	struct seen seen;
	bool wants_help;

	CHECK(t, read_words(t, &seen, "one -a --text x=y two --turn=3 -- -b --all", &wants_help) && !wants_help);
	CHECK(t, seen.is_a && !seen.is_b && seen.turns == 3);
	CHECK_TEXT(t, slice_of(seen.text), S("x=y"));
	CHECK_TEXT(t, slice_of(seen.words), S("one t:two -b --all "));
	CHECK(t, read_words(t, &seen, "-abxx -t -a - --text=", &wants_help));
	CHECK(t, seen.is_a && seen.is_b && seen.turns == 2);
	CHECK_TEXT(t, slice_of(seen.words), S("t:- "));
	CHECK_TEXT(t, slice_of(seen.text), S(""));
}

TEST(flags_that_are_none_are_refused)
{
	static const struct { const char *line, *message; } cases[] = {
		{ "-y", "unknown flag '-y'; see spoor test --help" }, { "--al", "unknown flag '--al'; see spoor test --help" },
		{ "-ay", "unknown flag '-ay'; see spoor test --help" }, { "-at", "unknown flag '-at'; see spoor test --help" },
		{ "--all=1", "--all takes no value" }, { "one --text", "--text needs a value" }, { "-t", "-t needs a value" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct seen seen;
		bool wants_help;
		CHECK(t, !read_words(t, &seen, cases[i].line, &wants_help) && t->err.kind == ERR_INVALID);
		CHECK_TEXT(t, slice_of(t->err.message), slice_of(cases[i].message));
	}
}

TEST(flags_help_is_no_value)
{
	struct seen seen;
	bool wants_help;

	CHECK(t, read_words(t, &seen, "-a --help --nonsense", &wants_help) && wants_help);
	CHECK(t, read_words(t, &seen, "-t --help -- -h", &wants_help) && !wants_help);
	CHECK_TEXT(t, slice_of(seen.text), S("--help"));
	CHECK_TEXT(t, slice_of(seen.words), S("-h "));
}

TEST(inputs_time_as_people_write_it)
{
	static const struct { const char *text; int64_t ms; } good[] = {
		{ "2026-01-15", 1768435200000 }, { "2026-01-15T10:00:00Z", 1768471200000 }, { "2026-01-15T12:00:00.5+02:00", 1768471200500 },
		{ "1768471200", 1768471200000 }, { "1768471200250", 1768471200250 }, { "now", 5000000000 }, { "-1s", 4999999000 },
		{ "-2m", 4999880000 }, { "-3h", 4989200000 }, { "-7d", 4395200000 }, { "-1w", 4395200000 },
	};
	static const char *const bad[] = { "", "then", "2026", "20260115", "-d", "-7", "-7x", "--7d", "7d", "2026-01-32", "99999999999999999",
	                                   "-1000000d" };

	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t ms = 0;
		CHECK(t, inputs_time(good[i].text, 5000000000, &ms, &t->err));
		CHECK_NUMBER(t, ms, good[i].ms);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		int64_t ms;
		CHECK(t, !inputs_time(bad[i], 0, &ms, &t->err));
	}
}

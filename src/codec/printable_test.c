/* codec/printable_test.c: what a terminal gets of a text, and how wide that is. */
#include "codec/printable.h"

#include "codec/utf8.h"
#include "tests/test.h"

static struct slice shown(struct test *t, struct slice text, size_t columns_max, size_t *columns)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 4096);
	*columns = printable_add(&out, text, columns_max, true);
	return out.len ? buffer_slice(&out) : S("");
}

static void check_whole(struct test *t, struct slice text, const char *want, size_t want_columns)
{
	size_t columns;

	CHECK_TEXT(t, shown(t, text, 1000, &columns), slice_of(want));
	CHECK_NUMBER(t, columns, want_columns);
	CHECK_NUMBER(t, printable_columns(text, 1000), want_columns);
}

TEST(printable_widths_are_those_of_a_terminal)
{
	check_whole(t, S(""), "", 0);
	check_whole(t, S("plain"), "plain", 5);
	check_whole(t, S("r\xC3\xA9my"), "r\xC3\xA9my", 4);
	check_whole(t, S("re\xCC\x81my"), "re\xCC\x81my", 4);                     /* a mark over the e */
	check_whole(t, S("\xE5\xB1\xB1\xE7\x94\xB0"), "\xE5\xB1\xB1\xE7\x94\xB0", 4);
	check_whole(t, S("\xEF\xBD\xB1\xEF\xBC\xA1"), "\xEF\xBD\xB1\xEF\xBC\xA1", 3);   /* half width, full width */
	check_whole(t, S("\xED\x95\x9C"), "\xED\x95\x9C", 2);
	check_whole(t, S("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"), "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2);   /* the same in three */
	check_whole(t, S("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80", 2);
	check_whole(t, S("\xF0\xA0\x80\x80\xF0\xAF\xBF\xBD"), "\xF0\xA0\x80\x80\xF0\xAF\xBF\xBD", 4);   /* ideographs, one not assigned */
	check_whole(t, S("\xD7\xA9\xD6\xB8"), "\xD7\xA9\xD6\xB8", 1);
}

TEST(printable_text_commands_no_terminal)
{
	check_whole(t, S("a\x1b[2Jb\x7f\x07"), "a?[2Jb?\?", 8);
	check_whole(t, S("\xC2\x9B""31m"), "?31m", 4);                          /* CSI in one character */
	check_whole(t, S("a\r\n\tb"), "a   b", 5);
	check_whole(t, S("a\0b"), "a?b", 3);
	check_whole(t, S("a\xE2\x80\xAE""b\xE2\x81\xA6"), "a?b?", 4);           /* turned around; isolated */
	check_whole(t, S("\xEF\xBB\xBFx\xE2\x80\x8By\xE2\x80\xA8z"), "?x?y?z", 6);
	check_whole(t, S("\xF3\xA0\x81\x81"), "?", 1);                          /* an invisible tag */
	check_whole(t, S("\xFF\xC3-\xE5\xB1"), "?\?-?\?", 5);                     /* no UTF-8: each byte of what is begun */
	check_whole(t, S("\xED\xA0\x80"), "?\?\?", 3);                            /* half a surrogate pair */
}

TEST(printable_marks_do_not_pile_up)
{
	struct buffer text;
	size_t columns;

	buffer_init(&text, &t->arena, 4096);
	buffer_byte(&text, 'a');
	for (size_t i = 0; i < 100; i++)
		buffer_add(&text, S("\xCC\x81"));
	buffer_byte(&text, 'b');
	struct slice out = shown(t, buffer_slice(&text), 1000, &columns);
	CHECK_NUMBER(t, columns, 2 + 92);
	CHECK_NUMBER(t, out.len, 2 + 2 * 8 + 92);
}

TEST(printable_text_is_cut_where_it_does_not_fit)
{
	static const struct { struct slice text; size_t max; const char *want; size_t columns; } cases[] = {
		{ S_INIT("abcdef"), 6, "abcdef", 6 },
		{ S_INIT("abcdef"), 5, "abcd\xE2\x80\xA6", 5 },
		{ S_INIT("abcdef"), 1, "\xE2\x80\xA6", 1 },
		{ S_INIT("abcdef"), 0, "", 0 },
		{ S_INIT("\xE5\xB1\xB1\xE7\x94\xB0"), 4, "\xE5\xB1\xB1\xE7\x94\xB0", 4 },
		{ S_INIT("\xE5\xB1\xB1\xE7\x94\xB0"), 3, "\xE5\xB1\xB1\xE2\x80\xA6", 3 },
		{ S_INIT("\xE5\xB1\xB1\xE7\x94\xB0"), 2, "\xE2\x80\xA6", 1 },        /* half a character is none */
		{ S_INIT("e\xCC\x81" "f"), 1, "\xE2\x80\xA6", 1 },
		{ S_INIT("ab\xCC\x81"), 2, "ab\xCC\x81", 2 },                        /* a mark fits where its character does */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t columns;
		CHECK_TEXT(t, shown(t, cases[i].text, cases[i].max, &columns), slice_of(cases[i].want));
		CHECK_NUMBER(t, columns, cases[i].columns);
		struct buffer out;
		buffer_init(&out, &t->arena, 64);
		CHECK(t, printable_add(&out, cases[i].text, cases[i].max, false) <= cases[i].max);
		CHECK(t, out.len == 0 || slice_has_prefix(cases[i].text, buffer_slice(&out)));
	}
}

/* Whatever it is given: the columns it says are those it counts, and nothing in the output would be shown differently. */
TEST(printable_output_is_printable)
{
	for (uint32_t c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 37) {
		char text[6] = "a";
		size_t columns;
		if (c >= 0xD800 && c < 0xE000)
			continue;
		struct slice one = { text, 1 + utf8_encode(c, text + 1) };
		arena_reset(&t->arena, 4096);
		struct slice out = shown(t, one, 10, &columns);
		CHECK_NUMBER(t, columns, printable_columns(one, 10));
		CHECK(t, columns >= 1 && columns <= 3);
		CHECK_NUMBER(t, printable_columns(out, 10), columns);
		for (size_t i = 0; i < out.len; i++)
			CHECK(t, (unsigned char)out.ptr[i] >= 0x20 && out.ptr[i] != 0x7F);
	}
}

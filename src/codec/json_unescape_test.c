/* codec/json_unescape_test.c: escapes become their characters, and what is none never makes the text longer. */
#include "codec/json_unescape.h"
#include "tests/test.h"

TEST(json_unescape_gives_the_characters_and_replaces_what_is_no_escape)
{
	static const struct { struct slice raw, want; } rows[] = {
		{ S_INIT(""), S_INIT("") },
		{ S_INIT("plain"), S_INIT("plain") },
		{ S_INIT("\\\"\\\\\\/\\b\\f\\n\\r\\t"), S_INIT("\"\\/\b\f\n\r\t") },
		{ S_INIT("a\\u0041\\u00e9\\u20AC"), S_INIT("aA\xC3\xA9\xE2\x82\xAC") },
		{ S_INIT("\\ud83d\\ude00!"), S_INIT("\xF0\x9F\x98\x80!") },
		{ S_INIT("cut \\ud83d"), S_INIT("cut \xEF\xBF\xBD") },
		{ S_INIT("\\ud83d\\u0041"), S_INIT("\xEF\xBF\xBD" "A") },
		{ S_INIT("\\ude00x"), S_INIT("\xEF\xBF\xBDx") },
		{ S_INIT("\\ud83dx"), S_INIT("\xEF\xBF\xBDx") },
		{ S_INIT("\\qx"), S_INIT("?x") },
		{ S_INIT("\\u00zz"), S_INIT("?00zz") },
		{ S_INIT("\\u1"), S_INIT("?1") },
		{ S_INIT("end\\"), S_INIT("end?") },
		{ S_INIT("\\u0000"), S_INIT("\0") },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[64];
		CHECK_TEXT(t, ((struct slice){ out, json_unescape(rows[i].raw, out) }), rows[i].want);
	}
}

TEST(json_unescape_one_says_what_is_wrong_and_where)
{
	static const struct { struct slice text; const char *wrong; size_t used; } rows[] = {
		{ S_INIT("\\u00e9z"), NULL, 6 },
		{ S_INIT("\\ud83d\\ude00"), NULL, 12 },
		{ S_INIT("\\x"), "unknown escape", 1 },
		{ S_INIT("\\"), "unknown escape", 1 },
		{ S_INIT("\\u12g4"), "expected four hexadecimal digits", 4 },
		{ S_INIT("\\ude00"), "a low surrogate without its high one", 2 },
		{ S_INIT("\\ud83d\\n"), "a high surrogate without its low one", 2 },
		{ S_INIT("\\ud83d\\u0041"), "a high surrogate without its low one", 2 },
		{ S_INIT("\\ud83d\\u00"), "expected four hexadecimal digits", 10 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[4];
		size_t used = 0, bytes = 0;
		const char *wrong = json_unescape_one(rows[i].text, &used, out, &bytes);
		CHECK_TEXT(t, slice_of(wrong), slice_of(rows[i].wrong));
		CHECK_NUMBER(t, used, rows[i].used);
	}
}

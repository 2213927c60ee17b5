/* codec/uri_test.c: what stays as it is, what is refused, and the order and count of pairs. */
#include "codec/uri.h"
#include "tests/test.h"

TEST(uri_encodes_all_but_the_unreserved_bytes_of_rfc_3986)
{
	struct buffer all;

	buffer_init(&all, &t->arena, 1024);
	for (int c = 0; c < 256; c++)
		buffer_byte(&all, (char)c);
	struct slice encoded = uri_encode_text(&t->arena, buffer_slice(&all), URI_ENCODE_SLASH);
	const char *at = encoded.ptr;
	for (int c = 0; c < 256; c++) {
		bool is_kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
		               || (c && strchr("-._~", c));
		struct slice want = is_kept ? arena_format(&t->arena, "%c", c) : arena_format(&t->arena, "%%%02X", c);
		CHECK_TEXT(t, ((struct slice){ at, want.len }), want);
		at += want.len;
	}
	CHECK(t, at == encoded.ptr + encoded.len);
	CHECK_TEXT(t, uri_encode_text(&t->arena, S("a/b c"), URI_KEEP_SLASH), S("a/b%20c"));
}

TEST(uri_decode_knows_the_blank_of_forms)
{
	CHECK_TEXT(t, uri_decode(&t->arena, S("a+b%2Bc%2bd"), URI_PLUS_IS_BLANK, &t->err), S("a b+c+d"));
	CHECK_TEXT(t, uri_decode(&t->arena, S("a+b%2Bc"), URI_PLUS_IS_PLUS, &t->err), S("a+b+c"));
	CHECK_TEXT(t, uri_decode(&t->arena, S("%00"), URI_PLUS_IS_PLUS, &t->err), S("\0"));
	CHECK_TEXT(t, uri_decode(&t->arena, S(""), URI_PLUS_IS_PLUS, &t->err), S(""));
}

TEST(uri_decode_refuses_broken_escapes)
{
	static const char *const rows[] = { "%", "a%", "%a", "%g0", "%0g", "%%20", "%-1", "% 1" };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buffer out;

		buffer_init(&out, &t->arena, 100);
		t->err = (struct error){0};
		CHECK(t, !uri_decode(&t->arena, slice_of(rows[i]), URI_PLUS_IS_PLUS, &t->err).ptr);
		CHECK(t, t->err.kind == ERR_INVALID);
		CHECK(t, !uri_normalise(&out, slice_of(rows[i]), URI_PLUS_IS_PLUS, URI_KEEP_SLASH));
	}
}

TEST(uri_normalise_writes_equal_texts_equally)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 100);
	CHECK(t, uri_normalise(&out, S("%7e%41/%2f+ "), URI_PLUS_IS_PLUS, URI_KEEP_SLASH));
	CHECK_TEXT(t, buffer_slice(&out), S("~A//%2B%20"));
}

TEST(uri_pairs_keep_order_duplicates_and_the_missing_equals_sign)
{
	struct uri_pairs pairs;

	REQUIRE(t, uri_pairs_read(&t->arena, S("b=1&&a=%26+x&flag&b=2=3&=v&e="), URI_PLUS_IS_BLANK, 10, &pairs, &t->err));
	REQUIRE(t, pairs.count == 6);
	CHECK_TEXT(t, pairs.items[1].value, S("& x"));
	CHECK_TEXT(t, pairs.items[2].name, S("flag"));
	CHECK_TEXT(t, pairs.items[2].value, SLICE_NONE);
	CHECK_TEXT(t, pairs.items[3].value, S("2=3"));
	CHECK_TEXT(t, pairs.items[4].name, S(""));
	CHECK_TEXT(t, pairs.items[5].value, S(""));
	CHECK(t, uri_pairs_find(&pairs, S("b")) == &pairs.items[0] && !uri_pairs_find(&pairs, S("B")));
}

TEST(uri_pairs_are_bounded_and_an_empty_text_has_none)
{
	struct uri_pairs pairs;

	CHECK(t, uri_pairs_read(&t->arena, S("a&b&c"), URI_PLUS_IS_BLANK, 3, &pairs, &t->err) && pairs.count == 3);
	CHECK(t, !uri_pairs_read(&t->arena, S("a&b&c&"), URI_PLUS_IS_BLANK, 3, &pairs, &t->err) && t->err.kind == ERR_LIMIT);
	CHECK(t, uri_pairs_read(&t->arena, S(""), URI_PLUS_IS_BLANK, 3, &pairs, &t->err) && pairs.count == 0);
	CHECK(t, !uri_pairs_read(&t->arena, S("a=%zz"), URI_PLUS_IS_BLANK, 3, &pairs, &t->err) && t->err.kind == ERR_INVALID);
}

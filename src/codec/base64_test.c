/* codec/base64_test.c: RFC 4648 section 10, and that only the canonical text is accepted. */
#include "codec/base64.h"
#include "tests/test.h"

TEST(base64_writes_and_reads_the_vectors_of_rfc_4648)
{
	static const struct { const char *plain, *text; } rows[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xFB\xEF\xFF", "++//" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_TEXT(t, base64_text(&t->arena, slice_of(rows[i].plain)), slice_of(rows[i].text));
		CHECK_TEXT(t, base64_decode(&t->arena, slice_of(rows[i].text), &t->err), slice_of(rows[i].plain));
	}
}

TEST(base64_refuses_what_is_not_canonical)
{
	static const char *const rows[] = {
		"Z", "Zg", "Zg=", "Zg==\n", " Zg==", "Zh==", "Zm9=", "Zm9vYg==Zm9v", "====", "A===", "=AAA", "Zm9v=", "Zm-_",
		"Zg==Zg==", "Zm9vYm\xC3\xA9", "Zm=v",
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		t->err = (struct error){0};
		if (base64_decode(&t->arena, slice_of(rows[i]), &t->err).ptr || t->err.kind != ERR_INVALID)
			test_failed(t, __FILE__, __LINE__, "accepted %s", rows[i]);
	}
}

TEST(base64_refuses_a_nul_byte)
{
	CHECK(t, !base64_decode(&t->arena, S("Zm9\0"), &t->err).ptr);
}

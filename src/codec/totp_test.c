/* codec/totp_test.c: the vectors of RFC 6238, appendix B, cut to six digits. */
#include "codec/totp.h"
#include "tests/test.h"

TEST(totp_gives_the_vectors_of_rfc_6238)
{
	static const struct { int64_t s; const char *code; } rows[] = {
		{ 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" },
		{ 2000000000, "279037" }, { 20000000000, "353130" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[TOTP_DIGITS];
		int64_t step = totp_step(rows[i].s * 1000);

		CHECK_TEXT(t, totp_code(S("12345678901234567890"), step, out), slice_of(rows[i].code));
		CHECK(t, totp_is_code(S("12345678901234567890"), step, slice_of(rows[i].code)));
		CHECK(t, !totp_is_code(S("12345678901234567890"), step + 1, slice_of(rows[i].code)));
	}
	CHECK(t, !totp_is_code(S("12345678901234567890"), 1, S("28708")));
	CHECK(t, !totp_is_code(S("12345678901234567890"), 1, SLICE_NONE));
}

TEST(totp_steps_are_half_minutes)
{
	CHECK_NUMBER(t, totp_step(29999), 0);
	CHECK_NUMBER(t, totp_step(30000), 1);
}

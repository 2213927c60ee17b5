/* trail/history_token_fuzz.c: no text but the one we made is a token. */
#include "tests/fuzz.h"
#include "trail/history_token.h"

FUZZ(history_token)
{
	static const unsigned char key[32] = { 7 };
	struct history_request request = { .account = 1, .region = S("us-east-1"), .now_ms = 1 };
	struct history_token token = { .issued_ms = 1 }, read;
	struct slice ours = history_token_write(&f->arena, key, &request, &token);

	CHECK_FUZZ(f, history_token_read(&f->arena, key, &request, f->input, &read) == slice_equal(f->input, ours));
}

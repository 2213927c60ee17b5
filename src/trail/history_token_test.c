/* trail/history_token_test.c: a token fits the request it was made for, for an hour, and no other. */
#include "trail/history_token.h"

#include "base/limits.h"
#include "tests/test.h"

static const unsigned char KEY[32] = { 1, 2, 3 }, OTHER_KEY[32] = { 1, 2, 4 };

static struct history_request request(void)
{
	return (struct history_request){
		.account = 111122223333, .region = S("us-east-1"), .key = FRAME_USERNAME, .value = S("alice"),
		.has_start = true, .start_ms = 1000, .now_ms = 5000000, .max_results = 50,
	};
}

static const struct history_token TOKEN = { 5000000, 1000, 5000000, 3, 77, 4999, 70 };

TEST(history_token_reads_back)
{
	struct history_request asked = request();
	struct slice text = history_token_write(&t->arena, KEY, &asked, &TOKEN);
	struct history_token got = {0};

	asked.max_results = 7;                           /* may change between pages */
	asked.now_ms += HISTORY_TOKEN_AGE_MS_MAX;
	REQUIRE(t, history_token_read(&t->arena, KEY, &asked, text, &got));
	CHECK(t, memcmp(&got, &TOKEN, sizeof got) == 0);
	asked.now_ms++;
	CHECK(t, !history_token_read(&t->arena, KEY, &asked, text, &got));
	CHECK(t, !history_token_read(&t->arena, OTHER_KEY, &asked, text, &got));
}

/* T62, A41: with anything else asked, the token is void instead of starting over. */
TEST(history_token_fits_no_other_request)
{
	struct history_request made = request(), others[11];
	struct slice text = history_token_write(&t->arena, KEY, &made, &TOKEN);
	struct history_token got;

	for (size_t i = 0; i < COUNT(others); i++)
		others[i] = made;
	others[0].account = 222233334444;
	others[1].region = S("eu-west-1");
	others[2].category = HISTORY_INSIGHT;
	others[3].key = FRAME_EVENT_NAME;
	others[4].value = S("bob");
	others[5].key = 0;
	others[6].start_ms = 1001;
	others[7].has_start = false;
	others[8].has_end = true;
	others[9].value = S("alic");
	others[10].region = S("us-east-");
	for (size_t i = 0; i < COUNT(others); i++)
		CHECK(t, !history_token_read(&t->arena, KEY, &others[i], text, &got));
}

TEST(history_token_altered_anywhere_is_void)
{
	struct history_request asked = request();
	struct slice text = history_token_write(&t->arena, KEY, &asked, &TOKEN);
	struct history_token got;

	for (size_t i = 0; i < text.len; i++) {
		char *altered = (char *)(uintptr_t)arena_copy(&t->arena, text).ptr;
		altered[i] = altered[i] == 'A' ? 'B' : 'A';
		CHECK(t, !history_token_read(&t->arena, KEY, &asked, (struct slice){ altered, text.len }, &got));
	}
	static const struct slice others[] = {
		S_INIT(""), S_INIT("x"), S_INIT("AAAA"), S_INIT("not base64!"), { NULL, 0 },
	};
	for (size_t i = 0; i < COUNT(others); i++)
		CHECK(t, !history_token_read(&t->arena, KEY, &asked, others[i], &got));
	CHECK(t, !history_token_read(&t->arena, KEY, &asked, slice_sub(text, 0, text.len - 4), &got));
}

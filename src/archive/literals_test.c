/* archive/literals_test.c: no spelling of a text hides it; what cannot be searched for is refused. */
#include "archive/literals.h"

#include "tests/test.h"

static bool may_be_in(struct slice wanted, const char *text)
{
	struct literals literals;
	struct literals_cursor cursor = {0};

	return !literals_init(&literals, &wanted, 1) || literals_may_be_in(&literals, slice_of(text), 0, strlen(text), &cursor);
}

TEST(literals_are_found_in_every_spelling)
{
	CHECK(t, may_be_in(S("AccessDenied"), "{\"errorCode\":\"AccessDenied\"}"));
	CHECK(t, may_be_in(S("AccessDenied"), "{\"errorCode\":\"Client.AccessDeniedException\"}"));
	CHECK(t, may_be_in(S("AccessDenied"), "{\"errorCode\":\"\\u0041ccessDenied\"}"));
	CHECK(t, may_be_in(S("AccessDenied"), "{\"errorCode\":\"Acc\\u0065ssDenie\\u0064\"}"));
	CHECK(t, may_be_in(S("AccessDenied"), "{\"errorCode\":\"\\\\\\u0041ccessDenied\"}"));
	CHECK(t, may_be_in(S("assumed-role/x"), "{\"arn\":\"assumed-role\\/x\"}"));
	CHECK(t, may_be_in(S("r\xC3\xA9my"), "{\"userName\":\"r\\u00E9my\"}"));
	CHECK(t, may_be_in(S("\xF0\x9F\x98\x80"), "{\"userName\":\"\\ud83d\\ude00\"}"));
	CHECK(t, may_be_in(S("x\xEF\xBF\xBD"), "{\"userName\":\"x\\ud800\"}"));          /* half a pair is read as U+FFFD */
	CHECK(t, may_be_in(S("AccessDenied"), "\\u00"));                                  /* cut: who knows */
}

TEST(literals_pass_over_what_cannot_hold_them)
{
	CHECK(t, !may_be_in(S("AccessDenied"), "{\"errorCode\":\"Accessdenied\"}"));
	CHECK(t, !may_be_in(S("AccessDenied"), "{\"url\":\"a\\u003db\\u0026c\"}"));       /* as AWS writes = and & */
	CHECK(t, !may_be_in(S("AccessDenied"), "{\"url\":\"a\\/b\",\"n\":\"\\n\\\"\"}"));
	CHECK(t, !may_be_in(S("AccessDenied"), "{\"userName\":\"r\\u00e9my\"}"));
	CHECK(t, !may_be_in(S("AccessDenied"), "AccessDenie"));
}

TEST(literals_that_cannot_be_searched_for_are_refused)
{
	static const char *const refused[] = { "", "ab", "a\"b", "a\\b", "a\nb", "why?" };
	struct slice many[LITERALS_MAX + 1];
	struct literals literals;

	for (size_t i = 0; i < COUNT(refused); i++)
		CHECK(t, !literals_init(&literals, &(struct slice){ refused[i], strlen(refused[i]) }, 1));
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = S("abc/");
	CHECK(t, !literals_init(&literals, many, 0));
	CHECK(t, literals_init(&literals, many, LITERALS_MAX));
	CHECK(t, !literals_init(&literals, many, LITERALS_MAX + 1));
}

/* A text that runs over the end of one record is in neither; a shorter one that begins there too is in the first. */
TEST(literals_are_within_a_record)
{
	struct slice texts[] = { S("ab},{cd"), S("ab}") }, text = S("{ab},{cd},{ab},{}");
	struct literals literals;
	struct literals_cursor cursor = {0};

	CHECK(t, literals_init(&literals, texts, 1));
	CHECK(t, !literals_may_be_in(&literals, text, 0, 4, &cursor) && !literals_may_be_in(&literals, text, 5, 9, &cursor));
	CHECK(t, literals_init(&literals, texts, 2));
	cursor = (struct literals_cursor){0};
	CHECK(t, literals_may_be_in(&literals, text, 0, 4, &cursor) && !literals_may_be_in(&literals, text, 5, 9, &cursor));
	CHECK(t, literals_may_be_in(&literals, text, 10, 14, &cursor) && !literals_may_be_in(&literals, text, 15, 17, &cursor));
}

/* query/insights_pattern_test.c: what varies in a text is a token, and patterns are counted whatever the order of rows. */
#include "query/insights_pattern.h"

#include "base/limits.h"
#include "tests/insights_run.h"

TEST(insights_pattern_has_tokens_for_what_varies)
{
	static const struct { const char *text, *want; } texts[] = {
		{ "", "" },
		{ "no token at all", "no token at all" },
		{ "took 12.5 ms, 3 times", "took <Number-1> ms, <Number-2> times" },
		{ "v1.2.3.", "v1.<Number-1>.<Number-2>." },
		{ "2024-05-01T10:00:01Z x", "<Timestamp-1> x" },
		{ "2024-05-01 10:00:01,250 x", "<Timestamp-1> x" },
		{ "[2024-05-01T10:00:01.5+02:00]", "[<Timestamp-1>]" },
		{ "on 2024-05-01 at 10:00:01", "on <Date-1> at <Time-2>" },
		{ "2024-05-012", "<Number-1>-<Number-2>-<Number-3>" },
		{ "from 10.0.0.1:443 to 10.0.0.256", "from <IP-1>:<Number-2> to <Number-3>.<Number-4>.<Number-5>" },
		{ "from 10.0.0.1.", "from <IP-1>." },
		{ "2001:db8::1, fe80::1", "<IP-1>, <IP-2>" },
		{ "id 0f5e9c3a-1111-2222-3333-444455556666", "id <UUID-1>" },
		{ "id 0f5e9c3a-1111-2222-3333-444455556666a", "id <Token-1>-<Number-2>-<Number-3>-<Number-4>-<Token-5>" },
		{ "AKIAIOSFODNN7EXAMPLE in s3 and ec2", "<Token-1> in s3 and ec2" },
		{ "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::<Number-1>:user/alice" },
		{ "{\"n\":9,\"eventName\":\"ListBuckets\"}", "{\"n\":<Number-1>,\"eventName\":\"ListBuckets\"}" },
		{ "caf\xc3\xa9 12", "caf\xc3\xa9 <Number-1>" },
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		CHECK_TEXT(t, insights_pattern_of(&t->arena, slice_of(texts[i].text)), slice_of(texts[i].want));
}

TEST(insights_pattern_looks_at_the_beginning_of_a_long_text_only)
{
	char text[INSIGHTS_PATTERN_BYTES_MAX + 2];

	memset(text, 'a', sizeof text);
	CHECK_NUMBER(t, insights_pattern_of(&t->arena, (struct slice){ text, INSIGHTS_PATTERN_BYTES_MAX }).len, INSIGHTS_PATTERN_BYTES_MAX);
	struct slice cut = insights_pattern_of(&t->arena, (struct slice){ text, INSIGHTS_PATTERN_BYTES_MAX + 1 });
	CHECK_NUMBER(t, cut.len, INSIGHTS_PATTERN_BYTES_MAX + 3);
	CHECK(t, slice_has_suffix(cut, S("a<*>")));
	memset(text, '1', sizeof text);
	for (size_t i = 0; i < sizeof text; i += 2)
		text[i] = ' ';
	CHECK(t, insights_pattern_of(&t->arena, (struct slice){ text, sizeof text }).len < 8 * INSIGHTS_PATTERN_BYTES_MAX);
}

TEST(insights_pattern_is_as_grave_as_its_gravest_word)
{
	static const struct { const char *text, *want; } texts[] = {
		{ "INFO nothing failed here", "Error" }, { "[WARN] x", "Warning" }, { "level=info", "Info" }, { "Trace: x", "Debug" },
		{ "\"errorCode\":null", NULL }, { "terror", NULL }, { "", NULL }, { "debug warning info", "Warning" },
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		CHECK_TEXT(t, insights_pattern_severity(slice_of(texts[i].text)), slice_of(texts[i].want));
}

static const char *const messages[] = {
	"INFO took 5 ms", "ERROR 10.0.0.1 refused", "INFO took 17 ms", "INFO took 9 ms", "{\"a\":\"x1y2z3\",\"j\":\"{}\"}", "ERROR 10.0.0.2 refused",
	"other",
};

static const struct {
	const char *query, *want;
} answers[] = {
	{ "pattern @message",
	  "@pattern=INFO took <Number-1> ms @ratio=0.4286 @sampleCount=3 @severityLabel=Info"
	  " | @pattern=ERROR <IP-1> refused @ratio=0.2857 @sampleCount=2 @severityLabel=Error"
	  " | @pattern=other @ratio=0.1429 @sampleCount=1"                                       /* ties: as their newest rows */
	  " | @pattern={\"a\":\"<Token-1>\",\"j\":\"{}\"} @ratio=0.1429 @sampleCount=1" },
	{ "filter @message like 'ERROR' | pattern @message", "@pattern=ERROR <IP-1> refused @ratio=1 @sampleCount=2 @severityLabel=Error" },
	{ "pattern a", "@pattern=<Token-1> @ratio=1 @sampleCount=1" },                           /* rows without it do not count */
	{ "pattern jsonParse(j)", "" },                                                          /* an object has no pattern */
	{ "pattern missing", "" },
	{ "pattern @message | filter @sampleCount > 2 | display @pattern", "@pattern=INFO took <Number-1> ms" },
	{ "pattern @message | sort @sampleCount, @pattern | limit 1 | display @pattern", "@pattern=other" },
	{ "pattern @message | stats sum(@sampleCount) as n, count(*) as patterns", "n=7 patterns=4" },
	{ "pattern @message | fields strlen(@pattern) as n | sort n | limit 1", "@pattern=other @ratio=0.1429 @sampleCount=1 n=5" },
	{ "parse @message 'took *' as x | pattern x", "@pattern=<Number-1> ms @ratio=1 @sampleCount=3" },
	{ "pattern @message | pattern tolower(@severityLabel)", "@pattern=error @ratio=0.5 @sampleCount=1 @severityLabel=Error"
	  " | @pattern=info @ratio=0.5 @sampleCount=1 @severityLabel=Info" },
	{ "stats count(*) as n by @message as m | pattern m | display @sampleCount | limit 1", "@sampleCount=3" },
};

TEST(insights_pattern_counts_what_texts_have_in_common)
{
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct insights_answer answer = insights_run_query(t, slice_of(answers[i].query), messages, COUNT(messages));
		struct slice got = insights_run_text(t, &answer);
		if (!answer.plan || !slice_equal(got, slice_of(answers[i].want)))
			test_failed(t, __FILE__, __LINE__, "%s: want %s, got %.*s", answers[i].query, answers[i].want, SLICE_ARG(got));
	}
}

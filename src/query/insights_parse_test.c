/* query/insights_parse_test.c: what is no query, or none that spoor answers, is refused at the offending word, in AWS's words. */
#include "query/insights_parse.h"

#include "base/limits.h"
#include "tests/insights_run.h"

static const struct {
	const char *query, *word, *message;     /* the word that is marked; message NULL: unexpected symbol found WORD */
} refusals[] = {
	{ "fields a | bad", "bad", NULL },
	{ "fields a | anomaly", "anomaly", NULL },
	{ "fields a | join type=inner left=l right=r", "join", NULL },
	{ "SOURCE 'g' | fields a", "SOURCE", NULL },
	{ "fields a | limit any 5", "any", NULL },
	{ "fields a | limit 0", "0", NULL },
	{ "fields a | limit 100001", "100001", NULL },
	{ "fields a | limit 1.5", "1.5", NULL },
	{ "parse @message logfmt as x", "logfmt", NULL },
	{ "fields ago(1h)", "ago", NULL },
	{ "fields strlen()", "strlen", NULL },
	{ "fields substr('a', 1, 2, 3)", "substr", NULL },
	{ "fields parseDate(a, 'yyyy-MM-dd QQ')", "QQ", NULL },
	{ "fields parseDate(a, 'yyyy\\'MM-dd QQ')", "'yyyy\\'MM-dd QQ'", NULL },
	{ "fields parseDate(a, 'HH:mm')", "HH:mm", NULL },
	{ "fields parseDate(a, '')", "''", NULL },
	{ "fields parseDate(a, b)", "b", NULL },
	{ "fields parseDate(a, concat('yyyy'))", "concat", NULL },
	{ "fields parseDate(a, 'yyyy-MM-dd', 'Mars')", "'Mars'", NULL },
	{ "fields parseDate(a, 'yyyy-MM-dd', b)", "b", NULL },
	{ "fields parseDate(a)", "parseDate", NULL },
	{ "fields formatDate(a, '%Y-%Q')", "%Q", NULL },
	{ "fields strftime(a, 'yyyy')", "yyyy", NULL },
	{ "fields strftime(a, '%Y', '../UTC')", "'../UTC'", NULL },
	{ "pattern", "", "unexpected symbol found <EOF>" },
	{ "pattern @message @log", "@log", NULL },
	{ "sort a | pattern @message", "pattern", NULL },
	{ "limit 9 | pattern @message", "pattern", NULL },
	{ "dedup a | pattern @message", "pattern", NULL },
	{ "stats count(*) as n | pattern @message", "@message", "Unknown symbols found in or after stats: @message" },
	{ "pattern @message | filter a = 1", "a", "Unknown symbols found in or after stats: a" },
	{ "pattern @message | fields 1 as @ratio", "@ratio", "Ephemeral field is already defined: @ratio ([31,37])" },
	{ "pattern count(*)", "count(*)", "Query cannot be compiled" },
	{ "pattern @message | diff previousDay", "diff", NULL },
	{ "fields a | diff", "diff", "Diff compilation Failed : Diff operation has to be used after Pattern" },
	{ "parse logfmt as x", "logfmt", NULL },
	{ "parse csv as a, b", "csv", NULL },
	{ "parse @message json field=a", "json", NULL },
	{ "parse @message xml", "xml", NULL },
	{ "parse multi @message 'a*' as b", "multi", NULL },
	{ "parse @message nonsense", "nonsense", NULL },
	{ "filter a not in (fields b)", "(", NULL },
	{ "fields a,", "", "unexpected symbol found <EOF>" },
	{ "", "", "unexpected symbol found <EOF>" },
	{ "| fields a", "|", NULL },
	{ "fields a |", "", "unexpected symbol found <EOF>" },
	{ "fields a || limit 1", "|", NULL },
	{ "fields (a", "", "unexpected symbol found <EOF>" },
	{ "fields a)", ")", NULL },
	{ "fields 'a", "'", NULL },
	{ "fields `a", "`", NULL },
	{ "fields a & b", "&", NULL },
	{ "fields a b", "b", NULL },
	{ "fields 5x", "5x", NULL },
	{ "fields 5m", "5m", NULL },
	{ "fields bin(5)", "5", NULL },
	{ "fields bin(5 m)", "5", NULL },
	{ "filter a like b", "b", NULL },
	{ "filter a like /x/i", "i", NULL },
	{ "filter a like /(/", "/(/", NULL },
	{ "filter a like /x", "/", NULL },
	{ "filter a =~ 'x'", "'x'", NULL },
	{ "filter a in ('x')", "(", NULL },
	{ "filter a in []", "]", NULL },
	{ "filter and", "and", NULL },
	{ "fields a | dedup a | sort a", "sort", NULL },
	{ "fields a | sort a | stats count(*)", "stats", NULL },
	{ "limit 5 | stats count(*)", "stats", NULL },
	{ "parse @message '* *' as a", "'* *'", "Query cannot be compiled" },
	{ "parse @message /x(y)/", "/x(y)/", "Query cannot be compiled" },
	{ "stats a by b", "a", NULL },
	{ "stats 1", "1", "Query cannot be compiled" },
	{ "stats strlen('x')", "strlen('x')", "Query cannot be compiled" },
	{ "fields count(*)", "count(*)", "Query cannot be compiled" },
	{ "stats sum(count(*))", "count(*)", "Query cannot be compiled" },
	{ "stats pct(a, 101)", "101", NULL },
	{ "stats count(*) as n | filter a = 1", "a", "Unknown symbols found in or after stats: a" },
	{ "stats count(*) as n by b | stats count(*) by bin(5m)", "bin", "Unknown symbols found in or after stats: @timestamp" },
	{ "stats count(*) as n | stats latest(n)", "latest", "Unknown symbols found in or after stats: @timestamp" },
	{ "parse a '*' as id | fields id", "id", "Ephemeral field is already defined: id ([27,29])" },
	{ "parse a '*' as x, y", "'*'", "Query cannot be compiled" },
	{ "unnest split(a, ',') into x", "split(a, ',')", "Query cannot be compiled" },
	{ "fields split(a, ',') as l | unnest l into x", "l", "Query cannot be compiled" },
	{ "unnest a", "", "unexpected symbol found <EOF>" },
	{ "unnest a into b | unnest c into b", "b", "Ephemeral field is already defined: b ([32,33])" },
	{ "fields a as x | fields b as x", "x", "Ephemeral field is already defined: x ([28,29])" },
	{ "fields a as x, b as x", "x", "Ephemeral field is already defined: x ([20,21])" },
	{ "fields a as x | stats count(*) as x", "x", "Ephemeral field is already defined: x ([34,35])" },
	{ "filter a = 1 | diff", "diff", "Diff compilation Failed : Diff operation has to be used after Pattern" },
};

TEST(insights_query_is_refused_at_the_offending_word)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct slice query = slice_of(refusals[i].query), word = slice_of(refusals[i].word);
		struct insights_answer answer = insights_run_query(t, query, NULL, 0);
		struct slice want = refusals[i].message ? slice_of(refusals[i].message)
		                                        : arena_format(&t->arena, "unexpected symbol found %.*s at line", SLICE_ARG(word));
		struct slice marked = slice_sub(query, answer.fault.span.from, answer.fault.span.to - answer.fault.span.from);
		bool is_right = !answer.plan && slice_equal(marked, word) && slice_has_prefix(slice_of(t->err.message), want)
		             && t->err.kind == ERR_INVALID && slice_equal(slice_of(t->err.name), S("MalformedQueryException"));
		if (!is_right)
			test_failed(t, __FILE__, __LINE__, "%s: marked '%.*s', '%s'", refusals[i].query, SLICE_ARG(marked),
			            answer.plan ? "taken" : t->err.message);
	}
}

TEST(insights_query_says_line_and_column)
{
	insights_run_query(t, S("fields a\n| filter b = '\xc3\xa9' bad"), NULL, 0);
	CHECK_TEXT(t, slice_of(t->err.message), S("unexpected symbol found bad at line 2 and position 17"));
}

/* What AWS has and spoor has not is refused at its word, wherever it stands, and with what may do instead. */
TEST(insights_query_with_an_unsupported_command_is_refused_with_a_reason)
{
	static const char *const words[] = {
		"SOURCE", "expand", "diff", "anomaly", "join", "lookup", "cidrlookup", "subquery", "search", "order", "head", "tail",
		"relevantfields", "addtotals", "autoregress", "logcompare", "filldown", "fillmissing", "outlier", "accum", "appendcols",
		"sessionize", "countFrequent", "topk", "estimate", "rate", "histogram", "countOverTime", "sumOverTime", "offset",
	};
	static const char *const forms[] = { "%s a", "fields a | %s", "stats count(*) as n | %s n | limit 1" };

	for (size_t i = 0; i < COUNT(words); i++)
		for (size_t form = 0; form < COUNT(forms); form++) {
			struct buffer query;
			struct slice before, after = slice_cut(slice_of(forms[form]), '%', &before);
			buffer_init(&query, &t->arena, 4096);
			buffer_add(&query, before);
			buffer_add(&query, slice_of(words[i]));
			buffer_add(&query, slice_from(after, 1));
			struct insights_answer answer = insights_run_query(t, buffer_slice(&query), NULL, 0);
			CHECK(t, !answer.plan && t->err.kind == ERR_INVALID);
			CHECK_NUMBER(t, answer.fault.span.from, before.len);
			CHECK_NUMBER(t, answer.fault.span.to, before.len + strlen(words[i]));
			CHECK(t, answer.fault.reason && strstr(answer.fault.reason, "spoor"));
			CHECK(t, answer.fault.reason && strcmp(answer.fault.reason, "this is no command") != 0);
		}
}

static const char *const taken[] = {
	"FIELDS a | Filter a LIKE 'x' AND NOT b In [1, 2] | SORT a DESC, b | LIMIT 5",
	"fields @timestamp, @message\n| filter eventName like /Policy|Role|User/\n| sort @timestamp desc\n| limit 20",
	"fields eventTime, eventName, sourceIPAddress, errorCode\n| filter userIdentity.arn like \"admin\"\n| sort eventTime desc\n"
	"| limit 50",
	"fields eventTime, eventName, userIdentity.arn, requestParameters\n| filter eventSource = \"iam.amazonaws.com\"\n"
	"  and (eventName like \"Put\" or eventName like \"Attach\"\n       or eventName like \"Detach\" or eventName like \"Delete\")\n"
	"| sort eventTime desc",
	"fields eventTime, userIdentity.userName, sourceIPAddress,\n       responseElements.ConsoleLogin, additionalEventData.MFAUsed\n"
	"| filter eventName = \"ConsoleLogin\"\n| sort eventTime desc",
	"fields eventTime, eventName, userIdentity.arn, errorCode\n"
	"| filter errorCode like \"Denied\" or errorCode like \"Unauthorized\"\n| sort eventTime desc\n| limit 20",
	"fields @timestamp, userIdentity.userName, eventName, sourceIPAddress\n| filter userIdentity.type != \"AWSService\"\n"
	"| sort @timestamp desc\n| limit 20",
	"filter errorCode like \"Denied\" | stats count(*) as n by userIdentity.arn | sort n desc",
	"filter !ispresent(a) and a not like /x/ or not (b = 1)",
	"filterIndex a = 1 | where b = 2 | unmask @message",
	"fields a | parse b 'x*' as c | display c, a, c",
	"stats count(*) by n | sort count(*) desc",
	"stats count(*) as n by a | stats max(n) by a | filter `max(n)` > 3 or max(n) > 2",
	"stats Count_Distinct(a) as x, countDistinct(b) as y by BIN(5m)",
	"fields a as 5xx, b as `x y` | sort `x y`",
	"fields a.0.b.1x, j.`user.id`, x[0].y",
	"fields a # comment | with bar\n # another\n| limit 1",
	"parse json 'a*' as b | parse csv /(?<c>x)/",
	"pattern @message",
	"filter a = 1 | parse b 'x*' as c | PATTERN tolower(c) | sort @ratio | limit 5",
	"parse @message /(?P<a>x)|(?<b>y)/ | dedup a, b | limit 2",
};

TEST(insights_query_of_the_language_is_taken)
{
	for (size_t i = 0; i < COUNT(taken); i++) {
		struct insights_answer answer = insights_run_query(t, slice_of(taken[i]), NULL, 0);
		if (!answer.plan)
			test_failed(t, __FILE__, __LINE__, "%s: %s: %s", taken[i], t->err.message, answer.fault.reason);
	}
}

static struct slice repeated(struct test *t, struct slice what, size_t times, struct slice before, struct slice after)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	buffer_add(&out, before);
	for (size_t i = 0; i < times; i++)
		buffer_add(&out, what);
	buffer_add(&out, after);
	return buffer_slice(&out);
}

TEST(insights_query_has_bounds)
{
	struct slice too_much[] = {
		repeated(t, S("x"), INSIGHTS_CHARACTERS_MAX, S("fields "), S("")),
		repeated(t, S("("), INSIGHTS_DEPTH_MAX + 1, S("fields "), S("a")),
		repeated(t, S("not "), INSIGHTS_DEPTH_MAX + 1, S("filter "), S("a")),
		repeated(t, S("- "), INSIGHTS_DEPTH_MAX + 1, S("fields "), S("a")),
		repeated(t, S("1^"), INSIGHTS_DEPTH_MAX + 1, S("fields "), S("a")),
		repeated(t, S("abs("), INSIGHTS_DEPTH_MAX + 1, S("fields "), S("a")),
		repeated(t, S("1+"), 2000, S("fields "), S("a")),
		repeated(t, S(".a"), FIELD_STEPS_MAX, S("fields a"), S("")),
		repeated(t, S(" | limit 1"), INSIGHTS_COMMANDS_MAX, S("fields a"), S("")),
		repeated(t, S(" | stats count(*)"), INSIGHTS_STATS_MAX, S("stats count(*)"), S("")),
		S("fields \xff"),
	};
	for (size_t i = 0; i < COUNT(too_much); i++) {
		t->err = (struct error){ .kind = ERR_NONE };
		CHECK(t, insights_run_query(t, too_much[i], NULL, 0).plan == NULL);
		CHECK(t, t->err.kind == ERR_INVALID);
	}
	struct slice most = repeated(t, S("("), INSIGHTS_DEPTH_MAX, S("fields "), S("a"));
	most = repeated(t, S(")"), INSIGHTS_DEPTH_MAX, most, S(""));
	CHECK(t, insights_run_query(t, most, NULL, 0).plan != NULL);
}

/* query/insights_traps_test.c: what Insights does and a reader of its syntax would not expect, a case each; and whole queries as people
 * type them. Of the traps, those of the API alone (the seconds of its window, what StartQuery says of unknown groups, StopQuery on a
 * finished query) are not here. */
#include "tests/insights_run.h"

static const char *const messages[] = {
	"{\"level\":\"INFO\",\"n\":10,\"s\":\"10\",\"dur\":\"1.5\",\"who\":\"alice\",\"ok\":true,\"list\":\"[1,2]\",\"foo-bar\":3,\"foo\":7,\"bar\":2,"
	"\"ip\":\"2001:db8::1\",\"arr\":[{\"k\":\"v0\"},{\"k\":\"v1\"}],\"@type\":\"t\"}",
	"{\"level\":\"ERROR\",\"n\":9,\"s\":\"9\",\"dur\":\"fast\",\"code\":\"E1\",\"who\":\"bob\",\"ok\":false}",
	"{\"level\":\"ERROR\",\"n\":20,\"s\":\"111A\",\"dur\":\"2.5\",\"code\":\"E10\"}",
};

static const struct {
	const char *trap, *query, *want;
} traps[] = {
	{ "!= keeps rows where the field is absent", "fields n | filter code != 'E1'", "n=20 | n=10" },
	{ "the newest row comes first", "fields n", "n=20 | n=9 | n=10" },
	{ "a missing cell is omitted", "fields n, code | filter n = 10", "n=10" },
	{ "counts are texts as everything", "stats count(*)", "count(*)=3" },
	{ "@timestamp has a blank, three decimals and no Z", "fields @timestamp | limit 1", "@timestamp=2024-05-01 10:00:02.000" },
	{ "like has no wildcard", "fields n | filter code like 'E*'", "" },
	{ "like minds upper and lower case", "fields n | filter level like 'error'", "" },
	{ "(?i) in a regular expression does not", "fields n | filter level like /(?i)error/", "n=20 | n=9" },
	{ "in wants whole values", "fields n | filter who in ['ali', 'bob']", "n=9" },
	{ "300s are 60s", "fields datefloor(fromMillis(1714557725000), 300s) as b | limit 1", "b=2024-05-01 10:02:00.000" },
	{ "bin() is of @timestamp whatever other time there is", "fields '2020-01-01' as eventTime, bin(1d) as b | limit 1 | display b",
	  "b=2024-05-01 00:00:00.000" },
	{ "now() is seconds, toMillis() is not", "fields now() as a, toMillis(@timestamp) as b | limit 1", "a=1714561200 b=1714557602000" },
	{ "@timestamp against a date gives nothing, and no error", "fields n | filter @timestamp > '2024-01-01T00:00:00Z'", "" },
	{ "nor any less", "fields n | filter @timestamp < '2034-01-01T00:00:00Z'", "" },
	{ "earliest(@timestamp) is milliseconds", "stats earliest(@timestamp) as e", "e=1714557600000" },
	{ "true and false are 1 and 0", "fields n | filter ok = 0", "n=9" },
	{ "numbers in texts compare as numbers", "fields n | filter s > 9", "n=10" },
	{ "numbers sort behind texts, and by value", "fields s | sort s", "s=111A | s=9 | s=10" },
	{ "digits within texts sort by length", "fields if(n = 9, '5A', s) as x | sort x", "x=5A | x=111A | x=10" },
	{ "dedup keeps every row without the key", "fields n | dedup who", "n=20 | n=9 | n=10" },
	{ "and with it the first", "fields n | dedup level", "n=20 | n=10" },
	{ "sort stands before dedup", "fields n | sort n | dedup level", "n=9 | n=10" },
	{ "display may name what parse gave", "parse code 'E*' as id | filter n = 9 | display id", "id=1" },
	{ "what has no name has its text", "stats count(*), avg(dur)", "count(*)=3 avg(dur)=2" },
	{ "keys come before aggregates", "stats count(*) as c by level | sort c", "level=INFO c=1 | level=ERROR c=2" },
	{ "parse keeps rows that do not match", "parse who 'al*' as x | display n, x", "n=20 | n=9 | n=10 x=ice" },
	{ "a glob begins anywhere", "parse level 'N*' as x | filter n = 10 | display x", "x=FO" },
	{ "a star takes little, the last one all", "parse @message '\"*\":*' as a, b | filter n = 20 | display a, b",
	  "a=level b=\"ERROR\",\"n\":20,\"s\":\"111A\",\"dur\":\"2.5\",\"code\":\"E10\"}" },
	{ "# and | in quotes are text", "fields '#|' as x # a comment | fields y\n| limit 1", "x=#|" },
	{ "and in regular expressions", "fields n | filter code like /E1$|#/", "n=9" },
	{ "keywords in any case, fields as they are", "FIELDS n, N | LiMiT 1", "n=20" },
	{ "a minus in a name needs backticks", "fields `foo-bar` as a, foo-bar as b | filter ispresent(foo)", "a=3 b=5" },
	{ "a field's index is a step", "fields arr.1.k as a, arr[1].k as b | filter n = 10", "a=v1" },
	{ "jsonParse()'s is in brackets", "fields jsonParse(list) as l | fields l[1] as x, l.1 as y | filter n = 10 | display x, y", "x=2" },
	{ "items of one fields do not see each other", "fields jsonParse(list) as l, l[0] as x | filter n = 10 | display x", "" },
	{ "the last display wins", "display n | display who | filter n = 9", "who=bob" },
	{ "fields add up", "fields n | fields who | filter n = 9", "n=9 who=bob" },
	{ "without fields there are the time and the message", "filter n = 9 | filter who = 'bob'",
	  "@timestamp=2024-05-01 10:00:01.000 @message={\"level\":\"ERROR\",\"n\":9,\"s\":\"9\",\"dur\":\"fast\",\"code\":\"E1\",\"who\":\"bob\",\"ok\":false}" },
	{ "count(f) leaves out absent ones", "stats count(*) as a, count(code) as b", "a=3 b=2" },
	{ "avg() leaves out what is no number", "stats avg(dur) as a", "a=2" },
	{ "a division by zero is absent", "fields n / 0 as x, n % 0 as y | limit 1", "" },
	{ "a missing text is empty and has no length", "fields isempty(missing) as a, strlen(missing) as b | limit 1", "a=1" },
	{ "substr() counts from 0", "fields substr('abc', 0, 1) as x | limit 1", "x=a" },
	{ "trim() takes a set of characters", "fields trim('xyfooyx', 'xy') as x | limit 1", "x=foo" },
	{ "strcontains() always minds upper and lower case", "fields strcontains('aB', 'b', true) as x | limit 1", "x=0" },
	{ "an IPv6 address is in no IPv4 network", "fields isIpInSubnet(ip, '10.0.0.0/8') as x | filter n = 10", "x=0" },
	{ "a key with @ has a second one", "fields @@type, @type | filter n = 10", "@@type=t" },
};

TEST(insights_traps_are_known)
{
	for (size_t i = 0; i < COUNT(traps); i++) {
		struct insights_answer answer = insights_run_query(t, slice_of(traps[i].query), messages, COUNT(messages));
		struct slice got = insights_run_text(t, &answer);
		if (!answer.plan || !slice_equal(got, slice_of(traps[i].want)))
			test_failed(t, __FILE__, __LINE__, "%s: %s: want %s, got %.*s", traps[i].trap, traps[i].query, traps[i].want,
			            SLICE_ARG(got));
	}
}

static const struct {
	const char *trap, *query, *word;        /* that is marked */
} errors[] = {
	{ "dedup, then sort", "fields n | dedup n | sort n", "sort" },
	{ "sort before a stats", "sort n | stats count(*)", "stats" },
	{ "sort before the last stats", "stats count(*) as c by n | sort c | stats max(c)", "stats" },
	{ "limit before a stats", "limit 5 | stats count(*)", "stats" },
	{ "fields of what parse gave", "parse code 'E*' as id | fields id", "id" },
	{ "a stats' name that there is already", "fields n as x | stats count(*) as x", "x" },
	{ "a field behind a stats", "stats count(*) as c by level | filter n = 9", "n" },
	{ "more names than stars", "parse code 'E*' as a, b", "'E*'" },
	{ "a query is read before anything is", "fields n | filter (n = 9", "" },
	{ "no command is passed over", "fields n | expand list | limit 1", "expand" },
	{ "nor a part of one", "fields n | limit any 5", "any" },
	{ "nor a flag", "filter level like /error/i", "i" },
	{ "nor a function", "fields ago(5m)", "ago" },
};

TEST(insights_traps_that_are_errors_are_marked)
{
	for (size_t i = 0; i < COUNT(errors); i++) {
		struct slice query = slice_of(errors[i].query);
		struct insights_answer answer = insights_run_query(t, query, messages, COUNT(messages));
		struct insights_span span = answer.fault.span;
		if (answer.plan || !answer.fault.reason || !slice_equal(slice_sub(query, span.from, span.to - span.from), slice_of(errors[i].word)))
			test_failed(t, __FILE__, __LINE__, "%s: %s: %s at %zu-%zu", errors[i].trap, errors[i].query,
			            answer.plan ? "taken" : answer.fault.reason, span.from, span.to);
	}
}

TEST(insights_traps_of_columns_that_nobody_asked_for)
{
	struct insights_answer answer = insights_run_query(t, S("fields n"), messages, COUNT(messages));

	REQUIRE(t, answer.plan != NULL);
	CHECK(t, !answer.plan->is_aggregated);  /* rows have their @ptr */
	answer = insights_run_query(t, S("stats count(*) by n"), messages, COUNT(messages));
	REQUIRE(t, answer.plan != NULL);
	CHECK(t, answer.plan->is_aggregated);   /* and these have none */
}

/* ---- queries as people type them ---- */

static const char *const events[] = {
	"{\"eventTime\":\"2026-01-15T10:00:00Z\",\"eventName\":\"AttachUserPolicy\",\"eventSource\":\"iam.amazonaws.com\",\"sourceIPAddress\":\"203.0.113.9\","
	"\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"admin-bob\",\"arn\":\"arn:aws:iam::111122223333:user/admin-bob\"},"
	"\"requestParameters\":{\"userName\":\"eve\"}}",
	"{\"eventTime\":\"2026-01-15T10:00:01Z\",\"eventName\":\"ConsoleLogin\",\"eventSource\":\"signin.amazonaws.com\",\"sourceIPAddress\":\"198.51.100.4\","
	"\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":\"alice\",\"arn\":\"arn:aws:iam::111122223333:user/alice\"},"
	"\"responseElements\":{\"ConsoleLogin\":\"Failure\"},\"additionalEventData\":{\"MFAUsed\":\"No\"}}",
	"{\"eventTime\":\"2026-01-15T10:00:02Z\",\"eventName\":\"GetObject\",\"eventSource\":\"s3.amazonaws.com\",\"sourceIPAddress\":\"ec2.amazonaws.com\","
	"\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"},\"errorCode\":\"AccessDenied\",\"errorMessage\":\"no\"}",
};

static const struct {
	const char *query, *want;
} typed[] = {
	{ "fields eventTime, eventName, sourceIPAddress, errorCode\n| filter userIdentity.arn like \"admin\"\n| sort eventTime desc\n| limit 50",
	  "eventTime=2026-01-15T10:00:00Z eventName=AttachUserPolicy sourceIPAddress=203.0.113.9" },
	{ "fields eventTime, eventName, userIdentity.arn, errorCode, errorMessage\n"
	  "| filter errorCode = \"AccessDenied\" or errorCode = \"UnauthorizedOperation\"\n| sort eventTime desc\n| limit 100",
	  "eventTime=2026-01-15T10:00:02Z eventName=GetObject errorCode=AccessDenied errorMessage=no" },
	{ "fields eventTime, eventName, userIdentity.arn, requestParameters\n| filter eventSource = \"iam.amazonaws.com\"\n"
	  "  and (eventName like \"Put\" or eventName like \"Attach\"\n       or eventName like \"Detach\" or eventName like \"Delete\")\n"
	  "| sort eventTime desc",
	  "eventTime=2026-01-15T10:00:00Z eventName=AttachUserPolicy userIdentity.arn=arn:aws:iam::111122223333:user/admin-bob" },
	{ "fields eventTime, userIdentity.userName, sourceIPAddress,\n       responseElements.ConsoleLogin, additionalEventData.MFAUsed\n"
	  "| filter eventName = \"ConsoleLogin\"\n| sort eventTime desc",
	  "eventTime=2026-01-15T10:00:01Z userIdentity.userName=alice sourceIPAddress=198.51.100.4 responseElements.ConsoleLogin=Failure "
	  "additionalEventData.MFAUsed=No" },
	{ "fields eventTime, eventName, userIdentity.arn, sourceIPAddress\n| filter eventSource = \"iam.amazonaws.com\"\n| sort eventTime desc\n| limit 50",
	  "eventTime=2026-01-15T10:00:00Z eventName=AttachUserPolicy userIdentity.arn=arn:aws:iam::111122223333:user/admin-bob "
	  "sourceIPAddress=203.0.113.9" },
	{ "fields eventTime, eventName, userIdentity.arn, errorCode\n| filter errorCode like \"Denied\" or errorCode like \"Unauthorized\"\n"
	  "| sort eventTime desc\n| limit 20",
	  "eventTime=2026-01-15T10:00:02Z eventName=GetObject errorCode=AccessDenied" },
	{ "   fields @timestamp, userIdentity.userName, eventName, sourceIPAddress\n   | filter userIdentity.type != \"AWSService\"\n"
	  "   | sort @timestamp desc\n   | limit 20",
	  "@timestamp=2024-05-01 10:00:01.000 userIdentity.userName=alice eventName=ConsoleLogin sourceIPAddress=198.51.100.4 | "
	  "@timestamp=2024-05-01 10:00:00.000 userIdentity.userName=admin-bob eventName=AttachUserPolicy sourceIPAddress=203.0.113.9" },
	{ "   fields @timestamp, eventName, userIdentity.userName, requestParameters\n   | filter eventName like /Policy|Role|User/\n"
	  "   | sort @timestamp desc\n   | limit 20",
	  "@timestamp=2024-05-01 10:00:00.000 eventName=AttachUserPolicy userIdentity.userName=admin-bob" },
	{ "filter errorCode like \"Denied\" | stats count(*) as n by userIdentity.arn | sort n desc", "n=1" },
};

TEST(insights_queries_as_people_type_them_are_answered)
{
	for (size_t i = 0; i < COUNT(typed); i++) {
		struct insights_answer answer = insights_run_query(t, slice_of(typed[i].query), events, COUNT(events));
		struct slice got = insights_run_text(t, &answer);
		if (!answer.plan || !slice_equal(got, slice_of(typed[i].want)))
			test_failed(t, __FILE__, __LINE__, "%s: want %s, got %.*s", typed[i].query, typed[i].want, SLICE_ARG(got));
	}
}

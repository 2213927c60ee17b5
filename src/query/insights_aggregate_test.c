/* query/insights_aggregate_test.c: what each aggregate is of, what takes no part, and how its result looks.
 *
 * These go through the oracle; insights_group_test.c has the executor's groups agree with it. */
#include "query/insights_aggregate.h"

#include "tests/insights_run.h"

enum { MESSAGES_MAX = 16 };

struct question {
	const char *values;                     /* of x, in JSON, in the order of their time, with blanks between */
	const char *query, *want;
};

/* One message a value, {"x":value}. */
static size_t make_messages(struct test *t, const char *values, const char **messages)
{
	struct slice rest = slice_of(values), value;
	size_t count = 0;

	while (rest.len > 0) {
		rest = slice_cut(rest, ' ', &value);
		messages[count++] = arena_printf(&t->arena, "{\"x\":%.*s}", SLICE_ARG(value));
	}
	return count;
}

static void check_questions(struct test *t, const struct question *questions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *messages[MESSAGES_MAX];
		size_t message_count = make_messages(t, questions[i].values, messages);
		struct insights_answer answer = insights_run_query(t, slice_of(questions[i].query), messages, message_count);
		struct slice got = insights_run_text(t, &answer);
		if (!answer.plan || !slice_equal(got, slice_of(questions[i].want)))
			test_failed(t, __FILE__, __LINE__, "%s of %s: want %s, got %.*s", questions[i].query, questions[i].values,
			            questions[i].want, SLICE_ARG(got));
	}
}

TEST(insights_aggregate_counts_what_is_there)
{
	static const struct question questions[] = {
		{ "1 null \"a\" {\"y\":1}", "stats count(*) as a, count() as b, count(x) as c", "a=4 b=4 c=2" },
		{ "1 1.0 true \"1\"", "stats count_distinct(x) as n", "n=1" },          /* all of them look the same */
		{ "1 \"01\" \"1.0\" 2", "stats count_distinct(x) as n", "n=4" },
		{ "null null", "stats count(x) as a, count_distinct(x) as b", "a=0 b=0" },
		{ "1 2", "stats COUNT_Distinct(x) as a, countdistinct(x) as b", "a=2 b=2" },
		{ "\"{}\" \"[1]\" \"x\"", "stats count(jsonParse(x)) as a, count_distinct(jsonParse(x)) as b", "a=2 b=0" },
		{ "1 2", "filter x > 2 | stats count(*)", "" },                          /* no rows, no row */
	};
	check_questions(t, questions, COUNT(questions));
}

TEST(insights_aggregate_sums_what_is_a_number_exactly)
{
	static const struct question questions[] = {
		{ "1 \"2\" \"abc\" null \"3.5\" true", "stats sum(x), avg(x)", "sum(x)=7.5 avg(x)=1.875" },
		{ "\"a\" null", "stats count(*) as n, sum(x), avg(x), stddev(x), variance(x), pct(x, 50)", "n=2" },
		{ "0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1 0.1", "stats sum(x) = 1 as is_one, sum(x) as s", "is_one=1 s=1" },
		{ "1e16 1 -1e16", "stats sum(x) as s", "s=1" },
		{ "1 1e16 -1e16", "stats sum(x) as s, avg(x) as a", "s=1 a=0.3333" },
		{ "1.7e308 1.7e308 -1.7e308", "stats sum(x) > '1e308' as is_there", "is_there=1" },
		{ "1.7e308 1.7e308", "stats sum(x) as s, avg(x) > '1e308' as a", "a=1" },  /* no double is that large: absent */
		{ "9007199254740992 1 1", "stats sum(x) as s", "s=9007199254740994" },
		{ "1 2 2", "stats avg(x) as a, sum(x)/count(*) as b, round(avg(x), 1) as c", "a=1.6667 b=1.6667 c=1.7" },
		{ "1 2", "stats sum(x) / (count(*) - 2) as a, sum(x) % 0 as b, count(*) as n", "n=2" },
	};
	check_questions(t, questions, COUNT(questions));
}

TEST(insights_aggregate_spreads_are_of_the_whole_group)
{
	static const struct question questions[] = {
		{ "2 4 4 4 5 5 7 9", "stats variance(x) as v, stddev(x) as s", "v=4 s=2" },
		{ "7", "stats variance(x) as v, stddev(x) as s", "v=0 s=0" },
		{ "0.1 0.1 0.1", "stats variance(x) = 0 as is_none", "is_none=1" },
		{ "1000000004 1000000007 1000000013 1000000016", "stats variance(x) as v", "v=22.5" },
		{ "1e15 1000000000000001 1000000000000002", "stats variance(x) as v, stddev(x) as s", "v=0.6667 s=0.8165" },
		{ "1 \"3\" \"x\" null", "stats variance(x) as v", "v=1" },
		{ "1e200 -1e200", "stats variance(x) as v, stddev(x) as s, count(*) as n", "n=2" },
	};
	check_questions(t, questions, COUNT(questions));
}

TEST(insights_aggregate_percentiles_are_values_of_the_group)
{
	static const struct question questions[] = {
		{ "4 1 3 2", "stats pct(x, 50) as a, pct(x, 51) as b, pct(x, 0) as c, pct(x, 100) as d", "a=2 b=3 c=1 d=4" },
		{ "4 1 3 2", "stats pct(x, 25) as a, pct(x, 25.000000001) as b, pct(x, 75) as c", "a=1 b=2 c=3" },
		{ "10", "stats pct(x, 0) as a, pct(x, 50) as b, pct(x, 99.99) as c", "a=10 b=10 c=10" },
		{ "\"5\" 1 \"x\" null 3", "stats pct(x, 100) as a, pct(x, 50) as b", "a=5 b=3" },
		{ "1 1 1 9", "stats pct(x, 75) as a, pct(x, 76) as b", "a=1 b=9" },
	};
	check_questions(t, questions, COUNT(questions));
}

/* Doubles would make 999.0000000000001 of 99.9 / 100 * 1000. */
TEST(insights_percentile_rank_takes_the_percentage_as_written)
{
	static const struct { double percent; uint64_t count, rank; } ranks[] = {
		{ 99.9, 1000, 999 }, { 99.99, 10000, 9999 }, { 33.3, 1000, 333 }, { 0.1, 1000, 1 }, { 0.1, 1001, 2 }, { 7, 100, 7 }, { 55, 100, 55 },
		{ 0, 1, 1 }, { 0, 1000, 1 }, { 100, 1, 1 }, { 100, 1000, 1000 }, { 1e-9, 1000, 1 }, { 50, 1, 1 }, { 50, 2, 1 }, { 50, 3, 2 },
		{ 99.999999999, UINT64_C(1) << 40, (UINT64_C(1) << 40) - 10 },
	};
	for (size_t i = 0; i < COUNT(ranks); i++)
		CHECK_NUMBER(t, insights_percentile_rank(ranks[i].percent, ranks[i].count), ranks[i].rank);
}

TEST(insights_aggregate_extremes_are_numbers_where_there_are_any)
{
	static const struct question questions[] = {
		{ "10 9 \"8\" \"zz\" null", "stats min(x), max(x)", "min(x)=8 max(x)=10" },
		{ "\"b\" \"a\" \"Zebra\" \"\\u00e9\"", "stats min(x), max(x)", "min(x)=Zebra max(x)=\xc3\xa9" },
		{ "\"10\" \"9\"", "stats min(x), max(x)", "min(x)=9 max(x)=10" },
		{ "\"007\"", "stats max(x) as a, sortsLast(x) as b, latest(x) as c", "a=7 b=007 c=007" },
		{ "1 2", "stats min(@timestamp) as a, max(@timestamp) as b", "a=1714557600000 b=1714557601000" },
		{ "null {\"y\":1}", "stats count(*) as n, min(x), max(x), sortsFirst(x), sortsLast(x), earliest(x), latest(x)", "n=2" },
		{ "\"111A\" \"5A\" \"a\" 0", "stats sortsFirst(x) as a, sortsLast(x) as b", "a=5A b=0" },
		{ "\"10\" \"9\" \"x\"", "stats sortsFirst(x) as a, sortsLast(x) as b", "a=x b=10" },
		{ "\"1\" \"01\"", "stats sortsFirst(x) as a, sortsLast(x) as b", "a=01 b=01" },     /* a tie: the newest */
		{ "\"01\" \"1\"", "stats sortsFirst(x) as a, sortsLast(x) as b", "a=1 b=1" },
	};
	check_questions(t, questions, COUNT(questions));
}

TEST(insights_aggregate_earliest_and_latest_go_by_time)
{
	static const struct question questions[] = {
		{ "null 1 2 null", "stats earliest(x), latest(x)", "earliest(x)=1 latest(x)=2" },
		{ "1 2", "stats earliest(@timestamp) as a, latest(@timestamp) as b", "a=1714557600000 b=1714557601000" },
		{ "\"{}\" \"[1,\\\"a\\\",null]\"", "stats earliest(jsonParse(x)) as a, latest(jsonParse(x)) as b", "a={} b=[1,\"a\",null]" },
		{ "1.50 2", "stats earliest(x) as a", "a=1.5" },
		{ "12345678901234567890 1", "stats earliest(x) as a, max(x) as b", "a=12345678901234567890 b=12345678901234567168" },
		{ "1 2 3", "stats max(@timestamp) as @timestamp, latest(x) as x by x % 2 | stats earliest(x), latest(x)",
		  "earliest(x)=2 latest(x)=3" },
	};
	check_questions(t, questions, COUNT(questions));
}

TEST(insights_aggregate_values_are_distinct_and_newest_first)
{
	static const struct question questions[] = {
		{ "\"a\" \"b\" \"a\" null \"c\"", "stats values(x) as v", "v=[\"c\",\"a\",\"b\"]" },
		{ "1 \"1\" 2.0 0.123456", "stats values(x) as v", "v=[0.1235,2,\"1\"]" },
		{ "\"1\" 1", "stats values(x) as v", "v=[1]" },
		{ "null", "stats values(x) as v, jsonArraySize(values(x)) as n", "v=[] n=0" },
		{ "1 2", "stats values(@timestamp) as v", "v=[\"2024-05-01 10:00:01.000\",\"2024-05-01 10:00:00.000\"]" },
	};
	check_questions(t, questions, COUNT(questions));
}

TEST(insights_aggregate_groups_are_by_what_keys_look_like)
{
	static const struct question questions[] = {
		{ "\"a\" null \"b\" \"a\"", "stats count(*) as n by x", "x=a n=2 | x=b n=1 | n=1" },
		{ "1 true \"1\" 1.0 \"01\"", "stats count(*) as n by x", "x=01 n=1 | x=1 n=4" },
		{ "{\"y\":1} null [1]", "stats count(*) as n by x", "n=3" },
		{ "\"{}\" \"[]\" \"x\"", "stats count(*) as n by jsonParse(x) as j", "n=3" },       /* and shows none of them */
		{ "0.5 \"0.5\" \".5\"", "stats count(*) as n by x", "x=.5 n=1 | x=0.5 n=2" },
		{ "1 2 3", "stats count(*) as n by bin(300s)", "bin(300s)=2024-05-01 10:00:00.000 n=3" },
		{ "1 2 3", "stats count(*) as n, sum(x) as s by x > 1 as big, bin(1h) as h",
		  "big=1 h=2024-05-01 10:00:00.000 n=2 s=5 | big=0 h=2024-05-01 10:00:00.000 n=1 s=1" },
		{ "1 2 3", "stats count(*), avg(x) by x % 2", "x % 2=1 count(*)=2 avg(x)=2 | x % 2=0 count(*)=1 avg(x)=2" },
		{ "1 2 3", "stats sum(x) as s by x % 2 as odd | filter s > 2 | stats count(*)", "count(*)=1" },
	};
	check_questions(t, questions, COUNT(questions));
}

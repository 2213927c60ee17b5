/* server/query_refusal_test.c: where the mark stands under a query that is refused. */
#include "server/query_refusal.h"

#include "base/limits.h"
#include "query/insights_bind.h"
#include "query/insights_parse.h"
#include "tests/test.h"

static struct slice refusal(struct test *t, struct slice text, size_t width)
{
	struct insights_fault fault = { { 0, 0 }, NULL };
	struct buffer out;
	struct insights_query *query;

	t->err = (struct error){0};
	query = insights_parse(&t->arena, text, &fault, &t->err);
	if (query && insights_bind(&t->arena, query, 0, &fault, &t->err))
		return S("not refused");
	buffer_init(&out, &t->arena, 1 << 20);
	query_refusal_write(text, &fault, &t->err, width, &out);
	return buffer_slice(&out);
}

static void check_mark(struct test *t, struct slice query, size_t width, const char *line, const char *mark)
{
	struct slice rest = refusal(t, query, width), first, second, third;

	rest = slice_cut(slice_cut(slice_cut(rest, '\n', &first), '\n', &second), '\n', &third);
	CHECK(t, slice_has_prefix(first, S("MalformedQueryException: ")));
	CHECK_TEXT(t, second, slice_of(line));
	CHECK_TEXT(t, third, slice_of(mark));
	CHECK_NUMBER(t, rest.len, 0);
}

TEST(query_refusal_marks_the_word)
{
	check_mark(t, S("fields a | outlier b"), 80, "  fields a | outlier b", "             ^^^^^^^");
	check_mark(t, S("fields a | filter"), 80, "  fields a | filter", "                   ^");
	check_mark(t, S("fields a\n| filter b = # all of it\n  | sort b"), 80, "    | sort b", "    ^");
	check_mark(t, S("fields a\r\n| outlier b\r\n"), 80, "  | outlier b", "    ^^^^^^^");
	check_mark(t, S(""), 80, "  ", "  ^");
}

TEST(query_refusal_counts_columns)
{
	check_mark(t, S("filter a = '\xE5\xB1\xB1\xE7\x94\xB0' outlier"), 80, "  filter a = '\xE5\xB1\xB1\xE7\x94\xB0' outlier", "                    ^^^^^^^");
	check_mark(t, S("filter\ta = 're\xCC\x81my' \xE5\xB1\xB1"), 80, "  filter a = 're\xCC\x81my' \xE5\xB1\xB1", "                    ^^");
	check_mark(t, S("fields \x1b[2J"), 80, "  fields ?[2J", "         ^");
}

TEST(query_refusal_shows_the_part_that_is_wrong)
{
	struct buffer query;

	buffer_init(&query, &t->arena, 4096);
	for (size_t i = 0; i < 100; i++)
		buffer_add(&query, S("filter a = 1 | "));
	buffer_add(&query, S("outlier "));
	for (size_t i = 0; i < 100; i++)
		buffer_add(&query, S("| filter a = 1 "));
	check_mark(t, buffer_slice(&query), 42, "  \xE2\x80\xA6 1 | filter a = 1 | outlier | filter a\xE2\x80\xA6", "                       ^^^^^^^");
}

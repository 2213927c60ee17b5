/* query/date_pattern_test.c: texts are read by java.time's patterns; what is no pattern is refused at its letters. */
#include "query/date_pattern.h"

#include "base/clock.h"
#include "tests/test.h"

static const struct {
	const char *pattern, *text, *want;      /* NULL: it is no such date */
} dates[] = {
	{ "yyyy-MM-dd", "2024-05-01", "2024-05-01T00:00:00.000Z" },
	{ "yyyy-MM-dd'T'HH:mm:ssX", "2024-05-01T10:00:01Z", "2024-05-01T10:00:01.000Z" },
	{ "yyyy-MM-dd'T'HH:mm:ss'Z'", "2024-05-01T10:00:01Z", "2024-05-01T10:00:01.000Z" },
	{ "yyyy-MM-dd'T'HH:mm:ss.SSSXX" "X", "2024-05-01T10:00:01.250+02:00", "2024-05-01T08:00:01.250Z" },
	{ "uuuuMMddHHmmssSSS", "20240501100001250", "2024-05-01T10:00:01.250Z" },
	{ "dd/MMM/yyyy:HH:mm:ss Z", "01/May/2024:10:00:01 -0530", "2024-05-01T15:30:01.000Z" },
	{ "EEE, d MMM yyyy HH:mm:ss 'GMT'", "Wed, 1 May 2024 10:00:01 GMT", "2024-05-01T10:00:01.000Z" },
	{ "EEEE, MMMM d, yyyy h:mm a", "Wednesday, May 1, 2024 12:05 AM", "2024-05-01T00:05:00.000Z" },
	{ "MMMM d, yyyy h a", "May 1, 2024 12 PM", "2024-05-01T12:00:00.000Z" },
	{ "yyyy-MM-dd K a", "2024-05-01 11 PM", "2024-05-01T23:00:00.000Z" },
	{ "yyyy-MM-dd kk", "2024-05-01 24", "2024-05-01T00:00:00.000Z" },
	{ "yyyy-MM-dd HH:mm", "2024-05-01 24:00", "2024-05-02T00:00:00.000Z" },
	{ "yyyy-MM-dd HH:mm", "2024-05-01 24:01", NULL },
	{ "yyyy-MM-dd HH:mm", "2024-05-01 25:00", NULL },
	{ "yyyy-MM-dd HH:mm:ss", "2024-05-01 10:00:60", NULL },
	{ "yyyy-MM-dd", "2024-04-31", "2024-04-30T00:00:00.000Z" },            /* as java.time: the last of the month */
	{ "yyyy-MM-dd", "2023-02-31", "2023-02-28T00:00:00.000Z" },
	{ "yyyy-MM-dd", "2024-04-32", NULL },
	{ "yyyy-MM-dd", "2024-13-01", NULL },
	{ "yyyy-MM-dd", "2024-5-1", NULL },
	{ "y-M-d", "2024-5-1", "2024-05-01T00:00:00.000Z" },
	{ "y-M-d", "2024-05-01", "2024-05-01T00:00:00.000Z" },
	{ "y-M-d", "12024-05-01", NULL },
	{ "y-M-d", "9999999999-05-01", NULL },
	{ "dd.MM.yy", "01.05.24", "2024-05-01T00:00:00.000Z" },
	{ "dd.MM.yy", "01.05.2024", NULL },
	{ "yyyy-MM-dd", "2024-05-01 ", NULL },                                 /* all of the text */
	{ "yyyy-MM-dd", " 2024-05-01", NULL },
	{ "yyyy-MM-dd", "", NULL },
	{ "yyyy-D", "2024-366", "2024-12-31T00:00:00.000Z" },
	{ "yyyyDDD", "2023366", NULL },
	{ "yyyy-MM-dd D", "2024-05-01 122", "2024-05-01T00:00:00.000Z" },
	{ "yyyy-MM-dd D", "2024-05-01 121", NULL },                            /* what is given twice agrees */
	{ "E yyyy-MM-dd", "Thu 2024-05-01", NULL },
	{ "yyyy-MM-dd HH a", "2024-05-01 13 AM", NULL },
	{ "yyyy-MM-dd HH h a", "2024-05-01 13 1 PM", "2024-05-01T13:00:00.000Z" },
	{ "d MMM yyyy", "1 may 2024", NULL },                                  /* upper and lower case as they are */
	{ "yyyyMMdd Hmm", "20240501 930", "2024-05-01T09:30:00.000Z" },        /* H leaves mm its digits */
	{ "yyyyMMdd Hmm", "20240501 1930", "2024-05-01T19:30:00.000Z" },
	{ "yMMdd", "20240501", "2024-05-01T00:00:00.000Z" },
	{ "yyyy-MM-dd HH:mm:ss.S", "2024-05-01 10:00:00.5", "2024-05-01T10:00:00.500Z" },
	{ "yyyy-MM-dd HH:mm:ss,SSSSSSSSS", "2024-05-01 10:00:00,123456789", "2024-05-01T10:00:00.123Z" },
	{ "yyyy-MM-dd HH:mm:ss.SSS", "2024-05-01 10:00:00.5", NULL },
	{ "yyyy-MM-dd[ HH:mm[:ss]][X]", "2024-05-01", "2024-05-01T00:00:00.000Z" },
	{ "yyyy-MM-dd[ HH:mm[:ss]][X]", "2024-05-01 10:11", "2024-05-01T10:11:00.000Z" },
	{ "yyyy-MM-dd[ HH:mm[:ss]][X]", "2024-05-01 10:11:12+01", "2024-05-01T09:11:12.000Z" },
	{ "[yyyy-MM-dd][dd/MM/yyyy]", "01/05/2024", "2024-05-01T00:00:00.000Z" },
	{ "[yyyy-MM-dd][dd/MM/yyyy]", "", NULL },
	{ "yyyy-MM-dd[ HH][':'mm]", "2024-05-01:10", NULL },                   /* minutes of no hour */
	{ "yyyy-MM-dd[ a] h", "2024-05-01 3", NULL },
	{ "yyyy-MM-dd 'o''clock' HH", "2024-05-01 o'clock 07", "2024-05-01T07:00:00.000Z" },
	{ "yyyy''MM''dd", "2024'05'01", "2024-05-01T00:00:00.000Z" },
	{ "yyyy-MM-dd x", "2024-05-01 +0530", "2024-04-30T18:30:00.000Z" },
	{ "yyyy-MM-dd x", "2024-05-01 Z", NULL },
	{ "yyyy-MM-dd XX", "2024-05-01 +05", NULL },
	{ "yyyy-MM-dd XX" "X", "2024-05-01 +0530", NULL },
	{ "yyyy-MM-dd XX" "XX", "2024-05-01 +053015", "2024-04-30T18:29:45.000Z" },
	{ "yyyy-MM-dd ZZZZZ", "2024-05-01 -05:30:15", "2024-05-01T05:30:15.000Z" },
	{ "yyyy-MM-dd X", "2024-05-01 +19", NULL },
	{ "yyyy-MM-dd X", "2024-05-01 +0560", NULL },
	{ "yyyy-MM-dd \xc3\xa9", "2024-05-01 \xc3\xa9", "2024-05-01T00:00:00.000Z" },
	{ "yyyy-MM-dd", "0000-01-01", "0000-01-01T00:00:00.000Z" },
};

TEST(date_pattern_reads_as_java_does)
{
	const char *reason = NULL;
	const struct zone *utc = zone_find(&t->arena, "", S("UTC"), &reason);

	for (size_t i = 0; i < COUNT(dates); i++) {
		size_t from, to;
		int64_t time_ms;
		char text[TIME_TEXT_BYTES];
		const struct date_pattern *pattern = date_pattern_compile(&t->arena, slice_of(dates[i].pattern), &from, &to, &reason);
		if (!pattern) {
			test_failed(t, __FILE__, __LINE__, "%s is refused: %s", dates[i].pattern, reason);
			continue;
		}
		bool is_date = date_pattern_read(pattern, slice_of(dates[i].text), utc, &time_ms);
		struct slice got = is_date ? time_iso_ms(time_ms, text) : S("none");
		if (!slice_equal(got, slice_of(dates[i].want ? dates[i].want : "none")))
			test_failed(t, __FILE__, __LINE__, "'%s' by %s: %.*s", dates[i].text, dates[i].pattern, SLICE_ARG(got));
	}
}

TEST(date_pattern_takes_the_zone_where_the_text_has_none)
{
	const char *reason = NULL;
	const struct zone *zone = zone_find(&t->arena, "", S("-03:00"), &reason);
	size_t from, to;
	int64_t time_ms = 0;
	const struct date_pattern *pattern = date_pattern_compile(&t->arena, S("yyyy-MM-dd HH[X]"), &from, &to, &reason);

	REQUIRE(t, pattern != NULL);
	CHECK(t, date_pattern_read(pattern, S("1970-01-01 00"), zone, &time_ms));
	CHECK_NUMBER(t, time_ms, 3 * 3600000);
	CHECK(t, date_pattern_read(pattern, S("1970-01-01 00+01"), zone, &time_ms));
	CHECK_NUMBER(t, time_ms, -3600000);
}

static const struct {
	const char *pattern;
	size_t      from, to;
} refused[] = {
	{ "", 0, 0 },                     { "yyyy", 0, 4 },                 { "yyyy-MM", 0, 7 },              { "MM-dd", 0, 5 },
	{ "HH:mm", 0, 5 },                { "yyyy-MM-dd hh:mm", 0, 16 },    { "yyyy-MM-dd mm", 0, 13 },       { "yyyy-MM-dd HH:ss", 0, 16 },
	{ "yyyy-MM-dd HH:mm.S", 0, 18 },  { "yyyy-MM-dd a", 0, 12 },        { "YYYY-MM-dd", 0, 4 },           { "yyy-MM-dd", 0, 3 },
	{ "yyyyy-MM-dd", 0, 5 },          { "yyyy-MMMMM-dd", 5, 10 },       { "yyyy-MM-ddd", 8, 11 },         { "yyyy-MM-dd HHH", 11, 14 },
	{ "yyyy-DDDD", 5, 9 },            { "yyyy-MM-dd aa", 11, 13 },      { "yyyy-MM-dd EEEEE", 11, 16 },   { "yyyy-MM-dd z", 11, 12 },
	{ "yyyy-MM-dd VV", 11, 13 },      { "yyyy-MM-dd XX" "XX" "XX", 11, 17 },  { "yyyy-MM-dd ZZZZ", 11, 15 },    { "yyyy-MM-ddT", 10, 11 },
	{ "yyyy-MM-dd 'x", 11, 12 },      { "yyyy-MM-dd [", 0, 12 },        { "yyyy-MM-dd ]", 11, 12 },       { "yyyy-MM-dd #", 11, 12 },
	{ "yyyy-MM-dd HH:mm:ss.SSSSSSSSSS", 20, 30 },                       { "%Y-%m-%d", 1, 2 },             { "ww yyyy-MM-dd", 0, 2 },
	{ "[[[[[[[[[[[[[[[[[yyyyMMdd]]]]]]]]]]]]]]]]]", 16, 17 },
};

TEST(date_pattern_refuses_what_it_does_not_know_at_its_place)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		size_t from = 99, to = 99;
		const char *reason = NULL;
		bool is_taken = date_pattern_compile(&t->arena, slice_of(refused[i].pattern), &from, &to, &reason) != NULL;
		if (is_taken || !reason || from != refused[i].from || to != refused[i].to)
			test_failed(t, __FILE__, __LINE__, "%s: %s at %zu-%zu", refused[i].pattern, is_taken ? "taken" : reason, from, to);
	}
}

/* query/insights_time_test.c: periods are read as AWS reads them, and begin where its calendar says. */
#include "query/insights_time.h"

#include "base/clock.h"
#include "tests/test.h"

static const struct {
	double      count;
	const char *unit, *time, *floor, *ceil;
} periods[] = {
	{ 5, "m", "2024-05-01T10:07:01Z", "2024-05-01T10:05:00.000Z", "2024-05-01T10:10:00.000Z" },
	{ 5, "minutes", "2024-05-01T10:05:00Z", "2024-05-01T10:05:00.000Z", "2024-05-01T10:05:00.000Z" },
	{ 300, "s", "2024-05-01T10:07:01Z", "2024-05-01T10:07:00.000Z", "2024-05-01T10:08:00.000Z" },        /* 60 at most */
	{ 90, "min", "2024-05-01T10:07:01Z", "2024-05-01T10:00:00.000Z", "2024-05-01T11:00:00.000Z" },
	{ 48, "hr", "2024-05-01T10:07:01Z", "2024-05-01T00:00:00.000Z", "2024-05-02T00:00:00.000Z" },
	{ 5000, "msecs", "2024-05-01T10:07:01Z", "2024-05-01T10:07:01.000Z", "2024-05-01T10:07:01.000Z" },
	{ 1, "Day", "2024-05-01T10:07:01Z", "2024-05-01T00:00:00.000Z", "2024-05-02T00:00:00.000Z" },
	{ 1, "w", "2024-05-01T10:07:01Z", "2024-04-29T00:00:00.000Z", "2024-05-06T00:00:00.000Z" },         /* Mondays */
	{ 1, "mo", "2024-12-31T10:07:01Z", "2024-12-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z" },
	{ 1, "quarter", "2024-05-01T10:07:01Z", "2024-04-01T00:00:00.000Z", "2024-07-01T00:00:00.000Z" },
	{ 1, "yrs", "2024-05-01T10:07:01Z", "2024-01-01T00:00:00.000Z", "2025-01-01T00:00:00.000Z" },
	{ 1, "h", "1969-12-31T23:30:00Z", "1969-12-31T23:00:00.000Z", "1970-01-01T00:00:00.000Z" },
};

TEST(insights_time_periods_begin_where_the_calendar_says)
{
	for (size_t i = 0; i < COUNT(periods); i++) {
		struct insights_period period;
		char text[TIME_TEXT_BYTES];
		int64_t time_ms;
		REQUIRE(t, time_parse_iso(slice_of(periods[i].time), &time_ms));
		REQUIRE(t, insights_time_period(periods[i].count, slice_of(periods[i].unit), &period));
		CHECK_TEXT(t, time_iso_ms(insights_time_floor(time_ms, period), text), slice_of(periods[i].floor));
		CHECK_TEXT(t, time_iso_ms(insights_time_ceil(time_ms, period), text), slice_of(periods[i].ceil));
	}
}

TEST(insights_time_refuses_what_is_no_period)
{
	static const struct { double count; const char *unit; } refused[] = {
		{ 0, "m" }, { 1.5, "h" }, { 1, "" }, { 1, "x" }, { 1, "ds" /* a letter alone has no plural */ }, { 1, "hs" }, { 1, "monthes" },
	};
	struct insights_period period;

	for (size_t i = 0; i < COUNT(refused); i++)
		CHECK(t, !insights_time_period(refused[i].count, slice_of(refused[i].unit), &period));
}

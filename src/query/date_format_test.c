/* query/date_format_test.c: times are shown by strftime's conversions; what is none is refused at its place. */
#include "query/date_format.h"

#include "base/clock.h"
#include "tests/test.h"

static const struct {
	const char *time, *zone, *format, *want;
} formats[] = {
	{ "2024-05-01T08:07:06.045Z", "UTC", "%Y-%m-%d %H:%M:%S.%L", "2024-05-01 08:07:06.045" },
	{ "2024-05-01T08:07:06Z", "+02:00", "%FT%T%z %Z", "2024-05-01T10:07:06+0200 +02:00" },
	{ "2024-05-01T08:07:06Z", "-09:30", "%F %R %z", "2024-04-30 22:37 -0930" },
	{ "2024-05-01T20:07:06Z", "UTC", "%a %A %b %B %h %e %I %l %p %k|%j", "Wed Wednesday May May May  1 08  8 PM 20|122" },
	{ "2024-05-01T00:07:06Z", "UTC", "%I %p %k %l %y %C %u %w %s", "12 AM  0 12 24 20 3 3 1714522026" },
	{ "2024-05-05T00:00:00Z", "UTC", "%u %w %U %W %V %G %g", "7 0 18 18 18 2024 24" },
	{ "2021-01-03T00:00:00Z", "UTC", "%G-%V %g %U %W", "2020-53 20 01 00" },       /* the week belongs to the year before, */
	{ "2024-12-30T00:00:00Z", "UTC", "%G-W%V", "2025-W01" },                       /* and this one to the next */
	{ "2024-05-01T08:07:06Z", "UTC", "%c|%x|%X|%r|%D", "Wed May  1 08:07:06 2024|05/01/24|08:07:06|08:07:06 AM|05/01/24" },
	{ "2024-05-01T08:07:06Z", "UTC", "100%%%n%t%H", "100%\n\t08" },
	{ "0009-01-01T00:00:00Z", "UTC", "%Y", "0009" },
	{ "1969-12-31T23:59:59.500Z", "UTC", "%s %S %L", "-1 59 500" },
};

TEST(date_format_shows_as_strftime_does)
{
	for (size_t i = 0; i < COUNT(formats); i++) {
		size_t from, to;
		const char *reason = NULL;
		struct buffer out;
		int64_t time_ms;
		REQUIRE(t, time_parse_iso(slice_of(formats[i].time), &time_ms));
		CHECK(t, date_format_check(slice_of(formats[i].format), &from, &to, &reason));
		buffer_init(&out, &t->arena, 1 << 16);
		date_format_write(&out, slice_of(formats[i].format), time_ms,
		                  zone_find(&t->arena, "", slice_of(formats[i].zone), &reason));
		CHECK_TEXT(t, buffer_slice(&out), slice_of(formats[i].want));
	}
}

static const struct {
	const char *format;
	size_t      from, to;
} refused[] = {
	{ "%Y-%q", 3, 5 }, { "%Y-%", 3, 4 }, { "%-d", 0, 2 }, { "%Ey", 0, 2 }, { "%f", 0, 2 }, { "%Y%\xc3\xa9", 2, 3 },
	{ "yyyy-MM-dd", 0, 10 }, { "", 0, 0 }, { "100%%", 0, 5 },
};

TEST(date_format_refuses_what_it_does_not_know_at_its_place)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		size_t from = 99, to = 99;
		const char *reason = NULL;
		bool is_taken = date_format_check(slice_of(refused[i].format), &from, &to, &reason);
		if (is_taken || !reason || from != refused[i].from || to != refused[i].to)
			test_failed(t, __FILE__, __LINE__, "%s: %s at %zu-%zu", refused[i].format, is_taken ? "taken" : reason, from, to);
	}
}

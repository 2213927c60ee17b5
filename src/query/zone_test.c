/* query/zone_test.c: zones are found by name, and local times that there are twice or never are decided as java.time does. */
#include "query/zone.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "tests/test.h"

static const struct zone *find(struct test *t, const char *name)
{
	const char *reason = NULL;
	const struct zone *zone = zone_find(&t->arena, test_source_path(t, "tests/data/zoneinfo"), slice_of(name), &reason);

	CHECK(t, zone || (reason && strstr(reason, "time zone")));
	return zone;
}

TEST(zone_offsets_are_read_as_java_reads_them)
{
	static const struct { const char *name; int offset_s; } zones[] = {
		{ "UTC", 0 }, { "Z", 0 }, { "GMT", 0 }, { "UT", 0 }, { "+2", 7200 }, { "-02", -7200 }, { "+0530", 19800 },
		{ "+05:30", 19800 }, { "-01:02:03", -3723 }, { "+010203", 3723 }, { "UTC+2", 7200 }, { "GMT-05:30", -19800 },
		{ "+18:00", 64800 },
	};
	static const char *const refused[] = { "", "+", "+1:30", "+19", "+18:01", "+05:60", "+05:3", "+053", "2", "Z+1", "utc", "UTC 2",
	                                       "+05:30:00:00", "+0530:00" };

	for (size_t i = 0; i < COUNT(zones); i++) {
		const struct zone *zone = find(t, zones[i].name);
		REQUIRE(t, zone != NULL);
		CHECK_NUMBER(t, zone_offset_s(zone, 0, NULL), zones[i].offset_s);
		CHECK_NUMBER(t, zone_to_utc_ms(zone, 0), -1000 * zones[i].offset_s);
	}
	for (size_t i = 0; i < COUNT(refused); i++)
		CHECK(t, find(t, refused[i]) == NULL);
}

TEST(zone_names_are_files_of_the_database_and_lead_nowhere_else)
{
	static const char *const refused[] = { "Europe/Nowhere", "Europe", "../zoneinfo/Europe/Berlin", "/etc/passwd", "Europe//Berlin",
	                                       "Europe/Berlin/", "./UTC2", "Europe/\xc3\xa9", "not_a_zone",
	                                       "a/very/long/name/that/no/zone/of/the/database/has/or/will/ever/have/x" };
	struct slice name;

	const struct zone *zone = find(t, "Europe/Berlin");
	REQUIRE(t, zone != NULL);
	CHECK_NUMBER(t, zone_offset_s(zone, INT64_C(1714557600000), &name), 7200);
	CHECK_TEXT(t, name, S("CEST"));
	for (size_t i = 0; i < COUNT(refused); i++)
		CHECK(t, find(t, refused[i]) == NULL);
}

/* A file of the database, and bytes behind it that nobody reads, up to `bytes`. */
static bool is_taken(struct test *t, const char *dir, size_t bytes)
{
	struct slice real = test_read_file(t, test_source_path(t, "tests/data/zoneinfo/Europe/Berlin"));
	char *padded = arena_zalloc(&t->arena, bytes);
	const char *name = arena_printf(&t->arena, "zone%zu", bytes), *reason = NULL;
	int dir_fd = file_open_dir(AT_FDCWD, dir, &t->err);
	int fd = file_open(NULL, dir_fd, name, O_WRONLY | O_CREAT | O_EXCL, NULL, &t->err);

	memcpy(padded, real.ptr, real.len);
	CHECK(t, fd >= 0 && file_write(NULL, fd, (struct slice){ padded, bytes }, 0, name, &t->err));
	file_close(fd);
	file_close(dir_fd);
	return zone_find(&t->arena, dir, slice_of(name), &reason) != NULL;
}

TEST(zone_files_and_names_have_bounds)
{
	const char *dir = test_dir(t, "zones"), *reason = NULL;
	char longest[ZONE_NAME_BYTES_MAX + 2];

	CHECK(t, is_taken(t, dir, ZONE_FILE_BYTES_MAX));
	CHECK(t, !is_taken(t, dir, ZONE_FILE_BYTES_MAX + 1));
	memset(longest, 'x', sizeof longest);
	CHECK(t, !zone_find(&t->arena, dir, (struct slice){ longest, ZONE_NAME_BYTES_MAX }, &reason));
	CHECK(t, strstr(reason, "database has no such") != NULL);       /* it was looked for */
	CHECK(t, !zone_find(&t->arena, dir, (struct slice){ longest, ZONE_NAME_BYTES_MAX + 1 }, &reason));
	CHECK(t, strstr(reason, "there is no such") != NULL);
}

TEST(zone_decides_local_times_that_there_are_twice_or_never)
{
	static const struct { const char *local, *utc; } times[] = {
		{ "2026-03-29T01:59:59Z", "2026-03-29T00:59:59.000Z" },
		{ "2026-03-29T02:30:00Z", "2026-03-29T01:30:00.000Z" },        /* never: 03:30 summer time */
		{ "2026-03-29T03:00:00Z", "2026-03-29T01:00:00.000Z" },
		{ "2026-10-25T02:30:00Z", "2026-10-25T00:30:00.000Z" },        /* twice: the first, in summer time */
		{ "2026-10-25T03:00:00Z", "2026-10-25T02:00:00.000Z" },
		{ "2026-07-01T12:00:00Z", "2026-07-01T10:00:00.000Z" },
		{ "1969-12-31T23:59:59.999Z", "1969-12-31T22:59:59.999Z" },
	};
	const struct zone *zone = find(t, "Europe/Berlin");
	char text[TIME_TEXT_BYTES];
	int64_t local_ms;

	REQUIRE(t, zone != NULL);
	for (size_t i = 0; i < COUNT(times); i++) {
		REQUIRE(t, time_parse_iso(slice_of(times[i].local), &local_ms));
		CHECK_TEXT(t, time_iso_ms(zone_to_utc_ms(zone, local_ms), text), slice_of(times[i].utc));
	}
}

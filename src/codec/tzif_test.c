/* codec/tzif_test.c: local times are what the tz database's files say; files that are none are refused, however short they are cut. */
#include "codec/tzif.h"

#include "base/clock.h"
#include "tests/test.h"

static void add_number(struct buffer *out, int64_t value, int bytes)
{
	while (bytes-- > 0)
		buffer_byte(out, (char)(uint8_t)((uint64_t)value >> 8 * bytes));
}

static void add_header(struct buffer *out, char version, int leaps, int times, int types, int characters)
{
	buffer_printf(out, "TZif%c", version);
	for (int i = 0; i < 15 + 4 + 4; i++)
		buffer_byte(out, '\0');
	add_number(out, leaps, 4);
	add_number(out, times, 4);
	add_number(out, types, 4);
	add_number(out, characters, 4);
}

/* Local mean time, from 1893 on CET, summer time in 1980; then the rule. */
static struct slice file(struct test *t, char version, int leaps, int64_t second_s, int last_type, const char *rule)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 4096);
	add_header(&out, version, 0, 0, 1, 4);
	add_number(&out, 0, 6);
	buffer_add(&out, S("UTC\0"));
	add_header(&out, version, leaps, 3, 3, 13);
	add_number(&out, INT64_C(-2422054408), 8);
	add_number(&out, second_s, 8);
	add_number(&out, 338950800, 8);
	add_number(&out, 1, 1);
	add_number(&out, 2, 1);
	add_number(&out, last_type, 1);
	add_number(&out, 3208, 4);
	add_number(&out, 0, 2);
	add_number(&out, 3600, 4);
	add_number(&out, 4, 2);
	add_number(&out, 7200, 4);
	add_number(&out, 0x0108, 2);
	buffer_add(&out, S("LMT\0CET\0CEST\0"));
	buffer_printf(&out, "\n%s\n", rule);
	return buffer_slice(&out);
}

static const char BERLIN[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static const struct {
	const char *rule, *time, *name;
	int         offset_s;
} moments[] = {
	{ BERLIN, "1890-01-01T00:00:00Z", "LMT", 3208 },       { BERLIN, "1979-07-01T00:00:00Z", "CET", 3600 },
	{ BERLIN, "1980-04-06T00:59:59Z", "CET", 3600 },       { BERLIN, "1980-04-06T01:00:00Z", "CEST", 7200 },
	{ BERLIN, "2026-03-29T00:59:59Z", "CET", 3600 },       { BERLIN, "2026-03-29T01:00:00Z", "CEST", 7200 },
	{ BERLIN, "2026-10-25T00:59:59Z", "CEST", 7200 },      { BERLIN, "2026-10-25T01:00:00Z", "CET", 3600 },
	{ BERLIN, "2099-07-01T00:00:00Z", "CEST", 7200 },      { "", "2026-07-01T00:00:00Z", "CET", 3600 },
	{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", "AEDT", 39600 },     /* summer around New Year */
	{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", "AEST", 36000 },
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", "GMT", 0 },            /* its winter is the exception */
	{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", "IST", 3600 },
	{ "<-03>3", "2026-07-01T00:00:00Z", "-03", -10800 },   { "<+0545>-5:45", "2026-07-01T00:00:00Z", "+0545", 20700 },
	{ "EST5EDT,0/0,J365/25", "2026-12-31T23:00:00Z", "EDT", -14400 },              /* always */
	{ "EST5EDT,0/0,J365/25", "2027-01-01T04:30:00Z", "EDT", -14400 },
	{ "EST5EDT,J60/0,J61/0", "2028-03-01T12:00:00Z", "EDT", -14400 },              /* J60 is 1 March, in leap years too */
	{ "EST5EDT,59/0,60/0", "2028-02-29T12:00:00Z", "EDT", -14400 },                /* and 59 the sixtieth day */
	{ "EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", "EET", 7200 },     /* more than a day behind the Thursday */
	{ "EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", "EEST", 10800 },
	{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", "-02", -7200 },   /* the evening before the Sunday */
	{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", "-01", -3600 },
};

TEST(tzif_gives_local_time_at_any_moment)
{
	for (size_t i = 0; i < COUNT(moments); i++) {
		struct tzif zone;
		int64_t time_ms;
		REQUIRE(t, time_parse_iso(slice_of(moments[i].time), &time_ms));
		REQUIRE(t, tzif_read(&t->arena, file(t, '2', 0, 323830800, 1, moments[i].rule), &zone, &t->err));
		struct tzif_type type = tzif_at(&zone, time_ms / 1000);
		if (type.offset_s != moments[i].offset_s || !slice_equal(type.name, slice_of(moments[i].name)))
			test_failed(t, __FILE__, __LINE__, "%s at %s: %.*s %d", moments[i].rule, moments[i].time, SLICE_ARG(type.name),
			            type.offset_s);
	}
}

TEST(tzif_refuses_what_is_no_file_of_the_database)
{
	static const char *const rules[] = { "CET", "C1E", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
	                                     "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,366,1",
	                                     "CET-24", "<CET-1", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M3.5.0,M10.5.0/168",
	                                     "CET-23:59:59CEST,1,2" };
	struct slice whole = file(t, '2', 0, 323830800, 1, BERLIN);
	struct tzif zone;

	REQUIRE(t, tzif_read(&t->arena, whole, &zone, &t->err));
	for (size_t bytes = 0; bytes < whole.len; bytes++)
		CHECK(t, !tzif_read(&t->arena, slice_sub(whole, 0, bytes), &zone, &t->err));
	CHECK(t, t->err.kind == ERR_CORRUPT);
	CHECK(t, !tzif_read(&t->arena, file(t, '\0', 0, 323830800, 1, BERLIN), &zone, NULL));
	CHECK(t, !tzif_read(&t->arena, file(t, '2', 1, 323830800, 1, BERLIN), &zone, NULL));
	CHECK(t, !tzif_read(&t->arena, file(t, '2', 0, 338950800, 1, BERLIN), &zone, NULL));    /* not rising */
	CHECK(t, !tzif_read(&t->arena, file(t, '2', 0, 323830800, 3, BERLIN), &zone, NULL));    /* there are types 0 to 2 */
	for (size_t i = 0; i < COUNT(rules); i++)
		if (tzif_read(&t->arena, file(t, '2', 0, 323830800, 1, rules[i]), &zone, NULL))
			test_failed(t, __FILE__, __LINE__, "the rule %s is taken", rules[i]);
}

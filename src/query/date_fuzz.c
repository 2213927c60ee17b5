/* query/date_fuzz.c: no format, no date and no zone file is too much; what is written by a format is read back by its pattern.
 *
 * The input is a byte that chooses a zone, a line that is a pattern and a format, and a text to read. */
#include "codec/tzif.h"
#include "query/date_format.h"
#include "query/date_pattern.h"
#include "tests/fuzz.h"

static void check_pattern(struct fuzz *f, struct slice text, struct slice date, const struct zone *zone)
{
	size_t from = SIZE_MAX, to = SIZE_MAX;
	const char *reason = NULL;
	const struct date_pattern *pattern = date_pattern_compile(&f->arena, text, &from, &to, &reason);
	int64_t time_ms;

	if (!pattern)
		CHECK_FUZZ(f, reason && from <= to && to <= text.len);
	else if (date_pattern_read(pattern, date, zone, &time_ms))
		CHECK_FUZZ(f, time_ms > INT64_C(-62300000000000) && time_ms < INT64_C(253500000000000));
}

static void check_format(struct fuzz *f, struct slice format, struct slice date, const struct zone *zone)
{
	size_t from = SIZE_MAX, to = SIZE_MAX;
	const char *reason = NULL;
	uint64_t seed = hash64(date);
	struct buffer out;

	if (!date_format_check(format, &from, &to, &reason)) {
		CHECK_FUZZ(f, reason && from <= to && to <= format.len);
		return;
	}
	buffer_init(&out, &f->arena, SIZE_MAX / 2);
	date_format_write(&out, format, (int64_t)(seed % 315000000000000) - 62000000000000, zone);
}

/* Whole seconds since 1970, by their civil time and back; twice where clocks were put back. */
static void check_round_trip(struct fuzz *f, const struct zone *zone, int64_t time_ms)
{
	size_t from, to;
	const char *reason;
	struct buffer out;
	int64_t back_ms = 0;
	const struct date_pattern *pattern = date_pattern_compile(&f->arena, S("yyyy-MM-dd HH:mm:ss"), &from, &to, &reason);

	buffer_init(&out, &f->arena, 64);
	date_format_write(&out, S("%F %T"), time_ms, zone);
	CHECK_FUZZ(f, pattern && date_pattern_read(pattern, buffer_slice(&out), zone, &back_ms));
	bool is_same_clock = back_ms + 1000 * zone_offset_s(zone, back_ms, NULL) == time_ms + 1000 * zone_offset_s(zone, time_ms, NULL);
	CHECK_FUZZ(f, is_same_clock);
}

FUZZ(date)
{
	static const char *const zones[] = { "UTC", "+05:30", "-18:00", "-00:00:01" };
	unsigned char first = f->input.len ? (unsigned char)f->input.ptr[0] : 0;
	const char *reason;
	const struct zone *zone = zone_find(&f->arena, "", slice_of(zones[first % COUNT(zones)]), &reason);
	struct slice head, rest = slice_cut(slice_from(f->input, 1), '\n', &head);

	check_pattern(f, head, rest.ptr ? rest : S(""), zone);
	check_format(f, head, rest.ptr ? rest : S(""), zone);
	check_round_trip(f, zone, (int64_t)(hash64(f->input) % 7000000000) * 1000);
	zone_find(&f->arena, "", head, &reason);
}

/* trail/digest_window_test.c: windows touch each other and never overlap, whatever begins, stops or stands still. */
#include "trail/digest_window.h"

#include "tests/test.h"

enum { HOUR_MS = 3600000 };

#define T INT64_C(1768471267000)

static const char *shown(struct test *t, struct digest_chain chain, int64_t interval_ms)
{
	struct digest_window window = digest_window_next(&chain, interval_ms);

	return arena_printf(&t->arena, "%" PRId64 " %" PRId64 "%s", window.start_ms - T, window.end_ms - T,
	                    window.is_last ? " last" : "");
}

TEST(digest_windows_begin_with_the_one_that_ends_where_logging_began)
{
	struct digest_chain chain = { .start_ms = T, .is_first = true };

	CHECK_TEXT(t, slice_of(shown(t, chain, HOUR_MS)), S("-3600000 0"));
	chain.ended_ms = T + 5;                                  /* even if it has stopped before that was written */
	chain.close_ms = T + 1000;
	CHECK_TEXT(t, slice_of(shown(t, chain, HOUR_MS)), S("-3600000 0"));
	chain.is_first = false;
	CHECK_TEXT(t, slice_of(shown(t, chain, HOUR_MS)), S("0 1000 last"));
	chain.close_ms = 0;                                      /* something is still to be delivered */
	CHECK_TEXT(t, slice_of(shown(t, chain, HOUR_MS)), S("0 3600000"));
	chain.ended_ms = 0;
	CHECK_TEXT(t, slice_of(shown(t, chain, 60000)), S("0 60000"));
}

TEST(digest_windows_end_early_behind_the_stop_and_the_newest_file)
{
	static const struct { int64_t ended, newest; const char *want; } rows[] = {
		{ 1500, 0, "0 2000 last" },
		{ 2000, 0, "0 2000 last" },
		{ 1500, 1200, "0 2000 last" },
		{ 1500, 1999, "0 2000 last" },
		{ 1500, 2000, "0 3000 last" },                   /* its end is not in a window: the file would be in none */
		{ 1500, 7001, "0 8000 last" },
		{ HOUR_MS, 0, "0 3600000 last" },
		{ HOUR_MS - 1, 0, "0 3600000 last" },
		{ HOUR_MS + 1, 0, "0 3600000" },                 /* missed windows are not merged */
		{ 1500, HOUR_MS, "0 3600000" },
		{ 1, 0, "0 1000 last" },
		{ 0 - 5000, 0, "0 1000 last" },                  /* stopped, then the clock went back; never empty */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct digest_chain chain = { .start_ms = T, .ended_ms = T + rows[i].ended };
		chain.close_ms = digest_window_close_ms(&chain, rows[i].newest ? T + rows[i].newest : 0);
		if (!CHECK_TEXT(t, slice_of(shown(t, chain, HOUR_MS)), slice_of(rows[i].want)))
			test_failed(t, __FILE__, __LINE__, "in row %zu", i);
	}
}

/* base/base_test.c: slices, errors, arena, buffer, map, clock. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/random.h"
#include "tests/test.h"

TEST(slice_cut_separates_head_and_rest)
{
	struct slice head;
	struct slice rest = slice_cut(S("a=b=c"), '=', &head);

	CHECK_TEXT(t, head, S("a"));
	CHECK_TEXT(t, rest, S("b=c"));
	CHECK_TEXT(t, slice_cut(S("abc"), '=', &head), SLICE_NONE);
	CHECK_TEXT(t, head, S("abc"));
}

TEST(slice_numbers_refuse_overflow_and_signs)
{
	uint64_t u = 0;
	int64_t i = 0;

	CHECK(t, slice_to_u64(S("18446744073709551615"), &u) && u == UINT64_MAX);
	CHECK(t, !slice_to_u64(S("18446744073709551616"), &u));
	CHECK(t, !slice_to_u64(S("-1"), &u) && !slice_to_u64(S(""), &u) && !slice_to_u64(S("1 "), &u));
	CHECK(t, slice_to_i64(S("-9223372036854775808"), &i) && i == INT64_MIN);
	CHECK(t, !slice_to_i64(S("9223372036854775808"), &i) && !slice_to_i64(S("-"), &i));
}

TEST(error_message_is_cut_at_a_character)
{
	char text[ERROR_MESSAGE_BYTES_MAX + 8];

	memset(text, 'x', sizeof text);
	memcpy(text + ERROR_MESSAGE_BYTES_MAX - 1, "\xC3\xA9", 2);        /* a two-byte letter across the limit */
	text[sizeof text - 1] = 0;
	CHECK(t, !fail(&t->err, ERR_INVALID, "%s", text));
	CHECK_NUMBER(t, strlen(t->err.message), ERROR_MESSAGE_BYTES_MAX - 1);
}

TEST(arena_over_its_cap_is_an_error_not_a_crash)
{
	struct arena arena;

	arena_init(&arena, 1000);
	for (int i = 0; i < 10; i++)
		memset(arena_alloc(&arena, 90), i, 90);
	CHECK(t, arena_check(&arena, &t->err));
	arena_alloc(&arena, 200);
	CHECK(t, !arena_check(&arena, &t->err) && t->err.kind == ERR_LIMIT);
	arena_reset(&arena, 65536);
	CHECK(t, arena_check(&arena, &t->err));
	arena_fini(&arena);
}

TEST(arena_gives_an_address_even_for_no_bytes_at_all)
{
	struct arena arena;

	arena_init(&arena, 1000);
	CHECK(t, arena_alloc(&arena, 0) != NULL);
	arena_fini(&arena);
}

TEST(buffer_stops_at_its_limit)
{
	struct buffer buffer;

	buffer_init(&buffer, &t->arena, 8);
	buffer_add(&buffer, S("12345"));
	buffer_i64(&buffer, -12);
	CHECK_TEXT(t, buffer_slice(&buffer), S("12345-12"));
	CHECK(t, buffer_check(&buffer, &t->err));
	buffer_byte(&buffer, 'x');
	CHECK(t, !buffer_check(&buffer, &t->err) && t->err.kind == ERR_LIMIT);
	CHECK_TEXT(t, buffer_slice(&buffer), S("12345-12"));
}

TEST(map_agrees_with_a_plain_array)
{
	enum { KEYS = 500 };
	struct map map;
	void *plain[KEYS] = {0};
	struct random random;

	map_init(&map, 7);
	random_init_seeded(&random, 42);
	for (int round = 0; round < 20000; round++) {
		uint64_t word = random_u64(&random);
		size_t i = word % KEYS;
		struct slice key = arena_format(&t->arena, "key-%zu", i);
		if (word >> 63) {
			void *value = &plain[word % 97];
			CHECK(t, map_put(&map, key, value) == plain[i]);
			plain[i] = value;
		} else if (word >> 62 & 1) {
			CHECK(t, map_remove(&map, key) == plain[i]);
			plain[i] = NULL;
		} else {
			CHECK(t, map_find(&map, key) == plain[i]);
		}
	}
	size_t live = 0;
	for (size_t i = 0; i < KEYS; i++)
		live += plain[i] != NULL;
	CHECK_NUMBER(t, map.count, live);
	map_fini(&map);
}

TEST(times_are_written_and_read_back)
{
	static const struct { int64_t ms; const char *iso, *us; } rows[] = {
		{ 0,             "1970-01-01T00:00:00Z", "Jan 1, 1970, 12:00:00 AM" },
		{ 1768435509000, "2026-01-15T00:05:09Z", "Jan 15, 2026, 12:05:09 AM" },
		{ 1768482000000, "2026-01-15T13:00:00Z", "Jan 15, 2026, 1:00:00 PM" },
		{ 951782400000,  "2000-02-29T00:00:00Z", "Feb 29, 2000, 12:00:00 AM" },
		{ -1000,         "1969-12-31T23:59:59Z", "Dec 31, 1969, 11:59:59 PM" },
	};
	char text[TIME_TEXT_BYTES];
	int64_t ms;

	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_TEXT(t, time_iso(rows[i].ms, text), slice_of(rows[i].iso));
		CHECK(t, time_parse_iso(slice_of(rows[i].iso), &ms) && ms == rows[i].ms);
		CHECK(t, time_parse_basic(time_basic(rows[i].ms, text), &ms) && ms == rows[i].ms);
		CHECK(t, time_parse_http(time_http(rows[i].ms, text), &ms) && ms == rows[i].ms);
		CHECK_TEXT(t, time_us(rows[i].ms, true, text), slice_of(rows[i].us));
	}
	CHECK(t, time_parse_iso(S("2026-01-15T10:00:00.25+02:00"), &ms) && ms == 1768464000250);
	CHECK(t, time_parse_iso(S("2026-01-15"), &ms) && ms == 1768435200000);
	CHECK(t, !time_parse_iso(S("2026-02-29"), &ms) && !time_parse_iso(S("2026-01-15T24:00:00Z"), &ms));
	CHECK(t, !time_parse_iso(S("2026-01-15T10:00:00"), &ms) && !time_parse_iso(S(""), &ms));
}

TEST(nothing_allocated_from_a_fresh_arena_is_still_an_address)
{
	struct arena arena;

	arena_init(&arena, 1 << 16);
	CHECK(t, arena_copy(&arena, S("")).ptr != NULL);      /* an empty text stays present */
	arena_fini(&arena);
}

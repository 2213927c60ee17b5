/* trail/history_test.c: lookups over a real journal: order, matching, pages that stay, and what is refused. */
#include "base/clock.h"
#include "base/limits.h"
#include "store/journal_file.h"
#include "tests/lookups.h"

enum { ACCOUNT = LOOKUPS_ACCOUNT };
static const int64_t NOW_MS = LOOKUPS_NOW_MS;

TEST(history_is_newest_first_and_ties_go_to_the_later)
{
	struct lookups f;
	if (!lookups_begin(t, &f, 0, 0))
		return;
	struct history_request asked = lookups_request();
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S(""));
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("a"), .time_ms = NOW_MS - 5000 }, { .id = S("b"), .time_ms = NOW_MS - 5000 } }, 2);
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("c"), .time_ms = NOW_MS } }, 1);
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("late"), .time_ms = NOW_MS - 6000 } }, 1);   /* the clock was set back */
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("d"), .time_ms = NOW_MS - 499 } }, 1);       /* the same second as c */
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("d c b a late"));
	asked.max_results = 2;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("d c"));
	lookups_end(&f);
}

/* A43 to A45, T41, T61. */
TEST(history_matches_exactly_within_account_and_region)
{
	struct lookups f;
	if (!lookups_begin(t, &f, 0, 0))
		return;
	const struct lookups_event events[] = {
		{ .id = S("1"), .name = S("CreateUser"), .username = S("alice"), .resource = S("bob") },
		{ .id = S("2"), .name = S("CreateUser"), .username = S("Alice"), .resource = S("carol") },
		{ .id = S("3"), .name = S("DeleteUser"), .username = S("alice"), .resource = S("bob") },
		{ .id = S("4"), .name = S("CreateUser"), .username = S("alice"), .region = S("eu-west-1") },
		{ .id = S("5"), .name = S("CreateUser"), .username = S("alice"), .account = 2222 },
		{ .id = S("6"), .name = S("PutObject"), .username = S("alice"), .is_data = true },
	};
	struct lookups_event dated[COUNT(events)];
	for (size_t i = 0; i < COUNT(events); i++) {
		dated[i] = events[i];
		dated[i].time_ms = NOW_MS - 1000 + (int64_t)i;
	}
	lookups_add(t, &f, dated, COUNT(dated));
	const struct { enum frame_key key; struct slice value, want; } rows[] = {
		{ FRAME_EVENT_ID, S("2"), S("2") },            { FRAME_EVENT_ID, S("9"), S("") },
		{ FRAME_EVENT_NAME, S("CreateUser"), S("2 1") }, { FRAME_EVENT_NAME, S("createuser"), S("") },
		{ FRAME_EVENT_NAME, S("CreateUse"), S("") },   { FRAME_EVENT_NAME, S("PutObject"), S("") },
		{ FRAME_USERNAME, S("alice"), S("3 1") },      { FRAME_USERNAME, S("Alice"), S("2") },
		{ FRAME_RESOURCE_NAME, S("bob"), S("3 1") },   { FRAME_RESOURCE_TYPE, S("AWS::IAM::User"), S("3 2 1") },
		{ FRAME_READ_ONLY_TEXT, S("false"), S("3 2 1") }, { FRAME_READ_ONLY_TEXT, S("no"), S("") },
		{ FRAME_RESOURCE_TYPE, S("bob"), S("") },      { FRAME_ACCESS_KEY_ID, S("alice"), S("") },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct history_request asked = lookups_by(rows[i].key, rows[i].value);
		CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), rows[i].want);
	}
	struct history_request asked = lookups_request();
	asked.region = S("eu-west-1");
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("4"));
	asked.account = 2222;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S(""));
	asked = lookups_request();
	asked.category = HISTORY_INSIGHT;                    /* T64 */
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S(""));
	lookups_end(&f);
}

struct hashed { uint32_t hash; int number; };

static int compare_hashed(const void *a, const void *b)
{
	uint32_t left = ((const struct hashed *)a)->hash, right = ((const struct hashed *)b)->hash;

	return left < right ? -1 : left > right;
}

/* A user name and an event name, both numbers, of one hash. */
static bool find_collision(struct test *t, struct slice *username, struct slice *event_name)
{
	enum { TRIES = 250000 };
	struct hashed *users = arena_array(&t->arena, TRIES, sizeof *users), *names = arena_array(&t->arena, TRIES, sizeof *names);
	char text[16];

	for (int i = 0; i < TRIES; i++) {
		struct slice number = { text, (size_t)snprintf(text, sizeof text, "%d", i) };
		users[i] = (struct hashed){ event_frame_hash(FRAME_USERNAME, number), i };
		names[i] = (struct hashed){ event_frame_hash(FRAME_EVENT_NAME, number), i };
	}
	qsort(users, TRIES, sizeof *users, compare_hashed);
	qsort(names, TRIES, sizeof *names, compare_hashed);
	for (int u = 0, n = 0; u < TRIES && n < TRIES; ) {
		if (users[u].hash == names[n].hash) {
			*username = arena_format(&t->arena, "%d", users[u].number);
			*event_name = arena_format(&t->arena, "%d", names[n].number);
			return true;
		}
		if (users[u].hash < names[n].hash)
			u++;
		else
			n++;
	}
	return false;
}

TEST(history_is_not_fooled_by_equal_hashes)
{
	struct lookups f;
	struct slice username = S(""), event_name = S("");
	if (!lookups_begin(t, &f, 0, 0))
		return;
	CHECK(t, find_collision(t, &username, &event_name));
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("1"), .name = event_name, .username = S("other"), .resource = username,
	                               .time_ms = NOW_MS } }, 1);
	struct history_request asked = lookups_by(FRAME_USERNAME, username);
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S(""));
	asked = lookups_by(FRAME_EVENT_NAME, event_name);
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("1"));
	lookups_end(&f);
}

TEST(history_event_has_all_that_lookup_events_answers)
{
	struct lookups f;
	struct history_page page;
	if (!lookups_begin(t, &f, 0, 0))
		return;
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("e"), .name = S("CreateUser"), .time_ms = NOW_MS, .resource = S("bob") } }, 1);
	struct history_request asked = lookups_request();
	REQUIRE(t, history_lookup(f.history, &t->arena, &asked, &page, &t->err) && page.count == 1);
	const struct history_event *event = &page.events[0];
	CHECK_TEXT(t, event->event_id, S("e"));
	CHECK_TEXT(t, event->event_name, S("CreateUser"));
	CHECK_TEXT(t, event->username, SLICE_NONE);
	CHECK_TEXT(t, event->access_key_id, SLICE_NONE);
	CHECK_NUMBER(t, event->time_ms, NOW_MS / 1000 * 1000);
	CHECK(t, !event->is_read_only && event->resource_count == 1);
	CHECK_TEXT(t, event->resources[0].type, S("AWS::IAM::User"));
	CHECK_TEXT(t, event->resources[0].name, S("bob"));
	CHECK_TEXT(t, event->json, S("{\"eventVersion\":\"1.11\"}"));
	CHECK_TEXT(t, page.next_token, SLICE_NONE);
	lookups_end(&f);
}

/* A42, and what lies beyond 90 days. Events show whole seconds, so an event of 10.9 s is one of 10 s. */
TEST(history_times_are_inclusive_seconds_of_the_last_90_days)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	struct lookups f;
	if (!lookups_begin(t, &f, 0, 0))
		return;
	lookups_add(t, &f, (struct lookups_event[]){
		{ .id = S("old"), .time_ms = NOW_MS - INT64_C(90) * DAY_MS - 1000 },
		{ .id = S("edge"), .time_ms = NOW_MS - INT64_C(90) * DAY_MS + 500 },
		{ .id = S("ten"), .time_ms = NOW_MS - 10400 }, { .id = S("five"), .time_ms = NOW_MS - 5000 },
		{ .id = S("future"), .time_ms = NOW_MS + 5000 } }, 5);
	const int64_t ten_ms = (NOW_MS - 10400) / 1000 * 1000;
	const struct { bool has_start, has_end; int64_t start_ms, end_ms; struct slice want; } rows[] = {
		{ false, false, 0, 0, S("five ten edge") },
		{ true, true, ten_ms, ten_ms, S("ten") },
		{ true, true, ten_ms + 1, NOW_MS, S("five") },
		{ true, true, ten_ms - 1000, ten_ms - 1, S("") },
		{ true, true, ten_ms, ten_ms + 999, S("ten") },
		{ true, false, 0, 0, S("five ten edge") },                         /* clamped to 90 days */
		{ false, true, 0, NOW_MS + 10000, S("future five ten edge") },
		{ false, true, 0, NOW_MS - INT64_C(91) * DAY_MS, S("") },
		{ true, false, NOW_MS + DAY_MS, 0, S("") },
		{ true, true, INT64_MIN, INT64_MAX, S("future five ten edge") },
		{ true, true, INT64_MAX, INT64_MAX, S("") },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct history_request asked = lookups_request();
		asked.has_start = rows[i].has_start;
		asked.has_end = rows[i].has_end;
		asked.start_ms = rows[i].start_ms;
		asked.end_ms = rows[i].end_ms;
		CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), rows[i].want);
	}
	struct history_request asked = lookups_request();
	asked.days = 7;                                      /* less history by configuration */
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("five ten"));
	lookups_end(&f);
}

/* A40. */
TEST(history_pages_do_not_shift_while_events_arrive)
{
	struct lookups f;
	struct slice token, none;
	if (!lookups_begin(t, &f, 0, 0))
		return;
	for (int i = 0; i < 60; i++) {
		struct slice id = arena_format(&t->arena, "%d", i);
		lookups_add(t, &f, (struct lookups_event[]){ { .id = id, .time_ms = NOW_MS - 60000 + i * 500 } }, 1);   /* two a second */
	}
	struct history_request asked = lookups_request();
	struct slice first = lookups_found(t, &f, &asked, &token);
	CHECK(t, slice_has_prefix(first, S("59 58 57")) && slice_has_suffix(first, S(" 11 10")));
	REQUIRE(t, token.ptr != NULL);
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("new"), .time_ms = NOW_MS }, { .id = S("late"), .time_ms = NOW_MS - 59000 } }, 2);
	asked.token = token;
	asked.now_ms = NOW_MS + 1000;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, &none), S("9 8 7 6 5 4 3 2 1 0"));
	CHECK_TEXT(t, none, SLICE_NONE);
	asked.max_results = 3;                               /* may change from page to page */
	CHECK_TEXT(t, lookups_found(t, &f, &asked, &token), S("9 8 7"));
	asked.token = token;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, &token), S("6 5 4"));
	asked.token = SLICE_NONE;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("new 59 58"));
	lookups_end(&f);
}

/* A41, T62. */
TEST(history_refuses_the_token_of_another_request)
{
	struct lookups f;
	struct slice token;
	if (!lookups_begin(t, &f, 0, 0))
		return;
	for (int i = 0; i < 3; i++)
		lookups_add(t, &f, (struct lookups_event[]){ { .id = S("x"), .username = S("alice"), .time_ms = NOW_MS } }, 1);
	struct history_request asked = lookups_by(FRAME_USERNAME, S("alice"));
	asked.max_results = 2;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, &token), S("x x"));
	asked.token = token;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("x"));
	asked.value = S("bob");
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	asked.value = S("alice");
	asked.now_ms += HISTORY_TOKEN_AGE_MS_MAX + 1;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	asked.token = S("made up");
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
	lookups_end(&f);

	struct journal_options options = {0};                /* as after a reset: another generation */
	f.journal = journal_open(&options, empty_dir(t, "again"), 2, &t->err);
	REQUIRE(t, f.journal != NULL);
	f.history = history_new(&(struct history_options){ .take_view = lookups_take_view, .user = &f, .token_key = { 9 } });
	asked = lookups_by(FRAME_USERNAME, S("alice"));
	asked.token = token;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	lookups_end(&f);
}

TEST(history_stops_at_its_deadline)
{
	struct lookups f;
	if (!lookups_begin(t, &f, 4 << 20, 0))
		return;
	char padding[4000];
	memset(padding, 'x', sizeof padding);
	struct lookups_event events[50];
	for (size_t i = 0; i < COUNT(events); i++)
		events[i] = (struct lookups_event){ .id = { padding, sizeof padding }, .time_ms = NOW_MS - 1000 };
	for (int i = 0; i < 10; i++)
		lookups_add(t, &f, events, COUNT(events));
	struct history_request asked = lookups_by(FRAME_EVENT_ID, S("none"));
	asked.deadline_monotonic_ms = 1;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("unnamed"));
	CHECK_NUMBER(t, t->err.kind, ERR_BUSY);
	asked.deadline_monotonic_ms = INT64_MAX;
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S(""));
	lookups_end(&f);
}

TEST(history_does_not_hand_out_a_damaged_event)
{
	struct lookups f = {0};
	struct journal_options options = {0};
	int dir_fd = empty_dir(t, "journal");
	char name[JOURNAL_FILE_NAME_BYTES];
	struct journal_scan scan;

	f.journal = journal_open(&options, dir_fd, 1, &t->err);
	REQUIRE(t, f.journal != NULL);
	f.history = history_new(&(struct history_options){ .take_view = lookups_take_view, .user = &f });
	lookups_add(t, &f, (struct lookups_event[]){ { .id = S("a"), .time_ms = NOW_MS } }, 1);
	struct journal_view *view = journal_view_take(f.journal);
	journal_file_name(journal_view_file(view, 0).first_seq, name);
	CHECK(t, journal_scan_open(&scan, view, 0, &t->err));
	size_t at = slice_find(scan.bytes, S("eventVersion"));
	journal_view_release(view);
	REQUIRE(t, at != SLICE_NPOS);
	overwrite(t, dir_fd, name, (off_t)at, S("eventVersioN"));
	struct history_request asked = lookups_request();
	CHECK_TEXT(t, lookups_found(t, &f, &asked, NULL), S("unnamed"));
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	lookups_end(&f);
}

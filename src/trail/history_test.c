/* trail/history_test.c: lookups over a real journal: order, matching, pages that stay, and files that grow meanwhile. */
#include "trail/history.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/thread.h"
#include "store/journal.h"
#include "store/journal_file.h"
#include "tests/test.h"

enum { ACCOUNT = 1111 };
static const int64_t NOW_MS = 1768471267500;

struct fixture {
	struct journal *journal;
	struct history *history;
	struct random   random;
};

static struct journal_view *take_view(void *user)
{
	return journal_view_take(((struct fixture *)user)->journal);
}

static bool begin(struct test *t, struct fixture *f, uint64_t file_bytes, size_t filter_bytes_max)
{
	struct journal_options journal = { .file_bytes = file_bytes };
	struct history_options history = { .take_view = take_view, .user = f, .token_key = { 9 },
	                                   .filter_bytes_max = filter_bytes_max };

	random_init_seeded(&f->random, 42);
	f->journal = journal_open(&journal, empty_dir(t, "journal"), 1, &t->err);
	f->history = history_new(&history);
	CHECK(t, f->journal != NULL);
	return f->journal != NULL;
}

static void end(struct fixture *f)
{
	history_free(f->history);
	journal_close(f->journal);
}

struct event {
	int64_t      time_ms;
	uint64_t     account;               /* 0: ACCOUNT */
	struct slice region;                /* SLICE_NONE: us-east-1 */
	bool         is_data;
	struct slice id, name, username, resource;
};

static void set(struct event_frame *frame, enum frame_key key, struct slice value)
{
	if (value.ptr)
		frame->attributes[frame->attribute_count++] = (struct frame_attribute){ (uint8_t)key, value };
}

static uint64_t put(struct fixture *f, const struct event *event)
{
	struct event_frame frame = {
		.time_ms = event->time_ms, .account = event->account ? event->account : ACCOUNT,
		.region = event->region.ptr ? event->region : S("us-east-1"),
		.flags = event->is_data ? 0 : FRAME_MANAGEMENT, .json = S("{\"eventVersion\":\"1.11\"}"),
	};

	set(&frame, FRAME_EVENT_ID, event->id);
	set(&frame, FRAME_EVENT_NAME, event->name);
	set(&frame, FRAME_READ_ONLY_TEXT, S("false"));
	set(&frame, FRAME_USERNAME, event->username);
	if (event->resource.ptr) {
		set(&frame, FRAME_RESOURCE_TYPE, S("AWS::IAM::User"));
		set(&frame, FRAME_RESOURCE_NAME, event->resource);
	}
	return journal_add_event(f->journal, &frame);
}

static void commit(struct test *t, struct fixture *f)
{
	CHECK(t, journal_commit(f->journal, &t->err));
	journal_publish(f->journal);
}

/* One batch. */
static void add(struct test *t, struct fixture *f, const struct event *events, size_t count)
{
	CHECK(t, journal_ensure_room(f->journal, 1 << 20, &t->err));
	journal_begin(f->journal);
	for (size_t i = 0; i < count; i++)
		put(f, &events[i]);
	commit(t, f);
}

static struct history_request request(void)
{
	return (struct history_request){ .account = ACCOUNT, .region = S("us-east-1"), .max_results = 50, .now_ms = NOW_MS };
}

static struct history_request by(enum frame_key key, struct slice value)
{
	struct history_request asked = request();

	asked.key = key;
	asked.value = value;
	return asked;
}

/* Ids of the page with blanks between, or the name of the error. */
static struct slice found(struct test *t, struct fixture *f, const struct history_request *asked, struct slice *token)
{
	struct history_page page;
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	t->err = (struct error){ .kind = ERR_NONE };
	if (!history_lookup(f->history, &t->arena, asked, &page, &t->err))
		return slice_of(t->err.name ? t->err.name : "unnamed");
	for (size_t i = 0; i < page.count; i++)
		buffer_printf(&out, "%s%.*s", i ? " " : "", SLICE_ARG(page.events[i].event_id));
	if (token)
		*token = page.next_token;
	return buffer_slice(&out);
}

TEST(history_is_newest_first_and_ties_go_to_the_later)
{
	struct fixture f;
	if (!begin(t, &f, 0, 0))
		return;
	struct history_request asked = request();
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S(""));
	add(t, &f, (struct event[]){ { .id = S("a"), .time_ms = NOW_MS - 5000 }, { .id = S("b"), .time_ms = NOW_MS - 5000 } }, 2);
	add(t, &f, (struct event[]){ { .id = S("c"), .time_ms = NOW_MS } }, 1);
	add(t, &f, (struct event[]){ { .id = S("late"), .time_ms = NOW_MS - 6000 } }, 1);   /* the clock was set back */
	add(t, &f, (struct event[]){ { .id = S("d"), .time_ms = NOW_MS - 499 } }, 1);       /* the same second as c */
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("d c b a late"));
	asked.max_results = 2;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("d c"));
	end(&f);
}

/* A43 to A45, T41, T61. */
TEST(history_matches_exactly_within_account_and_region)
{
	struct fixture f;
	if (!begin(t, &f, 0, 0))
		return;
	const struct event events[] = {
		{ .id = S("1"), .name = S("CreateUser"), .username = S("alice"), .resource = S("bob") },
		{ .id = S("2"), .name = S("CreateUser"), .username = S("Alice"), .resource = S("carol") },
		{ .id = S("3"), .name = S("DeleteUser"), .username = S("alice"), .resource = S("bob") },
		{ .id = S("4"), .name = S("CreateUser"), .username = S("alice"), .region = S("eu-west-1") },
		{ .id = S("5"), .name = S("CreateUser"), .username = S("alice"), .account = 2222 },
		{ .id = S("6"), .name = S("PutObject"), .username = S("alice"), .is_data = true },
	};
	struct event dated[COUNT(events)];
	for (size_t i = 0; i < COUNT(events); i++) {
		dated[i] = events[i];
		dated[i].time_ms = NOW_MS - 1000 + (int64_t)i;
	}
	add(t, &f, dated, COUNT(dated));
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
		struct history_request asked = by(rows[i].key, rows[i].value);
		CHECK_TEXT(t, found(t, &f, &asked, NULL), rows[i].want);
	}
	struct history_request asked = request();
	asked.region = S("eu-west-1");
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("4"));
	asked.account = 2222;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S(""));
	asked = request();
	asked.category = HISTORY_INSIGHT;                    /* T64 */
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S(""));
	end(&f);
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
	struct fixture f;
	struct slice username = S(""), event_name = S("");
	if (!begin(t, &f, 0, 0))
		return;
	CHECK(t, find_collision(t, &username, &event_name));
	add(t, &f, (struct event[]){ { .id = S("1"), .name = event_name, .username = S("other"), .resource = username,
	                               .time_ms = NOW_MS } }, 1);
	struct history_request asked = by(FRAME_USERNAME, username);
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S(""));
	asked = by(FRAME_EVENT_NAME, event_name);
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("1"));
	end(&f);
}

TEST(history_event_has_all_that_lookup_events_answers)
{
	struct fixture f;
	struct history_page page;
	if (!begin(t, &f, 0, 0))
		return;
	add(t, &f, (struct event[]){ { .id = S("e"), .name = S("CreateUser"), .time_ms = NOW_MS, .resource = S("bob") } }, 1);
	struct history_request asked = request();
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
	end(&f);
}

/* A42, and what lies beyond 90 days. Events show whole seconds, so an event of 10.9 s is one of 10 s. */
TEST(history_times_are_inclusive_seconds_of_the_last_90_days)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	struct fixture f;
	if (!begin(t, &f, 0, 0))
		return;
	add(t, &f, (struct event[]){
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
		struct history_request asked = request();
		asked.has_start = rows[i].has_start;
		asked.has_end = rows[i].has_end;
		asked.start_ms = rows[i].start_ms;
		asked.end_ms = rows[i].end_ms;
		CHECK_TEXT(t, found(t, &f, &asked, NULL), rows[i].want);
	}
	struct history_request asked = request();
	asked.days = 7;                                      /* less history by configuration */
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("five ten"));
	end(&f);
}

/* A40. */
TEST(history_pages_do_not_shift_while_events_arrive)
{
	struct fixture f;
	struct slice token, none;
	if (!begin(t, &f, 0, 0))
		return;
	for (int i = 0; i < 60; i++) {
		struct slice id = arena_format(&t->arena, "%d", i);
		add(t, &f, (struct event[]){ { .id = id, .time_ms = NOW_MS - 60000 + i * 500 } }, 1);   /* two a second */
	}
	struct history_request asked = request();
	struct slice first = found(t, &f, &asked, &token);
	CHECK(t, slice_has_prefix(first, S("59 58 57")) && slice_has_suffix(first, S(" 11 10")));
	REQUIRE(t, token.ptr != NULL);
	add(t, &f, (struct event[]){ { .id = S("new"), .time_ms = NOW_MS }, { .id = S("late"), .time_ms = NOW_MS - 59000 } }, 2);
	asked.token = token;
	asked.now_ms = NOW_MS + 1000;
	CHECK_TEXT(t, found(t, &f, &asked, &none), S("9 8 7 6 5 4 3 2 1 0"));
	CHECK_TEXT(t, none, SLICE_NONE);
	asked.max_results = 3;                               /* may change from page to page */
	CHECK_TEXT(t, found(t, &f, &asked, &token), S("9 8 7"));
	asked.token = token;
	CHECK_TEXT(t, found(t, &f, &asked, &token), S("6 5 4"));
	asked.token = SLICE_NONE;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("new 59 58"));
	end(&f);
}

/* A41, T62. */
TEST(history_refuses_the_token_of_another_request)
{
	struct fixture f;
	struct slice token;
	if (!begin(t, &f, 0, 0))
		return;
	for (int i = 0; i < 3; i++)
		add(t, &f, (struct event[]){ { .id = S("x"), .username = S("alice"), .time_ms = NOW_MS } }, 1);
	struct history_request asked = by(FRAME_USERNAME, S("alice"));
	asked.max_results = 2;
	CHECK_TEXT(t, found(t, &f, &asked, &token), S("x x"));
	asked.token = token;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("x"));
	asked.value = S("bob");
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	asked.value = S("alice");
	asked.now_ms += HISTORY_TOKEN_AGE_MS_MAX + 1;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	asked.token = S("made up");
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	CHECK_NUMBER(t, t->err.kind, ERR_INVALID);
	end(&f);

	struct journal_options options = {0};                /* as after a reset: another generation */
	f.journal = journal_open(&options, empty_dir(t, "again"), 2, &t->err);
	REQUIRE(t, f.journal != NULL);
	f.history = history_new(&(struct history_options){ .take_view = take_view, .user = &f, .token_key = { 9 } });
	asked = by(FRAME_USERNAME, S("alice"));
	asked.token = token;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("InvalidNextTokenException"));
	end(&f);
}

TEST(history_stops_at_its_deadline)
{
	struct fixture f;
	if (!begin(t, &f, 4 << 20, 0))
		return;
	char padding[4000];
	memset(padding, 'x', sizeof padding);
	struct event events[50];
	for (size_t i = 0; i < COUNT(events); i++)
		events[i] = (struct event){ .id = { padding, sizeof padding }, .time_ms = NOW_MS - 1000 };
	for (int i = 0; i < 10; i++)
		add(t, &f, events, COUNT(events));
	struct history_request asked = by(FRAME_EVENT_ID, S("none"));
	asked.deadline_monotonic_ms = 1;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("unnamed"));
	CHECK_NUMBER(t, t->err.kind, ERR_BUSY);
	asked.deadline_monotonic_ms = INT64_MAX;
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S(""));
	end(&f);
}

TEST(history_does_not_hand_out_a_damaged_event)
{
	struct fixture f = {0};
	struct journal_options options = {0};
	int dir_fd = empty_dir(t, "journal");
	char name[JOURNAL_FILE_NAME_BYTES];
	struct journal_scan scan;

	f.journal = journal_open(&options, dir_fd, 1, &t->err);
	REQUIRE(t, f.journal != NULL);
	f.history = history_new(&(struct history_options){ .take_view = take_view, .user = &f });
	add(t, &f, (struct event[]){ { .id = S("a"), .time_ms = NOW_MS } }, 1);
	struct journal_view *view = journal_view_take(f.journal);
	journal_file_name(journal_view_file(view, 0).first_seq, name);
	CHECK(t, journal_scan_open(&scan, view, 0, &t->err));
	size_t at = slice_find(scan.bytes, S("eventVersion"));
	journal_view_release(view);
	REQUIRE(t, at != SLICE_NPOS);
	overwrite(t, dir_fd, name, (off_t)at, S("eventVersioN"));
	struct history_request asked = request();
	CHECK_TEXT(t, found(t, &f, &asked, NULL), S("unnamed"));
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	end(&f);
}

/* ---- many events over several files, against a list ---- */

enum { MANY = 12000, USERS = 40 };

struct expected { int64_t second; int user; bool is_data; };

/* What a plain loop over everything would answer; compared by sequence. */
static size_t next_expected(const struct expected *all, size_t count, int user, size_t last)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < count; i++) {
		bool is_behind = last == SIZE_MAX || all[i].second < all[last].second || (all[i].second == all[last].second && i < last);
		bool is_better = best == SIZE_MAX || all[i].second > all[best].second || (all[i].second == all[best].second && i > best);
		if (!all[i].is_data && (user < 0 || all[i].user == user) && is_behind && is_better)
			best = i;
	}
	return best;
}

static void add_many(struct test *t, struct fixture *f, struct expected *all, int64_t *second)
{
	char json[2000], id[16], user[16];

	memset(json, ' ', sizeof json);
	for (size_t i = 0; i < MANY; ) {
		size_t batch = 1 + random_u64(&f->random) % 40;
		CHECK(t, journal_ensure_room(f->journal, 1 << 20, &t->err));
		journal_begin(f->journal);
		for (size_t k = 0; k < batch && i < MANY; k++, i++) {
			*second += random_u64(&f->random) % 50 == 0;
			if (random_u64(&f->random) % 1000 == 0)
				*second -= 7;                /* the clock is set back */
			all[i] = (struct expected){ *second, (int)(random_u64(&f->random) % USERS), random_u64(&f->random) % 8 == 0 };
			if (all[i].user == 0 && random_u64(&f->random) % 100)
				all[i].user = 1;             /* 0 is rare */
			int id_bytes = snprintf(id, sizeof id, "%zu", i), user_bytes = snprintf(user, sizeof user, "u%d", all[i].user);
			struct event_frame frame = { .time_ms = all[i].second * 1000 + (int64_t)(i % 1000), .account = ACCOUNT,
				.region = S("us-east-1"), .flags = all[i].is_data ? 0 : FRAME_MANAGEMENT, .json = { json, sizeof json } };
			set(&frame, FRAME_EVENT_ID, (struct slice){ id, (size_t)id_bytes });
			set(&frame, FRAME_USERNAME, (struct slice){ user, (size_t)user_bytes });
			journal_add_event(f->journal, &frame);
		}
		commit(t, f);
	}
}

static void check_pages(struct test *t, struct fixture *f, const struct expected *all, int user, int64_t now_ms)
{
	struct history_request asked = request();
	char name[16];
	int name_bytes = snprintf(name, sizeof name, "u%d", user);
	size_t last = SIZE_MAX;
	struct slice token = SLICE_NONE;

	asked.now_ms = now_ms;
	if (user >= 0) {
		asked.key = FRAME_USERNAME;
		asked.value = (struct slice){ name, (size_t)name_bytes };
	}
	for (int pages = 0; pages < 6; pages++) {
		struct history_page page;
		asked.token = token;
		asked.max_results = pages % 2 ? 50 : 7;
		REQUIRE(t, history_lookup(f->history, &t->arena, &asked, &page, &t->err));
		for (size_t i = 0; i < page.count; i++) {
			last = next_expected(all, MANY, user, last);
			uint64_t id = 0;
			CHECK(t, slice_to_u64(page.events[i].event_id, &id) && id == last);
		}
		token = page.next_token;
		if (!token.ptr)
			break;
		CHECK_NUMBER(t, page.count, asked.max_results);
	}
	if (!token.ptr)
		CHECK(t, next_expected(all, MANY, user, last) == SIZE_MAX);
}

TEST(history_agrees_with_a_plain_list_over_many_files)
{
	static const size_t filter_budgets[] = { 0, 1, 3000 };       /* all, none, the first few blocks */
	struct expected *all = arena_array(&t->arena, MANY, sizeof *all);

	for (size_t i = 0; i < COUNT(filter_budgets); i++) {
		struct fixture f;
		int64_t second = NOW_MS / 1000 - 100000;
		if (!begin(t, &f, 2 << 20, filter_budgets[i]))
			return;
		add_many(t, &f, all, &second);
		struct journal_view *view = journal_view_take(f.journal);
		CHECK(t, journal_view_count(view) > 5);
		journal_view_release(view);
		for (int user = -1; user < 4; user++)
			for (int again = 0; again < 2; again++)      /* cold, and with what was learnt */
				check_pages(t, &f, all, user, second * 1000 + 100000);
		end(&f);
	}
}

/* ---- appended to while it is read ---- */

struct reader {
	struct fixture  *f;
	_Atomic uint64_t published;          /* the id of an event that is visible for sure */
	atomic_bool      is_over;
	atomic_int       lookups, misses, failures;
};

static void read_on(void *user)
{
	struct reader *reader = user;
	struct arena arena;

	arena_init(&arena, 16 << 20);
	while (!atomic_load(&reader->is_over)) {
		uint64_t visible = atomic_load(&reader->published), newest = 0;
		struct history_request asked = request();
		struct history_page page;
		struct error err;
		asked.max_results = 5;
		if (!history_lookup(reader->f->history, &arena, &asked, &page, &err))
			atomic_fetch_add(&reader->failures, 1);
		else if (visible && (page.count == 0 || !slice_to_u64(page.events[0].event_id, &newest) || newest < visible))
			atomic_fetch_add(&reader->misses, 1);
		atomic_fetch_add(&reader->lookups, 1);
		arena_reset(&arena, 1 << 20);
	}
	arena_fini(&arena);
}

TEST(history_finds_an_event_as_soon_as_it_is_published)
{
	struct fixture f;
	struct reader reader = { .f = &f };
	struct thread threads[2] = {0};
	char json[3000];

	memset(json, ' ', sizeof json);
	if (!begin(t, &f, 512 << 10, 0))
		return;
	for (size_t i = 0; i < COUNT(threads); i++)
		CHECK(t, thread_start(&threads[i], "reader", read_on, &reader, &t->err));
	for (uint64_t i = 1; i <= 600; i++) {
		char id[24];
		int bytes = snprintf(id, sizeof id, "%" PRIu64, i);
		struct event_frame frame = { .time_ms = NOW_MS - 2000 + (int64_t)i, .account = ACCOUNT, .region = S("us-east-1"),
		                             .flags = FRAME_MANAGEMENT, .json = { json, sizeof json } };
		set(&frame, FRAME_EVENT_ID, (struct slice){ id, (size_t)bytes });
		CHECK(t, journal_ensure_room(f.journal, 1 << 16, &t->err));
		journal_begin(f.journal);
		journal_add_event(f.journal, &frame);
		commit(t, &f);
		atomic_store(&reader.published, i);
	}
	atomic_store(&reader.is_over, true);
	for (size_t i = 0; i < COUNT(threads); i++)
		thread_join(&threads[i]);
	CHECK_NUMBER(t, atomic_load(&reader.misses), 0);
	CHECK_NUMBER(t, atomic_load(&reader.failures), 0);
	CHECK(t, atomic_load(&reader.lookups) > 0);
	end(&f);
}

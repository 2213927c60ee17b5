/* trail/history_files_test.c: lookups over several files against a plain list, and over files that grow meanwhile. */
#include "base/thread.h"
#include "tests/lookups.h"

enum { ACCOUNT = LOOKUPS_ACCOUNT };
static const int64_t NOW_MS = LOOKUPS_NOW_MS;

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

static void add_many(struct test *t, struct lookups *f, struct expected *all, int64_t *second)
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
			lookups_set(&frame, FRAME_EVENT_ID, (struct slice){ id, (size_t)id_bytes });
			lookups_set(&frame, FRAME_USERNAME, (struct slice){ user, (size_t)user_bytes });
			journal_add_event(f->journal, &frame);
		}
		lookups_commit(t, f);
	}
}

static void check_pages(struct test *t, struct lookups *f, const struct expected *all, int user, int64_t now_ms)
{
	struct history_request asked = lookups_request();
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
		struct lookups f;
		int64_t second = NOW_MS / 1000 - 100000;
		if (!lookups_begin(t, &f, 2 << 20, filter_budgets[i]))
			return;
		add_many(t, &f, all, &second);
		struct journal_view *view = journal_view_take(f.journal);
		CHECK(t, journal_view_count(view) > 5);
		journal_view_release(view);
		for (int user = -1; user < 4; user++)
			for (int again = 0; again < 2; again++)      /* cold, and with what was learnt */
				check_pages(t, &f, all, user, second * 1000 + 100000);
		lookups_end(&f);
	}
}

/* ---- appended to while it is read ---- */

struct reader {
	struct lookups  *f;
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
		struct history_request asked = lookups_request();
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
	struct lookups f;
	struct reader reader = { .f = &f };
	struct thread threads[2] = {0};
	char json[3000];

	memset(json, ' ', sizeof json);
	if (!lookups_begin(t, &f, 512 << 10, 0))
		return;
	for (size_t i = 0; i < COUNT(threads); i++)
		CHECK(t, thread_start(&threads[i], "reader", read_on, &reader, &t->err));
	for (uint64_t i = 1; i <= 600; i++) {
		char id[24];
		int bytes = snprintf(id, sizeof id, "%" PRIu64, i);
		struct event_frame frame = { .time_ms = NOW_MS - 2000 + (int64_t)i, .account = ACCOUNT, .region = S("us-east-1"),
		                             .flags = FRAME_MANAGEMENT, .json = { json, sizeof json } };
		lookups_set(&frame, FRAME_EVENT_ID, (struct slice){ id, (size_t)bytes });
		CHECK(t, journal_ensure_room(f.journal, 1 << 16, &t->err));
		journal_begin(f.journal);
		journal_add_event(f.journal, &frame);
		lookups_commit(t, &f);
		atomic_store(&reader.published, i);
	}
	atomic_store(&reader.is_over, true);
	for (size_t i = 0; i < COUNT(threads); i++)
		thread_join(&threads[i]);
	CHECK_NUMBER(t, atomic_load(&reader.misses), 0);
	CHECK_NUMBER(t, atomic_load(&reader.failures), 0);
	CHECK(t, atomic_load(&reader.lookups) > 0);
	lookups_end(&f);
}

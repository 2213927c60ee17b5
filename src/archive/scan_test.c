/* archive/scan_test.c: one worker and many see the same records and give the same report; whoever stops a scan stops it soon. */
#include "archive/scan.h"

#include "base/limits.h"
#include "codec/gzip.h"
#include "archive/fields.h"
#include "tests/test.h"

#include <poll.h>
#include <sched.h>

enum { FILES = 40, WORKERS = 4, CANCELLED_AFTER = 4 };

struct sums {                                   /* one a worker */
	uint64_t records, mix;                  /* mix: of numbers, positions and texts, whatever their order */
	uint64_t stop_after;
	size_t   ended;
};

struct query {
	struct sums sums[SCAN_THREADS_MAX];
	bool        refuses;
};

static void *begin(void *user, size_t worker)
{
	return &((struct query *)user)->sums[worker];
}

static void end(void *user, size_t worker, void *state)
{
	assert(state == &((struct query *)user)->sums[worker]);
	((struct query *)user)->sums[worker].ended++;
}

static bool take(void *state, const struct scan_batch *batch, struct error *err)
{
	struct sums *sums = state;

	for (size_t i = 0; i < batch->count; i++) {
		sums->mix += hash64_seeded(batch->records[i].text, batch->file * 1000000 + (uint64_t)batch->records[i].position);
		sums->records++;
		if (slice_find(batch->records[i].text, S("refuse me")) != SLICE_NPOS)
			scan_refuse(batch, &batch->records[i]);
	}
	return sums->stop_after == 0 || sums->records < sums->stop_after
	    || fail(err, ERR_LIMIT, "enough, in file %" PRIu64, batch->file);
}

static void write_file(const char *dir, int number, struct slice bytes)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%03d.json.gz", dir, number);
	FILE *file = fopen(path, "wb");
	assert(file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len && fclose(file) == 0);
}

static const char *make_archive(struct test *t, const char *name)
{
	const char *dir = test_dir(t, name);
	struct gzip_writer *writer = gzip_writer_new();

	for (int i = 0; i < FILES; i++) {
		struct buffer text;
		buffer_init(&text, &t->arena, 1 << 20);
		buffer_add(&text, S("{\"Records\":["));
		for (int k = 0; k < i * 13 % 400; k++)
			buffer_printf(&text, "%s{\"file\":%d,\"record\":%d,\"x\":\"%s\"}", k ? "," : "", i, k, i == 5 && k == 7 ? "refuse me" : "");
		buffer_add(&text, i == 20 ? S(",5]}") : S("]}"));
		struct slice file = gzip_write(writer, &t->arena, buffer_slice(&text));
		write_file(dir, i, i == 10 || i == 30 ? slice_sub(file, 0, file.len - 20) : i == 11 ? S("no json") : file);
	}
	gzip_writer_free(writer);
	return dir;
}

static struct slice scan(struct test *t, const char *dir, size_t threads, struct query *query, bool *ok)
{
	struct scan_options options = { .paths = &dir, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL, .thread_count = threads,
	                                .user = query, .state_begin = begin, .state_end = end, .batch = take };
	struct scan_report report = {0};
	struct buffer out;
	uint64_t records = 0, mix = 0;
	size_t ended = 0;

	t->err = (struct error){0};
	*ok = scan_run(&options, &report, &t->err);
	for (size_t i = 0; i < SCAN_THREADS_MAX; i++) {
		records += query->sums[i].records;
		mix += query->sums[i].mix;
		ended += query->sums[i].ended;
	}
	CHECK_NUMBER(t, ended, threads);
	buffer_init(&out, &t->arena, 1 << 20);
	buffer_printf(&out, "%" PRIu64 " %" PRIx64 "\n", records, mix);
	scan_report_write(&report, &out);
	scan_report_fini(&report);
	return buffer_slice(&out);
}

TEST(scan_by_one_worker_and_by_many_is_the_same)
{
	const char *dir = make_archive(t, "scan");
	struct query one = {0}, many = {0};
	bool ok;

	struct slice want = scan(t, dir, 1, &one, &ok);
	CHECK(t, ok);
	for (int round = 0; round < 5; round++) {
		many = (struct query){0};
		CHECK_TEXT(t, scan(t, dir, WORKERS, &many, &ok), want);
		CHECK(t, ok);
	}
	CHECK(t, slice_find(want, S("2 files: ends too early\n")) != SLICE_NPOS);
	CHECK(t, slice_find(want, S("011.json.gz")) != SLICE_NPOS);
	CHECK(t, slice_find(want, S("005.json.gz, record 7\n")) != SLICE_NPOS);
	CHECK(t, slice_find(want, S("1 record: a record that is no object\n")) != SLICE_NPOS);
}

TEST(scan_ends_with_the_error_of_who_reads_and_with_the_first_fault_where_it_is_strict)
{
	const char *dir = make_archive(t, "stop");
	struct query query = {0};
	struct scan_options options = { .paths = &dir, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL, .thread_count = 1, .is_strict = true,
	                                .user = &query, .state_begin = begin, .batch = take };
	struct scan_report report = {0};
	bool ok;

	query.sums[0].stop_after = 100;
	scan(t, dir, 1, &query, &ok);
	CHECK(t, !ok && t->err.kind == ERR_LIMIT);
	query = (struct query){0};
	CHECK(t, !scan_run(&options, &report, &t->err));
	CHECK(t, t->err.kind == ERR_CORRUPT);
	CHECK(t, slice_has_suffix(slice_of(t->err.message), S("005.json.gz: a record that is not JSON")));
	CHECK_NUMBER(t, report.files, 6);
	scan_report_fini(&report);
}

struct cancelling {
	atomic_bool      is_cancelled;
	_Atomic uint64_t batches;
};

static void *cancel_state(void *user, size_t worker)
{
	(void)worker;
	return user;
}

static bool cancel_after_some(void *state, const struct scan_batch *batch, struct error *err)
{
	struct cancelling *cancelling = state;

	(void)batch, (void)err;
	if (atomic_fetch_add(&cancelling->batches, 1) + 1 == CANCELLED_AFTER)
		cancelling->is_cancelled = true;
	return true;
}

/* A batch is at most some hundred records: what a worker does between two looks is inflating one window. */
TEST(scan_that_is_cancelled_gives_each_worker_no_more_than_the_batch_it_has)
{
	const char *dir = make_archive(t, "cancel"), *paths[1000];
	struct cancelling cancelling = {0};
	struct scan_report report = {0};
	struct scan_options options = { .paths = paths, .path_count = COUNT(paths), .scope = ARCHIVE_SCOPE_ALL, .thread_count = WORKERS,
	                                .is_cancelled = &cancelling.is_cancelled, .user = &cancelling, .state_begin = cancel_state,
	                                .batch = cancel_after_some };

	for (size_t i = 0; i < COUNT(paths); i++)
		paths[i] = dir;
	CHECK(t, !scan_run(&options, &report, &t->err));
	CHECK(t, t->err.kind == ERR_BUSY);
	CHECK(t, cancelling.batches < CANCELLED_AFTER + WORKERS);
	CHECK(t, report.files < 1000);
	CHECK_NUMBER(t, report.causes[SCAN_UNREADABLE].files, 0);         /* what was not read to its end is no fault of the file's */
	scan_report_fini(&report);
}

static void count_progress(void *user, const struct scan_progress *progress)
{
	struct scan_progress *last = user;

	assert(progress->records >= last->records && progress->bytes_read >= last->bytes_read);
	*last = *progress;
}

static bool ignore(void *state, const struct scan_batch *batch, struct error *err)
{
	(void)state, (void)batch, (void)err;
	return true;
}

TEST(scan_tells_how_far_it_is)
{
	const char *dir = make_archive(t, "progress");
	struct scan_progress last = {0};
	struct scan_report report = {0};
	struct scan_options options = { .paths = &dir, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL, .thread_count = 2, .user = &last,
	                                .batch = ignore, .progress = count_progress };

	CHECK(t, scan_run(&options, &report, &t->err));
	CHECK(t, last.files > 0 || last.records > 0);
	CHECK(t, last.records <= report.records + 1);
	scan_report_fini(&report);
}

static bool name_events(void *state, const struct scan_batch *batch, struct error *err)
{
	const struct fields *fields = ((void **)state)[0];
	size_t *named = ((void **)state)[1];
	struct field name;

	(void)err;
	for (size_t i = 0; i < batch->count; i++)
		if (!fields_read(fields, batch->index, batch->records[i].text, &name))
			scan_refuse(batch, &batch->records[i]);
		else
			*named += name.kind == FIELD_STRING;
	return true;
}

static void *same_state(void *user, size_t worker)
{
	(void)worker;
	return user;
}

TEST(scan_reads_every_record_of_real_accounts_whatever_it_came_in)
{
	const char *dir = test_source_path(t, "tests/data/cloudtrail-records");
	struct fields *fields = fields_new(&t->arena, FIELD_JOINED);
	struct scan_report report = {0};
	size_t number, named = 0;
	void *state[] = { fields, &named };
	struct scan_options options = { .paths = &dir, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL, .thread_count = 1, .user = state,
	                                .state_begin = same_state, .batch = name_events };

	CHECK(t, fields_add_name(fields, S("eventName"), &number, &t->err));
	fields_seal(fields);
	CHECK(t, scan_run(&options, &report, &t->err));
	CHECK_NUMBER(t, report.files, 4);
	CHECK_NUMBER(t, report.records, 137 + 6 + 19 + 81);       /* lines of the four files; the six are answers of LookupEvents */
	CHECK_NUMBER(t, named, report.records);
	CHECK_NUMBER(t, report.causes[SCAN_FOREIGN].files, 2);
	CHECK(t, !scan_report_has_faults(&report));
	scan_report_fini(&report);
}

/* ---- one file, many workers ---- */

enum { LINES = 60000 };

static const char *make_large(struct test *t, const char *name, const char *form, bool is_packed)
{
	const char *dir = test_dir(t, name);
	struct gzip_writer *writer = gzip_writer_new();
	struct buffer text;

	buffer_init(&text, &t->arena, 64 << 20);
	buffer_add(&text, slice_of(form[0] == 'R' ? "{\"Records\":[\n" : form[0] == 'E' ? "{\"Events\":[" : ""));
	for (int i = 0; i < LINES; i++) {
		const char *between = form[0] == 'L' || i == 0 ? "" : ",\n";
		if (form[0] == 'L' && i % 10000 == 9999)
			buffer_add(&text, S("{\"broken\":\"not closed}\n"));
		else if (form[0] == 'E')
			buffer_printf(&text, "%s{\"CloudTrailEvent\":\"{\\\"n\\\":%d,\\\"x\\\":\\\"\\\\u0041}\\\"}\"}", between, i);
		else
			buffer_printf(&text, "%s{\"n\":%d,\"x\":\"%s]}\\\"\"}%s", between, i, i % 999 == 5 ? "refuse me" : "{[", form[0] == 'L' ? "\n" : "");
	}
	buffer_add(&text, slice_of(form[0] == 'L' ? "" : "]}"));
	write_file(dir, 0, is_packed ? gzip_write(writer, &t->arena, buffer_slice(&text)) : buffer_slice(&text));
	write_file(dir, 1, S("{\"n\":0}"));
	gzip_writer_free(writer);
	return dir;
}

TEST(scan_of_a_large_file_by_one_worker_and_by_many_is_the_same)
{
	static const char *const forms[] = { "Lines", "Records", "Events" };

	for (size_t i = 0; i < 2 * COUNT(forms); i++) {
		const char *dir = make_large(t, arena_printf(&t->arena, "large%zu", i), forms[i / 2], i % 2);
		struct query one = {0}, many = {0};
		bool ok;
		struct slice want = scan(t, dir, 1, &one, &ok);
		CHECK(t, ok && slice_has_prefix(want, S("60001 ")) == (i / 2 != 0));
		for (size_t threads = 2; threads <= 8; threads += 3) {
			many = (struct query){0};
			CHECK_TEXT(t, scan(t, dir, threads, &many, &ok), want);
			CHECK(t, ok);
		}
	}
}

struct sharing {
	_Atomic uint64_t begun, seen[2], open;
	atomic_bool      has_wrong_turn;
};

struct sharer {
	struct sharing *sharing;
	size_t          number;
};

static void *share_begin(void *user, size_t worker)
{
	struct sharer *sharer = xcalloc(1, sizeof *sharer);

	*sharer = (struct sharer){ user, worker };
	atomic_fetch_add(&sharer->sharing->begun, 1);
	return sharer;
}

static void share_end(void *user, size_t worker, void *state)
{
	(void)user, (void)worker;
	free(state);
}

/* Whoever has the file does not hurry until the other one, which waits or soon will, was given some of it. */
static bool share_slowly(void *state, const struct scan_batch *batch, struct error *err)
{
	struct sharer *sharer = state;
	struct sharing *sharing = sharer->sharing;

	(void)err;
	atomic_fetch_add(&sharing->seen[sharer->number], batch->count);
	if (scan_turn_file(batch->turn) != batch->file)
		sharing->has_wrong_turn = true;
	while (sharing->begun < 2)
		sched_yield();
	for (int i = 0; i < 20 && sharing->seen[!sharer->number] == 0; i++)
		poll(NULL, 0, 1);
	return true;
}

static void share_open(void *user, uint64_t turn)
{
	(void)turn;
	atomic_fetch_add(&((struct sharing *)user)->open, 1);
}

static void share_close(void *user, uint64_t turn)
{
	(void)turn;
	atomic_fetch_sub(&((struct sharing *)user)->open, 1);
}

TEST(scan_of_a_large_file_gives_a_worker_that_waits_some_of_it)
{
	const char *dir = make_large(t, "shared", "Lines", false);
	struct sharing sharing = {0};
	struct scan_report report = {0};
	struct scan_options options = { .paths = &dir, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL, .thread_count = 2, .user = &sharing,
	                                .state_begin = share_begin, .state_end = share_end, .batch = share_slowly, .turn_open = share_open,
	                                .turn_close = share_close };

	CHECK(t, scan_run(&options, &report, &t->err));
	CHECK(t, sharing.seen[0] > 0 && sharing.seen[1] > 0 && !sharing.has_wrong_turn);
	CHECK_NUMBER(t, sharing.seen[0] + sharing.seen[1], report.records);
	CHECK_NUMBER(t, sharing.open, 0);
	scan_report_fini(&report);
}

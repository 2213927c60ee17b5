/* tests/user_jobs.c: one table of users; each job adds one, with an event, or an event alone. */
#include "tests/user_jobs.h"

#include "base/waiter.h"

static const struct migration schema[] = {
	{ 1, "CREATE TABLE users (account TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID" },
};

bool user_jobs_create(struct job *job, struct catalog *catalog, struct error *err)
{
	struct user_job *user = (struct user_job *)job;

	if (!catalog_run(catalog, err, "INSERT INTO users VALUES (?, ?)", "tt", S("123456789012"), user->name))
		return false;
	return user->fails_with == ERR_NONE || fail(err, user->fails_with, "as the test wanted");
}

bool user_jobs_describe(struct job *job, struct event_frame *frame)
{
	struct user_job *user = (struct user_job *)job;

	int length = snprintf(user->json, sizeof user->json, "{\"user\":\"%.*s\",\"failed\":%s}", SLICE_ARG(user->name),
	                      job->error.kind ? "true" : "false");
	*frame = (struct event_frame){
		.time_ms = 1700000000000, .account = 123456789012, .flags = FRAME_MANAGEMENT, .region = S("us-east-1"),
		.attributes = { { FRAME_USERNAME, user->name } }, .attribute_count = 1, .json = { user->json, (size_t)length },
	};
	return true;
}

void user_jobs_finish(struct job *job, enum job_result result)
{
	struct user_job *user = (struct user_job *)job;

	user->result = result;
	if (!user->left || atomic_fetch_sub(user->left, 1) == 1)
		waiter_wake(user->done);
}

bool user_jobs_open(struct user_jobs *bench)
{
	struct test *t = bench->t;

	if (!directory_open(&bench->directory, bench->disk, bench->path, DIRECTORY_CREATE, &t->err))
		return false;
	bench->options.directory = &bench->directory;
	bench->options.migrations = schema;
	bench->options.migration_count = COUNT(schema);
	bench->options.reserve_file_bytes = 4096;
	if (!bench->options.journal_file_bytes)
		bench->options.journal_file_bytes = 256 << 10;
	bench->recorder = recorder_open(&bench->options, &t->err);
	if (!bench->recorder)
		return false;
	bench->reader = catalog_open_reader(recorder_catalog_path(bench->recorder), &t->err);
	catalog_follow(bench->reader, recorder_generation(bench->recorder));
	return true;
}

struct user_jobs user_jobs_new(struct test *t)
{
	return (struct user_jobs){ .t = t, .path = arena_printf(&t->arena, "%s/data", test_dir(t, "recorder")) };
}

void user_jobs_close(struct user_jobs *bench)
{
	catalog_close(bench->reader);
	recorder_close(bench->recorder);
	directory_close(&bench->directory);
}

struct user_job *user_jobs_submit(struct user_jobs *bench, struct slice name, bool changes, enum error_kind fails_with)
{
	struct user_job *user = arena_new(&bench->t->arena, struct user_job);

	*user = (struct user_job){
		.job = { .perform = changes ? user_jobs_create : NULL, .describe = user_jobs_describe, .finish = user_jobs_finish,
		         .changes_authority = changes },
		.name = name, .done = waiter_new(), .fails_with = fails_with,
	};
	if (!recorder_submit(bench->recorder, &user->job)) {
		user->result = JOB_UNAVAILABLE;
		waiter_wake(user->done);
	}
	return user;
}

struct user_job *user_jobs_wait(struct user_job *user)
{
	waiter_wait(user->done);
	waiter_free(user->done);
	return user;
}

struct user_job *user_jobs_do(struct user_jobs *bench, struct slice name, bool changes, enum error_kind fails_with)
{
	return user_jobs_wait(user_jobs_submit(bench, name, changes, fails_with));
}

int64_t user_jobs_users(struct user_jobs *bench)
{
	struct rows rows = catalog_query(bench->reader, &bench->t->err, "SELECT count(*) FROM users", "");
	int64_t count = rows_next(&rows) ? rows_i64(&rows, 0) : -1;

	return rows_close(&rows) ? count : -1;
}

int user_jobs_events(struct user_jobs *bench, struct slice needle)
{
	struct test *t = bench->t;
	struct journal_view *view = recorder_journal_view(bench->recorder);
	unsigned char chain[JOURNAL_CHAIN_BYTES] = {0};
	uint64_t next_seq = 1;
	int count = 0;

	for (size_t i = 0; i < journal_view_count(view); i++) {
		struct journal_scan scan;
		struct journal_batch batch;
		struct error damage = { .kind = ERR_NONE };
		CHECK(t, journal_scan_open(&scan, view, i, &t->err));
		while (journal_scan_next(&scan, &batch, &damage)) {
			struct journal_frame frame;
			struct event_frame event;
			uint32_t offset = 0;
			CHECK(t, journal_batch_is_genuine(&batch));
			CHECK(t, memcmp(batch.previous_chain, chain, sizeof chain) == 0);
			memcpy(chain, batch.chain, sizeof chain);
			while (journal_batch_next(&batch, &offset, &frame, &damage)) {
				CHECK_NUMBER(t, frame.seq, next_seq++);
				CHECK(t, journal_frame_is_intact(&frame));
				if (frame.kind == JOURNAL_EVENT && event_frame_read(frame.body, &event, &damage))
					count += slice_find(event.json, needle) != SLICE_NPOS;
			}
		}
		CHECK_TEXT(t, slice_of(damage.kind ? damage.message : ""), S(""));
	}
	CHECK_NUMBER(t, journal_view_next_seq(view), next_seq);
	journal_view_release(view);
	return count;
}

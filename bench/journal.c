/* bench/journal.c: commits of the recorder, and how long each took: creations of users in batches of 1, 16 and 64.
 *
 * `bench-journal [DIR]`: the data goes to a new folder in DIR (default: the current one), which should be on a real disk.
 * SPOOR_BENCH_SECONDS (default 3) for each size. A batch is submitted when the one before was answered, with a 1.5 KB
 * event a job: what a CreateUser is. */
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/waiter.h"
#include "base/workers.h"
#include "store/directory.h"
#include "trail/recorder.h"

enum { JSON_BYTES = 1500, BATCH_MAX = 64, COMMITS_MAX = 200000, SECONDS_DEFAULT = 3 };

static const struct migration schema[] = {
	{ 1, "CREATE TABLE users (account TEXT NOT NULL, name_key TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL,"
	     " user_id TEXT NOT NULL, created_ms INTEGER NOT NULL, PRIMARY KEY (account, name_key), UNIQUE (account, user_id))"
	     " STRICT, WITHOUT ROWID" },
};

struct call {
	struct job      job;                    /* first */
	uint64_t        number;
	char            json[JSON_BYTES];
	struct batch   *batch;
};

struct batch {
	struct recorder *recorder;
	struct call      calls[BATCH_MAX];
	size_t           size;
	atomic_size_t    left;
	struct waiter   *done;
	uint64_t         failed;
};

static bool create(struct job *job, struct catalog *catalog, struct error *err)
{
	struct call *call = (struct call *)job;
	char name[32], id[32];
	struct slice key = { name, (size_t)snprintf(name, sizeof name, "user-%" PRIx64, call->number * UINT64_C(0x9E3779B97F4A7C15)) };

	snprintf(id, sizeof id, "AIDA%016" PRIX64, call->number);
	return catalog_run(catalog, err, "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)", "ttttti", S("123456789012"), key, key, S("/"),
	                   slice_of(id), (int64_t)1700000000000);
}

static bool describe(struct job *job, struct event_frame *frame)
{
	struct call *call = (struct call *)job;

	*frame = (struct event_frame){
		.time_ms = 1700000000000, .account = 123456789012, .flags = FRAME_MANAGEMENT, .region = S("us-east-1"),
		.attributes = { { FRAME_EVENT_NAME, S("CreateUser") }, { FRAME_EVENT_SOURCE, S("iam.amazonaws.com") } },
		.attribute_count = 2, .json = { call->json, sizeof call->json },
	};
	return true;
}

static void finish(struct job *job, enum job_result result)
{
	struct batch *batch = ((struct call *)job)->batch;

	batch->failed += result != JOB_DONE;
	if (atomic_fetch_sub(&batch->left, 1) == 1)
		waiter_wake(batch->done);
}

/* Queued from the recorder's thread, so that all are one batch. */
static bool start(struct job *job, struct event_frame *frame)
{
	struct batch *batch = ((struct call *)job)->batch;

	(void)frame;
	for (size_t i = 0; i < batch->size; i++)
		if (!recorder_submit(batch->recorder, &batch->calls[i].job))
			finish(&batch->calls[i].job, JOB_UNAVAILABLE);
	return false;
}

static void ignore(struct job *job, enum job_result result)
{
	(void)job, (void)result;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t duration_ns(void)
{
	const char *seconds = getenv("SPOOR_BENCH_SECONDS");

	return (seconds ? strtoull(seconds, NULL, 10) : SECONDS_DEFAULT) * UINT64_C(1000000000);
}

static void measure(struct recorder *recorder, size_t size, uint64_t *number, uint64_t *took)
{
	struct batch *batch = xcalloc(1, sizeof *batch);
	struct call starter = { .job = { .describe = start, .finish = ignore }, .batch = batch };
	uint64_t begin = clock_monotonic_ns(), now = begin, count = 0;

	batch->recorder = recorder;
	batch->size = size;
	for (size_t i = 0; i < size; i++) {
		batch->calls[i].batch = batch;
		memset(batch->calls[i].json, 'x', sizeof batch->calls[i].json);
	}
	while (now - begin < duration_ns() && count < COMMITS_MAX) {
		uint64_t before = now;
		batch->done = waiter_new();
		atomic_store(&batch->left, size);
		for (size_t i = 0; i < size; i++) {
			batch->calls[i].job = (struct job){ .perform = create, .describe = describe, .finish = finish };
			batch->calls[i].number = ++*number;
		}
		if (!recorder_submit(recorder, &starter.job)) {
			batch->failed++;
			break;
		}
		waiter_wait(batch->done);
		waiter_free(batch->done);
		now = clock_monotonic_ns();
		took[count++] = now - before;
	}
	qsort(took, count, sizeof *took, compare);
	double seconds = (double)(now - begin) / 1e9;
	printf("journal_commits_%zu %.0f commits/s\n", size, (double)count / seconds);
	printf("journal_calls_%zu %.0f calls/s\n", size, (double)(count * size) / seconds);
	if (count > 0)
		printf("journal_commit_%zu_p50 %.3f ms\njournal_commit_%zu_p99 %.3f ms\njournal_commit_%zu_max %.3f ms\n", size,
		       (double)took[count / 2] / 1e6, size, (double)took[count * 99 / 100] / 1e6, size, (double)took[count - 1] / 1e6);
	if (batch->failed)
		printf("# %" PRIu64 " were refused\n", batch->failed);
	free(batch);
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	struct directory directory;
	struct workers *workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 16 });
	uint64_t number = 0, *took = xcalloc(COMMITS_MAX, sizeof *took);
	struct error err = { .kind = ERR_NONE };

	snprintf(path, sizeof path, "%s/bench-journal-%ld", argc > 1 ? argv[1] : ".", (long)getpid());
	struct recorder *recorder = directory_open(&directory, NULL, path, DIRECTORY_CREATE, &err)
		? recorder_open(&(struct recorder_options){ .directory = &directory, .workers = workers, .migrations = schema,
		                                           .migration_count = COUNT(schema) }, &err)
		: NULL;
	static const size_t sizes[] = { 1, 16, BATCH_MAX };
	for (size_t i = 0; recorder && i < COUNT(sizes); i++)
		measure(recorder, sizes[i], &number, took);
	recorder_close(recorder);
	directory_close(&directory);
	workers_stop(workers);
	free(took);
	if (!recorder || !file_remove_tree(AT_FDCWD, path, &err)) {
		fprintf(stderr, "bench-journal: %s\n", err.message);
		return 1;
	}
	return 0;
}

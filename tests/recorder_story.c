/* tests/recorder_story.c: calls in batches, resets and ends. What must hold is in recorder_story_check.c. */
#include "tests/recorder_story.h"

#include "base/clock.h"
#include "base/waiter.h"
#include "store/catalog_vfs.h"
#include "tests/recorder_story_check.h"

#include <sched.h>

enum {
	JOURNAL_BYTES = 24 << 10,               /* some batches a file */
	RESERVE_BYTES = 96 << 10,               /* the catalog's log is never longer */
	WAL_PAGES     = 12,                     /* a checkpoint in every story */
	WAIT_MS_MAX   = 20000,                  /* a test that hangs says so */
};

/* ---- one call ---- */

static bool perform_call(struct job *job, struct catalog *catalog, struct error *err)
{
	struct story_call *call = (struct story_call *)job;
	struct slice account = S("123456789012"), name = slice_of(call->name);
	char detail[STORY_DETAIL_BYTES];

	memset(detail, 'a' + call->number % 26, sizeof detail);
	if (call->verb == STORY_CREATE)
		return catalog_run(catalog, err, "INSERT INTO users VALUES (?, ?, ?)", "ttt", account, name,
		                   (struct slice){ detail, sizeof detail });
	return catalog_run(catalog, err, "DELETE FROM users WHERE account = ? AND name = ?", "tt", account, name)
	    && (catalog_changes(catalog) == 1 || fail(err, ERR_NOT_FOUND, "no such user"));
}

/* "NNN V S NAME ....": number, verb, + or - for success, name, padding. */
static bool describe_call(struct job *job, struct event_frame *frame)
{
	struct story_call *call = (struct story_call *)job;

	memset(call->json, '.', sizeof call->json);
	int length = snprintf(call->json, sizeof call->json, "%03d %c %c %s ", call->number, call->verb,
	                      job->error.kind == ERR_NONE ? '+' : '-', call->name);
	call->json[length] = '.';
	*frame = (struct event_frame){ .time_ms = 1000 * call->number, .account = 1, .json = { call->json, sizeof call->json } };
	return true;
}

static void wake(void *user)
{
	struct story *story = user;
	int count = atomic_load(&story->step_count);

	if (count > 0)
		waiter_wake(story->settled[count - 1]);
}

static void end_one(struct story *story)
{
	if (atomic_fetch_sub(&story->pending, 1) == 1)
		wake(story);
}

static void finish_call(struct job *job, enum job_result result)
{
	struct story_call *call = (struct story_call *)job;

	call->result = result;
	call->is_answered = result == JOB_DONE;
	end_one(call->story);
}

/* ---- one batch ---- */

/* Runs on the recorder's thread and queues the calls there: they are taken together, as the next batch. */
struct starter {
	struct job    job;                      /* first */
	struct story *story;
};

static bool submit(struct story *story, struct job *job)
{
	atomic_fetch_add(&story->pending, 1);
	bool is_taken = recorder_submit(story->recorder, job);
	if (!is_taken)
		end_one(story);
	return is_taken;
}

static bool start_calls(struct job *job, struct event_frame *frame)
{
	struct story *story = ((struct starter *)job)->story;

	(void)frame;
	for (int i = story->batch_first; i < story->call_count; i++)
		submit(story, &story->calls[i].job);
	return false;
}

static void finish_starter(struct job *job, enum job_result result)
{
	(void)result;
	end_one(((struct starter *)job)->story);
}

/* On a disk that stays broken a refusing recorder answers nobody any more. */
static bool is_stuck(struct story *story)
{
	struct recorder_status status;

	recorder_status(story->recorder, &status);
	return status.state != RECORDER_RECORDING && disk_model_stays_broken(&story->model);
}

static void settle(struct story *story)
{
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_MS_MAX;

	while (atomic_load(&story->pending) > 0 && !is_stuck(story)) {
		if (clock_monotonic_ms() > deadline_ms)
			assert_failed("the recorder answers", __FILE__, __LINE__);
		sched_yield();
	}
}

static void run_calls(struct story *story)
{
	struct starter *starter = arena_new(story->arena, struct starter);

	assert(story->step_count < STORY_STEPS_MAX);
	story->settled[story->step_count] = waiter_new();       /* until the end: whoever wakes it may be late */
	atomic_fetch_add(&story->step_count, 1);
	*starter = (struct starter){ .job = { .describe = start_calls, .finish = finish_starter }, .story = story };
	if (!submit(story, &starter->job))
		return;
	if (!disk_model_has_struck(&story->model))
		waiter_wait(story->settled[story->step_count - 1]);
	settle(story);
}

void story_batch(struct story *story, const char *text)
{
	if (!disk_model_stays_broken(&story->model))
		story_resumes(story);
	story->batch_first = story->call_count;
	for (; *text; text += text[2] == ' ' ? 3 : 2) {
		struct story_call *call = &story->calls[story->call_count];
		assert(story->call_count < STORY_CALLS_MAX);
		*call = (struct story_call){ .number = story->call_count++, .verb = (enum story_verb)text[0],
		                             .result = JOB_UNAVAILABLE, .story = story };
		call->name[0] = text[1];
		call->job = (struct job){ .perform = call->verb == STORY_READ ? NULL : perform_call, .describe = describe_call,
		                          .finish = finish_call };
	}
	run_calls(story);
	/* What the recorder does behind its answers belongs to this step too. */
	story->batch_first = story->call_count;
	run_calls(story);
}

bool story_resumes(struct story *story)
{
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_MS_MAX;
	struct recorder_status status;

	do {
		recorder_status(story->recorder, &status);
		sched_yield();
	} while (status.state != RECORDER_RECORDING && clock_monotonic_ms() < deadline_ms);
	settle(story);
	return status.state == RECORDER_RECORDING;
}

/* ---- reset ---- */

struct reset_call {
	struct recorder_reset reset;            /* first */
	struct waiter        *done;
	bool                  is_ok;
};

static void reset_done(struct recorder_reset *reset, bool is_ok, const struct error *err)
{
	struct reset_call *call = (struct reset_call *)reset;

	(void)err;
	call->is_ok = is_ok;
	waiter_wake(call->done);
}

void story_reset(struct story *story)
{
	struct reset_call call = { .reset.done = reset_done, .done = waiter_new() };

	bool is_lost = disk_model_stays_broken(&story->model);          /* then it cannot have begun */
	if (recorder_submit_reset(story->recorder, &call.reset)) {
		waiter_wait(call.done);
		story->reset_at = call.is_ok ? story->call_count : story->reset_at;
		story->resets_may_have = !call.is_ok && !is_lost;
	}
	waiter_free(call.done);
	story->batch_first = story->call_count;
	run_calls(story);
}

/* ---- opening and ending ---- */

bool story_open(struct story *story)
{
	if (!directory_open(&story->directory, &story->model.disk, story->path, DIRECTORY_CREATE, &story->err))
		return false;
	story->recorder = recorder_open(&(struct recorder_options){
		.directory = &story->directory, .workers = story->workers, .migrations = story_migrations, .migration_count = STORY_MIGRATIONS,
		.journal_file_bytes = JOURNAL_BYTES, .reserve_file_bytes = RESERVE_BYTES, .wal_pages = WAL_PAGES, .retry_ms = 1 },
		&story->err);
	if (!story->recorder)
		directory_close(&story->directory);
	return story->recorder != NULL;
}

void story_close(struct story *story)
{
	if (!story->recorder)
		return;
	recorder_close(story->recorder);
	directory_close(&story->directory);
	story->recorder = NULL;
	assert(atomic_load(&story->pending) == 0);
}

void story_kill(struct story *story)
{
	disk_model_detach(&story->model, true);
	story_close(story);
	disk_model_detach(&story->model, false);
}

void story_crash(struct story *story, uint64_t seed)
{
	story_kill(story);
	disk_model_crash(&story->model, seed);
}

static void remove_tree(const char *path)
{
	struct error err;

	if (!file_remove_tree(AT_FDCWD, path, &err))
		assert_failed(err.message, __FILE__, __LINE__);
}

struct story *story_new(struct arena *arena, const char *dir)
{
	struct story *story = arena_new(arena, struct story);
	const char *saved = arena_printf(arena, "%s/saved", dir);

	story->arena = arena;
	story->path = arena_printf(arena, "%s/data", dir);
	story->copy_path = arena_printf(arena, "%s/copy", dir);
	story->reset_at = -1;
	remove_tree(story->path);
	remove_tree(story->copy_path);
	remove_tree(saved);
	int result = mkdir(saved, 0700);
	assert(result == 0);
	disk_model_init(&story->model, saved);
	story->model.struck = wake;
	story->model.user = story;
	return story;
}

void story_free(struct story *story)
{
	story_close(story);
	catalog_vfs_unregister(&story->model.disk);
	disk_model_fini(&story->model);
	for (int i = 0; i < story->step_count; i++)
		waiter_free(story->settled[i]);
}

const char *story_check_and_go_on(struct story *story)
{
	const char *wrong;

	if (!story->recorder && !story_open(story))
		return arena_printf(story->arena, "cannot open: %s", story->err.message);
	wrong = story_check(story);
	if (!wrong) {
		story_batch(story, "cZ r-");
		if (!story->calls[story->call_count - 1].is_answered)
			wrong = "it does not go on";
	}
	story_close(story);
	if (!wrong && !story_open(story))
		wrong = arena_printf(story->arena, "cannot open a second time: %s", story->err.message);
	return wrong ? wrong : story_check(story);
}

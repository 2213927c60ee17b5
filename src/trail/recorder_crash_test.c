/* trail/recorder_crash_test.c: whatever is cut off, and whenever: what was answered is there, once; a change and its event
 * are both there or neither; and the recorder goes on.
 *
 * A story is told over and over: with a crash before its first operation on the disk, its second, its third, until it
 * passes untouched; each with several ways of losing what was not synced. Then with a second crash while it recovers. Then
 * with each sync left out in turn, which must be noticed: a sync that nobody would miss proves nothing. */
#include "base/workers.h"
#include "tests/recorder_story.h"
#include "tests/test.h"

enum { ARENA_BYTES = 16 << 20, FAILURES_MAX = 5, LATE = 1 << 30, DISTANCE_MAX = 12 };

static void tell_commits(struct story *story)
{
	if (!story_open(story))
		return;
	story_batch(story, "cA cB r-");
	story_batch(story, "cA cC dB r-");                      /* the first one fails: A is there */
	story_batch(story, "r- r-");
	story_batch(story, "cD cE cF cG cH");                   /* more than what is left of the file */
	story_batch(story, "dA dC cB cI");
	story_close(story);
	if (!story_open(story))
		return;
	story_batch(story, "cA cJ dD dX");
	story_batch(story, "cK cL cM dE");                      /* checkpoints on the way */
	story_kill(story);
	if (!story_open(story))
		return;
	story_close(story);                                     /* the catalog becomes durable here, so the journal must be */
	if (!story_open(story))
		return;
	story_batch(story, "r- dA cN");
	story_batch(story, "cO r-");
	story_kill(story);
	if (!story_open(story))
		return;
	story_batch(story, "cP r-");
	story_close(story);
}

static void tell_resets(struct story *story)
{
	if (!story_open(story))
		return;
	story_batch(story, "cA cB r-");
	story_close(story);                                     /* the catalog is durable */
	if (!story_open(story))
		return;
	story_batch(story, "cC r-");
	story_reset(story);
	story_batch(story, "cA r- cC");
	story_batch(story, "dA cD cE cF cG");
	story_reset(story);
	story_kill(story);
	if (!story_open(story))
		return;
	story_batch(story, "cB r-");
	story_close(story);
}

/* ---- one crash ---- */

enum again { AGAIN_BATCH, AGAIN_CLOSE };

struct crash {
	story_teller   *tell;
	struct workers *workers;                /* may be NULL */
	uint64_t      at, seed;                 /* DISK_MODEL_DROP_ALL, DISK_MODEL_KEEP_ALL, or tear */
	enum again    again;                    /* what happens between it and a second one, which loses all it can */
	uint64_t      again_at;                 /* which is at this operation; 0: none; very large: at the end */
	struct disk_model_sync ignored[2];      /* syncs that do nothing until the crash */

	/* what happened */
	bool                   has_struck, has_struck_again;
	struct disk_model_sync syncs[DISK_MODEL_SYNCS_MAX];
	size_t                 sync_count;
	char                   wrong[512];      /* "" nothing */
};

static bool crash_once(const char *dir, struct crash *crash)
{
	struct arena arena = { .cap_bytes = ARENA_BYTES };
	struct story *story = story_new(&arena, dir);

	story->workers = crash->workers;
	story->model.fault = DISK_MODEL_CRASH;
	story->model.fault_at = crash->at;
	memcpy(story->model.ignored, crash->ignored, sizeof crash->ignored);
	crash->tell(story);
	crash->has_struck = story->model.has_struck;
	crash->sync_count = story->model.sync_count;
	memcpy(crash->syncs, story->model.syncs, sizeof crash->syncs);
	story_crash(story, crash->seed);
	if (crash->again_at) {
		story->model.has_struck = false;
		story->model.fault_at = story->model.count + crash->again_at;
		if (story_open(story)) {
			if (crash->again == AGAIN_BATCH)
				story_batch(story, "r- cY");
			else
				story_close(story);
		}
		crash->has_struck_again = story->model.has_struck;
		story_crash(story, DISK_MODEL_DROP_ALL);
	}
	memset(story->model.ignored, 0, sizeof crash->ignored);
	const char *wrong = story_check_and_go_on(story);
	snprintf(crash->wrong, sizeof crash->wrong, "%s", wrong ? wrong : "");
	story_free(story);
	arena_fini(&arena);
	return !wrong;
}

/* Ways to go down: losing everything that was not synced, or some of it; a kill, which loses nothing, and a power cut when
 * the next process has answered, or has closed. */
static const struct way { uint64_t seed, again_at; enum again again; } ways[] = {
	{ DISK_MODEL_DROP_ALL, 0, AGAIN_BATCH },
	{ DISK_MODEL_KEEP_ALL, LATE, AGAIN_BATCH },
	{ 2, 0, AGAIN_BATCH },
	{ DISK_MODEL_KEEP_ALL, LATE, AGAIN_CLOSE },
	{ 3, 0, AGAIN_BATCH },
	{ 5, 0, AGAIN_BATCH },
	{ 7, 0, AGAIN_BATCH },
	{ 9, 0, AGAIN_BATCH },
	{ 4, 0, AGAIN_BATCH },
	{ DISK_MODEL_KEEP_ALL, 0, AGAIN_BATCH },
};

static bool crash_in_way(const char *dir, struct crash *crash, size_t way)
{
	crash->seed = ways[way].seed;
	crash->again_at = ways[way].again_at;
	crash->again = ways[way].again;
	return crash_once(dir, crash);
}

/* Every way of losing at every operation takes minutes: CI does that. Else each operation has one of them. */
static bool is_thorough(void)
{
	return getenv("SPOOR_CRASH_ALL") != NULL;
}

static void report(struct test *t, const struct crash *crash)
{
	test_failed(t, __FILE__, __LINE__, "crash at %" PRIu64 ", then %" PRIu64 " (%d), seed %" PRIu64 ": %s", crash->at,
	            crash->again_at, crash->again, crash->seed, crash->wrong);
}

static void crash_everywhere(struct test *t, story_teller *tell)
{
	const char *dir = test_dir_in_memory(t, "crash");
	struct crash crash = { .tell = tell, .has_struck = true };

	while (crash.has_struck && t->failed_checks < FAILURES_MAX) {
		crash.at++;
		for (size_t way = 0; way < COUNT(ways); way++)
			if ((is_thorough() || crash.at * 5 / 3 % COUNT(ways) == way) && !crash_in_way(dir, &crash, way))
				report(t, &crash);
	}
	CHECK(t, crash.at > 100);
	printf("# crashed at each of %" PRIu64 " operations\n", crash.at - 1);
}

TEST(crash_anywhere_loses_nothing_that_was_answered)
{
	crash_everywhere(t, tell_commits);
}

TEST(crash_anywhere_in_a_reset_leaves_the_old_or_the_new)
{
	crash_everywhere(t, tell_resets);
}

/* Files are prepared and the catalog's log is copied on another thread, so no two runs are the same. */
TEST(crash_beside_workers_loses_nothing)
{
	const char *dir = test_dir_in_memory(t, "crash");
	struct workers *workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 8 });
	struct crash crash = { .tell = tell_commits, .at = 1, .has_struck = true, .workers = workers };

	while (crash.has_struck && t->failed_checks < FAILURES_MAX) {
		if (!crash_in_way(dir, &crash, crash.at * 5 / 3 % COUNT(ways)))
			report(t, &crash);
		crash.at += is_thorough() ? 1 : 7;
	}
	CHECK(t, crash.at > 100);
	workers_stop(workers);
}

/* The second crash moves with the first, so that over the story each operation of a recovery is met. */
static void crash_twice_everywhere(struct test *t, story_teller *tell, uint64_t stride)
{
	const char *dir = test_dir_in_memory(t, "crash");
	struct crash crash = { .tell = tell, .at = 1, .has_struck = true };
	uint64_t runs = 0, again_at_max = 0;

	while (crash.has_struck && t->failed_checks < FAILURES_MAX) {
		uint64_t step = is_thorough() ? 7 : 13;
		crash.has_struck_again = true;
		for (uint64_t i = 1 + crash.at % step; crash.has_struck_again && t->failed_checks < FAILURES_MAX; i += step) {
			crash.again_at = i;
			crash.again = (crash.at + i) % 5 ? AGAIN_BATCH : AGAIN_CLOSE;
			crash.seed = (crash.at + i) % 4;
			if (!crash_once(dir, &crash))
				report(t, &crash);
			again_at_max = i > again_at_max ? i : again_at_max;
			runs++;
		}
		crash.at += is_thorough() ? 2 : stride;
	}
	CHECK(t, again_at_max > 20);
	printf("# crashed twice in %" PRIu64 " ways\n", runs);
}

TEST(crash_while_recovering_from_a_crash_loses_nothing)
{
	crash_twice_everywhere(t, tell_commits, 29);
	crash_twice_everywhere(t, tell_resets, 23);
}

/* ---- syncs left out ---- */

/* Call sites that hardly anybody misses alone, because of another one. Without both something is lost. */
static const struct { const char *label, *other, *reason; } unmissed[] = {
	{ "journal: prepared file", "journal: file header", "so that the writer need not wait for all the zeros" },
	{ "catalog: log name", "catalog: name", "SQLite's own, of the directory that is synced at every start" },
	{ "catalog: name", "catalog: log name", "for a start after a kill: SQLite syncs the directory only when it makes a log" },
};

static const char *other_of(const struct disk_model_sync *site)
{
	for (size_t i = 0; i < COUNT(unmissed); i++)
		if (strcmp(unmissed[i].label, site->label) == 0)
			return unmissed[i].other;
	return NULL;
}

static bool is_of_site(const struct disk_model_sync *sync, const struct disk_model_sync *site)
{
	return sync->kind == site->kind && strcmp(sync->label, site->label) == 0;
}

/* Whether some crash near one of the first `places` of the site shows that the sync is missing. */
static bool is_noticed_near(const char *dir, struct crash *crash, const struct crash *plain, size_t places)
{
	for (uint64_t distance = 0; distance <= DISTANCE_MAX; distance++)
		for (size_t way = 0; way < COUNT(ways); way++)
			for (size_t i = 0, place = 0; i < plain->sync_count && place < places; i++) {
				if (!is_of_site(&plain->syncs[i], &crash->ignored[0]))
					continue;
				place++;
				crash->at = plain->syncs[i].number + distance;
				if (!crash_in_way(dir, crash, way))
					return true;
			}
	return false;
}

struct mutation {
	const char   *dir;
	story_teller *tellers[2];
	struct crash  plain[2];                 /* untouched, for the places of the syncs */
};

/* `other`: NULL, or a second site that is left out too. */
static bool is_noticed(struct mutation *mutation, const struct disk_model_sync *site, const char *other)
{
	static const size_t places[] = { 2, SIZE_MAX };

	for (size_t p = 0; p < COUNT(places); p++)
		for (size_t i = 0; i < COUNT(mutation->tellers); i++) {
			struct crash crash = { .tell = mutation->tellers[i], .ignored = { *site, { site->kind, other, 0 } } };
			if (is_noticed_near(mutation->dir, &crash, &mutation->plain[i], places[p]))
				return true;
		}
	return false;
}

static void leave_out(struct test *t, struct mutation *mutation, const struct disk_model_sync *site)
{
	if (!is_noticed(mutation, site, other_of(site)))
		test_failed(t, __FILE__, __LINE__, "the sync \"%s\" was left out and nobody noticed", site->label);
}

TEST(crash_notices_each_sync_that_is_left_out)
{
	struct mutation mutation = { .dir = test_dir_in_memory(t, "crash"), .tellers = { tell_commits, tell_resets } };
	struct disk_model_sync *seen = arena_array(&t->arena, DISK_MODEL_SYNCS_MAX, sizeof *seen);
	size_t seen_count = 0;

	for (size_t i = 0; i < COUNT(mutation.tellers); i++) {
		struct crash *plain = &mutation.plain[i];
		plain->tell = mutation.tellers[i];
		if (!crash_once(mutation.dir, plain))
			report(t, plain);
		for (size_t at = 0; at < plain->sync_count; at++) {
			bool is_known = false;
			for (size_t k = 0; k < seen_count && !is_known; k++)
				is_known = is_of_site(&seen[k], &plain->syncs[at]);
			if (!is_known)
				seen[seen_count++] = plain->syncs[at];
		}
	}
	for (size_t i = 0; i < seen_count; i++)
		leave_out(t, &mutation, &seen[i]);
	CHECK_NUMBER(t, seen_count, 16);
}

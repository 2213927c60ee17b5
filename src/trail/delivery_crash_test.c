/* trail/delivery_crash_test.c: a power cut at any operation of the disk, or its failure: each event of the journal is in exactly
 * one log file that can be read and that a digest will list, each answered event is in the journal, and no other file is left.
 *
 * The story is told with a crash before its first operation, its second, and so on until it passes untouched. Then with each
 * sync of an object's file left out in turn, which must be noticed. Then with each operation failing once, and everybody
 * trying again. */
#include "base/clock.h"
#include "base/file.h"
#include "bucket/dead_files.h"
#include "store/catalog_vfs.h"
#include "store/event_frame.h"
#include "store/journal.h"
#include "store/objects.h"
#include "tests/disk_model.h"
#include "tests/trail_place.h"
#include "trail/digest_chains.h"

#include <sched.h>

enum { TRAIL = 7, EVENTS_MAX = 32, ARENA_BYTES = 32 << 20, FAILURES_MAX = 5, TRIES_MAX = 8, WAIT_MS = 20000 };

/* Losing all that was not synced, none of it (a kill), some of it. */
static const uint64_t seeds[] = { DISK_MODEL_DROP_ALL, DISK_MODEL_KEEP_ALL, 2, 3, 5, 4, 7 };

static const struct delivery_limits LIMITS = { .file_records = 2, .file_bytes = 1 << 20, .bytes = 1 << 20, .files = 8 };

struct story {
	struct disk_model  model;
	struct trail_place place;
	int                number;              /* of the last event that was made */
	bool               is_answered[EVENTS_MAX];
	bool               is_stubborn;         /* what fails is tried again */
};

/* Whoever waits for a recorder that cannot go on is answered. */
static void let_go(void *user)
{
	recorder_let_go(((struct story *)user)->place.recorder);
}

/* ---- telling ---- */

static bool begin_chain(void *user, struct catalog *catalog, struct error *err)
{
	(void)user;
	return digest_chains_begin(catalog, TRAIL_PLACE_ACCOUNT, TRAIL, S("us-east-1"), TRAIL_PLACE_NOW_MS, err);
}

static bool resumes(struct story *story)
{
	int64_t deadline_ms = clock_monotonic_ms() + WAIT_MS;
	struct recorder_status status = {0};

	if (!story->place.recorder)
		return trail_place_open(&story->place);
	do {
		sched_yield();
		recorder_status(story->place.recorder, &status);
	} while (status.state != RECORDER_RECORDING && clock_monotonic_ms() < deadline_ms);
	return status.state == RECORDER_RECORDING;
}

/* Once, or, if it is stubborn, until it went well. */
static bool persist(struct story *story, bool (*step)(struct story *story))
{
	for (int i = 0; i < TRIES_MAX; i++) {
		if (step(story))
			return true;
		if (!story->is_stubborn || !resumes(story))
			return false;
	}
	return false;
}

static bool add_one(struct story *story)
{
	int number = ++story->number;

	assert(number < EVENTS_MAX);
	story->is_answered[number] = trail_place_event(&story->place, number, number % 3 ? "us-east-1" : "eu-north-1", TRAIL, 1);
	return story->is_answered[number];
}

static bool add(struct story *story, int count)
{
	for (int i = 0; i < count; i++)
		if (!persist(story, add_one))
			return false;
	return true;
}

/* What the bucket refuses stays where it is. */
static bool deliver_stream(struct story *story, struct trail_stream (*find)(struct story *story))
{
	struct delivery_report report = { .is_full = true };
	enum delivery_end end = DELIVERY_DONE;

	while (report.is_full && end == DELIVERY_DONE) {
		struct trail_stream stream = find(story);
		if (stream.trail_id == 0)
			return true;
		end = trail_place_deliver_stream(&story->place, &stream, &LIMITS, &report);
	}
	return end != DELIVERY_BROKEN_OFF;
}

static struct trail_stream find_own(struct story *story)
{
	return trail_place_stream(&story->place, TRAIL);
}

static struct trail_stream find_parted(struct story *story)
{
	return trail_place_region_stream(&story->place, TRAIL, "eu-north-1");
}

static bool deliver_all(struct story *story)
{
	return deliver_stream(story, find_own) && deliver_stream(story, find_parted);
}

static bool deliver(struct story *story)
{
	return persist(story, deliver_all);
}

static void kill_nine(struct story *story)
{
	disk_model_detach(&story->model, true);
	trail_place_close(&story->place);
	disk_model_detach(&story->model, false);
}

static bool open_place(struct story *story)
{
	return story->place.recorder || trail_place_open(&story->place);
}

static bool make_bucket(struct story *story)
{
	return trail_place_bucket(&story->place, "logs", true);
}

static bool deny(struct story *story)
{
	return trail_place_deny(&story->place, "logs", "eu-north-1");
}

static bool allow(struct story *story)
{
	return trail_place_deny(&story->place, "logs", "none");
}

static bool make_trail(struct story *story)
{
	return trail_place_trail(&story->place, TRAIL, 1, "logs", NULL);
}

static bool make_chain(struct story *story)
{
	return trail_place_change(&story->place, begin_chain, NULL);
}

static bool set_up(struct story *story)
{
	return persist(story, open_place) && persist(story, make_bucket) && persist(story, make_trail) && persist(story, make_chain);
}

/* Ends with whatever fails first: false. */
static bool tell(struct story *story)
{
	if (!set_up(story) || !add(story, 5) || !deliver(story) || !add(story, 2))
		return false;
	trail_place_close(&story->place);
	if (!persist(story, open_place) || !deliver(story) || !persist(story, deny) || !add(story, 2) || !deliver(story)
	    || !add(story, 3))
		return false;
	kill_nine(story);
	if (!persist(story, open_place) || !deliver(story) || !persist(story, allow) || !add(story, 1) || !deliver(story))
		return false;
	trail_place_close(&story->place);
	return true;
}

/* ---- checking ---- */

/* How often each number is in it: {"n":1}. */
static void count_numbers(struct slice text, int counts[EVENTS_MAX])
{
	size_t at;

	while ((at = slice_find(text, S("{\"n\":"))) != SLICE_NPOS) {
		text = slice_from(text, at + 5);
		int number = atoi(text.ptr);
		assert(number > 0 && number < EVENTS_MAX);
		counts[number]++;
	}
}

static bool count_journal(struct story *story, int counts[EVENTS_MAX])
{
	struct journal_view *view = recorder_journal_view(story->place.recorder);
	struct journal_scan scan;
	struct journal_batch batch;
	struct event_frame event;
	bool ok = true;

	for (size_t i = 0; ok && i < journal_view_count(view); i++) {
		ok = journal_scan_open(&scan, view, i, &story->place.err);
		while (ok && journal_scan_next(&scan, &batch, &story->place.err)) {
			struct journal_frame frame;
			uint32_t offset = 0;
			while (ok && journal_batch_next(&batch, &offset, &frame, &story->place.err))
				if (frame.kind == JOURNAL_EVENT) {
					ok = event_frame_read(frame.body, &event, &story->place.err);
					count_numbers(event.json, counts);
				}
		}
	}
	journal_view_release(view);
	return ok && story->place.err.kind == ERR_NONE;
}

static int64_t number_of(struct story *story, const char *sql)
{
	struct rows rows = catalog_query(story->place.context.reader, &story->place.err, sql, "");
	int64_t number = rows_next(&rows) ? rows_i64(&rows, 0) : -1;

	return rows_close(&rows) ? number : -1;
}

static bool count_name(void *user, const char *name, struct error *err)
{
	(void)name, (void)err;
	++*(int64_t *)user;
	return true;
}

static int64_t count_files(struct story *story)
{
	int64_t count = 0;

	for (int i = 0; i < 256; i++) {
		char path[32];
		snprintf(path, sizeof path, "objects/%02x", i);
		int fd = file_exists(story->place.directory.fd, path) ? file_open_dir(story->place.directory.fd, path, NULL) : -1;
		if (fd >= 0)
			file_list(fd, count_name, &count, NULL);
		file_close(fd);
	}
	return count;
}

/* NULL, or what is wrong. The disk is well again. */
static const char *check(struct story *story)
{
	struct trail_place *place = &story->place;
	int recorded[EVENTS_MAX] = {0}, delivered[EVENTS_MAX] = {0};
	struct trail_place_objects objects;

	if (!trail_place_open(place))
		return "cannot be opened";
	place->err = (struct error){0};                         /* of files that may be missing */
	if (!objects_sweep(place->objects, dead_files_is_named, place->context.reader, NULL, &place->err))
		return "cannot be swept";
	if (!count_journal(story, recorded))
		return "the journal cannot be read";
	for (int i = 1; i < EVENTS_MAX; i++)
		if (story->is_answered[i] && recorded[i] != 1)
			return "an answered event is not in the journal";
	if (trail_place_stream(place, TRAIL).trail_id == 0)
		return story->number == 0 ? NULL : "the trail is lost";
	if (story->number > 0 && (!allow(story) || !deliver(story)))
		return "what is pending cannot be delivered";
	if (!trail_place_read(place, &objects))
		return "a delivered object cannot be read";
	for (size_t i = 0; i < objects.count; i++)
		count_numbers(objects.items[i].text, delivered);
	for (int i = 1; i < EVENTS_MAX; i++)
		if (recorded[i] != delivered[i])
			return delivered[i] > recorded[i] ? "an event is delivered twice" : "an event is not delivered";
	if (story->number > 0 && number_of(story, "SELECT count(*) FROM trail_files f JOIN object_versions v ON v.key = f.key")
	                         != (int64_t)objects.count)
		return "digests would list other files";
	if (number_of(story, "SELECT count(*) FROM object_versions WHERE file IS NOT NULL") != count_files(story))
		return "a file is left that nobody names";
	return NULL;
}

/* ---- one crash ---- */

struct crash {
	uint64_t               at, seed;
	bool                   fails_only;      /* once; nothing is lost, and nothing ends */
	struct disk_model_sync ignored;
	bool                   has_struck;
	struct disk_model_sync syncs[DISK_MODEL_SYNCS_MAX];
	size_t                 sync_count;
	char                   wrong[512];
};

static bool crash_once(const char *dir, struct crash *crash)
{
	struct arena arena = { .cap_bytes = ARENA_BYTES };
	const char *saved = arena_printf(&arena, "%s/saved", dir);
	struct story *story = arena_new(&arena, struct story);

	*story = (struct story){ .place = { .arena = &arena, .path = arena_printf(&arena, "%s/data", dir), .disk = &story->model.disk,
	                                    .journal_file_bytes = 24 << 10 } };
	bool is_clean = file_remove_tree(AT_FDCWD, story->place.path, NULL) && file_remove_tree(AT_FDCWD, saved, NULL)
	              && mkdir(saved, 0700) == 0;
	assert(is_clean);
	disk_model_init(&story->model, saved);
	story->is_stubborn = crash->fails_only;
	story->model.struck = crash->fails_only ? NULL : let_go;
	story->model.user = story;
	story->model.fault = crash->fails_only ? DISK_MODEL_EIO_ONCE : DISK_MODEL_CRASH;
	story->model.fault_at = crash->at;
	story->model.ignored[0] = crash->ignored;
	bool is_told = tell(story);
	crash->has_struck = disk_model_has_struck(&story->model);
	crash->sync_count = story->model.sync_count;
	memcpy(crash->syncs, story->model.syncs, sizeof crash->syncs);
	kill_nine(story);
	disk_model_crash(&story->model, crash->seed);
	story->model.ignored[0].label = NULL;
	const char *wrong = crash->fails_only && !is_told ? "the story ends before its end" : check(story);
	snprintf(crash->wrong, sizeof crash->wrong, "%s%s%.400s", wrong ? wrong : "", wrong ? ": " : "",
	         wrong ? story->place.err.message : "");
	trail_place_close(&story->place);
	catalog_vfs_unregister(&story->model.disk);
	disk_model_fini(&story->model);
	arena_fini(&arena);
	return !wrong;
}

static void report(struct test *t, const struct crash *crash)
{
	test_failed(t, __FILE__, __LINE__, "crash at %" PRIu64 ", seed %" PRIu64 ": %s", crash->at, crash->seed, crash->wrong);
}

/* Every way of losing at every operation takes minutes: CI does that. Else each operation has one of them. */
TEST(delivery_crash_anywhere_delivers_each_event_once)
{
	const char *dir = test_dir_in_memory(t, "crash");
	struct crash crash = { .has_struck = true };

	while (crash.has_struck && t->failed_checks < FAILURES_MAX) {
		crash.at++;
		for (size_t i = 0; i < COUNT(seeds); i++) {
			crash.seed = seeds[i];
			if ((getenv("SPOOR_CRASH_ALL") || crash.at % COUNT(seeds) == i) && !crash_once(dir, &crash))
				report(t, &crash);
		}
	}
	CHECK(t, crash.at > 100);
	printf("# crashed at each of %" PRIu64 " operations\n", crash.at - 1);
}

/* A file that a row names must be durable before: else somebody finds the row without its bytes. That the folder of folders
 * is synced too shows in store/objects_crash_test.c: here the recorder syncs the directory above it anyway. */
TEST(delivery_crash_notices_each_sync_of_an_object_that_is_left_out)
{
	const char *dir = test_dir_in_memory(t, "crash");
	struct crash plain = { .seed = DISK_MODEL_DROP_ALL };
	size_t count = 0;

	if (!crash_once(dir, &plain))
		report(t, &plain);
	for (size_t i = 0; i < plain.sync_count; i++) {
		bool is_missed = false, is_known = false;
		for (size_t k = 0; k < i && !is_known; k++)
			is_known = strcmp(plain.syncs[k].label, plain.syncs[i].label) == 0;
		if (is_known || !slice_has_prefix(slice_of(plain.syncs[i].label), S("object"))
		    || strcmp(plain.syncs[i].label, "objects: the folder of folders") == 0)
			continue;
		for (size_t k = 0; k < COUNT(seeds) && !is_missed; k++) {
			struct crash crash = { .seed = seeds[k], .ignored = plain.syncs[i] };
			is_missed = !crash_once(dir, &crash);
		}
		if (!is_missed)
			test_failed(t, __FILE__, __LINE__, "nobody misses the sync \"%s\"", plain.syncs[i].label);
		count++;
	}
	CHECK_NUMBER(t, count, 3);
}

TEST(delivery_on_a_disk_that_fails_once_delivers_each_event_once)
{
	const char *dir = test_dir_in_memory(t, "crash");
	struct crash crash = { .seed = DISK_MODEL_KEEP_ALL, .has_struck = true, .fails_only = true };

	while (crash.has_struck && t->failed_checks < FAILURES_MAX) {
		crash.at += getenv("SPOOR_CRASH_ALL") ? 1 : 3;
		if (!crash_once(dir, &crash))
			report(t, &crash);
	}
	CHECK(t, crash.at > 100);
}

/* trail/digests_crash_test.c: a power cut anywhere, or a disk that fails once: a digest is there exactly if its chain has moved, every log file is in
 * exactly one digest or waits for one, chains do not fork, and it goes on from there. A key is there whole or not at all. */
#include "store/catalog_vfs.h"
#include "tests/digest_place.h"
#include "tests/disk_model.h"
#include "trail/signing_keys.h"

enum { ARENA_BYTES = 64 << 20, FAILURES_MAX = 5, MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS };

typedef void teller(struct trail_place *place);

/* A crash is survived by nothing but what is on the disk: after the first failure nothing else can succeed. */
static void tell_digests(struct trail_place *place)
{
	if (!digest_place_make(place) || !digest_place_start(place))
		return;
	digest_place_round(place);
	digest_place_deliver(place, 1, "us-east-1");
	place->now_ms += 20 * MINUTE_MS;
	digest_place_deliver(place, 2, "eu-north-1");
	place->now_ms += 2 * HOUR_MS;                            /* two windows of one region, three of the other */
	digest_place_round(place);
	digest_place_deliver(place, 3, "us-east-1");
	trail_place_event(place, 4, "us-east-1", DIGEST_PLACE_TRAIL, 1);
	digest_place_stop(place);
	digest_place_round(place);
	digest_place_deliver(place, 5, "us-east-1");
	place->now_ms += 1000;
	digest_place_round(place);                               /* the last ones */
	digest_place_start(place);
	place->now_ms += MINUTE_MS;
	digest_place_round(place);
}

static void tell_key(struct trail_place *place)
{
	digest_place_round(place);
}

/* ---- one crash ---- */

struct crash {
	teller     *tell;
	enum disk_model_fault fault;            /* DISK_MODEL_CRASH, or one after which the story is told to its end */
	uint64_t    at, seed;
	bool        has_struck;
	uint64_t    opened_at;                  /* operations before the story */
	size_t      digests;                    /* that are there in the end */
	char        wrong[512];                 /* "" nothing */
};

static void let_go(void *user)
{
	recorder_let_go(((struct trail_place *)user)->recorder);
}

static const char *check_keys(struct trail_place *place)
{
	struct signing_key_list keys;

	if (!signing_keys_list(place->context.reader, place->arena, 0, INT64_MAX, &keys, &place->err))
		return place->err.message;
	for (size_t i = 0; i < keys.count; i++) {
		struct rsa_signer *signer = signing_keys_open(place->arena, place->keyring, &keys.items[i], &place->err);
		if (!signer)
			return place->err.message;
		rsa_signer_free(signer);
	}
	return keys.count > 1 ? "there are two keys" : NULL;
}

/* What was cut off is made good by the next rounds. */
static const char *check_and_go_on(struct trail_place *place)
{
	const char *wrong;

	if (!trail_place_open(place))
		return arena_printf(place->arena, "cannot open: %s", place->err.message);
	wrong = check_keys(place);
	if (!wrong)
		wrong = digest_place_check(place);
	if (wrong)
		return wrong;
	place->now_ms += HOUR_MS;
	digest_place_round(place);
	wrong = check_keys(place);
	return wrong ? wrong : digest_place_check(place);
}

static size_t count_digests(struct trail_place *place)
{
	struct rows rows = catalog_query(place->context.reader, &place->err,
	                                 "SELECT count(*) FROM object_versions WHERE key LIKE '%/CloudTrail-Digest/%'", "");
	size_t count = rows_next(&rows) ? (size_t)rows_i64(&rows, 0) : 0;

	return rows_close(&rows) ? count : 0;
}

static void remove_tree(const char *path)
{
	struct error err;

	if (!file_remove_tree(AT_FDCWD, path, &err))
		assert_failed(err.message, __FILE__, __LINE__);
}

static bool crash_once(const char *dir, struct crash *crash)
{
	struct arena arena = { .cap_bytes = ARENA_BYTES };
	struct trail_place place = { .arena = &arena, .path = arena_printf(&arena, "%s/data", dir) };
	struct disk_model model;
	const char *saved = arena_printf(&arena, "%s/saved", dir), *wrong;

	remove_tree(place.path);
	remove_tree(saved);
	int result = mkdir(saved, 0700);
	assert(result == 0);
	disk_model_init(&model, saved);
	model.fault = crash->fault;
	model.fault_at = crash->at;
	model.struck = crash->fault == DISK_MODEL_CRASH ? let_go : NULL;
	model.user = &place;
	place.disk = &model.disk;
	if (trail_place_open(&place)) {
		if (crash->fault == DISK_MODEL_CRASH && disk_model_has_struck(&model))
			let_go(&place);
		crash->opened_at = model.count;
		crash->tell(&place);
		disk_model_detach(&model, crash->fault == DISK_MODEL_CRASH);
		trail_place_close(&place);
		disk_model_detach(&model, false);
	}
	crash->has_struck = model.has_struck;
	model.fault_at = 0;
	if (crash->fault == DISK_MODEL_CRASH)
		disk_model_crash(&model, crash->seed);
	wrong = check_and_go_on(&place);
	snprintf(crash->wrong, sizeof crash->wrong, "%s", wrong ? wrong : "");
	crash->digests = wrong ? 0 : count_digests(&place);
	trail_place_close(&place);
	catalog_vfs_unregister(&model.disk);
	disk_model_fini(&model);
	arena_fini(&arena);
	return !wrong;
}

static void fail_everywhere(struct test *t, teller *tell, enum disk_model_fault fault, size_t digests, uint64_t stride)
{
	static const uint64_t seeds[] = { DISK_MODEL_DROP_ALL, DISK_MODEL_KEEP_ALL, 2, 3, 5 };
	const char *dir = test_dir_in_memory(t, "crash");
	struct crash crash = { .tell = tell, .fault = fault, .has_struck = true };
	uint64_t step = getenv("SPOOR_CRASH_ALL") ? 1 : stride, runs = 0;

	crash_once(dir, &crash);                                 /* untouched: it tells where the story begins */
	CHECK_TEXT(t, slice_of(crash.wrong), S(""));
	CHECK_NUMBER(t, crash.digests, digests);
	crash.has_struck = true;
	for (crash.at = crash.opened_at + 1; crash.has_struck && t->failed_checks < FAILURES_MAX; crash.at += step) {
		crash.seed = seeds[runs++ % COUNT(seeds)];
		if (!crash_once(dir, &crash))
			test_failed(t, __FILE__, __LINE__, "at operation %" PRIu64 ", seed %" PRIu64 ": %s", crash.at, crash.seed, crash.wrong);
	}
	printf("# failed at %" PRIu64 " of the operations up to %" PRIu64 "\n", runs, crash.at);
}

TEST(digests_crash_anywhere_leaves_each_file_in_one_digest_and_one_chain)
{
	fail_everywhere(t, tell_digests, DISK_MODEL_CRASH, 10, 5);
}

TEST(digests_crash_while_a_key_is_made_leaves_a_whole_one_or_none)
{
	fail_everywhere(t, tell_key, DISK_MODEL_CRASH, 0, 1);
}

/* A commit whose outcome is not known is found done or not done by the next round. */
TEST(digests_fault_once_anywhere_leaves_each_file_in_one_digest_and_one_chain)
{
	fail_everywhere(t, tell_digests, DISK_MODEL_EIO_ONCE, 10, 7);
}

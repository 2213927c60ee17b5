/* store/objects_crash_test.c: a power cut at any operation of the disk: what was finished is there and whole, and what was
 * not is swept.
 *
 * The story is told with a crash before its first operation, its second, and so on until it passes untouched; each with
 * several ways of losing what was not synced. Then with each sync left out in turn, which must be noticed. */
#include "tests/disk_model.h"
#include "tests/object_place.h"

enum { OBJECTS = 3, SIZE = OBJECT_FRAME_BYTES + 1000 };

static const uint64_t seeds[] = { DISK_MODEL_DROP_ALL, DISK_MODEL_KEEP_ALL, 2, 3, 4, 5 };

struct story {
	struct disk_model   model;
	const char         *dir;
	int                 dir_fd;
	struct random       random;
	char               *plain;
	struct object_facts finished[OBJECTS];
	size_t              finished_count;
};

static const unsigned char *key(void)
{
	return OBJECT_PLACE_KEY;
}

/* Writes objects until something fails, and notes those whose names could have gone into rows. */
static void tell(struct story *story)
{
	struct objects *objects = objects_open(&story->model.disk, story->dir_fd, NULL);

	for (size_t i = 0; objects && i < OBJECTS; i++) {
		struct object_writer *writer = object_create(objects, key(), &story->random, NULL);
		struct object_facts facts;
		if (!writer || !object_append(writer, (struct slice){ story->plain, SIZE }, NULL) || !object_finish(writer, &facts, NULL)) {
			object_abort(writer);
			break;
		}
		story->finished[story->finished_count++] = facts;
		object_writer_close(writer);
	}
	objects_close(objects);
}

static bool is_finished(void *user, struct slice name, bool *is_known, struct error *err)
{
	const struct story *story = user;

	(void)err;
	*is_known = false;
	for (size_t i = 0; i < story->finished_count; i++)
		*is_known |= slice_equal(name, object_place_name(&story->finished[i]));
	return true;
}

/* NULL, or what is wrong. */
static const char *check(struct story *story)
{
	struct objects *objects = objects_open(NULL, story->dir_fd, NULL);
	char *out = xmalloc(SIZE);
	const char *wrong = objects ? NULL : "cannot be opened";
	uint64_t removed;

	for (size_t i = 0; !wrong && i < story->finished_count; i++) {
		struct slice name = object_place_name(&story->finished[i]);
		struct object_reader *reader = object_open(objects, name, key(), SIZE, NULL);
		if (!reader || !object_read(reader, 0, out, SIZE, NULL) || memcmp(out, story->plain, SIZE) != 0)
			wrong = "a finished object is lost";
		object_reader_close(reader);
	}
	if (!wrong && (!objects_sweep(objects, is_finished, story, &removed, NULL) || !objects_sweep(objects, is_finished, story, &removed, NULL)
	               || removed != 0))
		wrong = "the sweep does not come to an end";
	free(out);
	objects_close(objects);
	return wrong;
}

/* One telling. *has_struck: the crash came before the end. */
static const char *crash_once(struct test *t, uint64_t at, uint64_t seed, struct disk_model_sync ignored, bool *has_struck,
                              struct disk_model_sync *syncs, size_t *sync_count)
{
	struct story story = { .dir = test_dir(t, "crash"), .plain = arena_alloc(&t->arena, SIZE) };

	disk_model_init(&story.model, test_dir(t, "crash-saved"));
	random_init_seeded(&story.random, 11);
	random_bytes(&story.random, story.plain, SIZE);
	story.dir_fd = file_open_dir(AT_FDCWD, story.dir, &t->err);
	story.model.fault = DISK_MODEL_CRASH;
	story.model.fault_at = at;
	story.model.ignored[0] = ignored;
	tell(&story);
	*has_struck = disk_model_has_struck(&story.model);
	if (syncs) {
		*sync_count = story.model.sync_count;
		memcpy(syncs, story.model.syncs, story.model.sync_count * sizeof *syncs);
	}
	disk_model_crash(&story.model, seed);
	story.model.ignored[0].label = NULL;
	const char *wrong = check(&story);
	disk_model_fini(&story.model);
	file_close(story.dir_fd);
	file_remove_tree(AT_FDCWD, story.dir, NULL);
	return wrong;
}

TEST(objects_crash_at_any_operation_loses_nothing_that_was_finished)
{
	bool has_struck = true;
	uint64_t at = 1;

	for (; has_struck && at < 200; at++)
		for (size_t i = 0; i < COUNT(seeds); i++) {
			const char *wrong = crash_once(t, at, seeds[i], (struct disk_model_sync){0}, &has_struck, NULL, NULL);
			if (wrong)
				test_failed(t, __FILE__, __LINE__, "operation %" PRIu64 ", seed %" PRIu64 ": %s", at, seeds[i], wrong);
		}
	CHECK(t, !has_struck && at > 20);
}

TEST(objects_crash_shows_that_every_sync_is_needed)
{
	struct disk_model_sync syncs[DISK_MODEL_SYNCS_MAX];
	size_t count = 0;
	bool has_struck;

	CHECK(t, !crash_once(t, 0, DISK_MODEL_DROP_ALL, (struct disk_model_sync){0}, &has_struck, syncs, &count));
	CHECK(t, count > 0);
	for (size_t i = 0; i < count; i++) {
		bool is_missed = false;
		for (size_t k = 0; k < COUNT(seeds); k++)
			is_missed |= crash_once(t, 0, seeds[k], syncs[i], &has_struck, NULL, NULL) != NULL;
		if (!is_missed)
			test_failed(t, __FILE__, __LINE__, "nobody misses the sync \"%s\"", syncs[i].label);
	}
}

/* trail/recorder_fault_test.c: a disk that fails, is full or read-only, at each operation in turn: the recorder fails closed
 * and goes on by itself.
 *
 * No process ends here, so more is promised than after a crash: what was refused is not there. */
#include "tests/recorder_story.h"
#include "tests/test.h"

enum { ARENA_BYTES = 16 << 20, FAILURES_MAX = 5 };

static void tell(struct story *story)
{
	story_batch(story, "cA cB r-");
	story_batch(story, "cA cC dB r-");                      /* the first one fails: A is there */
	story_batch(story, "r- r-");
	story_batch(story, "cD cE cF cG cH");                   /* more than what is left of the file */
	story_batch(story, "dA dC cB cI");
	story_batch(story, "cA cJ dD dX");
	story_batch(story, "cK cL cM dE");                      /* checkpoints on the way */
	story_batch(story, "r-");
}

struct outcome {
	bool        has_struck;
	int         answered, refused;
	const char *wrong;
};

/* Tells the story with the fault at operation `at`, mends the disk, and looks. */
static struct outcome fail_once(struct arena *arena, const char *dir, enum disk_model_fault fault, uint64_t at)
{
	struct story *story = story_new(arena, dir);
	struct outcome outcome = {0};

	story->model.fault = fault;
	story->model.fault_at = at;
	bool is_open = story_open(story);
	if (is_open)
		tell(story);
	outcome.has_struck = story->model.has_struck;
	disk_model_heal(&story->model);
	if (is_open && !story_resumes(story))
		outcome.wrong = "it does not resume";
	for (int i = 0; i < story->call_count; i++)
		*(story->calls[i].is_answered ? &outcome.answered : &outcome.refused) += 1;
	story->refused_are_absent = true;
	outcome.wrong = outcome.wrong ? outcome.wrong : story_check_and_go_on(story);
	story_free(story);
	return outcome;
}

/* `stride`: every so many operations, unless CI wants all. */
static void fail_everywhere(struct test *t, enum disk_model_fault fault, uint64_t stride)
{
	const char *dir = test_dir_in_memory(t, "fault");
	struct outcome outcome = { .has_struck = true };
	int answered = 0, refused = 0;
	uint64_t at = 1;

	while (outcome.has_struck && t->failed_checks < FAILURES_MAX) {
		struct arena arena = { .cap_bytes = ARENA_BYTES };
		outcome = fail_once(&arena, dir, fault, at);
		answered += outcome.answered;
		refused += outcome.refused;
		if (outcome.wrong)
			test_failed(t, __FILE__, __LINE__, "fault at %" PRIu64 ": %s", at, outcome.wrong);
		arena_fini(&arena);
		at += getenv("SPOOR_CRASH_ALL") ? 1 : stride;
	}
	CHECK(t, at > 100);
	CHECK(t, refused > 0);
	printf("# up to operation %" PRIu64 ": %d calls answered, %d refused\n", at - 1, answered, refused);
}

TEST(fault_once_anywhere_refuses_some_calls_and_loses_none)
{
	fail_everywhere(t, DISK_MODEL_EIO_ONCE, 1);
}

TEST(fault_in_the_middle_of_a_write_is_as_good_as_none_written)
{
	fail_everywhere(t, DISK_MODEL_SHORT_THEN_EIO, 2);
}

TEST(fault_of_a_full_disk_refuses_until_there_is_room)
{
	fail_everywhere(t, DISK_MODEL_FULL, 3);
}

TEST(fault_of_a_read_only_disk_refuses_until_it_is_not)
{
	fail_everywhere(t, DISK_MODEL_READ_ONLY, 5);
}

TEST(fault_that_lasts_refuses_until_it_ends)
{
	fail_everywhere(t, DISK_MODEL_EIO, 5);
}

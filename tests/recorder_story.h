/* tests/recorder_story.h: a recorder on a modelled disk is told a story of calls, and what it kept is checked.
 *
 * A teller makes calls in batches, resets, closes, is killed, goes on. Every step is tried also when the disk has failed
 * before it, as clients do. story_check then reads everything back and holds it against what was answered. */
#ifndef SPOOR_TESTS_RECORDER_STORY_H
#define SPOOR_TESTS_RECORDER_STORY_H

#include "store/directory.h"
#include "tests/disk_model.h"
#include "trail/recorder.h"

struct waiter;

enum { STORY_CALLS_MAX = 96, STORY_JSON_BYTES = 2500, STORY_STEPS_MAX = 96 };

enum story_verb { STORY_CREATE = 'c', STORY_DELETE = 'd', STORY_READ = 'r' };

struct story_call {
	struct job      job;                    /* first */
	struct story   *story;
	int             number;                 /* of the call, in its event */
	enum story_verb verb;
	char            name[8];
	char            json[STORY_JSON_BYTES];
	enum job_result result;
	bool            is_answered;            /* with JOB_DONE */
};

struct story {
	struct disk_model model;
	struct arena     *arena;
	const char       *path, *copy_path;
	struct directory  directory;
	struct recorder  *recorder;             /* NULL: closed, or it could not be opened */
	struct workers   *workers;              /* NULL: everything happens on the recorder's thread, in the same order each time */
	struct error      err;

	struct story_call calls[STORY_CALLS_MAX];
	int               call_count, batch_first;
	atomic_int        pending;              /* jobs that were accepted and not finished */
	struct waiter    *settled[STORY_STEPS_MAX];     /* one a step: nothing is pending any more, or the disk failed */
	atomic_int        step_count;

	int               reset_at;             /* calls before it are forgotten; -1: no reset was answered */
	bool              resets_may_have;      /* one was begun and not answered */
	bool              refused_are_absent;   /* no process ended: what was answered JOB_UNAVAILABLE is not there */
};

typedef void story_teller(struct story *story);

/* In `dir`, whose earlier story is removed. */
struct story *story_new(struct arena *arena, const char *dir);
void          story_free(struct story *story);

/* ---- telling ---- */
bool story_open(struct story *story);
void story_close(struct story *story);
void story_kill(struct story *story);                   /* kill -9: nothing is tidied up, nothing that was written is lost */

/* "cA dB r-": one batch that creates A, deletes B and reads. Returns when everybody was answered, or when the recorder
 * refuses on a disk that will not heal by itself. */
void story_batch(struct story *story, const char *text);
void story_reset(struct story *story);

/* ---- the end ---- */

/* Power cut now, wherever the story is: see disk_model_crash. */
void story_crash(struct story *story, uint64_t seed);

/* Waits until it records again by itself; false: it does not. */
bool story_resumes(struct story *story);

/* NULL, or what is wrong. The recorder is open on a healthy disk. */
const char *story_check(struct story *story);

/* Opens if need be, checks, makes calls, closes, opens, checks. */
const char *story_check_and_go_on(struct story *story);

#endif

/* tests/user_jobs.h: an open recorder with its directory, and jobs that add users. For trail/recorder_test.c. */
#ifndef SPOOR_TESTS_USER_JOBS_H
#define SPOOR_TESTS_USER_JOBS_H

#include "store/directory.h"
#include "tests/test.h"
#include "trail/recorder.h"

struct user_job {
	struct job      job;                    /* first */
	struct slice    name;
	char            json[96];
	enum job_result result;
	struct waiter  *done;
	enum error_kind fails_with;
	atomic_int     *left;                   /* of many jobs: the last one wakes */
};

struct user_jobs {                              /* an open recorder with its directory */
	struct test            *t;
	struct disk            *disk;           /* NULL: the real one */
	struct directory        directory;
	struct recorder_options options;
	struct recorder        *recorder;
	struct catalog         *reader;
	const char             *path;
};

struct user_jobs user_jobs_new(struct test *t);
bool             user_jobs_open(struct user_jobs *bench);        /* with its options and its disk */
void             user_jobs_close(struct user_jobs *bench);

/* A job that adds `name`, or changes nothing, and fails afterwards if told to. The second does both. */
struct user_job *user_jobs_submit(struct user_jobs *bench, struct slice name, bool changes, enum error_kind fails_with);
struct user_job *user_jobs_do(struct user_jobs *bench, struct slice name, bool changes, enum error_kind fails_with);
struct user_job *user_jobs_wait(struct user_job *user);

int64_t user_jobs_users(struct user_jobs *bench);

/* Events in the journal whose text holds `needle`; checks that sequences have no gap and the chain is right. */
int user_jobs_events(struct user_jobs *bench, struct slice needle);

/* What such a job is made of. */
bool user_jobs_create(struct job *job, struct catalog *catalog, struct error *err);
bool user_jobs_describe(struct job *job, struct event_frame *frame);
void user_jobs_finish(struct job *job, enum job_result result);

#endif

/* server/sweeper.c: a list of dead files, their deletion, and a job that forgets them, in this order: what a crash interrupts
 * is done again. */
#include "server/sweeper.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"
#include "base/waiter.h"
#include "bucket/dead_files.h"
#include "store/objects.h"

struct sweeper {
	struct server        *server;
	struct thread         thread;
	struct queue         *wakes;             /* nothing is ever put into it */
	atomic_bool           is_stopping;
	struct catalog       *reader;
	struct arena          arena;             /* of one round */

	struct job            job;               /* forgets `dead` */
	struct waiter        *job_ended;         /* of its own: whoever is woken by it may free everything */
	struct dead_file_list dead;
	uint64_t              generation;        /* that `dead` is of */
};

static struct sweeper *sweeper_of(struct job *job)
{
	return (struct sweeper *)(void *)((char *)job - offsetof(struct sweeper, job));
}

static bool forget(struct job *job, struct catalog *catalog, struct error *err)
{
	struct sweeper *sweeper = sweeper_of(job);

	if (sweeper->generation != request_generation_now(sweeper->server))
		return fail(err, ERR_CONFLICT, "a reset came between");
	return dead_files_forget(catalog, &sweeper->dead, err);
}

static void forgotten(struct job *job, enum job_result result)
{
	(void)result;
	waiter_wake(sweeper_of(job)->job_ended);
}

/* A download that began before the key was put again may still need the file of its next part. */
static void keep_the_old(struct sweeper *sweeper)
{
	int64_t now_ms = server_now_ms(sweeper->server, clock_wall_ms());
	struct dead_file_list *dead = &sweeper->dead;
	size_t count = 0;

	for (size_t i = 0; i < dead->count; i++)
		if (now_ms - dead->items[i].died_ms >= DEAD_FILES_KEEP_MS)
			dead->items[count++] = dead->items[i];
	dead->count = count;
}

/* True: there may be more at once. */
static bool bury(struct sweeper *sweeper, struct error *err)
{
	sweeper->generation = request_generation_now(sweeper->server);
	if (!dead_files_list(sweeper->reader, &sweeper->arena, DEAD_FILES_ROUND_MAX, &sweeper->dead, err))
		return false;
	keep_the_old(sweeper);
	for (size_t i = 0; i < sweeper->dead.count; i++)
		if (!objects_remove(sweeper->server->environment.objects, sweeper->dead.items[i].file, err))
			return false;
	if (sweeper->dead.count == 0)
		return false;
	sweeper->job = (struct job){ .perform = forget, .finish = forgotten };
	sweeper->job_ended = waiter_new();
	bool is_submitted = recorder_submit(sweeper->server->recorder, &sweeper->job);
	if (is_submitted)
		waiter_wait(sweeper->job_ended);
	waiter_free(sweeper->job_ended);
	return is_submitted && sweeper->dead.count == DEAD_FILES_ROUND_MAX;
}

static void complain(const char *what, const struct error *err)
{
	if (err->kind)
		log_line(what, "reason=\"%s\"", err->message);
}

static void sweep(struct sweeper *sweeper)
{
	struct error err = {0};
	uint64_t removed = 0;

	objects_sweep(sweeper->server->environment.objects, dead_files_is_named, sweeper->reader, &removed, &err);
	complain("objects could not be swept", &err);
	if (removed)
		log_line("objects swept", "unnamed=%" PRIu64, removed);
}

static void run(void *argument)
{
	struct sweeper *sweeper = argument;

	sweep(sweeper);
	while (!atomic_load(&sweeper->is_stopping)) {
		struct error err = {0};
		bool is_more = bury(sweeper, &err);
		complain("dead objects stay", &err);
		arena_reset(&sweeper->arena, CALL_ARENA_KEEP_BYTES);
		if (!is_more)
			queue_take(sweeper->wakes, 1, SWEEPER_PAUSE_MS);
	}
}

struct sweeper *sweeper_start(struct server *server, struct error *err)
{
	struct sweeper *sweeper = xcalloc(1, sizeof *sweeper);

	sweeper->server = server;
	sweeper->wakes = queue_new(1);
	arena_init(&sweeper->arena, CALL_ARENA_BYTES_MAX);
	sweeper->reader = catalog_open_reader(recorder_catalog_path(server->recorder), err);
	if (sweeper->reader)
		catalog_follow(sweeper->reader, recorder_generation(server->recorder));
	if (sweeper->reader && thread_start(&sweeper->thread, "sweeper", run, sweeper, err))
		return sweeper;
	sweeper_stop(sweeper);
	return NULL;
}

void sweeper_stop(struct sweeper *sweeper)
{
	if (!sweeper)
		return;
	atomic_store(&sweeper->is_stopping, true);
	queue_wake(sweeper->wakes);
	thread_join(&sweeper->thread);
	queue_free(sweeper->wakes);
	catalog_close(sweeper->reader);
	arena_fini(&sweeper->arena);
	free(sweeper);
}

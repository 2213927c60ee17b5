/* trail/checkpointer.c: passes on a worker while the log grows; once it is long, a last short one by the writer. */
#include "trail/checkpointer.h"

#include "base/limits.h"
#include "base/waiter.h"
#include "base/workers.h"
#include "store/catalog.h"

enum pass { PASS_NONE, PASS_RUNNING, PASS_DONE, PASS_FAILED };

struct checkpointer {
	struct work      work;                  /* first */
	struct workers  *workers;
	struct catalog  *catalog;               /* while a pass runs its worker's, else ours */
	struct waiter   *done;                  /* NULL: no pass to collect */
	_Atomic int      pass;                  /* enum pass */
	struct error     error;                 /* of PASS_FAILED */
	size_t           copied_pages;          /* of the log, when the last pass began */

	/* of the log */
	size_t pages, pages_long, pages_rest, pages_max;
};

static void run_pass(struct work *work, void *thread_state)
{
	struct checkpointer *checkpointer = (struct checkpointer *)work;

	(void)thread_state;
	bool ok = catalog_checkpoint(checkpointer->catalog, false, &checkpointer->error);
	atomic_store(&checkpointer->pass, ok ? PASS_DONE : PASS_FAILED);
	waiter_wake(checkpointer->done);
}

static void begin_pass(struct checkpointer *checkpointer, size_t pages)
{
	checkpointer->copied_pages = pages;
	checkpointer->done = waiter_new();
	atomic_store(&checkpointer->pass, PASS_RUNNING);
	if (!checkpointer->workers || !workers_submit(checkpointer->workers, &checkpointer->work))
		run_pass(&checkpointer->work, NULL);
}

static enum pass end_pass(struct checkpointer *checkpointer)
{
	if (checkpointer->done) {
		waiter_wait(checkpointer->done);
		waiter_free(checkpointer->done);
		checkpointer->done = NULL;
	}
	return (enum pass)atomic_exchange(&checkpointer->pass, PASS_NONE);
}

struct checkpointer *checkpointer_open(struct disk *disk, const char *path, struct workers *workers, size_t wal_pages,
                                       struct error *err)
{
	struct checkpointer *checkpointer = xcalloc(1, sizeof *checkpointer);

	checkpointer->pages = wal_pages ? wal_pages : RECORDER_WAL_PAGES;
	checkpointer->pages_long = RECORDER_WAL_PAGES_LONG * checkpointer->pages / RECORDER_WAL_PAGES;
	checkpointer->pages_rest = RECORDER_WAL_PAGES_REST * checkpointer->pages / RECORDER_WAL_PAGES;
	checkpointer->pages_max = RECORDER_WAL_PAGES_MAX * checkpointer->pages / RECORDER_WAL_PAGES;

	checkpointer->work.run = run_pass;
	checkpointer->workers = workers;
	checkpointer->catalog = catalog_open_writer_on(disk, path, err);
	if (checkpointer->catalog)
		return checkpointer;
	free(checkpointer);
	return NULL;
}

void checkpointer_close(struct checkpointer *checkpointer)
{
	if (!checkpointer)
		return;
	end_pass(checkpointer);
	catalog_abandon(checkpointer->catalog); /* whether to checkpoint at the end is the writer's business */
	free(checkpointer);
}

bool checkpointer_follow(struct checkpointer *checkpointer, struct catalog *writer, struct error *err)
{
	size_t pages = catalog_wal_pages(writer);
	bool is_overdue = pages >= checkpointer->pages_max;

	if (atomic_load(&checkpointer->pass) == PASS_RUNNING && !is_overdue)
		return true;
	if (end_pass(checkpointer) == PASS_FAILED)
		return fail(err, checkpointer->error.kind, "%s", checkpointer->error.message);
	if (pages < checkpointer->copied_pages)         /* SQLite began the log anew */
		checkpointer->copied_pages = 0;

	size_t left = pages - checkpointer->copied_pages;
	if (left >= checkpointer->pages || (pages >= checkpointer->pages_long && left > checkpointer->pages_rest)) {
		if (!is_overdue) {
			begin_pass(checkpointer, pages);
			return true;
		}
	} else if (pages < checkpointer->pages_long || left == 0) {
		return true;
	}
	/* Little is left, or the log is too long to go on: with everything copied the next change begins it anew. */
	checkpointer->copied_pages = pages;
	return catalog_checkpoint(writer, false, err);
}

/* trail/recorder_trash.c: one deletion at a time. */
#include "trail/recorder_trash.h"

#include "base/log.h"
#include "base/waiter.h"
#include "store/directory.h"

static void run(struct work *work, void *thread_state)
{
	struct recorder_trash *trash = (struct recorder_trash *)work;
	struct error err;

	(void)thread_state;
	if (!directory_empty_trash(trash->dir_fd, &err))
		log_line("recorder.trash", "error=\"%s\"", err.message);
	waiter_wake(trash->done);
}

void recorder_trash_wait(struct recorder_trash *trash)
{
	if (trash->done) {
		waiter_wait(trash->done);
		waiter_free(trash->done);
		trash->done = NULL;
	}
}

void recorder_trash_empty(struct recorder_trash *trash, struct workers *workers, int dir_fd)
{
	if (!workers)
		return;
	recorder_trash_wait(trash);
	*trash = (struct recorder_trash){ .work.run = run, .dir_fd = dir_fd, .done = waiter_new() };
	if (!workers_submit(workers, &trash->work))
		waiter_wake(trash->done);
}

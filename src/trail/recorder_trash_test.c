/* trail/recorder_trash_test.c: what is in the trash goes, once there is a worker, and the next deletion waits for the one before. */
#include "trail/recorder_trash.h"

#include "tests/test.h"

static void put_aside(struct test *t, int dir_fd, const char *name)
{
	char path[64];

	CHECK(t, mkdirat(dir_fd, name, 0700) == 0);
	snprintf(path, sizeof path, "%s/file", name);
	int fd = openat(dir_fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(t, fd >= 0 && close(fd) == 0);
}

static bool is_there(int dir_fd, const char *name)
{
	return faccessat(dir_fd, name, F_OK, 0) == 0;
}

TEST(recorder_trash_is_emptied_by_a_worker_and_waits_for_one)
{
	struct workers *workers = workers_start(&(struct workers_options){ .thread_count = 1, .queue_max = 1 });
	struct recorder_trash trash = { 0 };
	int dir_fd = empty_dir(t, "data");

	put_aside(t, dir_fd, "trash-1");
	put_aside(t, dir_fd, "journal");
	recorder_trash_empty(&trash, NULL, dir_fd);
	recorder_trash_wait(&trash);
	CHECK(t, is_there(dir_fd, "trash-1"));
	recorder_trash_empty(&trash, workers, dir_fd);
	recorder_trash_empty(&trash, workers, dir_fd);
	recorder_trash_wait(&trash);
	CHECK(t, !is_there(dir_fd, "trash-1") && is_there(dir_fd, "journal"));
	put_aside(t, dir_fd, "trash-2");
	recorder_trash_empty(&trash, workers, dir_fd);
	recorder_trash_wait(&trash);
	CHECK(t, !is_there(dir_fd, "trash-2"));
	workers_stop(workers);
}

/* base/file_test.c: files are written whole or fail with a name, and a disk in between sees and decides everything. */
#include "base/file.h"
#include "tests/test.h"

#include <sys/stat.h>

#include <sys/file.h>

static int open_new(struct test *t, const char *name)
{
	return file_open(NULL, empty_dir(t, name), "f", O_RDWR | O_CREAT | O_EXCL, NULL, &t->err);
}

TEST(file_gives_back_what_was_written_and_stops_at_its_end)
{
	int fd = open_new(t, "d");
	char bytes[16];
	size_t got = 0;
	uint64_t size = 0;

	CHECK(t, file_write_zeros(NULL, fd, 0, 100000, "f", &t->err));
	CHECK(t, file_write(NULL, fd, S("hello"), 99997, "f", &t->err));
	CHECK(t, file_size(fd, &size, "f", &t->err));
	CHECK_NUMBER(t, size, 100002);
	CHECK(t, file_read(NULL, fd, bytes, sizeof bytes, 99995, &got, "f", &t->err));
	CHECK_TEXT(t, ((struct slice){ bytes, got }), S("\0\0hello"));
	CHECK(t, file_truncate(NULL, fd, 10, "f", &t->err));
	CHECK(t, file_read(NULL, fd, bytes, sizeof bytes, 10, &got, "f", &t->err));
	CHECK_NUMBER(t, got, 0);
	CHECK(t, file_sync(NULL, fd, "test", &t->err));
	file_close(fd);
}

TEST(file_reserve_sets_space_aside_that_reads_as_zeros)
{
	int fd = file_open(NULL, empty_dir(t, "d"), "f", O_RDWR | O_CREAT | O_EXCL, NULL, &t->err);
	char bytes[4] = "xxxx";
	size_t got;
	struct stat facts;

	CHECK(t, file_reserve(NULL, fd, 1 << 20, "f", &t->err));
	CHECK(t, fstat(fd, &facts) == 0 && facts.st_size == 1 << 20 && facts.st_blocks * 512 >= 1 << 20);
	CHECK(t, file_read(NULL, fd, bytes, sizeof bytes, (1 << 20) - 4, &got, "f", &t->err));
	CHECK(t, got == 4 && memcmp(bytes, "\0\0\0\0", 4) == 0);
	file_close(fd);
	CHECK(t, !file_reserve(NULL, -1, 1 << 20, "the file", &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_IO);
}

TEST(file_open_tells_missing_from_failing)
{
	bool is_missing = false;

	CHECK_NUMBER(t, file_open(NULL, empty_dir(t, "d"), "absent", O_RDONLY, &is_missing, &t->err), -1);
	CHECK(t, is_missing);
	CHECK_NUMBER(t, t->err.kind, ERR_IO);
	CHECK(t, strstr(t->err.message, "absent") != NULL);
	CHECK_NUMBER(t, file_open(NULL, -1, "absent", O_RDONLY, &is_missing, &t->err), -1);
	CHECK(t, !is_missing);
}

TEST(file_does_not_follow_a_link_out_of_the_directory)
{
	int dir_fd = empty_dir(t, "d");

	REQUIRE(t, symlinkat("/etc/passwd", dir_fd, "link") == 0);
	CHECK_NUMBER(t, file_open(NULL, dir_fd, "link", O_RDONLY, NULL, &t->err), -1);
	CHECK(t, file_exists(dir_fd, "link"));
}

TEST(file_remove_tree_removes_all_of_it)
{
	int dir_fd = empty_dir(t, "d"), inner;

	CHECK(t, file_make_dir(NULL, dir_fd, "a", &t->err) && file_make_dir(NULL, dir_fd, "a", &t->err));
	inner = file_open_dir(dir_fd, "a", &t->err);
	CHECK(t, file_make_dir(NULL, inner, "b", &t->err));
	file_close(file_open(NULL, inner, "c", O_RDWR | O_CREAT | O_EXCL, NULL, &t->err));
	file_close(inner);
	CHECK(t, file_remove_tree(dir_fd, "a", &t->err));
	CHECK(t, !file_exists(dir_fd, "a"));
	CHECK(t, file_remove_tree(dir_fd, "a", &t->err));
}

TEST(file_lock_is_refused_while_another_descriptor_has_it)
{
	int dir_fd = empty_dir(t, "d");
	int first = file_open(NULL, dir_fd, "LOCK", O_RDWR | O_CREAT | O_EXCL, NULL, &t->err);
	int second = file_open(NULL, dir_fd, "LOCK", O_RDWR, NULL, &t->err);
	bool is_held = true;

	CHECK(t, file_lock(first, &is_held, "LOCK", &t->err) && !is_held);
	CHECK(t, !file_lock(second, &is_held, "LOCK", &t->err) && is_held);
	file_close(first);
	CHECK(t, file_lock(second, &is_held, "LOCK", &t->err));
	file_close(second);
}

TEST(file_map_shows_the_bytes)
{
	int fd = open_new(t, "d");

	CHECK(t, file_write(NULL, fd, S("mapped"), 0, "f", &t->err));
	const char *map = file_map(fd, 6, "f", &t->err);
	REQUIRE(t, map != NULL);
	CHECK_TEXT(t, ((struct slice){ map, 6 }), S("mapped"));
	file_unmap(map, 6);
	file_close(fd);
}

/* ---- a disk in between ---- */

struct stingy_disk {                    /* writes three bytes at a time, then is full */
	struct disk disk;
	int         asked[DISK_KIND_COUNT], told[DISK_KIND_COUNT];
	int         fail_at_write;
	const char *pretended;
};

static int stingy_before(struct disk *disk, struct disk_operation *operation)
{
	struct stingy_disk *stingy = (struct stingy_disk *)disk;

	stingy->asked[operation->kind]++;
	if (operation->kind == DISK_WRITE && operation->bytes > 3)
		operation->bytes = 3;
	if (operation->kind == DISK_WRITE && stingy->asked[DISK_WRITE] == stingy->fail_at_write)
		return ENOSPC;
	if (operation->kind == DISK_SYNC && stingy->pretended && strcmp(operation->label, stingy->pretended) == 0)
		return DISK_PRETEND;
	return 0;
}

static void stingy_after(struct disk *disk, const struct disk_operation *operation, int fd)
{
	(void)fd;
	((struct stingy_disk *)disk)->told[operation->kind]++;
}

TEST(file_reserve_shows_a_disk_the_zeros)
{
	struct stingy_disk stingy = { .disk = { stingy_before, stingy_after } };
	int fd = file_open(&stingy.disk, empty_dir(t, "d"), "f", O_RDWR | O_CREAT | O_EXCL, NULL, &t->err);

	CHECK(t, file_reserve(&stingy.disk, fd, 9, "f", &t->err));
	CHECK_NUMBER(t, stingy.told[DISK_WRITE], 3);
	file_close(fd);
}

TEST(file_writes_on_after_short_writes_and_says_when_the_disk_is_full)
{
	struct stingy_disk stingy = { .disk = { stingy_before, stingy_after }, .pretended = "second sync" };
	int fd = file_open(&stingy.disk, empty_dir(t, "d"), "f", O_RDWR | O_CREAT | O_EXCL, NULL, &t->err);
	char bytes[16];
	size_t got;

	CHECK(t, file_write(&stingy.disk, fd, S("0123456789"), 0, "f", &t->err));
	CHECK_NUMBER(t, stingy.asked[DISK_WRITE], 4);
	CHECK(t, file_read(&stingy.disk, fd, bytes, sizeof bytes, 0, &got, "f", &t->err));
	CHECK_TEXT(t, ((struct slice){ bytes, got }), S("0123456789"));

	stingy.fail_at_write = stingy.asked[DISK_WRITE] + 2;
	CHECK(t, !file_write(&stingy.disk, fd, S("abcdef"), 0, "the file", &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_IO);
	CHECK_TEXT(t, slice_of(t->err.message), S("the file: No space left on device"));

	CHECK(t, file_sync(&stingy.disk, fd, "first sync", &t->err) && file_sync(&stingy.disk, fd, "second sync", &t->err));
	CHECK_NUMBER(t, stingy.asked[DISK_SYNC], 2);
	CHECK_NUMBER(t, stingy.told[DISK_SYNC], 1);
	file_close(fd);
}

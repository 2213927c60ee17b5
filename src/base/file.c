/* base/file.c: thin wrappers that ask the disk first, and turn errno into an error that names what failed. */
#include "base/file.h"

#include <dirent.h>
#include <sys/file.h>
#include <sys/mman.h>

enum { ZEROS_BYTES = 64 << 10 };

static int ask(struct disk *disk, struct disk_operation *operation)
{
	return disk ? disk->before(disk, operation) : 0;
}

static void tell(struct disk *disk, const struct disk_operation *operation, int fd)
{
	if (disk && disk->after)
		disk->after(disk, operation, fd);
}

/* Fails with the errno that a disk answered. */
static bool fail_with(int number, const char *what, struct error *err)
{
	errno = number;
	return fail_errno(err, what);
}

int file_open(struct disk *disk, int dir_fd, const char *name, int flags, bool *is_missing, struct error *err)
{
	struct disk_operation operation = { .kind = flags & O_CREAT ? DISK_CREATE : DISK_OPEN, .dir_fd = dir_fd, .name = name };
	int answer = ask(disk, &operation);
	int fd = -1;

	assert(!(flags & O_CREAT) || (flags & O_EXCL));
	if (is_missing)
		*is_missing = false;
	if (answer == 0) {
		fd = openat(dir_fd, name, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
		answer = fd < 0 ? errno : 0;
	}
	if (fd < 0) {
		if (is_missing)
			*is_missing = answer == ENOENT;
		fail_with(answer, name, err);
		return -1;
	}
	tell(disk, &operation, fd);
	return fd;
}

int file_open_named(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		fail_errno(err, path);
	return fd;
}

int file_open_dir(int dir_fd, const char *name, struct error *err)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		fail_errno(err, name);
	return fd;
}

void file_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

bool file_write(struct disk *disk, int fd, struct slice bytes, uint64_t offset, const char *what, struct error *err)
{
	while (bytes.len > 0) {
		struct disk_operation operation = { .kind = DISK_WRITE, .fd = fd, .offset = offset, .bytes = bytes.len };
		int answer = ask(disk, &operation);
		ssize_t written;

		if (answer != 0)
			return fail_with(answer, what, err);
		written = pwrite(fd, bytes.ptr, operation.bytes, (off_t)offset);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return fail_with(written < 0 ? errno : ENOSPC, what, err);
		tell(disk, &operation, fd);
		bytes = slice_from(bytes, (size_t)written);
		offset += (uint64_t)written;
	}
	return true;
}

bool file_write_zeros(struct disk *disk, int fd, uint64_t offset, uint64_t bytes, const char *what, struct error *err)
{
	static const char zeros[ZEROS_BYTES];

	while (bytes > 0) {
		size_t part = bytes < sizeof zeros ? (size_t)bytes : sizeof zeros;
		if (!file_write(disk, fd, (struct slice){ zeros, part }, offset, what, err))
			return false;
		offset += part;
		bytes -= part;
	}
	return true;
}

/* A disk that looks on sees the zeros written: what is reserved reads as zeros, and is no less lost in a crash. */
bool file_reserve(struct disk *disk, int fd, uint64_t bytes, const char *what, struct error *err)
{
	int code = EOPNOTSUPP;

	while (!disk && (code = fallocate(fd, 0, 0, (off_t)bytes) == 0 ? 0 : errno) == EINTR)
		;
	if (code == 0)
		return true;
	return code == EOPNOTSUPP ? file_write_zeros(disk, fd, 0, bytes, what, err) : fail_with(code, what, err);
}

void file_write_back(struct disk *disk, int fd, uint64_t offset, uint64_t bytes)
{
	/* Whether it worked does not matter: the sync will tell. */
	if (!disk)
		(void)sync_file_range(fd, (off_t)offset, (off_t)bytes,
		                      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

bool file_read(struct disk *disk, int fd, void *out, size_t bytes, uint64_t offset, size_t *got, const char *what,
               struct error *err)
{
	*got = 0;
	while (*got < bytes) {
		struct disk_operation operation = { .kind = DISK_READ, .fd = fd, .offset = offset + *got, .bytes = bytes - *got };
		int answer = ask(disk, &operation);
		ssize_t count;

		if (answer != 0)
			return fail_with(answer, what, err);
		count = pread(fd, (char *)out + *got, operation.bytes, (off_t)(offset + *got));
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return fail_errno(err, what);
		if (count == 0)
			break;
		*got += (size_t)count;
	}
	return true;
}

bool file_size(int fd, uint64_t *bytes, const char *what, struct error *err)
{
	struct stat facts;

	if (fstat(fd, &facts) != 0)
		return fail_errno(err, what);
	*bytes = (uint64_t)facts.st_size;
	return true;
}

bool file_truncate(struct disk *disk, int fd, uint64_t bytes, const char *what, struct error *err)
{
	struct disk_operation operation = { .kind = DISK_TRUNCATE, .fd = fd, .offset = bytes };
	int answer = ask(disk, &operation);

	if (answer != 0)
		return fail_with(answer, what, err);
	if (ftruncate(fd, (off_t)bytes) != 0)
		return fail_errno(err, what);
	tell(disk, &operation, fd);
	return true;
}

static bool sync_with(struct disk *disk, enum disk_kind kind, int fd, const char *label, struct error *err)
{
	struct disk_operation operation = { .kind = kind, .fd = fd, .label = label };
	int answer = ask(disk, &operation);

	if (answer == DISK_PRETEND)
		return true;
	if (answer != 0)
		return fail_with(answer, label, err);
	if ((kind == DISK_SYNC ? fdatasync(fd) : fsync(fd)) != 0)
		return fail_errno(err, label);
	tell(disk, &operation, fd);
	return true;
}

bool file_sync(struct disk *disk, int fd, const char *label, struct error *err)
{
	return sync_with(disk, DISK_SYNC, fd, label, err);
}

bool file_sync_dir(struct disk *disk, int dir_fd, const char *label, struct error *err)
{
	return sync_with(disk, DISK_SYNC_DIR, dir_fd, label, err);
}

bool file_unlink(struct disk *disk, int dir_fd, const char *name, struct error *err)
{
	struct disk_operation operation = { .kind = DISK_UNLINK, .dir_fd = dir_fd, .name = name };
	int answer = ask(disk, &operation);

	if (answer != 0)
		return fail_with(answer, name, err);
	if (unlinkat(dir_fd, name, 0) != 0 && errno != ENOENT)
		return fail_errno(err, name);
	tell(disk, &operation, -1);
	return true;
}

bool file_rename(struct disk *disk, int from_dir_fd, const char *from, int to_dir_fd, const char *to, struct error *err)
{
	struct disk_operation operation = { .kind = DISK_RENAME, .dir_fd = from_dir_fd, .name = from, .to_dir_fd = to_dir_fd,
	                                    .to_name = to };
	int answer = ask(disk, &operation);

	if (answer != 0)
		return fail_with(answer, from, err);
	if (renameat(from_dir_fd, from, to_dir_fd, to) != 0)
		return fail_errno(err, from);
	tell(disk, &operation, -1);
	return true;
}

bool file_make_dir(struct disk *disk, int dir_fd, const char *name, struct error *err)
{
	struct disk_operation operation = { .kind = DISK_MAKE_DIR, .dir_fd = dir_fd, .name = name };
	int answer = ask(disk, &operation);

	if (answer != 0)
		return fail_with(answer, name, err);
	if (mkdirat(dir_fd, name, 0700) != 0 && errno != EEXIST)
		return fail_errno(err, name);
	tell(disk, &operation, -1);
	return true;
}

bool file_exists(int dir_fd, const char *name)
{
	return faccessat(dir_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool file_list(int dir_fd, bool (*each)(void *user, const char *name, struct error *err), void *user, struct error *err)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);   /* a position of its own */
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	bool ok = true;

	if (!dir) {
		file_close(fd);
		return fail_errno(err, "list directory");
	}
	while (ok && (errno = 0, entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			ok = each(user, entry->d_name, err);
	if (ok && errno != 0)
		ok = fail_errno(err, "list directory");
	closedir(dir);
	return ok;
}

static bool remove_entry(void *user, const char *name, struct error *err)
{
	return file_remove_tree(*(int *)user, name, err);
}

bool file_remove_tree(int dir_fd, const char *name, struct error *err)
{
	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return fail_errno(err, name);
	int fd = file_open_dir(dir_fd, name, err);
	bool ok = fd >= 0 && file_list(fd, remove_entry, &fd, err);
	file_close(fd);
	return ok && (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0 || fail_errno(err, name));
}

const char *file_map(int fd, size_t bytes, const char *what, struct error *err)
{
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED) {
		fail_errno(err, what);
		return NULL;
	}
	return map;
}

void file_unmap(const char *map, size_t bytes)
{
	if (map)
		munmap((void *)(uintptr_t)map, bytes);
}

bool file_lock(int fd, bool *is_held, const char *what, struct error *err)
{
	*is_held = false;
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EINTR)
			continue;
		*is_held = errno == EWOULDBLOCK;
		return fail_errno(err, what);
	}
	return true;
}

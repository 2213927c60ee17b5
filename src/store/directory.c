/* store/directory.c: VERSION and the intent of a reset are written beside their name and renamed, so they are whole or
 * absent; everything else is moved, never deleted, while somebody may still read it. */
#include "store/directory.h"

#include "base/file.h"

enum { SMALL_FILE_BYTES = 64, TRASH_TRIES = 1000 };

/* What a reset moves away. */
static const char *const emptied[] = { "journal", "catalog.db", "catalog.db-wal", "segments", "objects" };

/* What may be there before VERSION is: an interrupted creation, and the root of a file system of its own. */
static const char *const early[] = { "LOCK", "VERSION.new", "lost+found" };

/* ---- small files ---- */

static bool write_small(struct directory *directory, const char *name, uint64_t number, const char *label, struct error *err)
{
	char text[SMALL_FILE_BYTES], beside[SMALL_FILE_BYTES];
	int length = snprintf(text, sizeof text, "%" PRIu64 "\n", number);

	snprintf(beside, sizeof beside, "%s.new", name);
	if (!file_unlink(directory->disk, directory->fd, beside, err))
		return false;
	int fd = file_open(directory->disk, directory->fd, beside, O_RDWR | O_CREAT | O_EXCL, NULL, err);
	bool ok = fd >= 0 && file_write(directory->disk, fd, (struct slice){ text, (size_t)length }, 0, name, err)
	       && file_sync(directory->disk, fd, label, err);
	file_close(fd);
	return ok && file_rename(directory->disk, directory->fd, beside, directory->fd, name, err)
	    && file_sync_dir(directory->disk, directory->fd, label, err);
}

/* A missing file is *is_missing and no error. */
static bool read_small(struct directory *directory, const char *name, uint64_t *number, bool *is_missing, struct error *err)
{
	char text[SMALL_FILE_BYTES];
	size_t got = 0;
	int fd = file_open(directory->disk, directory->fd, name, O_RDONLY, is_missing, err);

	if (fd < 0)
		return *is_missing;
	bool ok = file_read(directory->disk, fd, text, sizeof text, 0, &got, name, err);
	file_close(fd);
	struct slice digits = { text, got > 0 && text[got - 1] == '\n' ? got - 1 : got };
	return ok && (slice_to_u64(digits, number)
	              || fail(err, ERR_CORRUPT, "%s/%s does not hold a number", directory->path, name));
}

/* ---- opening ---- */

static int open_lock_file(struct directory *directory, struct error *err)
{
	for (;;) {
		bool is_missing;
		int fd = file_open(directory->disk, directory->fd, "LOCK", O_RDWR, &is_missing, err);
		if (fd >= 0 || !is_missing)
			return fd;
		fd = file_open(directory->disk, directory->fd, "LOCK", O_RDWR | O_CREAT | O_EXCL, NULL, err);
		if (fd >= 0 || !file_exists(directory->fd, "LOCK"))
			return fd;              /* else another process was faster: open its file */
	}
}

/* Where it may not be written it can be locked all the same. */
static bool open_lock_file_for_reading(struct directory *directory, bool *is_missing, struct error *err)
{
	directory->lock_fd = file_open(directory->disk, directory->fd, "LOCK", O_RDWR, is_missing, NULL);
	if (directory->lock_fd < 0 && !*is_missing)
		directory->lock_fd = file_open(directory->disk, directory->fd, "LOCK", O_RDONLY, is_missing, err);
	return directory->lock_fd >= 0 || *is_missing;
}

static bool take_lock(struct directory *directory, enum directory_mode mode, struct error *err)
{
	char pid[SMALL_FILE_BYTES] = "";
	size_t got = 0;
	bool is_held, is_missing = false;

	if (mode == DIRECTORY_READING && (!open_lock_file_for_reading(directory, &is_missing, err) || is_missing))
		return is_missing;
	if (mode != DIRECTORY_READING && (directory->lock_fd = open_lock_file(directory, err)) < 0)
		return false;
	if (!file_lock(directory->lock_fd, &is_held, "LOCK", err)) {
		if (!is_held)
			return false;
		file_read(NULL, directory->lock_fd, pid, sizeof pid - 1, 0, &got, "LOCK", NULL);
		pid[strcspn(pid, "\n")] = '\0';
		return fail(err, ERR_BUSY, "%s is in use by another spoor%s%s", directory->path, pid[0] ? ", process " : "", pid);
	}
	/* For people only: nothing depends on its durability. */
	int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
	if (mode == DIRECTORY_READING && (fcntl(directory->lock_fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
		return true;
	return file_truncate(NULL, directory->lock_fd, 0, "LOCK", err)
	    && file_write(NULL, directory->lock_fd, (struct slice){ pid, (size_t)length }, 0, "LOCK", err);
}

static bool check_is_early(void *user, const char *name, struct error *err)
{
	struct directory *directory = user;

	for (size_t i = 0; i < COUNT(early); i++)
		if (strcmp(name, early[i]) == 0)
			return true;
	return fail(err, ERR_INVALID, "%s is not empty and was not made by spoor: it has %.100s", directory->path, name);
}

static bool check_version(struct directory *directory, enum directory_mode mode, struct error *err)
{
	uint64_t format = 0;
	bool is_missing = false;

	if (!read_small(directory, "VERSION", &format, &is_missing, err))
		return false;
	if (!is_missing)
		return format == DIRECTORY_FORMAT
		    || fail(err, ERR_INVALID, "%s has format %" PRIu64 " and this program knows %d: it was made by %s spoor",
		            directory->path, format, DIRECTORY_FORMAT, format > DIRECTORY_FORMAT ? "a newer" : "a foreign");
	directory->is_new = true;
	return mode == DIRECTORY_CREATE
	    && file_list(directory->fd, check_is_early, directory, err)
	    && write_small(directory, "VERSION", DIRECTORY_FORMAT, "directory: version", err);
}

/* At every start: whoever made it may have been killed before its name was durable. Where the parent may not be read,
 * somebody else has made it. */
static bool sync_own_name(struct directory *directory, struct error *err)
{
	char parent[PATH_MAX];
	const char *slash = strrchr(directory->path, '/');

	snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - directory->path) : 1, slash ? directory->path : ".");
	int fd = open(parent[0] ? parent : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES || fail_errno(err, parent);
	bool ok = file_sync_dir(directory->disk, fd, "directory: its own name", err);
	file_close(fd);
	return ok;
}

static bool make_directory(struct directory *directory, struct error *err)
{
	return file_exists(AT_FDCWD, directory->path) || file_make_dir(directory->disk, AT_FDCWD, directory->path, err);
}

bool directory_exists(const char *path)
{
	int fd = file_open_dir(AT_FDCWD, path, NULL);
	bool exists = fd >= 0 && file_exists(fd, "VERSION");

	file_close(fd);
	return exists;
}

bool directory_open(struct directory *directory, struct disk *disk, const char *path, enum directory_mode mode,
                    struct error *err)
{
	size_t bytes = strlen(path) + 1;

	*directory = (struct directory){ .disk = disk, .fd = -1, .lock_fd = -1 };
	while (bytes > 2 && path[bytes - 2] == '/')
		bytes--;                        /* "data/" is "data" */
	directory->path = memcpy(xmalloc(bytes), path, bytes);
	directory->path[bytes - 1] = '\0';

	bool ok = mode == DIRECTORY_CREATE ? make_directory(directory, err)
	        : directory_exists(path) || fail(err, ERR_NOT_FOUND, "%s is not a data directory of spoor", path);
	ok = ok && (directory->fd = file_open_dir(AT_FDCWD, directory->path, err)) >= 0
	  && (mode == DIRECTORY_READING || sync_own_name(directory, err));
	if (ok && take_lock(directory, mode, err) && check_version(directory, mode, err))
		return true;
	directory_close(directory);
	return false;
}

void directory_close(struct directory *directory)
{
	if (!directory->path)
		return;
	file_close(directory->lock_fd);
	file_close(directory->fd);
	free(directory->path);
	*directory = (struct directory){ .fd = -1, .lock_fd = -1 };
}

/* ---- reset ---- */

static bool move_away(struct directory *directory, int trash_fd, struct error *err)
{
	for (size_t i = 0; i < COUNT(emptied); i++)
		if (file_exists(directory->fd, emptied[i])
		    && !file_rename(directory->disk, directory->fd, emptied[i], trash_fd, emptied[i], err))
			return false;
	return true;
}

/* Each try has its own folder: what an interrupted one moved stays where it is. */
static int make_trash(struct directory *directory, uint64_t generation, struct error *err)
{
	char name[SMALL_FILE_BYTES];

	for (int attempt = 0; attempt < TRASH_TRIES; attempt++) {
		snprintf(name, sizeof name, "trash-%" PRIu64 "-%d", generation, attempt);
		if (!file_exists(directory->fd, name))
			return file_make_dir(directory->disk, directory->fd, name, err) ? file_open_dir(directory->fd, name, err) : -1;
	}
	fail(err, ERR_IO, "%s is full of trash folders", directory->path);
	return -1;
}

bool directory_reset_begin(struct directory *directory, uint64_t generation, struct error *err)
{
	if (!write_small(directory, "RESET", generation, "directory: intent of a reset", err))
		return false;
	int trash_fd = make_trash(directory, generation, err);
	bool ok = trash_fd >= 0 && move_away(directory, trash_fd, err);
	file_close(trash_fd);
	return ok;              /* until the end is synced, which syncs these names too, a crash leads here again */
}

bool directory_reset_end(struct directory *directory, struct error *err)
{
	return file_unlink(directory->disk, directory->fd, "RESET", err)
	    && file_sync_dir(directory->disk, directory->fd, "directory: end of a reset", err);
}

bool directory_reset_pending(struct directory *directory, uint64_t *generation, bool *is_pending, struct error *err)
{
	bool is_missing = false;
	bool ok = read_small(directory, "RESET", generation, &is_missing, err);

	*is_pending = ok && !is_missing;
	return ok;
}

static bool remove_trash(void *user, const char *name, struct error *err)
{
	return !slice_has_prefix(slice_of(name), S("trash-")) || file_remove_tree(*(int *)user, name, err);
}

bool directory_empty_trash(int dir_fd, struct error *err)
{
	return file_list(dir_fd, remove_trash, &dir_fd, err);
}

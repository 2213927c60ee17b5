/* base/file.h: every operation on files, so that tests can come between spoor and the disk.
 *
 * `disk` is NULL in production. A test hands in one that sees each operation before it happens and may fail it, cut it
 * short, or pretend a sync: that is how durability is proved (tests/disk_model.h). Every sync names its call site in
 * `label`, a literal, so that a test can leave out one of them and must then see data lost.
 * All functions fail with ERR_IO and name `what` they worked on; descriptors are close-on-exec. */
#ifndef SPOOR_BASE_FILE_H
#define SPOOR_BASE_FILE_H

#include "base/base.h"

#include <sys/uio.h>

enum disk_kind {
	DISK_OPEN, DISK_CREATE, DISK_READ, DISK_WRITE, DISK_TRUNCATE, DISK_SYNC, DISK_SYNC_DIR, DISK_UNLINK, DISK_RENAME,
	DISK_MAKE_DIR,
	DISK_KIND_COUNT
};

struct disk_operation {
	enum disk_kind kind;
	int            fd;                  /* READ, WRITE, TRUNCATE, SYNC, SYNC_DIR */
	int            dir_fd, to_dir_fd;   /* OPEN, CREATE, UNLINK, RENAME, MAKE_DIR */
	const char    *name, *to_name;
	uint64_t       offset;              /* READ, WRITE; TRUNCATE: the new size */
	size_t         bytes;               /* READ, WRITE: may be lowered for a short one */
	const char    *label;               /* SYNC, SYNC_DIR: the call site */
};

enum { DISK_PRETEND = -1 };

struct disk {
	/* 0: go on; an errno: fail with it; DISK_PRETEND: report success and do nothing (syncs). */
	int  (*before)(struct disk *disk, struct disk_operation *operation);
	/* After an operation that went through; `fd` is what OPEN and CREATE made. May be NULL. */
	void (*after)(struct disk *disk, const struct disk_operation *operation, int fd);
};

/* `flags` as for openat; O_CREAT always with O_EXCL. -1 on failure; *is_missing (may be NULL) tells ENOENT apart. */
int  file_open(struct disk *disk, int dir_fd, const char *name, int flags, bool *is_missing, struct error *err);
int  file_open_named(const char *path, struct error *err);      /* what a user names, to be read: through links too */
int  file_open_dir(int dir_fd, const char *name, struct error *err);
void file_close(int fd);                                /* accepts -1 */

/* All bytes or failure; interrupted and short writes go on. */
bool file_write(struct disk *disk, int fd, struct slice bytes, uint64_t offset, const char *what, struct error *err);
bool file_write_zeros(struct disk *disk, int fd, uint64_t offset, uint64_t bytes, const char *what, struct error *err);

/* As file_write_zeros on an empty file, but the file system only sets the space aside, where it can: at once, and each first
 * sync of a part later costs a little more. */
bool file_reserve(struct disk *disk, int fd, uint64_t bytes, const char *what, struct error *err);

/* Has the pages of this part written by now, without what makes them durable: so that a later sync has little left to wait
 * for, and the disk is never busy with much at once. */
void file_write_back(struct disk *disk, int fd, uint64_t offset, uint64_t bytes);

/* Up to `bytes`; fewer only at the end of the file. */
bool file_read(struct disk *disk, int fd, void *out, size_t bytes, uint64_t offset, size_t *got, const char *what,
               struct error *err);
bool file_size(int fd, uint64_t *bytes, const char *what, struct error *err);
bool file_truncate(struct disk *disk, int fd, uint64_t bytes, const char *what, struct error *err);

bool file_sync(struct disk *disk, int fd, const char *label, struct error *err);        /* fdatasync */
bool file_sync_dir(struct disk *disk, int dir_fd, const char *label, struct error *err); /* fsync: its entries */

bool file_unlink(struct disk *disk, int dir_fd, const char *name, struct error *err);   /* a missing one is fine */
bool file_rename(struct disk *disk, int from_dir_fd, const char *from, int to_dir_fd, const char *to, struct error *err);
bool file_make_dir(struct disk *disk, int dir_fd, const char *name, struct error *err); /* 0700; an existing one is fine */
bool file_exists(int dir_fd, const char *name);

/* Calls `each` with every name but "." and ".." in no order; false from it stops. */
bool file_list(int dir_fd, bool (*each)(void *user, const char *name, struct error *err), void *user, struct error *err);

/* Removes a file or a directory with all that is in it. Not for crash-tested paths. */
bool file_remove_tree(int dir_fd, const char *name, struct error *err);

/* Maps `bytes` of the file, read-only and shared. NULL on failure. */
const char *file_map(int fd, size_t bytes, const char *what, struct error *err);
void        file_unmap(const char *map, size_t bytes);

/* An exclusive lock on the whole file until its descriptor is closed. *is_held: another process has it. */
bool file_lock(int fd, bool *is_held, const char *what, struct error *err);

#endif

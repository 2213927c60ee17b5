/* store/directory.h: the data directory: its format number, its lock, and the reset that empties it.
 *
 *   DIR/VERSION      format number            DIR/journal/     see store/journal.h
 *   DIR/LOCK         flock, the holder's pid  DIR/catalog.db   see store/catalog.h
 *   DIR/RESERVE      bytes given back first when the disk is full
 *   DIR/RESET        a reset is under way     DIR/trash-N-M/   what it moved away, deleted in the background
 * The lock is the kernel's, so that nothing stale survives a kill. */
#ifndef SPOOR_STORE_DIRECTORY_H
#define SPOOR_STORE_DIRECTORY_H

#include "base/base.h"

struct disk;

enum { DIRECTORY_FORMAT = 1 };

enum directory_mode {
	DIRECTORY_CREATE,       /* make it if it is missing or empty */
	DIRECTORY_EXISTING,     /* it must be one of spoor's */
	DIRECTORY_READING,      /* the same, and nothing is made, changed or synced in it; it may be a copy, or read-only */
};

struct directory {
	struct disk *disk;
	int          fd;        /* of DIR */
	int          lock_fd;   /* -1: a copy without LOCK, opened for reading */
	char        *path;      /* heap */
	bool         is_new;    /* made by this open */
};

/* Takes the lock and checks VERSION. Errors: ERR_BUSY another process holds it (the message names its pid); ERR_NOT_FOUND
 * no such directory, or not one of spoor's; ERR_INVALID made by a newer spoor, or something else is in it; ERR_IO. */
bool directory_open(struct directory *directory, struct disk *disk, const char *path, enum directory_mode mode,
                    struct error *err);
void directory_close(struct directory *directory);      /* accepts a zeroed or half-opened one */

/* Whether `path` is a data directory of spoor, without touching it. */
bool directory_exists(const char *path);

/* ---- reset: everything but VERSION, LOCK, keys/ and RESERVE goes to trash-N-M; repeatable after a crash ---- */

/* Writes the intent and moves everything away. After it the directory is as new; directory_reset_end makes that final. */
bool directory_reset_begin(struct directory *directory, uint64_t generation, struct error *err);
bool directory_reset_end(struct directory *directory, struct error *err);

/* Whether a crash interrupted a reset, and to which generation; it must be done again. */
bool directory_reset_pending(struct directory *directory, uint64_t *generation, bool *is_pending, struct error *err);

/* Deletes the trash folders: milliseconds to seconds, for a worker. */
bool directory_empty_trash(int dir_fd, struct error *err);

#endif

/* archive/archive_walk.h: the files below what the user named, one after the other, in the order of their names.
 *
 * Folders are read when they are come to, and of one folder's names only ARCHIVE_NAMES_BYTES are held at a time: a folder with more
 * is read again for the next of them. So a million files are walked in bounded memory, and always in the same order. Of a bucket a
 * page of keys is held, and what AWS's layout leaves out by the name of a folder is not listed further. */
#ifndef SPOOR_ARCHIVE_ARCHIVE_WALK_H
#define SPOOR_ARCHIVE_ARCHIVE_WALK_H

#include "archive/archive_layout.h"
#include "archive/archive_source.h"

struct archive_walk;

struct archive_file {
	uint64_t number;                        /* from 0, in the order of the walk */
	bool     is_named;                      /* by the user, not found in a folder */
	char     path[];                        /* as a program would open it; "-" is standard input */
};

/* `paths`, `scope` and `source` (of paths that begin with s3://; NULL: there are none) must outlive the walk. What is left out is
 * counted in `report`; `names_bytes` is for tests, 0 elsewhere. */
struct archive_walk *archive_walk_new(const char *const *paths, size_t count, const struct archive_scope *scope,
                                      struct archive_source *source, struct scan_report *report, size_t names_bytes);
void archive_walk_free(struct archive_walk *walk);      /* accepts NULL */

/* The next file that may hold events, for free(); NULL: that was all. */
struct archive_file *archive_walk_next(struct archive_walk *walk);

#endif

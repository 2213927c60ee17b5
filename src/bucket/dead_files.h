/* bucket/dead_files.h: files of store/objects that no row names any more and that are still to be deleted (SQL table
 * `dead_files`).
 *
 * A row is written in the transaction that drops the last name of the file. After its commit somebody deletes the file
 * (objects_remove), then the row (dead_files_forget, in a job). A crash between repeats the deletion, which is harmless. */
#ifndef SPOOR_BUCKET_DEAD_FILES_H
#define SPOOR_BUCKET_DEAD_FILES_H

#include "base/arena.h"

struct catalog;

struct dead_file { struct slice account, file; int64_t died_ms; };
struct dead_file_list { struct dead_file *items; size_t count; };

extern const char dead_files_table[];

/* Notes the file, unless a version or a part still names it. SLICE_NONE is no file. */
bool dead_files_add(struct catalog *catalog, struct slice account, struct slice file, int64_t now_ms, struct error *err);

/* At most `limit`, in order of their names. Any connection. */
bool dead_files_list(struct catalog *catalog, struct arena *arena, size_t limit, struct dead_file_list *list,
                     struct error *err);
bool dead_files_forget(struct catalog *catalog, const struct dead_file_list *list, struct error *err);

/* For objects_sweep(): does a version or a part name the file? `user` is a struct catalog, a reader. */
bool dead_files_is_named(void *user, struct slice file, bool *is_named, struct error *err);

#endif

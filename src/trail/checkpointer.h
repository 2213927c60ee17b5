/* trail/checkpointer.h: the catalog's log is copied into its file beside the writer, so that no call waits for it.
 *
 * A checkpoint syncs the log, writes pages and syncs the file: ten milliseconds on a fast disk, many times a second under
 * load. It runs on a worker with a connection of its own while the writer goes on. Only the log's beginning anew needs the
 * writer: then nothing may be left to copy. Belongs to the thread of the writer. */
#ifndef SPOOR_TRAIL_CHECKPOINTER_H
#define SPOOR_TRAIL_CHECKPOINTER_H

#include "base/base.h"

struct catalog;
struct checkpointer;
struct disk;
struct workers;

/* After the writer has opened `path`. Without workers (NULL) checkpoints run in the caller. `wal_pages`: RECORDER_WAL_PAGES
 * or 0; tests of short logs have less, and all other limits are as many times smaller. */
struct checkpointer *checkpointer_open(struct disk *disk, const char *path, struct workers *workers, size_t wal_pages,
                                       struct error *err);

/* After each COMMIT of `writer`: begins, or ends, what is due. False: a checkpoint failed; what it was to copy is still
 * in the log, and nothing is lost. */
bool checkpointer_follow(struct checkpointer *checkpointer, struct catalog *writer, struct error *err);

/* Waits for a checkpoint under way. Accepts NULL. */
void checkpointer_close(struct checkpointer *checkpointer);

#endif

/* store/objects.h: the folder of object bytes: which files there are, and which may go.
 *
 *   DIR/objects/3f/3f0c…        one immutable file each, 32 hex digits, in 256 folders by their first two
 *
 * An object's bytes are written once under a fresh random name (store/object_writer.h), are durable before any row of the
 * catalog names them, and are read by ranges (store/object_reader.h). Nothing is ever renamed or written over: a key that
 * is put again gets another file, and the old one is removed when no row names it any more. The format is in
 * docs/objects.md.
 *
 * Everything here may be called from any thread. A reset moves the whole folder away; it is made again when needed. */
#ifndef SPOOR_STORE_OBJECTS_H
#define SPOOR_STORE_OBJECTS_H

#include "base/base.h"

enum {
	OBJECT_NAME_BYTES  = 32,                /* lower-case hex, no NUL */
	OBJECT_KEY_BYTES   = 32,
	OBJECT_FRAME_BYTES = 64 << 10,          /* of plain text; reads that begin on a multiple of it decrypt nothing twice */
};

struct disk;
struct objects;

/* `dir_fd` is of DIR, and outlives the result. Errors: ERR_IO. */
struct objects *objects_open(struct disk *disk, int dir_fd, struct error *err);
void objects_close(struct objects *objects);            /* after its writers and readers; accepts NULL */

/* Deletes a file that no row names any more; a missing one is fine. Reads that have it open go on. Not synced: what
 * comes back after a crash, the next sweep finds. Errors: ERR_INVALID no name of an object; ERR_IO. */
bool objects_remove(struct objects *objects, struct slice name, struct error *err);

/* Asked for each file whether the catalog names it: *is_known. False: could not tell, the sweep stops. */
typedef bool objects_is_known(void *user, struct slice name, bool *is_known, struct error *err);

/* Deletes every file that no row names, which crashes leave behind. May run beside everything else, on any thread: files
 * that are being written are locked until their row is committed, and `is_known` is asked afterwards, so it must see what
 * was committed before it was called. A few microseconds a file. *removed counts; it may be NULL. */
bool objects_sweep(struct objects *objects, objects_is_known *is_known, void *user, uint64_t *removed, struct error *err);

#endif

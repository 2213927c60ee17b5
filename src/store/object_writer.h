/* store/object_writer.h: writes the bytes of one object, encrypted, under a fresh name.
 *
 * A writer belongs to one thread at a time and may move between them. Its memory is one frame, whatever the object's size. */
#ifndef SPOOR_STORE_OBJECT_WRITER_H
#define SPOOR_STORE_OBJECT_WRITER_H

#include "base/random.h"
#include "store/objects.h"

struct object_writer;

struct object_facts {
	char     name[OBJECT_NAME_BYTES];       /* for the row, together with the key, sealed */
	uint64_t bytes;                         /* of plain text */
};

enum { OBJECT_WRITER_BYTES = 72 << 10 };        /* what a writer takes of memory, for budgets */

/* `key` is random and the object's own. Errors: ERR_IO. */
struct object_writer *object_create(struct objects *objects, const unsigned char key[OBJECT_KEY_BYTES],
                                    struct random *random, struct error *err);

/* The fresh name, 32 bytes; lives as long as the writer. What seals the key is bound to it. */
struct slice object_writer_name(const struct object_writer *writer);

/* After a failure only object_abort() may follow. Errors: ERR_IO, such as a full disk. */
bool object_append(struct object_writer *writer, struct slice bytes, struct error *err);

/* Writes the last frame; once true is returned no crash can undo the file, and its name may go into a row. Errors: as
 * object_append(). */
bool object_finish(struct object_writer *writer, struct object_facts *facts, struct error *err);

/* Ends the writer, one or the other; both accept NULL:
 * - object_writer_close() after object_finish(), when the job that names the file has ended: committed, refused, or not known.
 *   Until then the sweep leaves the file alone; where no row came to name it, the next sweep deletes it.
 * - object_abort() deletes the file at once. Only where no row can name it. */
void object_writer_close(struct object_writer *writer);
void object_abort(struct object_writer *writer);

#endif

/* store/object_reader.h: reads any range of an object, and refuses every byte that is not as it was written.
 *
 * A reader belongs to one thread at a time and may move between them. Its memory is one frame. */
#ifndef SPOOR_STORE_OBJECT_READER_H
#define SPOOR_STORE_OBJECT_READER_H

#include "store/objects.h"

struct object_reader;

enum { OBJECT_READER_BYTES = 72 << 10 };        /* what a reader takes of memory, for budgets */

/* `bytes` is the length in the row. Errors: ERR_NOT_FOUND no such file: the row may just have been replaced, so look again
 * before calling it lost; ERR_CORRUPT another length; ERR_IO. */
struct object_reader *object_open(struct objects *objects, struct slice name, const unsigned char key[OBJECT_KEY_BYTES],
                                  uint64_t bytes, struct error *err);

/* Exactly `bytes` from `offset`, which must lie within the object. Reads and decrypts only the frames that hold them.
 * Errors: ERR_CORRUPT a frame is altered, missing or not in its place, or the key is another one; ERR_IO. */
bool object_read(struct object_reader *reader, uint64_t offset, void *out, size_t bytes, struct error *err);

void object_reader_close(struct object_reader *reader); /* wipes; accepts NULL */

#endif

/* services/s3/outgoing.h: the bytes of an object on their way out: a range of it, from one file or from those of its parts.
 *
 * All on workers, never two at a time; made by the operation, read by server/download.c window by window. */
#ifndef SPOOR_SERVICES_S3_OUTGOING_H
#define SPOOR_SERVICES_S3_OUTGOING_H

#include "bucket/versions.h"
#include "services/call.h"

struct outgoing;

/* `bytes` of the version's from `from`. The first of them is read and decrypted at once, so that a lost or damaged object
 * is an error of the call and not a reply cut short. NULL on failure. Errors: ERR_NOT_FOUND the file is gone: the row may have
 * been replaced, so look again; ERR_CORRUPT; ERR_IO. */
struct outgoing *outgoing_open(struct call *call, const struct bucket *bucket, const struct version *version, uint64_t from,
                               uint64_t bytes, struct error *err);

/* The next up to `room` bytes: *got, 0 at the end. Errors: as outgoing_open(). */
bool outgoing_read(struct outgoing *outgoing, char *out, size_t room, size_t *got, struct error *err);

void outgoing_close(struct outgoing *outgoing);         /* accepts NULL */

#endif

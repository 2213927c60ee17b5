/* codec/gzip.h: gzip files as a whole, in memory: made, and opened with a bound on what comes out (RFC 1952).
 *
 * Several members one after the other are one file, as gzip(1) has it. Checksums and lengths are verified. */
#ifndef SPOOR_CODEC_GZIP_H
#define SPOOR_CODEC_GZIP_H

#include "base/arena.h"

struct gzip_writer;                             /* one a thread; 0.5 MB */
struct gzip_reader;                             /* one a thread; 40 KB */

struct gzip_writer *gzip_writer_new(void);
void gzip_writer_free(struct gzip_writer *writer);      /* accepts NULL */

/* One member, without name and time, so that the same bytes give the same file. In the arena. */
struct slice gzip_write(struct gzip_writer *writer, struct arena *arena, struct slice bytes);

struct gzip_reader *gzip_reader_new(void);
void gzip_reader_free(struct gzip_reader *reader);      /* accepts NULL */

/* What comes out is in a buffer of the reader's that lives until the next call. SLICE_NONE on error: ERR_CORRUPT (no gzip,
 * cut short, checksum, bytes behind the end); ERR_LIMIT (more than `bytes_max`). */
struct slice gzip_read(struct gzip_reader *reader, struct slice file, size_t bytes_max, struct error *err);

/* The same into `out`, with room for `room` bytes: the result is there. ERR_LIMIT: it does not fit. */
struct slice gzip_read_into(struct gzip_reader *reader, struct slice file, char *out, size_t room, struct error *err);

/* The length that the last member claims to have: that of the whole if there is one member, and if it is not a lie. 0 where it
 * cannot be true. */
size_t gzip_claimed_bytes(struct slice file);

bool gzip_is_gzip(struct slice file);                   /* by its first bytes */

#endif

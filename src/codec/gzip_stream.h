/* codec/gzip_stream.h: gzip data piece by piece, for files too large to be opened as a whole, and for what is left of damaged
 * ones (RFC 1952). Half as fast as gzip_read(), which wants all of it. Several members one after the other are one stream. */
#ifndef SPOOR_CODEC_GZIP_STREAM_H
#define SPOOR_CODEC_GZIP_STREAM_H

#include "base/base.h"

struct gzip_stream;                             /* one a thread; 40 KB */

enum gzip_state {
	GZIP_GOES_ON,                           /* give it more input, or more room */
	GZIP_ENDED,                             /* as it should */
	GZIP_CUT,                               /* the input ends within a member */
	GZIP_DAMAGED,                           /* no gzip data, or its checksum or length is wrong */
	GZIP_FOLLOWED,                          /* there are other bytes behind the last member */
};

struct gzip_stream *gzip_stream_new(void);
void gzip_stream_free(struct gzip_stream *stream);      /* accepts NULL */
void gzip_stream_begin(struct gzip_stream *stream);     /* another stream, from its first byte */

/* Takes from the front of *in and writes to `out`, *written bytes, as far as either goes. `is_last`: nothing comes behind *in.
 * What is written before a fault is good, up to the checksum that could not be compared. */
enum gzip_state gzip_stream_read(struct gzip_stream *stream, struct slice *in, bool is_last, char *out, size_t room,
                                 size_t *written);

#endif

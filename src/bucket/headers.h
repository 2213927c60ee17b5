/* bucket/headers.h: an object's metadata as kept in its row: the header lines that its reader gets, "name: value\n" each. */
#ifndef SPOOR_BUCKET_HEADERS_H
#define SPOOR_BUCKET_HEADERS_H

#include "base/buffer.h"

struct header { struct slice name, value; };

/* Adds a line; the name is written in lower case. Nothing for SLICE_NONE as value. Values never hold CR, LF or NUL, which
 * no HTTP header can bring: a byte of that kind becomes a blank. */
void headers_add(struct buffer *out, struct slice name, struct slice value);

/* The next line of *rest, which shrinks; false at the end. Both point into the text. */
bool headers_next(struct slice *rest, struct header *header);

struct slice headers_find(struct slice headers, struct slice name);     /* name in lower case; SLICE_NONE if absent */

#endif

/* codec/base64.h: base64, the standard alphabet with strict padding (RFC 4648, section 4).
 *
 * Strict means: no blanks, no missing '=', no set bits behind the last byte, so that each text has one reading. */
#ifndef SPOOR_CODEC_BASE64_H
#define SPOOR_CODEC_BASE64_H

#include "base/buffer.h"

/* Characters that `bytes` bytes become, and the most bytes that `characters` characters can hold. */
#define BASE64_TEXT_BYTES(bytes)      (((bytes) + 2) / 3 * 4)
#define BASE64_PLAIN_BYTES(characters) ((characters) / 4 * 3)

void base64_encode(struct buffer *out, struct slice bytes);

/* Writes BASE64_TEXT_BYTES(`count`) characters, no NUL, and returns them. */
struct slice base64_write(const void *bytes, size_t count, char *out);
struct slice base64_text(struct arena *arena, struct slice bytes);

/* SLICE_NONE and an error if `text` is not base64; "" gives an empty slice. Errors: ERR_INVALID. */
struct slice base64_decode(struct arena *arena, struct slice text, struct error *err);

#endif

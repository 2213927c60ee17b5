/* codec/base32.h: base32, the standard alphabet A-Z2-7 without padding (RFC 4648, section 6).
 *
 * Access key ids carry their account in it, and authenticator apps their seed. */
#ifndef SPOOR_CODEC_BASE32_H
#define SPOOR_CODEC_BASE32_H

#include "base/arena.h"

#define BASE32_TEXT_BYTES(bytes) (((bytes) * 8 + 4) / 5)

#define BASE32_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/* Writes BASE32_TEXT_BYTES(`count`) characters, no NUL, and returns them. */
struct slice base32_encode(const void *bytes, size_t count, char *out);

/* The whole bytes that `text` holds, at most `room`; bits behind the last whole byte are ignored.
 * False for a character outside the alphabet (lower case too) or when `room` is too small. */
bool base32_decode(struct slice text, void *out, size_t room, size_t *count);

#endif

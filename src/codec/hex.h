/* codec/hex.h: bytes <-> hexadecimal digits. */
#ifndef SPOOR_CODEC_HEX_H
#define SPOOR_CODEC_HEX_H

#include "base/arena.h"

/* Writes 2 * `count` lower-case digits, no NUL, and returns them. */
struct slice hex_encode(const void *bytes, size_t count, char *out);

struct slice hex_text(struct arena *arena, struct slice bytes);        /* lower case */

/* Reads exactly `count` bytes from 2 * `count` digits of either case; false for anything else. */
bool hex_decode(struct slice text, void *out, size_t count);

/* Exactly `digits` lower-case digits: the only form in which AWS writes hashes. */
bool hex_is_lower(struct slice text, size_t digits);

#endif

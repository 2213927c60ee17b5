/* codec/utf8.h: UTF-8, strict: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef SPOOR_CODEC_UTF8_H
#define SPOOR_CODEC_UTF8_H

#include "base/base.h"

/* Bytes of the character at the front of `s` and its code point; 0 if it is not well formed (or `s` is empty). */
size_t utf8_decode(struct slice s, uint32_t *code_point);

/* Writes 1 to 4 bytes. `code_point` must be a Unicode scalar value. */
size_t utf8_encode(uint32_t code_point, char out[4]);

bool   utf8_is_valid(struct slice s);
size_t utf8_length(struct slice s);                      /* characters; a malformed byte counts as one */
size_t utf8_prefix(struct slice s, size_t bytes_max);    /* bytes of the longest whole-character prefix that fits */

#endif

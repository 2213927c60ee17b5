/* codec/json_unescape.h: what stands between the quotes of a JSON string, with its escapes resolved. */
#ifndef SPOOR_CODEC_JSON_UNESCAPE_H
#define SPOOR_CODEC_JSON_UNESCAPE_H

#include "base/base.h"

/* The escape at the front of `s`, whose first byte is a backslash, as 1 to 4 bytes of UTF-8; a pair of surrogates is one. NULL if it
 * is one, and *used its bytes; else what is wrong with it, and *used is where. */
const char *json_unescape_one(struct slice s, size_t *used, char out[4], size_t *bytes);

/* Writes at most `raw.len` bytes to `out`, which is elsewhere, and returns how many. Nothing fails: a lone surrogate becomes
 * U+FFFD, because logs hold texts that somebody cut in the middle of a pair; what is no escape at all, a question mark. */
size_t json_unescape(struct slice raw, char *out);

#endif

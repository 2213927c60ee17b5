/* codec/uri.h: percent-encoding (RFC 3986) and the name=value pairs of query strings and forms. */
#ifndef SPOOR_CODEC_URI_H
#define SPOOR_CODEC_URI_H

#include "base/buffer.h"

enum uri_slash { URI_ENCODE_SLASH, URI_KEEP_SLASH };

enum uri_plus {
	URI_PLUS_IS_PLUS,                 /* RFC 3986: paths */
	URI_PLUS_IS_BLANK,                /* application/x-www-form-urlencoded: forms, and queries that browsers write */
};

/* Everything but A-Z a-z 0-9 - . _ ~ (and '/' if kept) becomes %XX with upper-case digits, as SigV4 wants it. */
void uri_encode(struct buffer *out, struct slice text, enum uri_slash slash);
struct slice uri_encode_text(struct arena *arena, struct slice text, enum uri_slash slash);

/* The decoded text: `text` itself where there is nothing to decode. It may hold any byte, NUL too.
 * SLICE_NONE and an error for a '%' that two hexadecimal digits do not follow. Errors: ERR_INVALID. */
struct slice uri_decode(struct arena *arena, struct slice text, enum uri_plus plus, struct error *err);

/* Decodes and encodes again in one pass, so that equal texts written differently become equal bytes.
 * False for a bad escape; `out` then holds a part. */
bool uri_normalise(struct buffer *out, struct slice text, enum uri_plus plus, enum uri_slash slash);

struct uri_pair {
	struct slice name, value;         /* decoded; a pair without '=' has the value SLICE_NONE */
};

struct uri_pairs {
	struct uri_pair *items;           /* in the order of arrival; duplicates stay */
	size_t           count;
};

/* Reads `a=b&c` into pairs that live in `arena` and point into `text` where nothing had to be decoded. Empty pieces
 * (`a&&b`) are skipped. Errors: ERR_INVALID for a bad escape; ERR_LIMIT for more than `count_max` pairs. */
bool uri_pairs_read(struct arena *arena, struct slice text, enum uri_plus plus, size_t count_max,
                    struct uri_pairs *pairs, struct error *err);

/* The first pair of that name, case-sensitively; NULL if there is none. */
const struct uri_pair *uri_pairs_find(const struct uri_pairs *pairs, struct slice name);

#endif

/* auth/sigv4_canonical.h: the canonical request and the string to sign: the bytes that client and server must agree on. */
#ifndef SPOOR_AUTH_SIGV4_CANONICAL_H
#define SPOOR_AUTH_SIGV4_CANONICAL_H

#include "auth/sigv4.h"

/* The header's only value, trimmed; SLICE_NONE if it is absent. *count (may be NULL) receives how often it came. */
struct slice sigv4_canonical_header(const struct sigv4_request *request, struct slice name, size_t *count);

/* Is `name` in the list `a;b;c`? Not case-sensitive. */
bool sigv4_canonical_is_signed(struct slice signed_headers, struct slice name);

/* SLICE_NONE, with *reason BAD_URI for a broken escape or BAD_SIGNATURE for a signed header that did not come.
 * Only X-Amz-Signature of a presigned query is left out. */
struct slice sigv4_canonical_request(struct arena *arena, const struct sigv4_request *request, struct slice signed_headers,
                                     struct slice payload_hash, bool is_s3, enum sigv4_reason *reason);

/* `time` is yyyymmddThhmmssZ, `scope` date/region/service/aws4_request. */
struct slice sigv4_canonical_string_to_sign(struct arena *arena, struct slice time, struct slice scope,
                                            struct slice canonical_request);

#endif

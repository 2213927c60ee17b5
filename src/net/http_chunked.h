/* net/http_chunked.h: a chunked body as it arrives -> its bytes. RFC 9112, section 7.1.
 *
 * Extensions and trailers are checked, bounded and dropped: aws-chunked, the one place where AWS clients send trailers,
 * frames inside the body. */
#ifndef SPOOR_NET_HTTP_CHUNKED_H
#define SPOOR_NET_HTTP_CHUNKED_H

#include "net/http_parse.h"

struct http_chunked {                          /* zeroed at the first chunk */
	int      state;
	unsigned digits;                       /* of the current size */
	uint64_t left;                         /* bytes of the current chunk */
	size_t   extension_bytes, trailer_bytes;
};

/* Takes what it can of `in` and writes the bytes of the body to `out`, which has room for in.len, and which may be
 * in.ptr itself or before it in the same buffer. MORE: all of `in` was taken. DONE: *in_used ends the body. */
enum http_parse http_chunked_decode(struct http_chunked *chunked, struct slice in, char *out, size_t *in_used,
                                    size_t *out_len, struct http_problem *problem);

#endif

/* auth/aws_chunked.h: reads bodies in S3's own chunks, where each may carry a signature that continues the request's.
 *
 *   SIZE;chunk-signature=HEX CRLF bytes CRLF  …  0;chunk-signature=HEX CRLF  trailers: NAME:VALUE CRLF  …  CRLF
 *
 * Input comes in pieces of any size, cut anywhere; nothing of it is kept but the line that is being read. The chunks of
 * HTTP are another matter and must have been taken off before. Data is given out before its chunk's signature has been
 * seen, so nothing may be made of it before aws_chunked_end().
 * Source: S3 API Reference (2006-03-01), "Transferring payload in multiple chunks", "Including trailing headers". */
#ifndef SPOOR_AUTH_AWS_CHUNKED_H
#define SPOOR_AUTH_AWS_CHUNKED_H

#include "auth/sigv4.h"
#include "base/limits.h"

enum aws_chunked_state {
	AWS_CHUNKED_HEADER, AWS_CHUNKED_DATA, AWS_CHUNKED_DATA_END, AWS_CHUNKED_TRAILERS, AWS_CHUNKED_DONE,
};

struct aws_chunked {
	enum sigv4_payload        payload;
	enum aws_chunked_state    state;
	uint64_t                  bytes_expected, bytes;     /* of data: as the client announced; so far */
	uint64_t                  chunk_left;
	struct slice              announced;                 /* X-Amz-Trailer: names joined by commas */

	/* the chain of signatures */
	struct digest_hmac_sha256 key;
	char                      time[16];
	struct slice              scope;
	struct digest_sha256      chunk_sha256;
	char                      previous[SHA256_HEX_BYTES], claimed[SHA256_HEX_BYTES];
	bool                      is_trailer_signed;         /* its signature has been seen */

	size_t                    line_bytes, trailer_bytes;
	char                      line[AWS_CHUNKED_LINE_BYTES_MAX];
	char                      trailers[AWS_CHUNKED_TRAILER_BYTES_MAX];     /* "name:value\n" each, names in lower case */
};

/* `verified` of one of the three streaming kinds; its scope and `announced` must live as long. `bytes`: of
 * X-Amz-Decoded-Content-Length. */
void aws_chunked_init(struct aws_chunked *chunked, const struct sigv4_verified *verified, uint64_t bytes, struct slice announced);

/* Takes from the front of *input and gives out what is data: *data points into the input, and is empty when all of the input
 * is used up. Errors: names are S3's: "SignatureDoesNotMatch", "IncompleteBody", "InvalidChunkSizeError",
 * "MalformedTrailerError", "InvalidRequest" (what is no chunk). */
bool aws_chunked_next(struct aws_chunked *chunked, struct slice *input, struct slice *data, struct error *err);

/* The body has ended: was it whole? Errors: "IncompleteBody", "MalformedTrailerError". */
bool aws_chunked_end(struct aws_chunked *chunked, struct error *err);

/* The value of a trailer, after aws_chunked_end(); SLICE_NONE if there was none. Points into `chunked`. */
struct slice aws_chunked_trailer(const struct aws_chunked *chunked, struct slice name);

void aws_chunked_fini(struct aws_chunked *chunked);      /* wipes the key */

#endif

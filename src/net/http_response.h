/* net/http_response.h: a reply's head as bytes -> what it says: pure functions, the strict reading of RFC 9112. */
#ifndef SPOOR_NET_HTTP_RESPONSE_H
#define SPOOR_NET_HTTP_RESPONSE_H

#include "net/http_header.h"

struct http_response {
	unsigned                  status;      /* 100 to 599 */
	const struct http_header *headers;     /* in arrival order; slices of the head */
	size_t                    header_count;
	uint64_t                  content_length;
	bool                      has_content_length, is_chunked, keeps_alive;
};

/* The length of the head at the front of `received`, the empty line included; 0 if its end is not there yet. *searched,
 * zeroed at its first byte, remembers what was looked at. */
size_t http_response_find_end(struct slice received, size_t *searched);

/* `headers` has room for `headers_max`. Errors: ERR_CORRUPT: this is no reply of HTTP/1.x, or it says two things about
 * its length. */
bool http_response_parse(struct slice head, struct http_header *headers, size_t headers_max, struct http_response *response,
                         struct error *err);

/* The value of the first header of that name, any case; SLICE_NONE if there is none. */
struct slice http_response_header(const struct http_response *response, struct slice name);

/* "bytes 0-99/1234" as Content-Range has it: which bytes these are, both included, and of how many. False for anything else, and
 * where it is not said of how many. Source: RFC 9110 14.4. */
struct http_content_range { uint64_t first, last, total; };

bool http_response_content_range(struct slice text, struct http_content_range *range);

#endif

/* net/http_parse.h: a request's head as bytes -> struct http_request: pure functions, the strict reading of RFC 9112.
 *
 * What is refused and why is listed in net/http_server.h. Two steps, because a head may arrive a byte at a time: the
 * search for its end looks at each byte once, and only a whole head is parsed. */
#ifndef SPOOR_NET_HTTP_PARSE_H
#define SPOOR_NET_HTTP_PARSE_H

#include "net/http_server.h"

struct http_parse_limits {
	size_t head_bytes_max, target_bytes_max, headers_max;
};

enum http_parse { HTTP_PARSE_MORE, HTTP_PARSE_DONE, HTTP_PARSE_REFUSED };

struct http_problem {
	enum http_reason reason;
	const char      *detail;               /* for a person */
};

/* Where the search for the end of one head stands; zeroed at its first byte. */
struct http_parse_search {
	size_t line, at;                       /* the begin of the current line; all before `at` was looked at */
};

/* Looks for the empty line that ends the head at the begin of `received`, which may have grown since the last time.
 * DONE: *head_bytes counts it and the empty line, and a leading empty line where there is one. */
enum http_parse http_parse_find_end(struct http_parse_search *search, struct slice received,
                                    const struct http_parse_limits *limits, size_t *head_bytes,
                                    struct http_problem *problem);

/* `head` as found above. Fills all of `request` but body, peer and TLS; `headers` has room for headers_max, and slices
 * point into `head`. False: refused, and `request` is not to be used. */
bool http_parse_head(struct slice head, const struct http_parse_limits *limits, struct http_header *headers,
                     struct http_request *request, struct http_problem *problem);

/* The alphabets of RFC 9110: a token's bytes, and those of a field value (visible, blank, tab, above 0x7F). */
bool http_parse_is_token_byte(char byte);
bool http_parse_is_value(struct slice value);

#endif

/* net/http_body.h: where the bytes of a request go: the exchange's own room first, then the heap, on the budget. */
#ifndef SPOOR_NET_HTTP_BODY_H
#define SPOOR_NET_HTTP_BODY_H

#include "net/http_connection.h"

/* Where the next bytes may be read to, and how many; grows what is full. False: over the budget. */
bool http_body_room(struct exchange *exchange, char **to, size_t *room, struct http_problem *problem);

/* After head(): decides where the body goes and takes what came with the head. As http_body_received(). */
enum http_parse http_body_begin(struct exchange *exchange, struct http_problem *problem);

/* `bytes` were read to the room; for a body only. DONE: request.body is set. */
enum http_parse http_body_received(struct exchange *exchange, size_t bytes, struct http_problem *problem);

/* `rest` was received behind a chunked body that streams. False: over the budget. */
bool http_body_keep_pipelined(struct exchange *exchange, struct slice rest);

/* Bytes that were received behind the request. */
size_t http_body_pipelined(const struct exchange *exchange);

/* Forgets the request and moves what was pipelined to the begin. False: over the budget. */
bool http_body_next(struct exchange *exchange);

/* A fresh exchange without bytes; gives back all heap room. The inline room is not touched. */
void http_body_clear(struct exchange *exchange);

#endif

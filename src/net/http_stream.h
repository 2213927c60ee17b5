/* net/http_stream.h: a request's body in windows: one with the owner, one being filled. */
#ifndef SPOOR_NET_HTTP_STREAM_H
#define SPOOR_NET_HTTP_STREAM_H

#include "net/http_connection.h"

/* After head(), in CONNECTION_BODY: takes what came with the head, and as http_stream_advance(). */
void http_stream_begin(struct connection *connection);

/* Where the next bytes may be read to, and how many; none while both windows are full. */
void http_stream_room(struct exchange *exchange, char **to, size_t *room);

/* `bytes` were read to the room. */
void http_stream_received(struct exchange *exchange, size_t bytes);

/* In CONNECTION_BODY, where the owner has nothing: hands over the next window, or the end, if it is there. */
void http_stream_advance(struct connection *connection);

/* Gives back the windows' memory, and what the owner had reserved. */
void http_stream_clear(struct exchange *exchange);

#endif

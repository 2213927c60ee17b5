/* net/http_front.h: one thread with its epoll loop and its connections. */
#ifndef SPOOR_NET_HTTP_FRONT_H
#define SPOOR_NET_HTTP_FRONT_H

#include "net/http_connection.h"

/* The front of `server` at `index`, zeroed before. Errors: ERR_IO. */
bool http_front_start(struct http_server *server, unsigned index, struct error *err);

/* Waits for its end: http_server.is_stopping says when. Accepts one that was never started. */
void http_front_join(struct http_front *front);

/* Connections that were handed over after the front had ended. */
void http_front_drop_adopted(struct http_front *front);

#endif

/* server/pages.h: spoor's own pages under /_spoor/ and LocalStack's health: no signature, no event, no bucket's name. */
#ifndef SPOOR_SERVER_PAGES_H
#define SPOOR_SERVER_PAGES_H

#include "server/request.h"

/* Answers or suspends the exchange if its path is one of ours; false: it is a call. */
bool pages_serve(struct front *front, struct http_exchange *exchange);

/* The same for a page that was suspended; false: it is a call. */
bool pages_resumed(struct front *front, struct http_exchange *exchange);

#endif

/* net/http_exchange.h: one request and its reply, taken when bytes arrive and given back when the reply is on its way. */
#ifndef SPOOR_NET_HTTP_EXCHANGE_H
#define SPOOR_NET_HTTP_EXCHANGE_H

#include "net/http_connection.h"

/* Gives `connection`, which has none, an exchange without bytes. */
void http_exchange_attach(struct connection *connection);

/* Takes it away with all its memory, where there is one. */
void http_exchange_detach(struct connection *connection);

/* Calls closed(), once, if head() was called. */
void http_exchange_say_closed(struct exchange *exchange);

#endif

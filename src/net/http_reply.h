/* net/http_reply.h: a reply as bytes, on its way out; http_reply() itself is in net/http_server.h. */
#ifndef SPOOR_NET_HTTP_REPLY_H
#define SPOOR_NET_HTTP_REPLY_H

#include "net/http_connection.h"

/* Sends what the socket takes and keeps a copy of the rest. An error drops the connection. */
void http_reply_send(struct connection *connection, struct slice head, struct slice body);

/* Sends more of the rest. True: nothing is left; false also where the connection was dropped. */
bool http_reply_flush(struct connection *connection);

bool http_reply_is_pending(const struct connection *connection);

void http_reply_forget(struct connection *connection);          /* what is left */

#endif

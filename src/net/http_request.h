/* net/http_request.h: one request of a connection: understood and handed to the owner, or refused. */
#ifndef SPOOR_NET_HTTP_REQUEST_H
#define SPOOR_NET_HTTP_REQUEST_H

#include "net/http_connection.h"

/* More of a head was received: in CONNECTION_HEAD. */
void http_request_take_head(struct connection *connection);

/* `bytes` of a body were read to where http_body_room() or http_stream_room() said: in CONNECTION_BODY and CONNECTION_STREAM. */
void http_request_take_body(struct connection *connection, size_t bytes);

/* All of the request is here: the exchange is the owner's. */
void http_request_complete(struct connection *connection);

/* Answers for the server, in the owner's words, and closes the connection: in CONNECTION_HEAD and CONNECTION_BODY. */
void http_request_refuse(struct connection *connection, const struct http_problem *problem);

/* Tells the owner, for its counters. */
void http_request_note_refused(struct http_front *front, enum http_reason reason);

#endif

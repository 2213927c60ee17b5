/* server/pipeline.h: the HTTP server's callbacks: a request becomes a call and runs down the steps. */
#ifndef SPOOR_SERVER_PIPELINE_H
#define SPOOR_SERVER_PIPELINE_H

#include "server/request.h"

void pipeline_head(void *front_user, struct http_exchange *exchange);
void pipeline_complete(void *front_user, struct http_exchange *exchange);
void pipeline_window(void *front_user, struct http_exchange *exchange);
void pipeline_sent(void *front_user, struct http_exchange *exchange);
void pipeline_resumed(void *front_user, struct http_exchange *exchange);
void pipeline_closed(void *front_user, struct http_exchange *exchange);

#endif

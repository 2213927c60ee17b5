/* server/refusal.h: what the HTTP layer refuses by itself, in AWS's words and in the counters. */
#ifndef SPOOR_SERVER_REFUSAL_H
#define SPOOR_SERVER_REFUSAL_H

#include "net/http_server.h"

void refusal_word(void *front_user, const struct http_refusal *refusal, struct http_refusal_reply *reply);
void refusal_count(void *front_user, enum http_reason reason);

#endif

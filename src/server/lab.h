/* server/lab.h: what only a lab may do: forget everything, and move the clock. */
#ifndef SPOOR_SERVER_LAB_H
#define SPOOR_SERVER_LAB_H

#include "server/request.h"

/* POST /_spoor/reset: a new generation with the lab's account. */
void lab_reset(struct front *front, struct http_exchange *exchange);

/* POST /_spoor/clock {"advance": "15m"}: forward only; kept in the catalog. */
void lab_clock(struct front *front, struct http_exchange *exchange);

/* Answers a suspended one of these; false: the exchange is not one. */
bool lab_resumed(struct http_exchange *exchange);

/* The lead of the lab clock that the catalog remembers. */
bool lab_clock_load(struct catalog *reader, int64_t *offset_ms, struct error *err);

extern const char lab_clock_table[];

#endif

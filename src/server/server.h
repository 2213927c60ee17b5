/* server/server.h: start and stop of everything, in one readable list. */
#ifndef SPOOR_SERVER_SERVER_H
#define SPOOR_SERVER_SERVER_H

#include "server/config.h"

struct server;

/* Opens the data directory, recovers, and listens. `config` outlives the server.
 * Errors: ERR_BUSY another process has the directory; ERR_NOT_FOUND without --lab and before `spoor init`; ERR_INVALID;
 * ERR_CORRUPT; ERR_IO. */
struct server *server_start(const struct config *config, struct error *err);

/* As above without listening: for `spoor init`. */
struct server *server_open(const struct config *config, struct error *err);

/* True if no account lives here yet. Errors: ERR_CONFLICT if one does. */
bool server_is_empty(struct server *server, struct error *err);

/* "http://127.0.0.1:4566", with the port that was really taken. */
void server_print_address(const struct server *server, FILE *out);

/* Answers what is in flight, flushes, and frees. Accepts NULL. */
void server_stop(struct server *server);

#endif

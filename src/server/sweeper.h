/* server/sweeper.h: deletes the files of objects that no row names: at once what a crash left, later what was replaced.
 *
 * One thread that has all the time there is: neither a caller nor the recorder waits for a disk that frees 5 GiB. */
#ifndef SPOOR_SERVER_SWEEPER_H
#define SPOOR_SERVER_SWEEPER_H

#include "server/request.h"

struct sweeper;

/* When the recorder and environment.objects are there; they outlive it. Errors: ERR_IO. */
struct sweeper *sweeper_start(struct server *server, struct error *err);
void sweeper_stop(struct sweeper *sweeper);             /* before the recorder is closed; accepts NULL */

#endif

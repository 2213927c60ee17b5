/* server/last_use.h: when a key or role was last used, into the catalog, now and then. */
#ifndef SPOOR_SERVER_LAST_USE_H
#define SPOOR_SERVER_LAST_USE_H

#include "server/request.h"

/* Submits a small job and does not wait; a recorder that is busy just misses this one. */
void last_use_note(struct request *request);

#endif

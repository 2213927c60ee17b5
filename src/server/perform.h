/* server/perform.h: between the threads that a call runs on. */
#ifndef SPOOR_SERVER_PERFORM_H
#define SPOOR_SERVER_PERFORM_H

#include "server/request.h"

/* On the front again: what the thread that had the request found. */
enum verdict perform_after_wait(struct request *request);

/* What failed because a reset was under way goes on when that is over: WAIT, or DROP as below. */
enum verdict perform_behind_reset(struct request *request);

/* spoor cannot take the call now: 503. DROP. */
enum verdict perform_unavailable(struct request *request);

#endif

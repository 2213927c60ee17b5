/* trail/digests.h: looks which digests are due and writes them, one a chain and call; looks after the keys that sign them.
 *
 * Runs on the deliverer's thread, between deliveries, so nothing of a trail is in flight while a digest of it is made. The
 * signing keys are made here too, the first one right after the first start: a worker would let callers wait for it. */
#ifndef SPOOR_TRAIL_DIGESTS_H
#define SPOOR_TRAIL_DIGESTS_H

#include "trail/delivery_context.h"

/* Returns when to call it again, by the lab clock: not after now if there is more to do, INT64_MAX if nothing is due by
 * itself. *written counts on. What fails is noted where GetTrailStatus shows it, or logged, and tried again. */
int64_t digests_round(struct delivery_context *context, uint64_t *written);

#endif

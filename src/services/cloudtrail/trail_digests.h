/* services/cloudtrail/trail_digests.h: a trail signs digests while it logs and wants them. */
#ifndef SPOOR_SERVICES_CLOUDTRAIL_TRAIL_DIGESTS_H
#define SPOOR_SERVICES_CLOUDTRAIL_TRAIL_DIGESTS_H

#include "services/call.h"
#include "trail/trails.h"

/* After each change of a trail: its chains begin, go on, or end with a last digest. */
bool trail_digests_follow(struct call *call, const struct trail *trail, struct error *err);

#endif

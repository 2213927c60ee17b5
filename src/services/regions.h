/* services/regions.h: the regions that this installation has.
 *
 * A region is more than a word: it becomes an event's awsRegion, and every trail keeps files, status and a chain of digests
 * for each region that was ever called. So they are a setting, and no caller makes new ones. */
#ifndef SPOOR_SERVICES_REGIONS_H
#define SPOOR_SERVICES_REGIONS_H

#include "services/call.h"

/* The home region, us-east-1, where the global services are, and those of the setting. */
bool regions_serves(const struct environment *environment, struct slice region);

#endif

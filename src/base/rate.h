/* base/rate.h: token buckets by key, shared by all threads: how often somebody may do something. */
#ifndef SPOOR_BASE_RATE_H
#define SPOOR_BASE_RATE_H

#include "base/base.h"

struct rate;

/* Each key may do `burst` at once and `per_second` after that. At most `keys_max` keys are remembered; when they are
 * exceeded those whose bucket is full again are forgotten, and if none is, a new key is let through. */
struct rate *rate_new(unsigned per_second, unsigned burst, size_t keys_max, uint64_t seed);
void rate_free(struct rate *rate);               /* accepts NULL */

/* Takes a token; false: there is none. Any thread. `monotonic_ms` never goes back by much. */
bool rate_take(struct rate *rate, struct slice key, int64_t monotonic_ms);

#endif

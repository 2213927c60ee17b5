/* trail/digest_window.h: which time the next digest of a chain covers. Pure.
 *
 * Windows are contiguous, each as long as the interval, and begin wherever the chain began, not at the clock's hours. The
 * first ends when the chain began; the last ends early, behind everything that it has to list.
 * Source: CloudTrail User Guide, "Digest file structure". */
#ifndef SPOOR_TRAIL_DIGEST_WINDOW_H
#define SPOOR_TRAIL_DIGEST_WINDOW_H

#include "trail/digest_chains.h"

struct digest_window {
	int64_t start_ms, end_ms;               /* whole seconds; the end is not in it */
	bool    is_last;                        /* of its chain */
};

/* `newest_ms`: delivery of the newest file that no digest lists yet, 0: there is none; it matters only when the chain ends.
 * The window may be closed when `end_ms` is not in the future and, if it is the last, when all that the chain has to list
 * is delivered. */
struct digest_window digest_window_next(const struct digest_chain *chain, int64_t interval_ms, int64_t newest_ms);

#endif

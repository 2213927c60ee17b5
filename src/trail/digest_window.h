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

/* It may be closed when its end is not in the future. */
struct digest_window digest_window_next(const struct digest_chain *chain, int64_t interval_ms);

/* Where the last window of a chain ends, once all that it has to list is delivered: not before the moment at which it ended,
 * and behind `newest_ms`, when the newest file that no digest lists yet was delivered; 0: there is none. */
int64_t digest_window_close_ms(const struct digest_chain *chain, int64_t newest_ms);

#endif

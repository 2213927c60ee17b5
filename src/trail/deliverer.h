/* trail/deliverer.h: the thread that brings log files and digests to buckets when they are due.
 *
 * It works in turns: one delivery of each trail that has one due, then one digest of each chain that has one due, so that
 * no trail waits for another's backlog, and a trail's delivery and digest are never under way at the same time. It sleeps
 * until something is due by the lab clock. What a crash or a failure interrupts is done again from what is committed. */
#ifndef SPOOR_TRAIL_DELIVERER_H
#define SPOOR_TRAIL_DELIVERER_H

#include "trail/delivery_context.h"

struct deliverer;

/* When the recorder is open; Errors: ERR_IO. */
struct deliverer *deliverer_start(const struct delivery_options *options, struct error *err);
void deliverer_stop(struct deliverer *deliverer);       /* its thread, before the recorder is closed; accepts NULL */
void deliverer_free(struct deliverer *deliverer);       /* when nobody wakes it any more; accepts NULL */

/* ---- any thread ---- */

/* Events with stamps were committed and published. Cheap while it is awake anyway, or has just been. */
void deliverer_note_events(struct deliverer *deliverer);

/* Clock, trails or generation changed: what is due is to be found anew, now. */
void deliverer_wake(struct deliverer *deliverer);

struct deliverer_trail {
	uint64_t     trail_id;
	struct slice account, region, name;
	uint64_t     pending_records;           /* seen and not delivered */
	int64_t      oldest_pending_ms;         /* 0: nothing is pending */
	int64_t      retry_count;               /* failures in a row */
};

struct deliverer_status {
	uint64_t                generation;     /* of the journal whose trails these are: after a reset there are none of them */
	uint64_t                deliveries, delivered_files, delivered_records, failures, digests;      /* since the start */
	struct deliverer_trail *trails;         /* in the arena */
	size_t                  trail_count;
};

void deliverer_status(struct deliverer *deliverer, struct arena *arena, struct deliverer_status *status);

#endif

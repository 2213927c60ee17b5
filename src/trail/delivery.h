/* trail/delivery.h: one delivery of one trail: what follows its cursor becomes log files in its bucket, and the cursor moves.
 *
 * Files, what digests are to list, the status and the cursor are one commit: every record is delivered once, whatever
 * happens. A region whose files the bucket refuses is parted from the trail's stream by the same commit, and is tried again by
 * itself: a policy that denies one region's path holds up no other.
 * Source: CloudTrail User Guide, "How CloudTrail works", "CloudTrail log file name format". */
#ifndef SPOOR_TRAIL_DELIVERY_H
#define SPOOR_TRAIL_DELIVERY_H

#include "trail/delivery_context.h"
#include "trail/delivery_plan.h"
#include "trail/trail_streams.h"

enum delivery_end {
	DELIVERY_DONE,          /* the cursor is at report.to_seq; what was refused is parted */
	DELIVERY_FAILED,        /* the bucket's fault: noted in the status, the stream has a time to try again */
	DELIVERY_BROKEN_OFF,    /* ours, or somebody else's change: `err` says; nothing is noted */
};

struct delivery_report {
	uint64_t to_seq, files, records, bytes; /* of the records */
	size_t   refused;                       /* regions that the bucket refused, and that are parted */
	bool     is_full;                       /* there may be more at once */
};

/* In `arena` is what one delivery needs. After DELIVERY_FAILED `err` has S3's code as its name. */
enum delivery_end delivery_make(struct delivery_context *context, struct arena *arena, const struct trail_stream *stream,
                                struct journal_view *view, const struct delivery_limits *limits,
                                struct delivery_report *report, struct error *err);

/* All of a deleted trail is delivered, or has been tried long enough: streams, targets and status go. Of a region's stream, which
 * has been tried long enough, only that. */
enum delivery_result delivery_forget(struct delivery_context *context, const struct trail_stream *stream, struct error *err);

#endif

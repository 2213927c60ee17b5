/* trail/delivery_plan.h: what of the journal goes to a trail next, sorted into the log files that it will be.
 *
 * Pure: reads a view, changes nothing. Every frame behind the stream's cursor that is stamped with the trail, and of a region
 * that the stream takes, is in exactly one file; a file has events of one target and one region, in the order of the journal. When one would grow beyond the limits
 * the plan ends before that frame, and what follows is the next plan's. Source: CloudTrail User Guide, "CloudTrail log
 * file name format"; limits: product decisions. */
#ifndef SPOOR_TRAIL_DELIVERY_PLAN_H
#define SPOOR_TRAIL_DELIVERY_PLAN_H

#include "trail/trail_streams.h"

struct journal_view;

struct delivery_limits {                        /* the first frame is taken even if it is larger than all of them */
	size_t file_records, file_bytes;        /* of one file, uncompressed */
	size_t bytes, files;                    /* of the whole plan */
};

extern const struct delivery_limits DELIVERY_LIMITS;

struct delivery_file {
	uint32_t      target;
	struct slice  region;
	struct slice *records;                  /* JSON texts in the view: valid until it is released */
	size_t        record_count, record_room;
	size_t        bytes;                    /* of the texts */
	int64_t       oldest_ms, newest_ms;     /* of the events */
};

struct delivery_plan {
	struct delivery_file *files;
	size_t                file_count;
	uint64_t              to_seq;           /* the cursor once these files are delivered */
	bool                  is_full;          /* there may be more behind it */
};

/* Errors: ERR_CORRUPT (a damaged frame), ERR_IO; ERR_LIMIT (the arena is full). */
bool delivery_plan_make(struct delivery_plan *plan, struct arena *arena, struct journal_view *view,
                        const struct trail_stream *stream, const struct delivery_limits *limits, struct error *err);

/* The bytes of a log file, before compression: {"Records":[...]}, one line. */
struct slice delivery_plan_write(struct arena *arena, const struct delivery_file *file);

#endif

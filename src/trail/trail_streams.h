/* trail/trail_streams.h: how far each trail has delivered (SQL tables `trail_streams` and `region_streams`).
 *
 * A trail has one stream for all its regions, until a bucket takes the files of some and not of others: such a region gets a
 * stream of its own, parted from the trail's, which goes on without it. It stays apart until the trail is gone.
 * A stream begins with the first StartLogging of its trail and goes by the trail's id, so it outlives the trail: what a
 * deleted trail had admitted is delivered, and then the stream ends. */
#ifndef SPOOR_TRAIL_TRAIL_STREAMS_H
#define SPOOR_TRAIL_TRAIL_STREAMS_H

#include "base/arena.h"

struct catalog;

struct trail_stream {
	struct slice account;
	uint64_t     trail_id;
	struct slice region, name;              /* of the trail: its ARN is an aws:SourceArn, and in the keys of digests */
	struct slice only_region;               /* parted: of events of this region; SLICE_NONE: the trail's own, of all others */
	struct slice apart;                     /* of the trail's own: the regions that have streams, with commas between */
	uint64_t     cursor_seq;                /* everything up to it is delivered */
	bool         is_ended;                  /* the trail is deleted: what this commit's journal has is the last of it */
	int64_t      retry_at_ms;               /* after a failure; 0: none */
	int64_t      retry_count;               /* failures in a row */
};

struct trail_stream_list { struct trail_stream *items; size_t count; };

extern const char trail_streams_table[], region_streams_table[];

/* Begins one behind `cursor_seq`; nothing happens if the trail has one. */
bool trail_streams_begin(struct catalog *catalog, const struct trail_stream *stream, struct error *err);

/* Is an event of this region, stamped with the trail, this stream's? */
bool trail_streams_takes(const struct trail_stream *stream, struct slice region);

/* All of every account, by account and trail; a trail's own comes before the ones parted from it. */
bool trail_streams_list(struct catalog *catalog, struct arena *arena, struct trail_stream_list *list, struct error *err);

/* Delivered up to `to_seq`: the failures before are forgotten. Errors: ERR_CONFLICT unless the cursor is at `from_seq`:
 * somebody else has delivered, and this delivery must not be committed. */
bool trail_streams_move(struct catalog *catalog, const struct trail_stream *stream, uint64_t from_seq, uint64_t to_seq,
                        struct error *err);

bool trail_streams_fail(struct catalog *catalog, const struct trail_stream *stream, int64_t retry_at_ms, struct error *err);

/* The region gets a stream of its own, from stream->cursor_seq, with one failure behind it. */
bool trail_streams_part(struct catalog *catalog, const struct trail_stream *stream, struct slice region, int64_t retry_at_ms,
                        struct error *err);

/* What a parted stream has not delivered is given up; what comes is the trail's own again. */
bool trail_streams_give_up(struct catalog *catalog, const struct trail_stream *stream, struct error *err);

/* The cause of a failure may be gone, because the trail or its bucket was changed: the next try is due now. */
bool trail_streams_retry(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err);

/* The trail was deleted. */
bool trail_streams_end(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err);

/* All is delivered of one that ended: its own stream goes, and what was parted from it. */
bool trail_streams_delete(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err);

/* When to try again after so many failures in a row: 60 s, doubled up to an hour.
 * Source: CloudTrail User Guide, "How CloudTrail works": a trail redelivers for 30 days. */
int64_t trail_streams_backoff_ms(int64_t retry_count);

#endif

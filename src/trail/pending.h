/* trail/pending.h: what each trail has admitted and not delivered: counted in one pass over the journal, for all of them.
 *
 * Derived: a new process counts again from the cursors. Belongs to the deliverer's thread. */
#ifndef SPOOR_TRAIL_PENDING_H
#define SPOOR_TRAIL_PENDING_H

#include "trail/trail_streams.h"

struct journal_view;

struct pending_trail {
	struct trail_stream stream;             /* its row, as last followed */
	uint64_t            counted_seq;        /* up to here; cursor_seq and later ones */
	uint64_t            records, bytes;     /* behind the cursor */
	int64_t             oldest_ms;          /* of the first of them; with a part delivered still that time; 0: none */
	int64_t             held_until_ms;      /* a failure of ours, which no row tells: not before; 0: none */
	bool                is_urgent;          /* something waits for the end of what is pending */
};

struct pending {
	struct arena          arena;            /* of the list and its texts */
	struct pending_trail *items;            /* in order of account and trail; streams of regions behind their trail's own */
	size_t                count;

	/* where the pass over the journal is */
	uint64_t generation;
	uint64_t next_seq;                      /* of the batch at this place; 0: nowhere yet */
	uint64_t file_first_seq, file_offset;
};

void pending_init(struct pending *pending);
void pending_fini(struct pending *pending);

/* The rows as they are now: streams that have begun or gone, cursors that moved, errors. What was counted is kept. */
void pending_follow(struct pending *pending, const struct trail_stream_list *streams);

/* Counts what the view has and was not counted. Errors: ERR_IO; ERR_CORRUPT. */
bool pending_count(struct pending *pending, struct journal_view *view, struct error *err);

/* These many records, all up to `to_seq`, were delivered, and the row says so. */
void pending_note_delivery(struct pending_trail *trail, uint64_t to_seq, uint64_t records, uint64_t bytes);

/* The trail's own stream; NULL: it has none. Those parted from it are the items behind it. */
struct pending_trail *pending_find(struct pending *pending, struct slice account, uint64_t trail_id);

/* Is nothing pending of any of its streams? */
bool pending_is_none(const struct pending *pending, struct slice account, uint64_t trail_id);

#endif

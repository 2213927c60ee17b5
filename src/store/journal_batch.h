/* store/journal_batch.h: the bytes of a batch and its frames: pure functions, shared by writer, readers and verifiers.
 *
 * A batch begins at a multiple of JOURNAL_ALIGN_BYTES and is as long as a multiple of it. Its chain value is the SHA-256
 * of its header and payload, and its header holds the chain value of the batch before: whoever knows one value knows that
 * nothing before it was changed. Format: docs/journal.md. */
#ifndef SPOOR_STORE_JOURNAL_BATCH_H
#define SPOOR_STORE_JOURNAL_BATCH_H

#include "base/base.h"

enum {
	JOURNAL_ALIGN_BYTES        = 512,               /* a sector: a torn write never touches the batch before */
	JOURNAL_CHAIN_BYTES        = 32,
	JOURNAL_BATCH_HEADER_BYTES = 128,
	JOURNAL_FRAME_HEADER_BYTES = 24,
	JOURNAL_FRAME_ALIGN_BYTES  = 8,
};

enum journal_kind {                                     /* on disk; SEAL, ANCHOR and NOTE are reserved */
	JOURNAL_EVENT  = 1,                             /* store/event_frame.h */
	JOURNAL_CHANGE = 2,                             /* a catalog changeset */
	JOURNAL_SEAL   = 3,
	JOURNAL_ANCHOR = 4,
	JOURNAL_NOTE   = 5,
};

struct journal_batch {
	uint64_t      generation;
	uint64_t      first_seq;
	uint32_t      frame_count, event_count;
	uint32_t      change_offset;                    /* of the change frame in `bytes`; 0: none */
	int64_t       time_min_ms, time_max_ms;         /* of its events; 0 and 0 without events */
	unsigned char previous_chain[JOURNAL_CHAIN_BYTES];
	unsigned char chain[JOURNAL_CHAIN_BYTES];
	struct slice  bytes;                            /* header, frames, padding */
	uint64_t      file_first_seq, file_offset;      /* where it was read */
};

struct journal_frame {
	enum journal_kind kind;
	uint16_t          flags;
	uint64_t          seq;
	struct slice      body;
};

static inline uint64_t journal_batch_last_seq(const struct journal_batch *batch)
{
	return batch->first_seq + batch->frame_count - 1;
}

/* Reads the header at the front of `bytes`; everything in it is checked but the chain. Errors: ERR_CORRUPT. */
bool journal_batch_read(struct slice bytes, struct journal_batch *batch, struct error *err);

/* Whether the chain value is that of the bytes: costs a SHA-256 over the batch. */
bool journal_batch_is_genuine(const struct journal_batch *batch);

/* The frame at *offset (0: the first), and moves *offset behind it. False at the end, or, with `err` filled, at damage.
 * Hand in the same `frame` every time: its sequence number says where the walk is. */
bool journal_batch_next(const struct journal_batch *batch, uint32_t *offset, struct journal_frame *frame,
                        struct error *err);

/* The frame that begins at `offset`, such as the change frame. */
bool journal_batch_frame_at(const struct journal_batch *batch, uint32_t offset, struct journal_frame *frame,
                            struct error *err);

/* Whether the frame's own checksum (XXH3) is right: for a reader that wants one frame and not the batch's SHA-256. */
bool journal_frame_is_intact(const struct journal_frame *frame);

/* ---- writing ---- */

/* What a frame takes in a batch: header, body, and padding to JOURNAL_FRAME_ALIGN_BYTES. */
size_t journal_batch_frame_bytes(size_t body_bytes);

/* Puts header and padding around a body that has been written behind the room for the header at `at`. */
void journal_batch_seal_frame(char *at, enum journal_kind kind, uint16_t flags, uint64_t seq, size_t body_bytes);

/* Pads `used` bytes (room for the header, then sealed frames), writes the header from `batch` and sets its chain and
 * bytes. `bytes` has room for JOURNAL_ALIGN_BYTES more. The result is the length of the batch. */
size_t journal_batch_seal(char *bytes, size_t used, struct journal_batch *batch);

#endif

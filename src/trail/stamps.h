/* trail/stamps.h: which trails admit an event, written into its frame when it gets its place in the journal.
 *
 * The settings that count are those of the event's sequence, so nobody evaluates selectors later. A stamp is 16 bytes, an
 * on-disk format: u64 trail_id, u32 target, u32 zero, little endian. */
#ifndef SPOOR_TRAIL_STAMPS_H
#define SPOOR_TRAIL_STAMPS_H

#include "base/base.h"

enum { STAMP_BYTES = 16 };

struct stamp {
	uint64_t trail_id;
	uint32_t target;                        /* which bucket and prefix the trail had then */
};

void stamps_write(const struct stamp *stamps, size_t count, char *out);         /* count * STAMP_BYTES bytes */

/* Bytes that do not make a whole stamp are no stamps: 0. */
size_t stamps_count(struct slice stamps);
struct stamp stamps_at(struct slice stamps, size_t index);

#endif

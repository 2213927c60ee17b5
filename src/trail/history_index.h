/* trail/history_index.h: what is remembered of one journal file, so that a lookup reads little of it.
 *
 * A file is divided into blocks of whole batches. A block knows the times and sequences of its events and, once somebody
 * asked, has a filter: a Bloom filter of the hashed values by which its management events can be looked up, about 1 KB
 * for 256 KB of journal. Blocks and indexes are immutable but for the filter, which appears once. */
#ifndef SPOOR_TRAIL_HISTORY_INDEX_H
#define SPOOR_TRAIL_HISTORY_INDEX_H

#include "base/snapshot.h"
#include "store/event_frame.h"
#include "store/journal.h"

enum { HISTORY_BLOCK_BYTES = 256 << 10 };

struct history_filter;

struct history_block {
	struct snapshot snapshot;
	uint64_t        offset, end_offset;              /* in the file */
	uint64_t        first_seq, last_seq;
	int64_t         second_min, second_max;          /* of its events; min > max: it has none */
	atomic_size_t  *filter_bytes;                    /* all filters of the history; outlives the block */
	_Atomic(struct history_filter *) filter;
};

struct history_index {
	struct snapshot       snapshot;
	uint64_t              generation, file_first_seq;
	uint64_t              end_offset;                /* what the blocks cover */
	int64_t               second_max;
	uint64_t              last_seq;
	size_t                block_count;
	struct history_block *blocks[];                  /* oldest first */
};

/* Covers the file of `scan` with whole blocks; with `is_finished` also what is left over at the end. `before` (may be NULL)
 * is an older index of the same file, whose blocks are shared. One reference for the caller. Errors: ERR_CORRUPT. */
struct history_index *history_index_build(const struct journal_scan *scan, bool is_finished,
                                          const struct history_index *before, atomic_size_t *filter_bytes,
                                          struct error *err);

/* One more reference to something that the caller can see. */
struct history_index *history_index_share(struct history_index *index);
void history_index_release(struct history_index *index);        /* accepts NULL */

/* The hash under which an account's region stands in the filters. */
uint32_t history_index_place(uint64_t account, struct slice region);

/* Makes the block's filter unless it has one or all filters together would exceed `bytes_max`. Errors: ERR_CORRUPT. */
bool history_index_filter(struct history_block *block, const struct journal_scan *scan, size_t bytes_max, struct error *err);

/* Whether the block may have a management event with this hash (event_frame_hash or history_index_place). */
bool history_index_may_have(const struct history_block *block, uint32_t hash);

/* Seconds since 1970 of a time in ms, rounded down: what eventTime shows. */
int64_t history_index_second(int64_t ms);

#endif

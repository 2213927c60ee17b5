/* trail/digest_chains.h: where each chain of digests is: one a trail and region (SQL table `digest_chains`).
 *
 * A chain begins when validation is on and logging starts, and ends with a last digest when one of the two ends; the next
 * start begins a new one. Source: CloudTrail User Guide, "Digest file structure", "Starting digest file". */
#ifndef SPOOR_TRAIL_DIGEST_CHAINS_H
#define SPOOR_TRAIL_DIGEST_CHAINS_H

#include "base/arena.h"

struct catalog;

struct digest_chain {
	struct slice account;
	uint64_t     trail_id;
	struct slice region;                    /* of the events */
	int64_t      start_ms;                  /* of the next window: where the one before ended */
	bool         is_ending;                 /* the next digest closes its window early, and is the last */
	struct slice previous_bucket, previous_key, previous_hash, previous_signature;      /* SLICE_NONE before the first */
};

struct digest_chain_list { struct digest_chain *items; size_t count; };

extern const char digest_chains_table[];

/* A new chain; one that is there goes on, and does not end if it was about to. */
bool digest_chains_begin(struct catalog *catalog, const struct digest_chain *chain, struct error *err);

/* Those of one trail, by region. */
bool digest_chains_list(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                        struct digest_chain_list *list, struct error *err);

/* The windows of all chains that are due: those that begin at or before `start_ms`, and those that are ending. */
bool digest_chains_list_due(struct catalog *catalog, struct arena *arena, int64_t start_ms, struct digest_chain_list *list,
                            struct error *err);

/* In every region: the trail stopped, was deleted, or does not want digests any more. */
bool digest_chains_end(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err);

/* After a digest: `next` has the new start and the digest as the previous one. Errors: ERR_CONFLICT unless the chain's
 * window begins at `from_ms`: somebody else wrote that digest. */
bool digest_chains_advance(struct catalog *catalog, const struct digest_chain *next, int64_t from_ms, struct error *err);

/* After the last one. */
bool digest_chains_delete(struct catalog *catalog, const struct digest_chain *chain, struct error *err);

#endif
